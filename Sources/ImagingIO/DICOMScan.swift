// A pass over the files of an upload: every DICOM image's header, and what else lies there.
import Domain

/// The DICOM images found, and the files passed over.
struct DICOMScan {
    /// How much of each file is read.
    enum Depth {
        /// Every byte, checksums and pixel lengths checked; one file in memory at a time.
        case thorough
        /// The headers only: for a file that was inspected before.
        case headers
    }

    private(set) var images: [DICOMImage] = []
    /// DICOM objects that are no images, by file name.
    private(set) var withoutPixels: [String] = []
    /// Files that are not DICOM.
    private(set) var passedOver: [PassedOverFile] = []

    /// Headers end well before this in nearly every file; longer ones cost a second read.
    private static let headerBytes = 64 << 10

    /// - Throws: `dicom-damaged`, `dicom-without-pixels` never (counted instead), `archive-damaged`, `job-cancelled`.
    init(
        _ items: [(item: Upload.Item, kind: FileKind)], of upload: Upload, depth: Depth, limits: IntakeLimits,
        cancellation: Cancellation? = nil
    ) throws {
        for (item, kind) in items {
            try cancellation?.check()
            switch kind {
            case .dicom where item.byteCount <= limits.maxSliceBytes:
                try add(item, of: upload, depth: depth, limits: limits)
            case .dicom:
                passOver(item.name, "\(item.byteCount >> 20) MB, too large for one slice")
            case .nifti, .zippedNIfTI: passOver(item.name, "NIfTI")
            case .other(let words): passOver(item.name, words)
            }
        }
    }

    private mutating func add(_ item: Upload.Item, of upload: Upload, depth: Depth, limits: IntakeLimits) throws {
        if depth == .headers, item.byteCount > Self.headerBytes {
            let beginning = try upload.beginning(of: item, count: Self.headerBytes)
            if let file = DICOMFile(beginning: beginning, name: item.name) {
                keep(DICOMImage(file, item: item, limits: limits), item)
                return
            }
        }
        let file = try DICOMFile(upload.content(of: item), name: item.name)
        let image = DICOMImage(file, item: item, limits: limits)
        if let image, image.fault == nil, depth == .thorough { try file.checkPixels(image.shape) }
        keep(image, item)
    }

    private mutating func keep(_ image: DICOMImage?, _ item: Upload.Item) {
        if let image { images.append(image) } else { withoutPixels.append(item.name) }
    }

    /// Counts a file as one that is no slice.
    mutating func passOver(_ name: String, _ kind: String) {
        passedOver.append(PassedOverFile(name: name, kind: kind))
    }

    /// One sentence per kind of file that was passed over.
    var warnings: [String] {
        var sentences: [String] = []
        if !withoutPixels.isEmpty {
            sentences.append(
                "\(Self.count(withoutPixels.count, "DICOM object")) without pixels passed over: \(Self.list(withoutPixels))."
            )
        }
        if !passedOver.isEmpty {
            let files = Self.list(passedOver.map(\.description))
            sentences.append("\(Self.count(passedOver.count, "other file")) passed over: \(files).")
        }
        return sentences
    }

    /// Why an upload without a single image cannot be used.
    var nothingFound: ImagingIOError {
        withoutPixels.isEmpty ? .unrecognised(passedOver) : .noImage(objects: withoutPixels)
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    /// Up to five names; the rest counted.
    static func list(_ names: [String]) -> String {
        let shown = names.prefix(5).joined(separator: ", ")
        return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
    }
}

/// A file of an upload that is no part of any series.
package struct PassedOverFile: Hashable, Sendable, CustomStringConvertible {
    /// Path inside the zip.
    package let name: String
    /// What it looks like, in words.
    package let kind: String

    package var description: String { "\(name) (\(kind))" }
}
