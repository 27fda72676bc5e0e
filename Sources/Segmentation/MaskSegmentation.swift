// Vertebrae from an uploaded label map: the voxels are the label's, the body is told from the arch by its surface.
import Domain
import Imaging

/// Turns labels of whole vertebrae into vertebrae with a body, posterior elements and a frame.
package enum MaskSegmentation {
    /// Splits each label into body and posterior elements. No voxel is added or lost: volumes equal the label's.
    ///
    /// - Parameters:
    ///   - mask: whole vertebrae on the scan's grid.
    ///   - volume: the scan; only its grid is used.
    ///   - labels: the value of each level in `mask`.
    ///   - progress: receives the done share, 0…1.
    /// - Throws: `SegmentationError` when the grids differ, a label is absent or holds no body; `FaultRecord` when cancelled.
    package static func vertebrae(
        from mask: LabelMap, volume: Volume, labels: [VertebralLevel: UInt16], cancellation: Cancellation,
        progress: (Double) -> Void
    ) throws -> SpineSegmentation {
        guard mask.geometry.matches(volume.geometry) else {
            throw SegmentationError.gridMismatch(scan: volume.geometry, mask: mask.geometry)
        }
        guard !labels.isEmpty else { throw SegmentationError.noTarget }
        var parts: [LabelPart] = []
        for (level, value) in labels.sorted(by: { $0.key < $1.key }) {
            try cancellation.check()
            guard let part = LabelPart(level: level, value: value, map: mask) else {
                throw SegmentationError.labelAbsent(level, value: value)
            }
            parts.append(part)
        }
        var result = SpineSegmentation(vertebrae: [], quality: [], warnings: [])
        for i in parts.indices {
            try cancellation.check()
            let above = i > 0 ? parts[i - 1].grid.deepestMM : nil
            let below = i + 1 < parts.count ? parts[i + 1].grid.deepestMM : nil
            let vertebra = try parts[i].vertebra(in: mask, above: above, below: below)
            result.vertebrae.append(vertebra)
            result.quality.append(SpineSegmentation.Quality())
            if !vertebra.isWhole {
                result.warnings.append(
                    "\(vertebra.level.rawValue) reaches the border of the scan: part of it was not imaged.")
            }
            progress(Double(i + 1) / Double(parts.count))
        }
        return result
    }
}

/// One label of the map while it is divided.
private struct LabelPart {
    let level: VertebralLevel
    let value: UInt16
    let box: IndexBox
    let grid: MaskGrid

    /// Rounds of centring and turning; the centre moves less than a millimetre after the second.
    private static let rounds = 3
    /// Label this far or more in front of the posterior wall is body (rim, osteophyte) even outside the surface.
    private static let rimMM = 6.0

    init?(level: VertebralLevel, value: UInt16, map: LabelMap) {
        guard let tight = map.boundingBox(of: value) else { return nil }
        self.level = level
        self.value = value
        box = tight.expanded(by: Index3(x: 3, y: 3, z: 3), within: map.geometry.size)
        grid = MaskGrid(of: value, in: map, box: box)
    }

    func vertebra(in map: LabelMap, above: PointMM?, below: PointMM?) throws(SegmentationError) -> Vertebra {
        let centre = grid.deepestMM
        let axis = above != nil || below != nil ? (above ?? centre) - (below ?? centre) : [0, 0, 1]
        var trace = VertebraTrace(
            level: level, proportions: BodyProportions(of: level), centreMM: centre, cranial: axis)
        for _ in 0..<Self.rounds {
            setFaces(of: &trace)
            trace.fitSurface(in: grid.volume)
            trace.turnAlongEndplates()
            trace.recentre(limitMM: 6)
        }
        setFaces(of: &trace)
        trace.fitSurface(in: grid.volume)
        return try divided(trace, map: map)
    }

    /// Puts the planes that end the search just beyond the label's upper and lower faces.
    private func setFaces(of trace: inout VertebraTrace) {
        let frame = trace.frame
        let patch: SIMD2<Double> = [0.5 * trace.proportions.halfWidthMM, 0.5 * trace.proportions.halfDepthMM]
        let up = grid.extentMM(from: frame, along: frame.z, patchMM: patch) + 4
        let down = grid.extentMM(from: frame, along: -frame.z, patchMM: patch) + 4
        trace.discs.upper = DiscPlane(pointMM: frame.point([0, 0, up]), normal: frame.z, depthHU: 0)
        trace.discs.lower = DiscPlane(pointMM: frame.point([0, 0, -down]), normal: frame.z, depthHU: 0)
    }

    private func divided(_ trace: VertebraTrace, map: LabelMap) throws(SegmentationError) -> Vertebra {
        let geometry = map.geometry.cropped(from: box.lower, size: box.size)
        let surface = trace.surface.mask(on: geometry)
        let rim = Self.rimMM - trace.surface.halfExtentMM(along: [0, -1, 0])
        var parts = LabelMap(geometry: geometry)
        for z in 0..<box.size.z {
            for y in 0..<box.size.y {
                for x in 0..<box.size.x
                where map[x + box.lower.x, y + box.lower.y, z + box.lower.z] == value {
                    let isBody =
                        surface[x, y, z]
                        || trace.frame.local(geometry.point(at: Index3(x: x, y: y, z: z))).y > rim
                    parts[x, y, z] = (isBody ? Vertebra.Part.body : .posteriorElements).rawValue
                }
            }
        }
        let vertebra = Vertebra(
            level: level, parts: parts, lowerIndex: box.lower, frame: trace.bodyFrame, origin: .mask,
            isWhole: !parts.touchesBorder(of: map.geometry, from: box.lower))
        let bodyML = Double(vertebra.voxelCount(of: .body)) * geometry.voxelVolumeMM3 / 1000
        // The smallest adult body, C3, measures about 4 mL; a flattened one less. Our choice. Of a cut one any share may be in view.
        guard bodyML > 0.5 || !vertebra.isWhole else {
            throw .implausibleBody(level, finding: "the body of label \(value) would measure \(figure(bodyML)) mL")
        }
        return vertebra
    }
}
