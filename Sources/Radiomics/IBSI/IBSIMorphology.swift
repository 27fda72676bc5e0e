// The form of a region, and how its grey values lie in it, as the IBSI reference manual defines them.
import Foundation
import Imaging

/// What the formulas of morphology share.
struct IBSIMorphology {
    let surface: IBSISurface
    let hull: ConvexHull
    let orientedBox: OrientedBox
    let enclosingEllipsoid: Ellipsoid
    let voxelVolumeMM3: Double
    /// Edges of the box along the image axes around the surface.
    let boxMM: SIMD3<Double>
    /// Variances of the voxel centres along their principal axes, mm², largest first.
    let principalVariances: [Double]
    /// From the centre of the morphological mask to that of the intensities of the intensity mask.
    let centreShiftMM: Double
    let meanIntensity: Double
    let moranI, gearyC: Double

    init(_ region: IBSIRegion) {
        let (size, spacing) = (region.image.size, region.image.spacingMM)
        surface = IBSISurface(region.morphologicalMask, size: size, spacingMM: spacing)
        hull = ConvexHull(region.morphologicalMask, size: size, spacingMM: spacing)
        orientedBox = OrientedBox(around: hull)
        enclosingEllipsoid = Ellipsoid(around: hull)
        let low = hull.vertices.reduce(SIMD3(repeating: Double.infinity)) { pointwiseMin($0, $1) }
        let high = hull.vertices.reduce(SIMD3(repeating: -Double.infinity)) { pointwiseMax($0, $1) }
        boxMM = high - low
        let form = VoxelMoments(region.morphologicalMask, size, spacing) { _ in 1 }
        voxelVolumeMM3 = form.weight * spacing.x * spacing.y * spacing.z
        principalVariances = form.principalVariances
        let grey = VoxelMoments(region.intensityMask, size, spacing) { region.image.values[$0] }
        centreShiftMM = length(form.centre - grey.centre)
        let autocorrelation = SpatialAutocorrelation(region)
        meanIntensity = autocorrelation.mean
        moranI = autocorrelation.moranI
        gearyC = autocorrelation.gearyC
    }

    /// The ellipsoid whose half axes are those of the principal components (the manual's AEE).
    var approximateEllipsoid: Ellipsoid {
        let axes = principalVariances.map { 2 * $0.squareRoot() }
        return Ellipsoid(halfAxesMM: [axes[0], axes[1], axes[2]])
    }

    var boxAreaMM2: Double { 2 * (boxMM.x * boxMM.y + boxMM.y * boxMM.z + boxMM.z * boxMM.x) }

    /// 36π·V²/A³: 1 for a sphere.
    var compactness: Double {
        36 * .pi * surface.volumeMM3 * surface.volumeMM3 / (surface.areaMM2 * surface.areaMM2 * surface.areaMM2)
    }
}

/// Source: IBSI reference manual, chapter 3, "Morphological features" (HCUG).
let ibsiMorphologyFeatures: [FeatureDefinition<IBSIMorphology>] = [
    .init("volume_mesh", "RNU0") { $0.surface.volumeMM3 },
    .init("volume_voxels", "YEKZ") { $0.voxelVolumeMM3 },
    .init("surface_area_mesh", "C0JK") { $0.surface.areaMM2 },
    .init("surface_to_volume_ratio", "2PR5") { $0.surface.areaMM2 / $0.surface.volumeMM3 },
    .init("compactness_1", "SKGS") { $0.surface.volumeMM3 / (Double.pi.squareRoot() * pow($0.surface.areaMM2, 1.5)) },
    .init("compactness_2", "BQWJ") { $0.compactness },
    .init("spherical_disproportion", "KRCK") { 1 / cbrt($0.compactness) },
    .init("sphericity", "QCFX") { cbrt($0.compactness) },
    .init("asphericity", "25C7") { 1 / cbrt($0.compactness) - 1 },
    .init("centre_of_mass_shift", "KLMA") { $0.centreShiftMM },
    .init("maximum_3d_diameter", "L0JK") { $0.hull.diameterMM },
    .init("major_axis_length", "TDIC") { 4 * $0.principalVariances[0].squareRoot() },
    .init("minor_axis_length", "P9VJ") { 4 * $0.principalVariances[1].squareRoot() },
    .init("least_axis_length", "7J51") { 4 * $0.principalVariances[2].squareRoot() },
    .init("elongation", "Q3CK") { ($0.principalVariances[1] / $0.principalVariances[0]).squareRoot() },
    .init("flatness", "N17B") { ($0.principalVariances[2] / $0.principalVariances[0]).squareRoot() },
    .init("volume_density_aabb", "PBX1") { $0.surface.volumeMM3 / ($0.boxMM.x * $0.boxMM.y * $0.boxMM.z) },
    .init("area_density_aabb", "R59B") { $0.surface.areaMM2 / $0.boxAreaMM2 },
    .init("volume_density_ombb", "ZH1A") { $0.surface.volumeMM3 / $0.orientedBox.volumeMM3 },
    .init("area_density_ombb", "IQYR") { $0.surface.areaMM2 / $0.orientedBox.areaMM2 },
    .init("volume_density_aee", "6BDE") { $0.surface.volumeMM3 / $0.approximateEllipsoid.volumeMM3 },
    .init("area_density_aee", "RDD2") { $0.surface.areaMM2 / $0.approximateEllipsoid.areaMM2 },
    .init("volume_density_mvee", "SWZ1") { $0.surface.volumeMM3 / $0.enclosingEllipsoid.volumeMM3 },
    .init("area_density_mvee", "BRI8") { $0.surface.areaMM2 / $0.enclosingEllipsoid.areaMM2 },
    .init("volume_density_convex_hull", "R3ER") { $0.surface.volumeMM3 / $0.hull.volumeMM3 },
    .init("area_density_convex_hull", "7T7F") { $0.surface.areaMM2 / $0.hull.areaMM2 },
    .init("integrated_intensity", "99N0") { $0.meanIntensity * $0.surface.volumeMM3 },
    .init("morans_i", "N365") { $0.moranI },
    .init("gearys_c", "NPT7") { $0.gearyC },
]

/// Weighted moments of the voxel centres of a mask.
private struct VoxelMoments {
    /// Σ weights.
    let weight: Double
    /// Σ weight·position / Σ weights, millimetres from voxel (0, 0, 0).
    let centre: SIMD3<Double>
    private let scatter: SymmetricMatrix
    private let count: Double

    init(_ mask: [Bool], _ size: Index3, _ spacingMM: SIMD3<Double>, _ weightOf: (Int) -> Double) {
        var (count, weight, sum) = (0.0, 0.0, SIMD3<Double>.zero)
        var (squares, products) = (SIMD3<Double>.zero, SIMD3<Double>.zero)
        // Moments about a corner of the box in millimetres: sizes of 1e3 leave 1e-10 of a variance.
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x where mask[(z * size.y + y) * size.x + x] {
                    let w = weightOf((z * size.y + y) * size.x + x)
                    let p = SIMD3(Double(x), Double(y), Double(z)) * spacingMM
                    count += 1
                    weight += w
                    sum += p * w
                    squares += p * p * w
                    products += p * SIMD3(p.y, p.z, p.x) * w
                }
            }
        }
        let mean = sum / weight
        let (variances, covariances) = (squares - sum * mean, products - sum * SIMD3(mean.y, mean.z, mean.x))
        var scatter = SymmetricMatrix(n: 3)
        for i in 0..<3 {
            scatter[i, i] = variances[i]
            scatter[i, (i + 1) % 3] = covariances[i]
            scatter[(i + 1) % 3, i] = covariances[i]
        }
        self.count = count
        self.weight = weight
        centre = mean
        self.scatter = scatter
    }

    /// Eigenvalues of the covariance, divided by n − 1 as the consensus was computed, largest first. What rounding leaves of
    /// a variance that is zero is zero.
    var principalVariances: [Double] {
        let descending = Array(scatter.eigenvalues().reversed())
        return descending.map { $0 <= 1e-12 * descending[0] ? 0 : $0 / max(count - 1, 1) }
    }
}

/// How alike grey values near each other are.
///
/// Source: IBSI reference manual, N365 (Moran 1950) and NPT7 (Geary 1954), with weights of one over the distance in millimetres.
private struct SpatialAutocorrelation {
    let mean: Double
    let moranI, gearyC: Double

    init(_ region: IBSIRegion) {
        let values = region.intensities(of: region.image)
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        var deviations = [Double](repeating: 0, count: region.image.values.count)
        var inside = deviations
        for i in deviations.indices where region.intensityMask[i] {
            deviations[i] = region.image.values[i] - mean
            inside[i] = 1
        }
        let sums = InverseDistanceSums(
            deviations, inside, size: region.image.size, spacingMM: region.image.spacingMM)
        // With d the deviations and w the weights: Σ w·dᵢ·dⱼ, Σ w·dᵢ², Σ w and Σ d².
        var (products, squares, weights, scatter) = (0.0, 0.0, 0.0, 0.0)
        for i in deviations.indices where inside[i] > 0 {
            products += deviations[i] * sums.first[i]
            squares += deviations[i] * deviations[i] * sums.second[i]
            weights += sums.second[i]
            scatter += deviations[i] * deviations[i]
        }
        self.mean = mean
        moranI = n / weights * products / scatter
        gearyC = (n - 1) / (2 * weights) * 2 * (squares - products) / scatter
    }
}
