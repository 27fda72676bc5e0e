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
    /// Files that are not DICOM, by name and kind.
    private(set) var passedOver: [(name: String, kind: String)] = []

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
                passedOver.append((item.name, "\(item.byteCount >> 20) MB, too large for one slice"))
            case .nifti, .zippedNIfTI: passOver([(item.name, "NIfTI")])
            case .other(let words): passedOver.append((item.name, words))
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

    mutating func passOver(_ files: [(name: String, kind: String)]) { passedOver += files }

    /// One sentence per kind of file that was passed over.
    var warnings: [String] {
        var sentences: [String] = []
        if !withoutPixels.isEmpty {
            sentences.append(
                "\(Self.count(withoutPixels.count, "DICOM object")) without pixels passed over: \(Self.list(withoutPixels))."
            )
        }
        if !passedOver.isEmpty {
            let names = passedOver.map { "\($0.name) (\($0.kind))" }
            sentences.append("\(Self.count(names.count, "other file")) passed over: \(Self.list(names)).")
        }
        return sentences
    }

    /// Why an upload without a single image cannot be used.
    var nothingFound: ImagingIOError {
        guard withoutPixels.isEmpty else {
            return ImagingIOError(
                .dicomWithoutPixels,
                "No DICOM image in the upload; objects without pixels: \(Self.list(withoutPixels)).",
                fix: "Send the CT images, not plans, structure sets or reports.", subject: withoutPixels.first)
        }
        let names = passedOver.map { "\($0.name) (\($0.kind))" }
        return ImagingIOError(
            .unrecognisedFormat, "Neither DICOM nor NIfTI: \(Self.list(names)).",
            fix: "Send a zip of DICOM files, a DICOM file or a NIfTI file.", subject: passedOver.first?.name)
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    /// Up to five names; the rest counted.
    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(5).joined(separator: ", ")
        return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
    }
}
