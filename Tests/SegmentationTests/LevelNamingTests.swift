// Names of vertebrae from anchors: right, or none.
import Domain
import Imaging
import Testing

@testable import Segmentation

private func reading(_ anchor: LevelReading.Anchor, _ position: Int, _ level: VertebralLevel) -> LevelReading {
    LevelReading(anchor: anchor, position: position, level: level, finding: "Vertebra \(position + 1) is seen")
}

private func names(_ positions: [Int], _ readings: [LevelReading], _ silences: [String] = []) -> LevelNaming {
    LevelNaming(positions: positions, readings: readings, silences: silences)
}

@Suite struct LevelNamingTests {
    @Test func `sacrum and ribs that agree name the whole row`() {
        let naming = names(Array(0..<6), [reading(.sacrum, 5, .L5), reading(.ribs, 0, .T12)])
        #expect(naming.names.map(\.rawValue) == ["T12", "L1", "L2", "L3", "L4", "L5"])
        #expect(naming.confidences.allSatisfy { $0 == 0.95 })
        #expect(naming.reasons.isEmpty)
    }

    @Test func `one anchor alone names with less confidence`() {
        let sacrum = names([0, 1], [reading(.sacrum, 1, .L5)], ["No ribs."])
        #expect(sacrum.names.map(\.rawValue) == ["L4", "L5"])
        #expect(sacrum.confidences == [0.8, 0.8])
        let ribs = names([0, 1], [reading(.ribs, 0, .T12)])
        #expect(ribs.names.map(\.rawValue) == ["T12", "L1"])
        #expect(ribs.confidences == [0.7, 0.7])
    }

    @Test func `anchors that disagree give no name, and both readings are told`() throws {
        // Five vertebrae from the last ribs to the sacrum where six are usual.
        let naming = names(Array(0..<5), [reading(.sacrum, 4, .L5), reading(.ribs, 0, .T12)])
        #expect(naming.names.map(\.rawValue) == ["unknown-1", "unknown-2", "unknown-3", "unknown-4", "unknown-5"])
        #expect(naming.confidences == [0, 0, 0, 0, 0])
        let reason = try #require(naming.reasons.first)
        #expect(reason.contains("L5") && reason.contains("T12"))
    }

    @Test func `without an anchor the reasons of both are told`() {
        let naming = names([0, 1], [], ["No sacrum.", "No ribs."])
        #expect(naming.names == [.unknown(1), .unknown(2)])
        #expect(naming.reasons == ["No sacrum.", "No ribs."])
    }

    @Test func `the request's anchor stands above the others, which are told when they differ`() {
        let naming = names([0, 1, 2], [reading(.request, 1, .L3), reading(.sacrum, 2, .L5)])
        #expect(naming.names.map(\.rawValue) == ["L2", "L3", "L4"])
        #expect(naming.confidences == [1, 1, 1])
        #expect(naming.reasons.count == 1)
    }

    @Test func `bodies as narrow as the neck's take no lumbar names, unless the request gives them`() throws {
        let sacrum = reading(.sacrum, 2, .L5)
        func naming(_ readings: [LevelReading], _ halfWidthsMM: [Double?]) -> LevelNaming {
            LevelNaming(positions: [0, 1, 2], readings: readings, silences: [], halfWidthsMM: halfWidthsMM)
        }
        // Lumbar bodies are 46 to 50 mm wide, cervical ones 22.
        let narrow = naming([sacrum], [11, nil, 10])
        #expect(narrow.names == [.unknown(1), .unknown(2), .unknown(3)])
        #expect(try #require(narrow.reasons.first).contains("0.4"))
        #expect(naming([sacrum], [19, nil, 20]).names.map(\.rawValue) == ["L3", "L4", "L5"])
        #expect(naming([reading(.request, 2, .L5)], [11, nil, 10]).names.map(\.rawValue) == ["L3", "L4", "L5"])
    }

    @Test func `no name is carried across a gap`() {
        let naming = names([0, 1, 3, 4], [reading(.sacrum, 4, .L5)])
        #expect(naming.names.map(\.rawValue) == ["unknown-1", "unknown-2", "L4", "L5"])
        #expect(naming.reasons.count == 1)
    }

    @Test func `a row too long for its reading has no names`() {
        let naming = names(Array(0..<8), [reading(.request, 7, .C7)])
        #expect(naming.names.allSatisfy { !$0.isKnown })
        let fits = names(Array(0..<7), [reading(.request, 6, .C7)])
        #expect(fits.names.first == .C1)
        #expect(names([0, 1], [reading(.request, 0, .L5)]).names.allSatisfy { !$0.isKnown })
    }

    @Test func `unknown vertebrae have label values of their own`() {
        #expect(VertebralLevel.L1.labelValue == 20)
        #expect(VertebralLevel.unknown(3).labelValue == 103)
    }
}

@Suite struct RibAnchorTests {
    private let both = RibAnchor.Count(rightML: 1, leftML: 2)
    private let none = RibAnchor.Count(rightML: 0, leftML: 0.1)

    private func reading(_ counts: [RibAnchor.Count], positions: [Int], cut: Set<Int> = []) -> Result<
        LevelReading, Silence
    > {
        RibAnchor.reading(counts, isSeen: counts.indices.map { !cut.contains($0) }, positions: positions)
    }

    @Test func `a vertebra that the border cuts does not say that the ribs ended above it`() {
        #expect(throws: Silence.self) {
            try reading([both, both, both, none], positions: [0, 1, 2, 3], cut: [3]).get()
        }
    }

    @Test func `the last pair of ribs is T12 when vertebrae without ribs follow`() throws {
        let told = try reading([both, both, none, none], positions: [0, 1, 2, 3]).get()
        #expect(told.position == 1)
        #expect(told.level == .T12)
    }

    @Test func `what is taken for rib far below changes nothing`() throws {
        let told = try reading([both, both, none, none, none, both], positions: Array(0..<6)).get()
        #expect(told.position == 1)
        let neck = try reading([none, none, both, both, both, none, none], positions: Array(0..<7)).get()
        #expect(neck.position == 4)
    }

    @Test func `ribs down to the last vertebra in view, on one side, or nowhere say nothing`() {
        let right = RibAnchor.Count(rightML: 1, leftML: 0)
        for counts in [
            [both, both], [both, right, none], [none, none], [both, none, both, none], [right, both, none],
            [both, none, right],
        ] {
            #expect(throws: Silence.self) {
                try reading(counts, positions: Array(counts.indices)).get()
            }
        }
        #expect(throws: Silence.self) { try reading([both, none], positions: [0, 2]).get() }
    }

    /// A twelfth rib of 18 mm on thick slices: 54 voxels of 3 mm on each side, each rib with a probability of 0.4. A count of sure voxels
    /// had none of it, and made T12 of the vertebra above.
    @Test func `a short rib of which no voxel is sure still counts`() {
        let geometry = Geometry(size: Index3(x: 32, y: 24, z: 24), spacingMM: [3, 3, 3])
        let centre = geometry.point(at: Index3(x: 16, y: 10, z: 12))
        let background = SpineClass.background.rawValue, rib = SpineClass.rib.rawValue
        var probabilities = SpineClass.allCases.map {
            [Float](repeating: $0.rawValue == background ? 1 : 0, count: geometry.size.count)
        }
        for beside in 4..<10 {
            for (y, z) in [(14, 12), (14, 13), (14, 14), (15, 12), (15, 13), (15, 14), (16, 12), (16, 13), (16, 14)] {
                for x in [16 - beside, 16 + beside] {
                    let i = geometry.offset(x: x, y: y, z: z)
                    (probabilities[rib][i], probabilities[background][i]) = (0.4, 0.6)
                }
            }
        }
        let maps = SpineMaps(
            geometry: geometry, probabilities: probabilities,
            offsetsMM: Array(repeating: [Float](repeating: 0, count: geometry.size.count), count: 3))
        let short = RibAnchor(maps: maps, scan: geometry).count(at: centre, cranial: [0, 0, 1])
        // 54 voxels of 0.027 mL, four tenths of each.
        #expect(abs(short.rightML - 0.5832) < 1e-5)
        #expect(abs(short.leftML - 0.5832) < 1e-5)
        #expect(throws: Silence.self) { try reading([both, short, none, none], positions: [0, 1, 2, 3]).get() }
    }
}

@Suite struct VertebraReviewTests {
    private let good = VertebraReview.Evidence(
        bodyML: 30, volumeRatio: 1.05, connectedShare: 1, sharpShare: 0.8, agreement: 0.95, stepRatio: 0.95,
        isWhole: true,
        metalShare: 0
    )

    @Test func `nothing wrong is a score of 1 without reasons`() {
        let review = VertebraReview(good)
        #expect(review.score == 1)
        #expect(!review.needsReview)
    }

    @Test func `each fault lowers the score and is named`() {
        var faults: [VertebraReview.Evidence] = Array(repeating: good, count: 8)
        faults[0].isWhole = false
        faults[1].bodyML = 1
        faults[2].volumeRatio = 0.4
        faults[3].connectedShare = 0.8
        faults[4].sharpShare = 0.3
        faults[5].stepRatio = 1.9
        faults[6].metalShare = 0.02
        faults[7].agreement = 0.6
        for fault in faults {
            let review = VertebraReview(fault)
            #expect(review.reasons.count == 1)
            #expect(review.score < 1 && review.score > 0)
        }
        var two = faults[0]
        two.metalShare = 0.02
        #expect(VertebraReview(two).reasons.count == 2)
        #expect(VertebraReview(two).score == 0.2)  // 0.5 for the cut times 0.4 for metal
    }
}
