// What can be wrong with a NRRD file.

/// A flaw of a NRRD header, fields called as in its format definition.
package enum NRRDFlaw: Error, Hashable {
    case version(String)
    /// A line that is neither a field, a key nor a comment.
    case line(Int)
    case missing(String)
    case field(String, value: String, needed: String)

    func detail(of file: String) -> String {
        switch self {
        case .version(let text): "\(file) begins with '\(text.prefix(16))', which is no version of NRRD."
        case .line(let number): "\(file): line \(number) of the header is no field."
        case .missing(let field): "\(file): the field '\(field)' is missing."
        case .field(let field, let value, let needed):
            "\(file): the field '\(field)' is '\(value.prefix(80))'; needed is \(needed)."
        }
    }

    var fix: String {
        switch self {
        case .version, .line, .missing: "Write the image again as NRRD or NIfTI."
        case .field("data file", _, _): "Put the data file beside the header, or write one .nrrd file."
        case .field: "Convert the image to a three-dimensional NRRD (raw or gzip) or NIfTI."
        }
    }
}
