// Mean and spread of one column.
import Foundation

/// Count, mean and sum of squared deviations of a column.
struct Sample {
    let count: Int
    let mean: Double
    /// Σ (x − mean)².
    let squares: Double

    /// Two passes with the correction term of Chan, Golub & LeVeque (The American Statistician 1983;37:242).
    init(_ values: [Double]) {
        count = values.count
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        var squares = 0.0
        var remainder = 0.0
        for value in values {
            let deviation = value - mean
            squares += deviation * deviation
            remainder += deviation
        }
        self.mean = mean + remainder / n
        // Equal values leave rounding only.
        let isConstant = values.allSatisfy { $0 == values[0] }
        self.squares = isConstant ? 0 : squares - remainder * remainder / n
    }

    /// With n − 1.
    var variance: Double { squares / Double(count - 1) }
    var standardDeviation: Double { variance.squareRoot() }

    /// - Throws: `AgreementError` for fewer values than required or one that is not finite (row counted from 1).
    static func check(_ values: [Double], column: String, what: String, required: Int) throws(AgreementError) {
        guard values.count >= required else { throw .tooFew(what: what, count: values.count, required: required) }
        if let row = values.firstIndex(where: { !$0.isFinite }) { throw .notFinite(row: row + 1, column: column) }
    }

    /// - Throws: `AgreementError.parameterInvalid` unless 0 < value < 1.
    static func checkFraction(_ value: Double, name: String) throws(AgreementError) {
        guard value > 0, value < 1 else {
            throw .parameterInvalid(name: name, value: value, allowed: "above 0 and below 1")
        }
    }
}
