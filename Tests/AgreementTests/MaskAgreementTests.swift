// Overlap and surface distances against MedPy and SciPy, and by hand.
import Agreement
import Testing

private struct Golden: Decodable {
    struct Set: Decodable {
        let name: String
        let size: [Int]
        let spacingMM: [Double]
        let reference: [[Int]]
        let candidate: [[Int]]
        let expected: [String: Double]
    }
    let sets: [Set]
}

private func mask(_ runs: [[Int]], _ count: Int) -> [Bool] {
    var mask = [Bool](repeating: false, count: count)
    for run in runs { for voxel in run[0]..<run[1] { mask[voxel] = true } }
    return mask
}

@Suite struct MaskAgreementTests {
    @Test func `overlap and distances are those of MedPy`() throws {
        for set in try GoldenJSON.read("segmentation.json", as: Golden.self).sets {
            let count = set.size.reduce(1, *)
            let pair = try MaskPair(
                size: SIMD3(set.size[0], set.size[1], set.size[2]),
                spacingMM: SIMD3(set.spacingMM[0], set.spacingMM[1], set.spacingMM[2]),
                reference: mask(set.reference, count), candidate: mask(set.candidate, count))
            let overlap = try MaskOverlap(pair)
            let distances = try SurfaceDistances(pair)
            for (name, value) in [
                ("dice", overlap.dice), ("jaccard", overlap.jaccard), ("hausdorff", distances.hausdorffMM),
                ("pooled95", distances.pooledHausdorff95MM), ("directed95", distances.hausdorff95MM),
                ("assd", distances.meanMM), ("fromCandidate", distances.meanFromCandidateMM),
                ("fromReference", distances.meanFromReferenceMM),
                ("surfaceDice1", distances.surfaceDice(toleranceMM: 1)),
            ] {
                expectClose(value, try #require(set.expected[name]), "\(set.name):\(name)")
            }
        }
    }

    @Test func `two voxels three apart by hand`() throws {
        // In a row of 4 x 1 x 1 voxels of 2 mm: 0 and 3 against 0 alone.
        let pair = try MaskPair(
            size: SIMD3(4, 1, 1), spacingMM: SIMD3(2, 1, 1), reference: [true, false, false, true],
            candidate: [true, false, false, false])
        let overlap = try MaskOverlap(pair)
        #expect(overlap.dice == 2.0 / 3)
        #expect(overlap.jaccard == 0.5)
        #expect(overlap.volumeDifferenceML == -0.002)
        let distances = try SurfaceDistances(pair)
        #expect(distances.hausdorffMM == 6)
        #expect(distances.meanFromReferenceMM == 3)
        #expect(distances.meanFromCandidateMM == 0)
        #expect(distances.meanMM == 2)
        // The 95th percentile of 0 and 6.
        #expect(abs(distances.hausdorff95MM - 5.7) < 1e-12)
        #expect(distances.surfaceDice(toleranceMM: 1) == 2.0 / 3)
    }

    @Test func `masks that cannot be compared say why`() throws {
        let none = [false, false]
        let one = [true, false]
        let size = SIMD3(2, 1, 1)
        let spacing = SIMD3(1.0, 1, 1)
        #expect(throws: AgreementError.maskEmpty(name: "candidate")) {
            try SurfaceDistances(MaskPair(size: size, spacingMM: spacing, reference: one, candidate: none))
        }
        #expect(throws: AgreementError.maskEmpty(name: "reference")) {
            try MaskOverlap(MaskPair(size: size, spacingMM: spacing, reference: none, candidate: none))
        }
        #expect(try MaskOverlap(MaskPair(size: size, spacingMM: spacing, reference: one, candidate: none)).dice == 0)
        #expect(throws: AgreementError.self) {
            try MaskPair(size: size, spacingMM: spacing, reference: one, candidate: [true])
        }
        #expect(throws: AgreementError.self) {
            try MaskPair(size: size, spacingMM: SIMD3(0, 1, 1), reference: one, candidate: one)
        }
    }

    /// Comparing each surface voxel with each other would take hours.
    @Test(.timeLimit(.minutes(5))) func `a scan of eight million voxels is compared in linear time`() throws {
        let size = SIMD3(256, 256, 128)
        var reference = [Bool](repeating: false, count: size.x * size.y * size.z)
        var candidate = reference
        for z in 20..<100 {
            for y in 40..<200 {
                for x in 40..<200 {
                    reference[x + 256 * (y + 256 * z)] = true
                    candidate[x + 2 + 256 * (y + 256 * z)] = true
                }
            }
        }
        let pair = try MaskPair(
            size: size, spacingMM: SIMD3(0.5, 0.5, 1), reference: reference, candidate: candidate)
        #expect(try SurfaceDistances(pair).hausdorffMM == 1)
    }
}
