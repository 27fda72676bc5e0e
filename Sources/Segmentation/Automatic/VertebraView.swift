// What the outlining network says of one vertebra and its surroundings: what is its own, what is another's.
import Foundation
import Imaging
import NeuralNetworks

/// Probabilities about one vertebra on a grid of 1.5 mm round it (`VertebraOutliner`).
struct VertebraView: Sendable {
    /// The structures that the network tells apart; the raw value is its channel.
    enum Structure: Int, CaseIterable {
        case elsewhere, ownBody, ownPosterior, otherVertebra, disc, canal, otherBone
    }

    /// How surely each point is this vertebra's body, 0…1.
    private(set) var ownBody: Volume
    /// How surely each point is this vertebra, body or posterior elements, 0…1.
    private(set) var own: Volume
    /// How much more surely each point is disc than any vertebra, -1…1.
    private(set) var discOverBone: Volume

    /// A body's voxels have at least this probability.
    static let half: Float = 0.5

    /// - Parameter probabilities: by `Structure.rawValue`, `geometry.size.count` each.
    init(geometry: Geometry, probabilities: [[Float]]) {
        func image(_ share: (Int) -> Float) -> Volume {
            Volume(geometry: geometry, voxels: (0..<geometry.size.count).map(share))
        }
        let (body, posterior) = (
            probabilities[Structure.ownBody.rawValue], probabilities[Structure.ownPosterior.rawValue]
        )
        let (other, disc) = (
            probabilities[Structure.otherVertebra.rawValue], probabilities[Structure.disc.rawValue]
        )
        ownBody = Volume(geometry: geometry, voxels: body)
        own = image { body[$0] + posterior[$0] }
        discOverBone = image { disc[$0] - body[$0] - posterior[$0] - other[$0] }
    }

    var geometry: Geometry { own.geometry }

    func holds(_ point: PointMM) -> Bool { geometry.voxel(holding: point) != nil }

    /// The voxels that are more surely this vertebra's body than anything else.
    var bodyMask: VoxelMask {
        var mask = VoxelMask(geometry: geometry)
        for i in mask.voxels.indices { mask.voxels[i] = ownBody.voxels[i] >= Self.half }
        return mask
    }

    /// Millilitres and centre of mass of the body; nil of none.
    var body: (volumeML: Double, centreMM: PointMM)? {
        var count = 0
        var sum = SIMD3<Double>.zero
        let size = geometry.size
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x where ownBody.voxels[(z * size.y + y) * size.x + x] >= Self.half {
                    count += 1
                    sum += [Double(x), Double(y), Double(z)]
                }
            }
        }
        guard count > 0 else { return nil }
        return (Double(count) * geometry.voxelVolumeMM3 / 1000, geometry.point(at: sum / Double(count)))
    }

    /// The same vertebra in another place; its body as far as a scan would show it there.
    func moved(by way: SIMD3<Double>, within scan: Geometry) -> VertebraView {
        let place = Geometry(size: geometry.size, spacingMM: geometry.spacingMM, originMM: geometry.originMM + way)
        var moved = self
        moved.ownBody = Volume(geometry: place, voxels: ownBody.voxels)
        moved.own = Volume(geometry: place, voxels: own.voxels)
        moved.discOverBone = Volume(geometry: place, voxels: discOverBone.voxels)
        for z in 0..<place.size.z {
            for y in 0..<place.size.y {
                for x in 0..<place.size.x where scan.voxel(holding: place.point(at: Index3(x: x, y: y, z: z))) == nil {
                    moved.ownBody.voxels[place.offset(x: x, y: y, z: z)] = 0
                }
            }
        }
        return moved
    }

    /// Dice of a body's surface with the body that the network sees, on the view's own grid, 0…1.
    func agreement(with surface: BodySurface) -> Double {
        let (seen, drawn) = (bodyMask, surface.mask(on: geometry))
        var (both, sum) = (0, 0)
        for i in seen.voxels.indices {
            let (a, b) = (seen.voxels[i], drawn.voxels[i])
            both += a && b ? 1 : 0
            sum += (a ? 1 : 0) + (b ? 1 : 0)
        }
        return sum > 0 ? 2 * Double(both) / Double(sum) : 0
    }

    /// Half the body's width and depth along a frame's axes: of a solid elliptic cylinder of its variance. Nil of hardly any body.
    func halfExtentMM(in frame: VertebralFrame) -> SIMD2<Double>? {
        var weight = 0.0
        var (sum, squares) = (SIMD3<Double>.zero, SIMD3<Double>.zero)
        let size = geometry.size
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x where ownBody.voxels[(z * size.y + y) * size.x + x] >= Self.half {
                    let p = frame.local(geometry.point(at: Index3(x: x, y: y, z: z)))
                    weight += 1
                    sum += p
                    squares += p * p
                }
            }
        }
        guard weight * geometry.voxelVolumeMM3 >= 1000 * Self.leastML else { return nil }
        let mean = sum / weight
        let variance = squares / weight - mean * mean
        return [2 * max(variance.x, 0).squareRoot(), 2 * max(variance.y, 0).squareRoot()]
    }

    /// The body's extents along a frame's axes, millimetres, a fiftieth of its voxels left out at either end. Nil of hardly any body.
    func extentMM(in frame: VertebralFrame) -> SIMD3<Double>? {
        let places = bodyPoints.map(frame.local)
        guard Double(places.count) * geometry.voxelVolumeMM3 >= 1000 * Self.leastML else { return nil }
        let left = places.count / 50
        var extent = SIMD3<Double>.zero
        for axis in 0..<3 {
            let sorted = places.map { $0[axis] }.sorted()
            extent[axis] = sorted[sorted.count - 1 - left] - sorted[left] + geometry.spacingMM.x
        }
        return extent
    }

    /// Whether the body reaches to less than `rimMM` from the border of a scan.
    func isBodyCut(by scan: Geometry, rimMM: Double) -> Bool {
        let steps = [scan.xAxis, scan.yAxis, scan.zAxis].flatMap { [$0 * rimMM, $0 * -rimMM] }
        return bodyPoints.contains { point in steps.contains { scan.voxel(holding: point + $0) == nil } }
    }

    private var bodyPoints: [PointMM] {
        let size = geometry.size
        return ownBody.voxels.indices.filter { ownBody.voxels[$0] >= Self.half }.map {
            geometry.point(at: Index3(x: $0 % size.x, y: $0 / size.x % size.y, z: $0 / (size.x * size.y)))
        }
    }

    /// Less is no body: a third of the smallest cervical one. Our choice.
    static let leastML = 0.4
}
