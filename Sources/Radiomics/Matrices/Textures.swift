// The texture matrices of one image as PyRadiomics makes them.
import Foundation
import Imaging

/// Every texture matrix of a region. The ones that exist per direction are lists of at most 13 at distance 1; a weighting norm
/// adds them up to one.
struct Textures: Sendable {
    private let grid: LevelGrid
    private let settings: TextureSettings
    private let spacingMM: SIMD3<Double>
    /// Directions at all distances asked for, and at distance 1.
    private let directions, touching: [Direction]
    private let neighbourhoods: Neighbourhoods

    /// - Parameter spacingMM: along x, y, z; only weighting norms use it.
    init(
        _ levels: GreyLevels, _ settings: TextureSettings = TextureSettings(), spacingMM: SIMD3<Double> = [1, 1, 1]
    ) {
        let size = levels.size
        let flat = settings.force2D ? 2 - settings.force2DDimension : nil
        // No two voxels of the box are farther apart.
        let distances = settings.distances.filter { $0 < max(size.x, size.y, size.z) }
        directions = Direction.directions(distances: distances, withoutAxis: flat)
        touching = Direction.directions(distances: [1], withoutAxis: flat)
        grid = LevelGrid(levels, border: max(1, distances.max() ?? 1))
        neighbourhoods = Neighbourhoods(grid, directions, coarseness: Double(settings.gldmA))
        self.settings = settings
        self.spacingMM = spacingMM
    }

    /// So many levels may occur for pairs of them to be counted: the matrices of 13 directions then take 330 MB (our choice).
    static let pairLimit = 1024
    /// Why there is no co-occurrence matrix although voxels are neighbours; nil where there is one.
    var reasonWithoutPairs: String? {
        let count = grid.levels.count
        return count > Self.pairLimit
            ? "The region has \(count) grey levels; co-occurrences are counted for at most \(Self.pairLimit). Give a larger "
                + "binWidth." : nil
    }

    /// One matrix per direction in which the region has neighbouring voxels; none above `pairLimit`.
    var cooccurrence: [CooccurrenceMatrix] {
        guard reasonWithoutPairs == nil else { return [] }
        let tables = grid.cooccurrences(directions, isSymmetric: settings.symmetricalGLCM)
        guard let norm = settings.weightingNorm else { return tables.compactMap { CooccurrenceMatrix($0) } }
        let weights = directions.map { direction in
            let length = norm.length(of: direction, spacingMM)
            return norm == .none ? 1 : exp(-length * length)
        }
        return [weightedSum(tables, weights).flatMap { CooccurrenceMatrix($0) }].compactMap { $0 }
    }

    /// One matrix per direction in which a line meets the region twice.
    var runLength: [SizeMatrix] {
        let runs = zip(touching, grid.runLengths(touching)).filter(\.1.hasLineOfTwo)
        let tables = runs.map(\.1.table)
        guard let norm = settings.weightingNorm else { return tables.compactMap { SizeMatrix($0) } }
        let weights = runs.map { norm.length(of: $0.0, spacingMM) }
        return [weightedSum(tables, weights).flatMap { SizeMatrix($0) }].compactMap { $0 }
    }

    /// At most one matrix, of zones whose voxels touch.
    var sizeZone: [SizeMatrix] { [SizeMatrix(SizeZones(grid, touching).table)].compactMap { $0 } }

    /// At most one matrix.
    var dependence: [SizeMatrix] { [SizeMatrix(neighbourhoods.dependences)].compactMap { $0 } }

    var neighbourhoodDifference: NeighbourhoodDifferenceMatrix {
        NeighbourhoodDifferenceMatrix(
            levels: grid.levels, voxels: neighbourhoods.voxels, differences: neighbourhoods.differences)
    }
}

private func weightedSum(_ tables: [CountTable], _ weights: [Double]) -> CountTable? {
    let scaled = zip(tables, weights).map { $0.scaled(by: $1) }
    guard var sum = scaled.first else { return nil }
    for table in scaled.dropFirst() { sum += table }
    return sum
}

extension TextureSettings.WeightingNorm {
    /// How long a step is in millimetres by this norm; 1 without one.
    fileprivate func length(of direction: Direction, _ spacingMM: SIMD3<Double>) -> Double {
        let step = SIMD3(Double(abs(direction.dx)), Double(abs(direction.dy)), Double(abs(direction.dz))) * spacingMM
        return switch self {
        case .euclidean: (step * step).sum().squareRoot()
        case .manhattan: step.sum()
        case .infinity: step.max()
        case .none: 1
        }
    }
}
