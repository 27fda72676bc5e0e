// Shape of a region of one slice: the size and form of its outline.
import Imaging

/// What the formulas of flat shape share.
struct Shape2D {
    /// Of the outline, millimetres and square millimetres.
    let perimeterMM: Double
    let areaMM2: Double
    /// The largest distance between two points of the outline, millimetres.
    let diameterMM: Double
    let pixelAreaMM2: Double
    /// Variances of the voxel centres along their principal axes in the slice, mm², largest first.
    let principalVariances: [Double]

    /// - Parameter axis: across the slice; 0 for x, 1 for y, 2 for z.
    /// - Returns: nil where the region has more than one slice across the axis.
    init?(_ region: RegionOfInterest, across axis: Int) {
        let size = [region.size.x, region.size.y, region.size.z]
        guard size[axis] == 1 else { return nil }
        let outline = Outline(region, across: axis)
        perimeterMM = outline.perimeterMM
        areaMM2 = outline.areaMM2
        let diameters = ShapeDiameters(region)
        diameterMM = [diameters.maximumRow, diameters.maximumColumn, diameters.maximumSlice][axis]
        pixelAreaMM2 = Double(region.count) * region.voxelVolumeMM3 / region.spacingMM[axis]
        principalVariances = Shape.principalVariances(region)
    }

    var sphericity: Double { 2 * (Double.pi * areaMM2).squareRoot() / perimeterMM }
}

/// The outline of a region of one slice by marching squares at 0.5, vertices halfway between voxel centres.
private struct Outline {
    let perimeterMM: Double
    let areaMM2: Double

    /// Squares reach one voxel beyond the box on every side; a corner inside that touches another only across the diagonal
    /// is cut off by itself.
    init(_ region: RegionOfInterest, across axis: Int) {
        // Rows run along the slower of the two axes that are left, as in PyRadiomics' arrays.
        let (fast, slow) = axis == 0 ? (1, 2) : axis == 1 ? (0, 2) : (0, 1)
        let size = [region.size.x, region.size.y, region.size.z]
        let (columns, rows) = (size[fast], size[slow])
        let stepMM = SIMD2(region.spacingMM[fast], region.spacingMM[slow])
        func isInside(_ column: Int, _ row: Int) -> Bool {
            (1...columns).contains(column) && (1...rows).contains(row)
                && region.inside[(row - 1) * columns + column - 1]
        }
        // Corners in turn, and the middles of the edges that follow them.
        let corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
        let middles: [SIMD2<Double>] = [[0.5, 0], [1, 0.5], [0.5, 1], [0, 0.5]]
        var (perimeter, area) = (0.0, 0.0)
        for row in 0...rows {
            for column in 0...columns {
                let inside = corners.map { isInside(column + $0.0, row + $0.1) }
                // Each run of corners inside is cut off by a line from the edge before it to the edge behind it.
                for first in 0..<4 where inside[first] && !inside[(first + 3) % 4] {
                    var last = first
                    while inside[(last + 1) % 4] { last = (last + 1) % 4 }
                    let origin = SIMD2(Double(column), Double(row))
                    let a = (origin + middles[(first + 3) % 4]) * stepMM
                    let b = (origin + middles[last]) * stepMM
                    area += a.y * b.x - b.y * a.x
                    perimeter += ((a - b) * (a - b)).sum().squareRoot()
                }
            }
        }
        perimeterMM = perimeter
        areaMM2 = area / 2
    }
}

/// Source: PyRadiomics 3.0.1 `shape2D`. The IBSI manual has no shape of one slice.
let shape2DFeatures: [FeatureDefinition<Shape2D>] = [
    .init("Elongation", nil) { ($0.principalVariances[1] / $0.principalVariances[0]).squareRoot() },
    .init("MajorAxisLength", nil) { 4 * $0.principalVariances[0].squareRoot() },
    .init("MaximumDiameter", nil) { $0.diameterMM },
    .init("MeshSurface", nil) { $0.areaMM2 },
    .init("MinorAxisLength", nil) { 4 * $0.principalVariances[1].squareRoot() },
    .init("Perimeter", nil) { $0.perimeterMM },
    .init("PerimeterSurfaceRatio", nil) { $0.perimeterMM / $0.areaMM2 },
    .init("PixelSurface", nil) { $0.pixelAreaMM2 },
    .init("SphericalDisproportion", nil, isDeprecated: true) { 1 / $0.sphericity },
    .init("Sphericity", nil) { $0.sphericity },
]
