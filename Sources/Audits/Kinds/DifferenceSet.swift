// The differences of a set of rows in the form asked for.
import Foundation

/// Differences with what they are plotted against.
struct DifferenceSet {
    /// The readings of the rows.
    let first: [Double]
    let second: [Double]
    /// In the form: first − second, per cent of the mean, or ln first − ln second.
    let differences: [Double]
    /// The mean of both readings (the geometric mean for logarithms), the known value, or the row's number for one known value.
    let sizes: [Double]
    /// Row numbers of each subject's rows, where a subject occurs more than once; else nil.
    let repeats: [[Int]]?
    let sizeLabel: String
    let differenceLabel: String
    /// Of the differences.
    let unit: String?

    var count: Int { differences.count }

    /// - Parameter rows: nil for all.
    init(_ readings: PairedReadings, _ settings: AuditSettings, subjects: [Int]?, rows: [Int]?) {
        let a = rows.map { $0.map { readings.first[$0] } } ?? readings.first
        let b = rows.map { $0.map { readings.second[$0] } } ?? readings.second
        first = a
        second = b
        let (firstName, secondName) = (readings.firstName, readings.secondName)
        let inUnit = readings.unit.map { ", \($0)" } ?? ""
        switch settings.form {
        case .difference:
            differences = zip(a, b).map { $0 - $1 }
            differenceLabel = "\(firstName) - \(secondName)\(inUnit)"
            unit = readings.unit
        case .percent where readings.comparison != .method:
            // A known value is what per cents are of.
            differences = zip(a, b).map { 100 * ($0 - $1) / $1 }
            differenceLabel = "\(firstName) - \(secondName), % of the known value"
            unit = "%"
        case .percent:
            differences = zip(a, b).map { 200 * ($0 - $1) / ($0 + $1) }
            differenceLabel = "\(firstName) - \(secondName), % of their mean"
            unit = "%"
        case .log:
            differences = zip(a, b).map { log($0) - log($1) }
            differenceLabel = "ln(\(firstName) / \(secondName))"
            unit = nil
        }
        switch readings.comparison {
        case .knownValue:
            sizes = (rows ?? Array(a.indices)).map { Double($0 + 1) }
            sizeLabel = "Row of the table"
        case .knownColumn:
            sizes = b
            sizeLabel = "\(secondName)\(inUnit)"
        case .method where settings.form == .log:
            sizes = zip(a, b).map { ($0 * $1).squareRoot() }
            sizeLabel = "Geometric mean of \(firstName) and \(secondName)\(inUnit)"
        case .method:
            sizes = zip(a, b).map { ($0 + $1) / 2 }
            sizeLabel = "Mean of \(firstName) and \(secondName)\(inUnit)"
        }
        repeats = subjects.flatMap { Self.repeats($0, rows) }
    }

    private static func repeats(_ subjects: [Int], _ rows: [Int]?) -> [[Int]]? {
        var places: [Int: Int] = [:]
        var lists: [[Int]] = []
        for (place, row) in (rows ?? Array(subjects.indices)).enumerated() {
            if let list = places[subjects[row]] {
                lists[list].append(place)
            } else {
                places[subjects[row]] = lists.count
                lists.append([place])
            }
        }
        return lists.contains { $0.count > 1 } ? lists : nil
    }
}
