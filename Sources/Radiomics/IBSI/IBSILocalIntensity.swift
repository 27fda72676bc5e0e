// Peaks: the mean intensity of a small sphere around the brightest voxel or wherever it is highest.
import Foundation
import Imaging

/// The two intensity peaks of a region.
///
/// Source: IBSI reference manual, chapter 3, "Local intensity features" (9ST6): spheres of 1 cm³ around voxels of the
/// intensity mask; all voxels of the image count whose centre lies in the sphere, also those outside the mask.
struct IBSILocalIntensity {
    /// The radius of a sphere of 1 cm³, millimetres: what the image must reach beyond the region.
    static let radiusMM = cbrt(3 / (4 * Double.pi)) * 10

    /// Around the brightest voxel; of several, the highest.
    let localPeak: Double
    /// The highest mean of all spheres.
    let globalPeak: Double

    init(_ region: IBSIRegion) {
        let size = region.image.size
        let values = region.image.values
        let brightest = zip(values, region.intensityMask).reduce(-Double.infinity) { $1.1 ? max($0, $1.0) : $0 }
        // Each row of voxels in a sphere is a difference of two running sums.
        var running = [Double](repeating: 0, count: (size.x + 1) * size.y * size.z)
        for row in 0..<size.y * size.z {
            for x in 0..<size.x {
                running[row * (size.x + 1) + x + 1] = running[row * (size.x + 1) + x] + values[row * size.x + x]
            }
        }
        let rows = Self.rows(spacingMM: region.image.spacingMM)
        var (local, global) = (-Double.infinity, -Double.infinity)
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x where region.intensityMask[(z * size.y + y) * size.x + x] {
                    var (sum, count) = (0.0, 0)
                    for row in rows {
                        let (j, k) = (y + row.y, z + row.z)
                        guard j >= 0, k >= 0, j < size.y, k < size.z else { continue }
                        let (from, to) = (max(x - row.reach, 0), min(x + row.reach, size.x - 1) + 1)
                        let start = (k * size.y + j) * (size.x + 1)
                        sum += running[start + to] - running[start + from]
                        count += to - from
                    }
                    let mean = sum / Double(count)
                    global = max(global, mean)
                    if values[(z * size.y + y) * size.x + x] == brightest { local = max(local, mean) }
                }
            }
        }
        localPeak = local
        globalPeak = global
    }

    /// The rows of voxels of a sphere around voxel (0, 0, 0): each reaches from −reach to reach along x.
    private static func rows(spacingMM: SIMD3<Double>) -> [(y: Int, z: Int, reach: Int)] {
        let (ny, nz) = (Int(radiusMM / spacingMM.y), Int(radiusMM / spacingMM.z))
        var rows: [(y: Int, z: Int, reach: Int)] = []
        for z in -nz...nz {
            for y in -ny...ny {
                let (b, c) = (Double(y) * spacingMM.y, Double(z) * spacingMM.z)
                let rest = radiusMM * radiusMM - b * b - c * c
                if rest >= 0 { rows.append((y, z, Int(rest.squareRoot() / spacingMM.x))) }
            }
        }
        return rows
    }
}

/// Source: IBSI reference manual, 9ST6.
let ibsiLocalIntensityFeatures: [FeatureDefinition<IBSILocalIntensity>] = [
    .init("local_peak", "VJGA") { $0.localPeak },
    .init("global_peak", "0F91") { $0.globalPeak },
]
