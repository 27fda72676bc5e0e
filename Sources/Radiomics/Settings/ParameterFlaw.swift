// What can be wrong with a parameter file.
import Domain

/// A parameter file that cannot be used.
package struct ParameterFileError: Fault, Hashable {
    /// How messages call the file.
    package let file: String
    package let flaw: ParameterFlaw

    package var code: FaultCode { .parameterInvalid }
    package var detail: String { flaw.detail(of: file) }
    package var fix: String { flaw.fix }
    package var subject: String? { flaw.subject }
}

/// A flaw of a parameter file, keys called as in the file.
package enum ParameterFlaw: Error, Hashable {
    case notYAML(String)
    /// A name that is none of those known in its place.
    case unknown(String, path: String, known: [String])
    case value(path: String, found: String, needed: String)
    /// `null` for a key that needs a value.
    case null(path: String)
    /// A value that PyRadiomics takes and Osteon does not.
    case notComputed(String, path: String, instead: String)
    /// The file asks for feature maps.
    case voxelBased

    func detail(of file: String) -> String {
        switch self {
        case .notYAML(let reason):
            "\(file) is not YAML: \(reason.split(whereSeparator: \.isNewline).joined(separator: " ").prefix(200))."
        case .unknown(let name, let path, _):
            "\(file): '\(name.prefix(80))' is not known\(path.isEmpty ? "" : " under \(path)")."
        case .value(let path, let found, let needed): "\(file): \(path) is \(found); it must be \(needed)."
        case .null(let path): "\(file): \(path) is null; it must have a value."
        case .notComputed(let name, let path, _): "\(file): \(path) is '\(name)', which is not computed."
        case .voxelBased: "\(file): voxelSetting asks for feature maps, which are not computed."
        }
    }

    var fix: String {
        switch self {
        case .notYAML: "Check the indentation and the brackets."
        case .unknown(let name, _, let known):
            Self.nearest(to: name, among: known).map { "Did you mean '\($0)'?" }
                ?? "Known are: \(known.prefix(40).joined(separator: ", "))."
        case .value(let path, _, _): "Correct \(path), or leave it out for PyRadiomics' default."
        case .null(let path): "Give \(path) a value, or leave it out for PyRadiomics' default."
        case .notComputed(_, _, let instead): "Use \(instead)."
        case .voxelBased: "Leave voxelSetting out; one value per region is computed."
        }
    }

    var subject: String? {
        switch self {
        case .notYAML: nil
        case .unknown(let name, let path, _): path.isEmpty ? name : "\(path).\(name)"
        case .value(let path, _, _), .null(let path), .notComputed(_, let path, _): path
        case .voxelBased: "voxelSetting"
        }
    }

    /// The known name with the fewest edits, when they are fewer than half of its letters.
    private static func nearest(to name: String, among known: [String]) -> String? {
        let wanted = Array(name.lowercased())
        let distances = known.map { (name: $0, edits: edits(wanted, Array($0.lowercased()))) }
        guard let best = distances.min(by: { $0.edits < $1.edits }), best.edits * 2 < max(best.name.count, 2) else {
            return nil
        }
        return best.name
    }

    /// Levenshtein distance.
    private static func edits(_ a: [Character], _ b: [Character]) -> Int {
        guard a.count <= 200 else { return .max / 4 }
        var row = Array(0...b.count)
        for (i, letter) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let kept = diagonal + (letter == b[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(kept, row[j] + 1, diagonal + 1)
            }
        }
        return row[b.count]
    }
}
