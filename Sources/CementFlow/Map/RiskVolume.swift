// Where cement lies after many simulated injections, on the scan's own grid.
import Domain
import Foundation
import Imaging

/// Simulated probability, voxel by voxel, that cement lies there at the planned volume.
package struct RiskVolume: Sendable {
    /// 0…1 on a sub-grid of the scan's grid: the vertebra and 10 mm around it, as far as the scan goes.
    package var probability: Volume
    /// Index of its first voxel in the scan's grid.
    package var lowerIndex: Index3

    /// Around the vertebra, mm (our choice: 1 mL in tissue that takes half of it fills a half ball of 10 mm).
    static let marginMM = 10.0

    /// Inside the body the part of the runs in which a place was at least half full. Outside, at each opening, a half ball that holds
    /// what leaked there in a run: the part of the runs whose half ball reaches a voxel; of several openings the highest.
    init(_ result: RehearsalResult, vertebra: Vertebra, in volume: Volume, tissuePorosity: Double) {
        let scan = volume.geometry
        let margin = (SIMD3(repeating: Self.marginMM) / scan.spacingMM).rounded(.up)
        let parts = vertebra.parts.geometry.size
        func span(_ lower: Int, _ size: Int, _ margin: Double, _ limit: Int) -> (lower: Int, count: Int) {
            let from = max(lower - Int(margin), 0)
            return (from, min(lower + size + Int(margin), limit) - from)
        }
        let x = span(vertebra.lowerIndex.x, parts.x, margin.x, scan.size.x)
        let y = span(vertebra.lowerIndex.y, parts.y, margin.y, scan.size.y)
        let z = span(vertebra.lowerIndex.z, parts.z, margin.z, scan.size.z)
        lowerIndex = Index3(x: x.lower, y: y.lower, z: z.lower)
        let grid = scan.cropped(from: lowerIndex, size: Index3(x: x.count, y: y.count, z: z.count))
        let fill = Volume(geometry: result.grid.geometry, voxels: result.fillFrequency)
        probability = fill.resampled(to: grid, by: .linear, outside: 0)
        let body = vertebra.parts.mask(of: Vertebra.Part.body.rawValue)
        for plume in Plume.all(result, frame: vertebra.frame, porosity: tissuePorosity) {
            add(plume, outside: body)
        }
    }

    private mutating func add(_ plume: Plume, outside body: VoxelMask) {
        let grid = probability.geometry
        guard let farthest = plume.radiiMM.first else { return }
        let centre = grid.index(of: plume.centreMM)
        let reach = SIMD3(repeating: farthest) / grid.spacingMM
        let last = SIMD3(Double(grid.size.x - 1), Double(grid.size.y - 1), Double(grid.size.z - 1))
        let low = pointwiseMax((centre - reach).rounded(.up), .zero)
        let high = pointwiseMin((centre + reach).rounded(.down), last)
        guard low.x <= high.x, low.y <= high.y, low.z <= high.z else { return }
        for z in Int(low.z)...Int(high.z) {
            for y in Int(low.y)...Int(high.y) {
                for x in Int(low.x)...Int(high.x) {
                    let point = grid.point(at: Index3(x: x, y: y, z: z))
                    if let voxel = body.geometry.voxel(holding: point), body[voxel.x, voxel.y, voxel.z] { continue }
                    let value = plume.share(atMM: length(point - plume.centreMM))
                    let i = grid.offset(x: x, y: y, z: z)
                    probability.voxels[i] = max(probability.voxels[i], Float(value))
                }
            }
        }
    }
}

/// What leaked through one opening over all runs.
private struct Plume {
    let centreMM: PointMM
    /// Of the runs that leaked, largest first.
    let radiiMM: [Double]
    let runs: Int

    /// The part of the runs whose half ball reaches a distance.
    func share(atMM distance: Double) -> Double { Double(radiiMM.prefix { $0 >= distance }.count) / Double(runs) }

    static func all(_ result: RehearsalResult, frame: VertebralFrame, porosity: Double) -> [Plume] {
        var places: [LeakingPlace: (sum: SIMD3<Double>, radiiMM: [Double])] = [:]
        for leak in result.outcomes.flatMap(\.leaks) where leak.place.opening != nil && leak.leakedML > 0 {
            // Half a ball of radius R holds 2/3 π R³ of tissue, of which cement fills the porosity.
            let radius = cbrt(3 * 1000 * leak.leakedML / (2 * .pi * porosity))
            places[LeakingPlace(leak.place), default: (.zero, [])].sum += leak.place.localMM
            places[LeakingPlace(leak.place), default: (.zero, [])].radiiMM.append(radius)
        }
        return places.values.map { place in
            Plume(
                centreMM: frame.point(place.sum / Double(place.radiiMM.count)), radiiMM: place.radiiMM.sorted(by: >),
                runs: result.outcomes.count)
        }
    }
}
