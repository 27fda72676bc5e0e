// Parameter files of the ibsi mode (YAML).
import Domain

extension IBSISettings {
    /// Whether a parameter file is one of the ibsi mode: it has a key `mode`, which no file of PyRadiomics has.
    package static func isIBSI(yaml: String) -> Bool {
        (try? ParameterNode.root(yaml))?.has("mode") ?? false
    }

    /// Reads a parameter file: `mode: ibsi` and, each with a default, `label`, `dimension` (2D, 3D), `spacingMM`,
    /// `interpolation` (linear, cubicSpline), `maskThreshold`, `roundIntensities`, `intensityRange`, `outlierSigma`, `binWidth`
    /// or `binCount`, `volumeHistogramBinWidth` or `volumeHistogramBinCount`, `families`, `aggregations` and `filter`.
    ///
    /// - Parameters:
    ///   - yaml: the text of the file; JSON is YAML too.
    ///   - name: how messages call the file.
    /// - Throws: `ParameterFileError` that names the file and the key; `RadiomicsError.filterInvalid`.
    package init(yaml: String, name: String) throws {
        do {
            let entries = try ParameterNode.root(yaml).entries(known: Self.keys)
            self.init()
            for (key, value) in entries { try read(key, value) }
            for prefix in ["bin", "volumeHistogramBin"] {
                try entries.requireOne(of: ["\(prefix)Width", "\(prefix)Count"])
            }
            // A filter's response has no bins of its own: without a word only its statistics are computed.
            if filter != nil, !entries.contains(where: { $0.key == "families" }) { families = [.statistics] }
            if !entries.contains(where: { $0.key == "aggregations" }) {
                aggregations = IBSIAggregation.allCases.filter { $0.dimension == dimension }
            }
        } catch let flaw as ParameterFlaw {
            throw ParameterFileError(file: name, flaw: flaw)
        }
    }

    /// Every key of a parameter file.
    package static let keys = [
        "mode", "label", "dimension", "spacingMM", "interpolation", "maskThreshold", "roundIntensities",
        "intensityRange", "outlierSigma", "filter", "binWidth", "binCount", "volumeHistogramBinWidth",
        "volumeHistogramBinCount", "families", "aggregations",
    ]

    private mutating func read(_ key: String, _ value: ParameterNode) throws {
        switch key {
        case "mode": _ = try value.choice(["ibsi"])
        case "label": label = try value.wholeNumber(1...Int(UInt16.max))
        case "dimension": dimension = try value.oneOf(Dimension.allCases)
        case "spacingMM": spacingMM = try value.isNull ? nil : SIMD3(value.numbers(3, above: 0))
        case "interpolation": interpolation = try value.oneOf(Interpolation.allCases)
        case "maskThreshold":
            let share = try value.number(above: 0)
            guard share <= 1 else { throw ParameterFlaw.value(path: key, found: "\(share)", needed: "1 at most") }
            maskThreshold = share
        case "roundIntensities": roundsIntensities = try value.flag()
        case "intensityRange":
            let ends = try value.isNull ? nil : value.numbers(2)
            if let ends, ends[0] > ends[1] {
                throw ParameterFlaw.value(path: key, found: "\(ends)", needed: "the lower end, then the upper")
            }
            intensityRange = ends.map { $0[0]...$0[1] }
        case "outlierSigma": outlierSigma = try value.isNull ? nil : value.number(above: 0)
        case "families": families = try value.list().map { try $0.oneOf(IBSIFamily.allCases) }
        case "aggregations": aggregations = try value.list().map { try $0.oneOf(IBSIAggregation.allCases) }
        case "filter": filter = try value.isNull ? nil : IBSIFilter(yaml: value.yaml)
        default: try readBins(key, value)
        }
    }

    private mutating func readBins(_ key: String, _ value: ParameterNode) throws {
        let bins: Discretisation =
            key.lowercased().hasSuffix("width")
            ? .binWidth(try value.number(above: 0)) : .binCount(try value.wholeNumber(1...RadiomicsError.levelLimit))
        if key.hasPrefix("volumeHistogram") { volumeHistogramDiscretisation = bins } else { discretisation = bins }
    }
}

extension [(key: String, value: ParameterNode)] {
    /// - Throws: `ParameterFlaw` where two keys that exclude each other are both there.
    fileprivate func requireOne(of names: [String]) throws(ParameterFlaw) {
        let found = map(\.key).filter(names.contains)
        guard found.count > 1 else { return }
        throw .value(path: found[1], found: "given beside \(found[0])", needed: "left out, or given alone")
    }
}

extension ParameterNode {
    /// The value among these with the node's text.
    fileprivate func oneOf<Value: RawRepresentable<String>>(_ values: [Value]) throws(ParameterFlaw) -> Value {
        let text = try choice(values.map { $0.rawValue })
        guard let value = values.first(where: { $0.rawValue == text }) else {
            throw .unknown(text, path: path, known: values.map { $0.rawValue })
        }
        return value
    }

    fileprivate func numbers(_ count: Int, above: Double? = nil) throws(ParameterFlaw) -> [Double] {
        let items = try list()
        guard items.count == count else {
            throw .value(path: path, found: "a list of \(items.count)", needed: "a list of \(count) numbers")
        }
        return try items.map { item throws(ParameterFlaw) in try item.number(above: above) }
    }
}
