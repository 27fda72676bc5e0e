// The analysis filters of a discrete wavelet, looked up by name.

/// The low-pass and high-pass analysis filter of a wavelet.
struct WaveletBank {
    private(set) var lowPass: [Double]
    private(set) var highPass: [Double]
    private let isCoiflet: Bool

    /// Taps of either filter; even.
    var length: Int { lowPass.count }

    /// The filters of a wavelet named as in PyWavelets: `haar`, `db1`…`db20`, `sym2`…`sym20`, `coif1`…`coif5`, `bior…`, `rbio…`,
    /// `dmey`. Nil for another name.
    init?(_ name: String) {
        let entry = name == "haar" ? "db1" : name.replacingOccurrence(ofPrefix: "rbio", with: "bior")
        guard let analysis = Self.filters[entry] else { return nil }
        let synthesis = Self.filters[entry + "/rec"] ?? analysis.reversed()
        // A reverse biorthogonal wavelet swaps the roles of the two filters and their direction in time.
        let swapped = entry.hasPrefix("bior") && name.hasPrefix("rbio")
        lowPass = swapped ? synthesis.reversed() : analysis
        let mirrored = swapped ? analysis.reversed() : synthesis
        isCoiflet = name.hasPrefix("coif")
        // Quadrature mirror of the synthesis filter.
        highPass = mirrored.enumerated().map { index, tap in index.isMultiple(of: 2) ? -tap : tap }
    }

    /// The names of all wavelets, in alphabetical order.
    static var names: [String] {
        let stored = filters.keys.filter { !$0.hasSuffix("/rec") }
        let reversed = stored.filter { $0.hasPrefix("bior") }.map { "rbio" + $0.dropFirst(4) }
        return (stored + reversed + ["haar"]).sorted()
    }

    /// The same filters in single precision, as PyWavelets rounds them: its coiflets are stored divided by √2.
    func inSinglePrecision() -> WaveletBank {
        func rounded(_ tap: Double) -> Double {
            Double(isCoiflet ? Float(tap / 2.0.squareRoot()) * Float(2).squareRoot() : Float(tap))
        }
        var single = self
        single.lowPass = lowPass.map(rounded)
        single.highPass = highPass.map(rounded)
        return single
    }

    private static let filters: [String: [Double]] = {
        var filters: [String: [Double]] = [:]
        var name = ""
        for word in table.split(whereSeparator: \.isWhitespace) {
            if let tap = Double(word) { filters[name, default: []].append(tap) } else { name = String(word) }
        }
        return filters
    }()
}

extension String {
    /// This text with another beginning, if it begins with `prefix`.
    fileprivate func replacingOccurrence(ofPrefix prefix: String, with other: String) -> String {
        hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
    }
}
