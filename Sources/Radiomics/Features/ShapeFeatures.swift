// Shape: the size and form of a region, without regard to its grey values.
import Foundation
import Imaging

/// What the shape formulas share.
struct Shape {
    let mesh: ShapeMesh
    let diameters: ShapeDiameters
    let voxelVolumeMM3: Double
    /// Variances of the voxel centres along their principal axes, mm², largest first.
    let principalVariances: [Double]

    init(_ region: RegionOfInterest) {
        mesh = ShapeMesh(region)
        diameters = ShapeDiameters(region)
        voxelVolumeMM3 = Double(region.count) * region.voxelVolumeMM3
        principalVariances = Self.principalVariances(region)
    }

    /// Eigenvalues of the covariance of voxel centres, divided by n (PyRadiomics; IBSI's reference tools take n − 1).
    static func principalVariances(_ region: RegionOfInterest) -> [Double] {
        let size = region.size
        var points: [SIMD3<Double>] = []
        points.reserveCapacity(region.count)
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x where region.inside[(z * size.y + y) * size.x + x] {
                    points.append(SIMD3(Double(x), Double(y), Double(z)) * region.spacingMM)
                }
            }
        }
        let n = Double(points.count)
        let mean = points.reduce(.zero, +) / n
        var (diagonal, mixed) = (SIMD3<Double>.zero, SIMD3<Double>.zero)
        for point in points {
            let d = point - mean
            diagonal += d * d
            mixed += d * SIMD3(d.y, d.z, d.x)
        }
        var covariance = SymmetricMatrix(n: 3)
        for i in 0..<3 {
            covariance[i, i] = diagonal[i] / n
            covariance[i, (i + 1) % 3] = mixed[i] / n
            covariance[(i + 1) % 3, i] = mixed[i] / n
        }
        let ascending = covariance.eigenvalues()
        // What rounding leaves of a variance that is zero is zero: flat regions.
        let noise = 1e-15 * ascending[2]
        return ascending.reversed().map { abs($0) <= noise ? 0 : $0 }
    }
}

/// Source: PyRadiomics 3.0.1 `shape`; IBSI identifiers of morphological features.
let shapeFeatures: [FeatureDefinition<Shape>] = [
    .init("Compactness1", "SKGS", isDeprecated: true) {
        $0.mesh.volumeMM3 / ($0.mesh.areaMM2 * $0.mesh.areaMM2.squareRoot() * Double.pi.squareRoot())
    },
    .init("Compactness2", "BQWJ", isDeprecated: true) {
        36 * .pi * $0.mesh.volumeMM3 * $0.mesh.volumeMM3 / ($0.mesh.areaMM2 * $0.mesh.areaMM2 * $0.mesh.areaMM2)
    },
    .init("Elongation", "Q3CK") { ($0.principalVariances[1] / $0.principalVariances[0]).squareRoot() },
    .init("Flatness", "N17B") { ($0.principalVariances[2] / $0.principalVariances[0]).squareRoot() },
    .init("LeastAxisLength", "7J51") { 4 * $0.principalVariances[2].squareRoot() },
    .init("MajorAxisLength", "TDIC") { 4 * $0.principalVariances[0].squareRoot() },
    .init("Maximum2DDiameterColumn", nil) { $0.diameters.maximumColumn },
    .init("Maximum2DDiameterRow", nil) { $0.diameters.maximumRow },
    .init("Maximum2DDiameterSlice", nil) { $0.diameters.maximumSlice },
    .init("Maximum3DDiameter", "L0JK") { $0.diameters.maximum3D },
    .init("MeshVolume", "RNU0") { $0.mesh.volumeMM3 },
    .init("MinorAxisLength", "P9VJ") { 4 * $0.principalVariances[1].squareRoot() },
    .init("Sphericity", "QCFX") { cbrt(36 * .pi * $0.mesh.volumeMM3 * $0.mesh.volumeMM3) / $0.mesh.areaMM2 },
    .init("SphericalDisproportion", "KRCK", isDeprecated: true) {
        $0.mesh.areaMM2 / cbrt(36 * .pi * $0.mesh.volumeMM3 * $0.mesh.volumeMM3)
    },
    .init("SurfaceArea", "C0JK") { $0.mesh.areaMM2 },
    .init("SurfaceVolumeRatio", "2PR5") { $0.mesh.areaMM2 / $0.mesh.volumeMM3 },
    .init("VoxelVolume", "YEKZ") { $0.voxelVolumeMM3 },
]
