// Divides one vertebra and its surroundings into parts.
import Domain
import Imaging

/// Paints the parts of a vertebra into a map that holds whole vertebrae (`body` and `posteriorElements` of their levels).
struct PartOutline {
    private let level: VertebralLevel
    private let steps: FrameSteps
    private let frame: VertebralFrame
    private let box: IndexBox
    private let canal: CanalSection?
    /// The body's extremes in the frame, mm.
    private let low: SIMD3<Double>
    private let high: SIMD3<Double>
    /// Where the basivertebral foramen was seen, in the frame, mm.
    private let foramenMM: SIMD3<Double>?

    private var size: SIMD3<Double> { high - low }
    private var canResolveHeight: Bool { steps.voxelMM(along: frame.z) <= VertebraPart.coarsestMM }
    private var canResolveDepth: Bool { steps.voxelMM(along: frame.y) <= VertebraPart.coarsestMM }

    /// nil where there is no body.
    init?(_ vertebra: Vertebra, foramenMM: SIMD3<Double>?, on geometry: Geometry) {
        let own = FrameSteps(vertebra.parts.geometry, vertebra.frame)
        var low = SIMD3<Double>(repeating: .infinity)
        var high = SIMD3<Double>(repeating: -.infinity)
        for z in 0..<own.size.z {
            for y in 0..<own.size.y {
                for x in 0..<own.size.x where vertebra.parts[x, y, z] == Vertebra.Part.body.rawValue {
                    let local = own.first + own.x * Double(x) + own.y * Double(y) + own.z * Double(z)
                    low = pointwiseMin(low, local)
                    high = pointwiseMax(high, local)
                }
            }
        }
        guard low.x < high.x else { return nil }
        self.low = low
        self.high = high
        self.foramenMM = foramenMM
        level = vertebra.level
        frame = vertebra.frame
        steps = FrameSteps(geometry, frame)
        canal = CanalSection(vertebra)
        box = steps.box(
            IndexBox(lower: vertebra.lowerIndex, size: vertebra.parts.geometry.size),
            marginMM: VertebraPart.veinsMM)
    }

    /// What cannot be told of this vertebra, by name.
    var omissions: [Omission] {
        func omit(_ parts: [VertebraPart], _ reason: String) -> Omission {
            Omission(item: parts.map(\.name).joined(separator: ", "), reason: reason)
        }
        var omissions: [Omission] = []
        let slice = "voxels measure \((10 * steps.voxelMM(along: frame.z)).rounded() / 10) mm along the vertebra"
        if !canResolveHeight {
            omissions.append(
                omit([.superiorEndplate, .inferiorEndplate, .basivertebralRegion, .discAbove, .discBelow], slice))
        }
        if !canResolveDepth {
            omissions.append(omit([.posteriorWall, .epiduralVeins], "voxels are too coarse from front to back"))
        }
        if canal == nil {
            omissions.append(
                omit(
                    [.canal, .epiduralVeins, .leftPedicle, .rightPedicle],
                    "the outline of the arch does not close around the canal"))
        }
        return omissions
    }

    func paint(_ labels: inout [UInt16]) {
        labels.withUnsafeMutableBufferPointer { labels in
            divideArch(labels)
            divideBody(labels)
            surround(labels)
        }
    }

    private func value(_ part: VertebraPart) -> UInt16 { part.labelValue(of: level) }

    /// Calls `body` with the offset and the frame position of every voxel of the box.
    private func eachVoxel(_ body: (Int, SIMD3<Double>) -> Void) {
        for z in box.lower.z..<box.lower.z + box.size.z {
            for y in box.lower.y..<box.lower.y + box.size.y {
                let row = (z * steps.size.y + y) * steps.size.x
                let start = steps.first + steps.y * Double(y) + steps.z * Double(z)
                for x in box.lower.x..<box.lower.x + box.size.x { body(row + x, start + steps.x * Double(x)) }
            }
        }
    }

    private func divideArch(_ labels: UnsafeMutableBufferPointer<UInt16>) {
        guard let canal else { return }
        let arch = value(.posteriorElements)
        let middle = SIMD2((canal.x.lowerBound + canal.x.upperBound) / 2, (canal.y.lowerBound + canal.y.upperBound) / 2)
        let reach = (canal.x.upperBound - canal.x.lowerBound) / 2 + VertebraPart.pedicleMM
        let lowest = low.z + 0.25 * size.z
        eachVoxel { i, local in
            guard labels[i] == arch, local.y >= middle.y, local.z >= lowest, abs(local.x - middle.x) <= reach else {
                return
            }
            labels[i] = value(local.x > middle.x ? .leftPedicle : .rightPedicle)
        }
    }

    private func divideBody(_ labels: UnsafeMutableBufferPointer<UInt16>) {
        let body = value(.body)
        let own = Set(
            VertebraPart.allCases.filter { $0.rawValue <= VertebraPart.basivertebralRegion.rawValue }.map(value))
        var isOwn = [Bool](repeating: false, count: Int(UInt16.max) + 1)
        for part in own { isOwn[Int(part)] = true }
        let count = labels.count
        let up = steps.offsets(along: frame.z, upToMM: VertebraPart.layerMM)
        let down = steps.offsets(along: -frame.z, upToMM: VertebraPart.layerMM)
        let back = steps.offsets(along: -frame.y, upToMM: VertebraPart.layerMM)
        func ends(_ i: Int, _ offsets: [Int]) -> Bool {
            offsets.contains { i + $0 < 0 || i + $0 >= count || !isOwn[Int(labels[i + $0])] }
        }
        let wall = canal?.x ?? -size.x / 4...size.x / 4
        let third = size / 6
        let centre = SIMD2(
            foramenMM?.x ?? (low.x + high.x) / 2, foramenMM?.z ?? (low.z + high.z) / 2)
        let front = (low.y + high.y) / 2
        eachVoxel { i, local in
            guard labels[i] == body else { return }
            if canResolveHeight, local.z > 0, ends(i, up) {
                labels[i] = value(.superiorEndplate)
            } else if canResolveHeight, local.z < 0, ends(i, down) {
                labels[i] = value(.inferiorEndplate)
            } else if canResolveDepth, local.y < 0, wall.contains(local.x), ends(i, back) {
                labels[i] = value(.posteriorWall)
            } else if canResolveHeight, local.y < front, abs(local.x - centre.x) <= third.x,
                abs(local.z - centre.y) <= third.z
            {
                labels[i] = value(.basivertebralRegion)
            }
        }
    }

    private func surround(_ labels: UnsafeMutableBufferPointer<UInt16>) {
        let middle = (low.z + high.z) / 2
        let reach = near(labels)
        var n = 0
        eachVoxel { i, local in
            defer { n += 1 }
            guard labels[i] == 0 else { return }
            if let canal, (low.z...high.z).contains(local.z), canal.holds(local.x, local.y) {
                let isEpidural = canResolveDepth && local.y >= canal.y.upperBound - VertebraPart.epiduralMM
                labels[i] = value(isEpidural ? .epiduralVeins : .canal)
            } else if reach[n], abs(local.z - middle) <= size.z / 4, local.y > low.y {
                let isAnterior = local.y / size.y > abs(local.x) / size.x
                labels[i] = value(isAnterior ? .anteriorVeins : local.x > 0 ? .leftVeins : .rightVeins)
            }
        }
    }

    /// The voxels of the box within reach of the body.
    private func near(_ labels: UnsafeMutableBufferPointer<UInt16>) -> [Bool] {
        var isBody = [Bool](repeating: false, count: Int(UInt16.max) + 1)
        for part: VertebraPart in [.body, .superiorEndplate, .inferiorEndplate, .posteriorWall, .basivertebralRegion] {
            isBody[Int(value(part))] = true
        }
        var mask = VoxelMask(geometry: steps.grid(of: box))
        var n = 0
        eachVoxel { i, _ in
            mask.voxels[n] = isBody[Int(labels[i])]
            n += 1
        }
        return mask.dilated(byMM: VertebraPart.veinsMM).voxels
    }
}
