// The arch of each vertebra: bone that is reached sooner from its own body than from any other.
import Domain
import Imaging

/// Assigns the bone behind the bodies to vertebrae by travel cost through bone (Dijkstra 1959, Numer Math 1:269, with
/// Dial's buckets).
///
/// Each body sends out a front that runs fast through cortex and slowly through marrow; a voxel goes to the vertebra
/// whose front arrives at the least cost. Leaving the vertebra's own storey costs extra, which separates touching facets.
struct PosteriorElements {
    /// The scan, smoothed by `noiseSigmaMM`: single noisy voxels would let fronts leak into muscle.
    private let volume: Volume
    /// What a network said of the scan; nil for clicks.
    private let guide: SpineGuide?

    init(volume: Volume, guide: SpineGuide? = nil) {
        self.volume = volume.smoothed(sigmaMM: Self.noiseSigmaMM)
        self.guide = guide
    }

    private static let noiseSigmaMM = 0.7
    /// Bone is walked through above this, HU.
    private static let boneHU: Float = 130
    /// Where a network is sure of vertebra, thin or soft bone is walked through down to this, HU. Our choice.
    private static let leastHU: Float = 30
    /// Fronts stop at this cost.
    private static let reach: Float = 85
    /// Cost for each millimetre above the upper disc, and below the lower disc.
    private static let costAbove = 0.8
    private static let costBelow = 0.15
    private static let bucketWidth: Float = 0.5

    /// The owner of each voxel behind the bodies.
    ///
    /// - Parameters:
    ///   - traces: all vertebrae that compete, unseeded neighbours included.
    ///   - bodies: `index + 1` of the trace whose body holds the voxel, else 0; on the volume's grid.
    /// - Returns: `index + 1` of the trace that owns the voxel, else 0; on the volume's grid.
    func owners(traces: [VertebraTrace], bodies: [UInt8], cancellation: Cancellation) throws -> [UInt8] {
        var owner = [UInt8](repeating: 0, count: bodies.count)
        var best = [Float](repeating: .infinity, count: bodies.count)
        for (i, trace) in traces.enumerated() {
            try cancellation.check()
            spread(from: trace, number: UInt8(i + 1), bodies: bodies, owner: &owner, best: &best)
        }
        return owner
    }

    /// Runs one vertebra's front, and takes every voxel that it reaches more cheaply than those before.
    private func spread(
        from trace: VertebraTrace, number: UInt8, bodies: [UInt8], owner: inout [UInt8], best: inout [Float]
    ) {
        let region = Region(of: trace)
        guard let box = region.box(in: volume.geometry) else { return }
        let full = volume.geometry.size
        let size = box.size
        let pace = paces(box: box, region: region, bodies: bodies, number: number)
        var cost = [Float](repeating: .infinity, count: size.count)
        var buckets = [[Int32]](repeating: [], count: Int(Self.reach / Self.bucketWidth) + 1)
        for i in pace.indices where pace[i] < 0 {
            cost[i] = 0
            buckets[0].append(Int32(i))
        }
        let steps = neighbourSteps(size)
        var level = 0
        while level < buckets.count {
            guard let next = buckets[level].popLast() else {
                level += 1
                continue
            }
            let i = Int(next)
            guard Int(cost[i] / Self.bucketWidth) == level else { continue }
            let row = i / size.x
            let (x, y, z) = (i - row * size.x, row % size.y, row / size.y)
            for step in steps {
                guard x + step.dx >= 0, x + step.dx < size.x, y + step.dy >= 0, y + step.dy < size.y,
                    z + step.dz >= 0, z + step.dz < size.z
                else { continue }
                let j = i + step.offset
                guard pace[j] > 0 else { continue }
                let arrival = cost[i] + step.lengthMM * pace[j]
                guard arrival < cost[j], arrival < Self.reach else { continue }
                cost[j] = arrival
                buckets[Int(arrival / Self.bucketWidth)].append(Int32(j))
            }
        }
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x {
                    let i = (z * size.y + y) * size.x + x
                    guard cost[i] < Self.reach, pace[i] > 0 else { continue }
                    let j = ((z + box.lower.z) * full.y + y + box.lower.y) * full.x + x + box.lower.x
                    let point = volume.geometry.point(
                        at: Index3(x: x + box.lower.x, y: y + box.lower.y, z: z + box.lower.z))
                    var total = cost[i] + Float(Self.storeyCost(of: point, trace.discs))
                    if let guide {
                        guard let dissent = guide.dissent(at: point, from: trace.frame.originMM, of: Int(number) - 1)
                        else { continue }
                        total += Float(dissent)
                    }
                    if total < best[j] {
                        best[j] = total
                        owner[j] = number
                    }
                }
            }
        }
    }

    /// What a millimetre costs at each voxel of the box; 0 where nothing can pass, -1 in the vertebra's own body.
    private func paces(box: IndexBox, region: Region, bodies: [UInt8], number: UInt8) -> [Float] {
        let full = volume.geometry.size
        var pace = [Float](repeating: 0, count: box.size.count)
        var i = 0
        for z in box.lower.z..<box.lower.z + box.size.z {
            for y in box.lower.y..<box.lower.y + box.size.y {
                for x in box.lower.x..<box.lower.x + box.size.x {
                    defer { i += 1 }
                    let j = (z * full.y + y) * full.x + x
                    if bodies[j] == number {
                        pace[i] = -1
                        continue
                    }
                    let hu = volume.voxels[j]
                    guard bodies[j] == 0, hu > (guide == nil ? Self.boneHU : Self.leastHU) else { continue }
                    let point = volume.geometry.point(at: Index3(x: x, y: y, z: z))
                    guard isVertebra(at: point, isBone: hu > Self.boneHU, region, of: Int(number) - 1) else { continue }
                    // A millimetre costs 1 at 210 HU, less in denser bone: fronts follow cortex, joint gaps hold them up.
                    pace[i] = 1 / min(max((hu - 60) / 150, 0.25), 8)
                }
            }
        }
        return pace
    }

    private func isVertebra(at point: PointMM, isBone: Bool, _ region: Region, of i: Int) -> Bool {
        switch region.place(of: point) {
        case .behind: guide?.isVertebra(at: point, isBone: isBone, of: i) ?? true
        case .beside: guide?.isSeenOwn(at: point, of: i) ?? false
        case .away: false
        }
    }

    private static func storeyCost(of point: PointMM, _ discs: DiscPair) -> Double {
        let above = dot(point - discs.upper.pointMM, discs.upper.normal)
        let below = dot(discs.lower.pointMM - point, discs.lower.normal)
        return costAbove * max(above, 0) + costBelow * max(below, 0)
    }

    private func neighbourSteps(
        _ size: Index3
    ) -> [(dx: Int, dy: Int, dz: Int, offset: Int, lengthMM: Float)] {
        let spacing = volume.geometry.spacingMM
        var steps: [(dx: Int, dy: Int, dz: Int, offset: Int, lengthMM: Float)] = []
        for dz in -1...1 {
            for dy in -1...1 {
                for dx in -1...1 where dx != 0 || dy != 0 || dz != 0 {
                    let step = spacing * [Double(dx), Double(dy), Double(dz)]
                    steps.append((dx, dy, dz, (dz * size.y + dy) * size.x + dx, Float(length(step))))
                }
            }
        }
        return steps
    }
}

/// Where a vertebra's posterior elements can be: a box in its frame, millimetres.
private struct Region {
    let frame: VertebralFrame
    let low: SIMD3<Double>
    let high: SIMD3<Double>
    /// Pedicles leave the body here; further in front only the neck has posterior elements, its transverse processes beside the body.
    let frontOfArchMM: Double

    enum Place { case behind, beside, away }

    /// Transverse processes end within 48 mm of the midline, spinous processes within 80 mm of the body's centre; the
    /// inferior processes reach furthest beyond the body; pedicles leave it near its posterior wall (measured on lumbar
    /// scans).
    init(of trace: VertebraTrace) {
        frame = trace.frame
        let up = trace.surface.halfExtentMM(along: [0, 0, 1])
        let down = trace.surface.halfExtentMM(along: [0, 0, -1])
        let wall = trace.surface.halfExtentMM(along: [0, -1, 0])
        low = [-48, -80, -down - 26]
        high = [48, trace.surface.halfExtentMM(along: [0, 1, 0]), up + 14]
        frontOfArchMM = 4 - wall
    }

    func place(of point: PointMM) -> Place {
        let p = frame.local(point)
        guard p.x > low.x, p.x < high.x, p.y > low.y, p.y < high.y, p.z > low.z, p.z < high.z else { return .away }
        return p.y < frontOfArchMM ? .behind : .beside
    }

    /// The voxels that the region and the body before it touch; nil when they lie outside the grid.
    func box(in geometry: Geometry) -> IndexBox? {
        var first = SIMD3<Double>(repeating: .infinity)
        var last = SIMD3<Double>(repeating: -.infinity)
        for corner in 0..<8 {
            let local: SIMD3<Double> = [
                corner & 1 == 0 ? low.x : high.x, corner & 2 == 0 ? low.y : 30, corner & 4 == 0 ? low.z : high.z,
            ]
            let index = geometry.index(of: frame.point(local))
            first = pointwiseMin(first, index)
            last = pointwiseMax(last, index)
        }
        let x = (max(0, Int(first.x)), min(geometry.size.x, Int(last.x) + 2))
        let y = (max(0, Int(first.y)), min(geometry.size.y, Int(last.y) + 2))
        let z = (max(0, Int(first.z)), min(geometry.size.z, Int(last.z) + 2))
        guard x.0 < x.1, y.0 < y.1, z.0 < z.1 else { return nil }
        return IndexBox(
            lower: Index3(x: x.0, y: y.0, z: z.0), size: Index3(x: x.1 - x.0, y: y.1 - y.0, z: z.1 - z.0))
    }
}
