// How often each grey level goes with each length, size, number or second level.

/// A table of counts with a row per grey level. Tables of the same grey levels can be added: over directions, over slices.
struct CountTable: Sendable, Hashable {
    /// The level of each row, ascending.
    let levels: [Int]
    /// What each column stands for, ascending: a run length, a zone size, a number of voxels, a level.
    private(set) var columns: [Int]
    /// One count per cell, row after row; whole numbers unless the table was scaled.
    private(set) var counts: [Double]

    init(levels: [Int], columns: [Int], counts: [Double]) {
        self.levels = levels
        self.columns = columns
        self.counts = counts
    }

    /// A table whose columns stand for 1, 2, 3 …, without the columns that are empty.
    init(levels: [Int], countsFromOne counts: [Int32]) {
        let width = levels.isEmpty ? 0 : counts.count / levels.count
        var isUsed = [Bool](repeating: false, count: width)
        for cell in counts.indices where counts[cell] != 0 { isUsed[cell % width] = true }
        let used = isUsed.indices.filter { isUsed[$0] }
        self.levels = levels
        columns = used.map { $0 + 1 }
        self.counts = levels.indices.flatMap { row in used.map { Double(counts[row * width + $0]) } }
    }

    var total: Double { counts.reduce(0, +) }

    /// Adds a table of the same levels; columns that only one of the two has are kept.
    static func += (table: inout CountTable, other: CountTable) {
        guard table.columns != other.columns else {
            for cell in table.counts.indices { table.counts[cell] += other.counts[cell] }
            return
        }
        let columns = Set(table.columns).union(other.columns).sorted()
        var sum = [Double](repeating: 0, count: table.levels.count * columns.count)
        for part in [table, other] {
            let place = part.columns.map { value in columns.firstIndex(of: value) ?? 0 }
            for row in part.levels.indices {
                for column in place.indices {
                    sum[row * columns.count + place[column]] += part.counts[row * place.count + column]
                }
            }
        }
        table.columns = columns
        table.counts = sum
    }

    /// Every count times a weight.
    func scaled(by weight: Double) -> CountTable {
        CountTable(levels: levels, columns: columns, counts: counts.map { $0 * weight })
    }
}
