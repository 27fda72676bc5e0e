// The NRRD header: what it says, checked, as a grid in LPS.
// Source: the NRRD format definition (teem.sourceforge.net/nrrd/format.html, version 5).
import Domain
import Imaging

/// A checked NRRD header.
struct NRRDHeader {
    let geometry: Geometry
    let layout: VoxelLayout
    /// The file that holds the voxels, relative to the header's folder; nil when they follow the header.
    let dataFile: String?

    /// Longer headers are no headers (our choice).
    private static let maxByteCount = 1 << 20

    /// - Throws: `ImagingIOError.nrrd` naming the file and the field.
    static func read(_ file: InputFile, name: String) throws -> NRRDHeader {
        let start = try file.bytes(at: 0, count: maxByteCount)
        do throws(NRRDFlaw) {
            return try NRRDHeader(start)
        } catch {
            throw ImagingIOError.nrrd(file: name, error)
        }
    }

    /// - Parameter start: the first bytes of the file, the header whole.
    /// - Throws: `NRRDFlaw`.
    init(_ start: [UInt8]) throws(NRRDFlaw) {
        let fields = try NRRDFields(start)
        for name in ["dimension", "type", "sizes", "encoding"] where fields[name] == nil { throw .missing(name) }
        let size = try fields.size()
        dataFile = fields["data file"]
        if let dataFile, dataFile == "LIST" || dataFile.contains(" ") && dataFile.contains("%") {
            throw .field("data file", value: dataFile, needed: "one file")
        }
        var layout = VoxelLayout(element: try fields.element())
        layout.isBigEndian = try fields.isBigEndian(layout.element)
        layout.isZipped = try fields.isZipped()
        layout.skippedLines = try fields.wholeNumber("line skip", in: 0...1_000_000) ?? 0
        let skip = try fields.wholeNumber("byte skip", in: -1...1 << 40) ?? 0
        let headerBytes = dataFile == nil ? fields.byteCount : 0
        guard !(skip < 0 && layout.isZipped) else {
            throw .field("byte skip", value: "-1", needed: "0 or more with gzip encoding")
        }
        guard skip == 0 || layout.skippedLines == 0 || layout.isZipped else {
            throw .field("byte skip", value: "\(skip)", needed: "0 beside a line skip")
        }
        layout.zippedFrom = headerBytes
        layout.skippedBytes = skip < 0 ? -1 : skip + (layout.isZipped ? 0 : headerBytes)
        self.layout = layout
        geometry = try fields.geometry(size: size)
    }
}
