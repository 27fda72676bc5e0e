// Golden numbers from PyRadiomics, and how ours are compared with them.
import Foundation
import Testing

@testable import Radiomics

/// With the same grid, bins and formulas only the order of sums differs: PyRadiomics' own values move by about 1e-12.
private let relativeTolerance = 1e-6
/// For values near 0 that are left over when large terms cancel (Skewness, ClusterShade, Imc1).
private let absoluteTolerance = 1e-9

/// `case,feature,value` lines of `Golden/pyradiomics.csv`.
func pyRadiomicsGolden(_ name: String) throws -> [String: Double] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Golden/pyradiomics.csv")
    var values: [String: Double] = [:]
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        let fields = line.split(separator: ",")
        if fields.count == 3, fields[0] == name { values[String(fields[1])] = Double(fields[2]) }
    }
    return values
}

/// Expects every one of our features among the golden ones, equal within the tolerances. Returns the largest relative
/// deviation of the values that are not near 0.
@discardableResult
func expectEqual(
    _ features: [FeatureValue], _ golden: [String: Double], _ name: String, count: Int = 107
) -> Double {
    #expect(features.count == count)
    var largest = 0.0
    for feature in features {
        guard let value = feature.value, let expected = golden[feature.name] else {
            Issue.record("\(name): \(feature.name) is missing (\(feature.reason ?? "not in the golden table"))")
            continue
        }
        let difference = abs(value - expected)
        #expect(
            difference <= max(relativeTolerance * abs(expected), absoluteTolerance),
            "\(name) \(feature.name): \(value), PyRadiomics \(expected)")
        if abs(expected) > absoluteTolerance { largest = max(largest, difference / abs(expected)) }
    }
    return largest
}
