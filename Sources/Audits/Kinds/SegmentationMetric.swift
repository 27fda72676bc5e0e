// The figures of a segmentation that a table can hold.

/// A figure known by its column's name.
enum SegmentationMetric {
    /// 0…1, more is better.
    case overlap
    /// mm, less is better.
    case distance

    static let knownNames = ["dice", "jaccard", "surface dice", "hd", "hd95", "assd"]

    init?(_ columnName: String) {
        let name = columnName.lowercased().filter { $0.isLetter || $0.isNumber }
        switch name {
        case "dice", "dsc", "dicescore", "jaccard", "iou", "surfacedice", "nsd", "sensitivity", "precision", "recall",
            "volumetricsimilarity":
            self = .overlap
        case "hd", "hausdorff", "hd95", "hausdorff95", "assd", "asd", "msd", "meansurfacedistance", "surfacedistance",
            "hdmm", "hd95mm", "assdmm", "hausdorffmm", "hausdorff95mm":
            self = .distance
        default: return nil
        }
    }

    /// The column's numbers.
    /// - Throws: `AuditError.cell` for a number that the figure cannot have.
    func checked(_ table: AuditTable, _ column: Int) throws -> [Double] {
        let values = try table.numbers(column)
        let range: (text: String, allows: (Double) -> Bool) =
            switch self {
            case .overlap: ("0 to 1", { $0 >= 0 && $0 <= 1 })
            case .distance: ("0 and above", { $0 >= 0 })
            }
        if let row = values.firstIndex(where: { !range.allows($0) }) {
            throw AuditError.cell(table.place(row: row, column: column), .outside(range.text))
        }
        return values
    }
}
