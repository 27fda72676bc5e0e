// The texture matrices of one image, aggregated as the IBSI reference manual does.
import Imaging

/// Counts the matrices of a region. Each function returns the matrices whose features are averaged; matrices without any count
/// are left out.
struct IBSITextures {
    private let grid: LevelGrid
    private let highestLevel: Int
    private let morphologicalMask: [Bool]

    init(_ region: IBSIRegion, _ levels: IBSILevels) {
        let counts = levels.histogram
        let present = counts.indices.filter { counts[$0] > 0 }.map { $0 + 1 }
        var rank = [Int32](repeating: -1, count: levels.highest + 1)
        for (r, level) in present.enumerated() { rank[level] = Int32(r) }
        grid = LevelGrid(size: levels.size, ranks: levels.levels.map { rank[Int($0)] }, levels: present)
        highestLevel = levels.highest
        morphologicalMask = region.morphologicalMask
    }

    func cooccurrence(_ aggregation: IBSIAggregation) -> [CooccurrenceMatrix] {
        merged(aggregation) { grid.cooccurrences($0, slices: $1) }
            .compactMap { CooccurrenceMatrix($0, highestLevel: highestLevel) }
    }

    func runLength(_ aggregation: IBSIAggregation) -> [SizeMatrix] {
        merged(aggregation) { grid.runLengths($0, slices: $1).map(\.table) }.compactMap { SizeMatrix($0) }
    }

    func sizeZone(_ reach: IBSIReach) -> [SizeMatrix] {
        slices(reach).compactMap { SizeMatrix(SizeZones(grid, reach.directions, slices: $0).table) }
    }

    func distanceZone(_ reach: IBSIReach) -> [DistanceZoneMatrix] {
        let distances = borderDistances(morphologicalMask, size: grid.size, inPlane: reach != .volume)
        return slices(reach).compactMap {
            DistanceZoneMatrix(grid, reach.directions, distances: distances, slices: $0)
        }
    }

    func neighbourhoodDifference(_ reach: IBSIReach) -> [NeighbourhoodDifferenceMatrix] {
        neighbourhoods(reach).filter { $0.voxelsWithNeighbours.contains { $0 > 0 } }.map {
            NeighbourhoodDifferenceMatrix(
                levels: grid.levels, voxels: $0.voxelsWithNeighbours, differences: $0.differences)
        }
    }

    func neighbourhoodDependence(_ reach: IBSIReach) -> [SizeMatrix] {
        neighbourhoods(reach).compactMap { SizeMatrix($0.dependences) }
    }

    private func neighbourhoods(_ reach: IBSIReach) -> [Neighbourhoods] {
        slices(reach).map { Neighbourhoods(grid, reach.directions, slices: $0) }
    }

    /// One table per slice, per direction or both, as the aggregation says, each merged over the rest.
    private func merged(
        _ aggregation: IBSIAggregation, _ count: ([Direction], Range<Int>?) -> [CountTable]
    ) -> [CountTable] {
        slices(aggregation.reach).flatMap { slices in
            let tables = count(aggregation.reach.directions, slices)
            guard !aggregation.separatesDirections, var sum = tables.first else { return tables }
            for table in tables.dropFirst() { sum += table }
            return [sum]
        }
    }

    /// The slices of each matrix; nil is all of them.
    private func slices(_ reach: IBSIReach) -> [Range<Int>?] {
        reach == .slices ? (0..<grid.size.z).map { $0..<$0 + 1 } : [nil]
    }
}
