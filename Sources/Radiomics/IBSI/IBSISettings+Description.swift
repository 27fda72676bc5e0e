// Settings of the ibsi mode in words: the parameter file that gives them.
import Foundation

extension IBSISettings {
    /// Every setting by its key in a parameter file, the value as the file writes it, in a fixed order.
    package var described: [(key: String, value: String)] {
        func text(_ value: (some CustomStringConvertible)?) -> String { value.map(\.description) ?? "null" }
        func list(_ names: [String]) -> String { "[\(names.joined(separator: ", "))]" }
        return [
            ("mode", "ibsi"), ("label", "\(label)"), ("dimension", dimension.rawValue),
            ("spacingMM", text(spacingMM.map { [$0.x, $0.y, $0.z] })), ("interpolation", interpolation.rawValue),
            ("maskThreshold", "\(maskThreshold)"), ("roundIntensities", "\(roundsIntensities)"),
            ("intensityRange", text(intensityRange.map { [$0.lowerBound, $0.upperBound] })),
            ("outlierSigma", text(outlierSigma)), ("filter", filter.map(\.yaml) ?? "null"),
        ] + discretisation.described("bin") + volumeHistogramDiscretisation.described("volumeHistogramBin") + [
            ("families", list(families.map(\.rawValue))), ("aggregations", list(aggregations.map(\.rawValue))),
        ]
    }

    /// A parameter file that gives these settings.
    package var yaml: String { described.map { "\($0.key): \($0.value)\n" }.joined() }
}

extension IBSISettings.Discretisation {
    /// The key that a parameter file has for it, if any.
    fileprivate func described(_ prefix: String) -> [(key: String, value: String)] {
        switch self {
        case .none: []
        case .binWidth(let width): [("\(prefix)Width", "\(width)")]
        case .binCount(let count): [("\(prefix)Count", "\(count)")]
        }
    }
}

extension IBSIFilter {
    /// The filter as a parameter file writes it, on one line.
    fileprivate var yaml: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
