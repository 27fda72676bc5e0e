// What can be wrong with one DICOM file.
import Domain

/// A flaw of a DICOM file, the facts as the file gives them.
package enum DICOMFlaw: Hashable, Sendable {
    /// The file cannot be parsed; what the parser said.
    case malformed(parserSaid: String)
    case endsEarly
    case noPixelData
    case pixelDataTooShort(rows: Int, columns: Int)
    case transferSyntaxUnsupported(uid: String)
    case undecodable(decoderSaid: String, transferSyntax: String)
    case notGreyscale(interpretation: String, samples: Int)
    case multiFrame(frames: Int)
    case sizeImpossible(rows: Int, columns: Int, limit: Int)
    case bitsUnreadable(allocated: Int, stored: Int, high: Int)
    case tagMissing(DICOMTag, title: String)
    case orientationNotPerpendicular
    case pixelSpacingImpossible(rowsMM: Double, columnsMM: Double)

    var code: FaultCode {
        switch self {
        case .malformed, .endsEarly, .pixelDataTooShort, .undecodable, .sizeImpossible, .bitsUnreadable,
            .orientationNotPerpendicular, .pixelSpacingImpossible:
            .dicomDamaged
        case .noPixelData: .dicomWithoutPixels
        case .transferSyntaxUnsupported: .dicomTransferSyntaxUnsupported
        case .notGreyscale: .dicomNotGreyscale
        case .multiFrame: .dicomMultiFrameUnsupported
        case .tagMissing: .dicomTagMissing
        }
    }

    func detail(of file: String) -> String {
        switch self {
        case .malformed(let words): "\(file) cannot be read as DICOM: \(words)."
        case .endsEarly: "\(file) cannot be read as DICOM: it ends before its data set does."
        case .noPixelData: "\(file) has no Pixel Data (7FE0,0010)."
        case .pixelDataTooShort(let rows, let columns):
            "Pixel Data (7FE0,0010) of \(file) is shorter than its \(rows) rows x \(columns) columns need."
        case .transferSyntaxUnsupported(let uid): "\(file) has the transfer syntax \(uid), which cannot be decoded."
        case .undecodable(let words, let syntax):
            "Pixel Data (7FE0,0010) of \(file) cannot be decoded: \(words) (transfer syntax \(syntax))."
        case .notGreyscale(let interpretation, let samples):
            "\(file) is not greyscale: Photometric Interpretation (0028,0004) \(interpretation), \(samples) samples per pixel."
        case .multiFrame(let frames): "\(file) is a multi-frame image (\(frames) frames in one file)."
        case .sizeImpossible(let rows, let columns, let limit):
            "\(file) says \(rows) rows x \(columns) columns; 1 to \(limit) are possible."
        case .bitsUnreadable(let allocated, let stored, let high):
            "\(file): Bits Allocated \(allocated), Bits Stored \(stored), High Bit \(high) cannot be read."
        case .tagMissing(let tag, let title): "\(file) lacks \(title) \(tag) or it cannot be read."
        case .orientationNotPerpendicular:
            "\(file): Image Orientation (Patient) (0020,0037) is not two perpendicular directions."
        case .pixelSpacingImpossible(let rowsMM, let columnsMM):
            "\(file): Pixel Spacing (0028,0030) is \(rowsMM.text(4)) x \(columnsMM.text(4)) mm."
        }
    }

    var fix: String {
        switch self {
        case .malformed, .endsEarly, .sizeImpossible, .orientationNotPerpendicular, .pixelSpacingImpossible:
            "Export the file again."
        case .noPixelData, .pixelDataTooShort, .transferSyntaxUnsupported, .undecodable:
            "Export the file again, uncompressed if possible."
        case .notGreyscale: "Send the original CT images, not screenshots."
        case .multiFrame: "Export the series as single-frame CT images."
        case .bitsUnreadable: "Export the images with 16 bits per pixel."
        case .tagMissing: "Export the original images from the scanner or PACS."
        }
    }

    /// The tag at fault where it is the whole matter; otherwise it is the file.
    var tag: DICOMTag? {
        if case .tagMissing(let tag, _) = self { tag } else { nil }
    }
}
