// The texture matrices of one image as PyRadiomics makes them.

/// Every texture matrix of a region. The ones that exist per direction are lists of at most 13.
struct Textures: Sendable {
    private let grid: LevelGrid
    private let neighbourhoods: Neighbourhoods

    init(_ levels: GreyLevels) {
        grid = LevelGrid(levels)
        neighbourhoods = Neighbourhoods(grid)
    }

    /// One matrix per direction in which the region has neighbouring voxels.
    var cooccurrence: [CooccurrenceMatrix] {
        Direction.all.compactMap { CooccurrenceMatrix(grid.cooccurrences($0)) }
    }

    /// One matrix per direction in which a line meets the region twice.
    var runLength: [SizeMatrix] {
        Direction.all.compactMap { direction in
            let runs = grid.runLengths(direction)
            return runs.hasLineOfTwo ? SizeMatrix(runs.table) : nil
        }
    }

    /// At most one matrix, of 26-connected zones.
    var sizeZone: [SizeMatrix] { [SizeMatrix(SizeZones(grid).table)].compactMap { $0 } }

    /// At most one matrix, of 26 neighbours.
    var dependence: [SizeMatrix] { [SizeMatrix(neighbourhoods.dependences)].compactMap { $0 } }

    /// Of 26 neighbours.
    var neighbourhoodDifference: NeighbourhoodDifferenceMatrix {
        NeighbourhoodDifferenceMatrix(
            levels: grid.levels, voxels: neighbourhoods.voxels, differences: neighbourhoods.differences)
    }
}
