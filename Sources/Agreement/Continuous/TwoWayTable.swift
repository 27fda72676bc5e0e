// The mean squares of a table subjects × raters.
import Foundation

/// Two-way analysis of variance with one reading per cell.
struct TwoWayTable {
    let subjects: Int
    let raters: Int
    let subjectMS: Double
    let raterMS: Double
    let residualMS: Double
    /// Within subjects, raters and residual together.
    let withinMS: Double

    init(_ ratings: [[Double]]) throws(AgreementError) {
        guard ratings.count >= 3 else { throw .tooFew(what: "subjects", count: ratings.count, required: 3) }
        let k = ratings[0].count
        guard k >= 2 else { throw .tooFew(what: "raters", count: k, required: 2) }
        for (row, values) in ratings.enumerated() {
            guard values.count == k else {
                throw .unbalanced(row: row + 1, column: "rater", count: values.count, expected: k)
            }
            if let column = values.firstIndex(where: { !$0.isFinite }) {
                throw .notFinite(row: row + 1, column: "rater \(column + 1)")
            }
        }
        let rows = ratings.map { Sample($0) }
        let columns = (0..<k).map { column in Sample(ratings.map { $0[column] }) }
        let rowMeans = Sample(rows.map(\.mean))
        let grand = rowMeans.mean
        guard rowMeans.squares > 0 || rows.contains(where: { $0.squares > 0 }) else {
            throw .constantColumn(column: "rating")
        }
        var residual = 0.0
        for i in ratings.indices {
            for j in 0..<k {
                let rest = (ratings[i][j] - rows[i].mean) - (columns[j].mean - grand)
                residual += rest * rest
            }
        }
        let n = Double(ratings.count)
        subjects = ratings.count
        raters = k
        subjectMS = rowMeans.squares * Double(k) / (n - 1)
        raterMS = Sample(columns.map(\.mean)).squares * n / Double(k - 1)
        residualMS = residual / ((n - 1) * Double(k - 1))
        withinMS = rows.reduce(0) { $0 + $1.squares } / (n * Double(k - 1))
    }
}
