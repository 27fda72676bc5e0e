// The data sets on which other tools computed the golden numbers.
import Agreement
import Foundation

/// `Golden/continuous_data.csv`, read once for a test.
struct ContinuousData {
    private let rows: [String: [Double]]

    init() throws {
        rows = Dictionary(
            try goldenRows("continuous_data.csv").map { ($0.name, $0.values) }, uniquingKeysWith: { first, _ in first })
    }

    static let pairNames = ["peakflow", "ties", "small", "skew", "large"]

    func pairs(_ name: some StringProtocol) throws -> Pairs {
        try Pairs(rows["pair/\(name)/first"] ?? [], rows["pair/\(name)/second"] ?? [])
    }

    /// [subject][rater].
    func ratings(_ name: some StringProtocol) -> [[Double]] {
        let values = rows["ratings/\(name)"] ?? [1]
        let width = Int(values[0])
        return stride(from: 1, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
    }

    func groups(_ name: some StringProtocol) -> [[Double]] {
        (0..<9).compactMap { rows["group/\(name)/\($0)"] }
    }

    var pValues: [Double] { rows["p/one"] ?? [] }
}
