// What can be wrong with a file of images, named so that the sender can mend it.
import Domain
import Foundation

/// Every fault of this module. Faults of a kind of file are a case each here, with the flaw found in it.
///
/// Texts name tags, fields and file names inside an archive, never patient values.
package enum ImagingIOError: Fault, Hashable {
    case emptyUpload
    /// No file of the upload is DICOM or NIfTI.
    case unrecognised([PassedOverFile])
    /// The DICOM objects of the upload, by name, hold no image.
    case noImage(objects: [String])
    case seriesUnknown(id: String, known: [String])
    case notCT(series: String, modality: String?)
    case archive(ArchiveFlaw)
    case dicom(file: String, DICOMFlaw)
    case series(id: String, SeriesFlaw)
    case nifti(file: String, NIfTIFlaw)
    case nrrd(file: String, NRRDFlaw)
    /// The voxel bytes of an image file.
    case voxels(file: String, VoxelFlaw)
    case mask(MaskFlaw)
    /// A DICOM object that is rewritten must fit into memory.
    case objectTooLarge(bytes: Int, limit: Int)

    /// The uploaded file cannot be opened or read.
    case unreadable(errno: Int32)
    /// A file cannot be written, `ENOSPC` and `EDQUOT` when the disk is full.
    case unwritable(file: String, errno: Int32)
    case folderNotMade(name: String)
    /// zlib could not start.
    case outOfMemory
    /// The format to be written holds no sides as long as the image's.
    case sideTooLong(format: String, limit: Int, sides: [Int])

    package var code: FaultCode {
        switch self {
        case .emptyUpload: .emptyBody
        case .unrecognised: .unrecognisedFormat
        case .noImage: .dicomWithoutPixels
        case .seriesUnknown: .seriesUnknown
        case .notCT: .modalityNotCT
        case .archive(let flaw): flaw.code
        case .dicom(_, let flaw): flaw.code
        case .series(_, let flaw): flaw.code
        case .nifti(_, let flaw): flaw.code
        case .nrrd: .nrrdUnusable
        case .voxels: .imageDamaged
        case .mask(let flaw): flaw.code
        case .unwritable(_, ENOSPC), .unwritable(_, EDQUOT): .storageFull
        case .unwritable(_, EROFS): .storageReadOnly
        case .unreadable, .unwritable, .folderNotMade, .outOfMemory: .internalFault
        case .sideTooLong, .objectTooLarge: .imageTooLarge
        }
    }

    package var detail: String {
        switch self {
        case .emptyUpload: "The file is empty."
        case .unrecognised([]): "The upload holds no image."
        case .unrecognised(let files): "Neither DICOM nor NIfTI: \(DICOMScan.list(files.map(\.description)))."
        case .noImage(let objects): "No DICOM image in the upload; objects without pixels: \(DICOMScan.list(objects))."
        case .seriesUnknown(let id, _): "The study has no series \(id)."
        case .notCT(let series, let modality):
            "Series \(series) is \(modality.map { "of modality \($0)" } ?? "without a modality") (0008,0060); CT is needed."
        case .archive(let flaw): flaw.detail
        case .dicom(let file, let flaw): Self.capitalised(flaw.detail(of: file))
        case .series(let id, let flaw): "Series \(id): \(flaw.detail)."
        case .nifti(let file, let flaw): Self.capitalised(flaw.detail(of: file))
        case .nrrd(let file, let flaw): flaw.detail(of: file)
        case .voxels(let file, let flaw): flaw.detail(of: file)
        case .mask(let flaw): flaw.detail
        case .objectTooLarge(let bytes, let limit):
            "The DICOM object has \(bytes) bytes, at most \(limit) are possible."
        case .unreadable(let errno): "The uploaded file cannot be read (errno \(errno))."
        case .unwritable(_, ENOSPC), .unwritable(_, EDQUOT): "The disk is full."
        case .unwritable(let file, EROFS): "\(file) cannot be written: its disk is read-only."
        case .unwritable(let file, let errno): "\(file) cannot be written (errno \(errno))."
        case .folderNotMade(let name): "The folder \(name) cannot be made."
        case .outOfMemory: "zlib could not start: out of memory."
        case .sideTooLong(let format, let limit, let sides):
            "\(format) holds at most \(limit) voxels along a side, the image is \(sides.timesText)."
        }
    }

    package var fix: String {
        switch self {
        case .emptyUpload, .unrecognised: "Send a zip of DICOM files, a DICOM file or a NIfTI file."
        case .noImage: "Send the CT images, not plans, structure sets or reports."
        case .seriesUnknown(_, let known): "Name one of: \(known.joined(separator: ", "))."
        case .notCT: "Send a CT series."
        case .archive(let flaw): flaw.fix
        case .dicom(_, let flaw): flaw.fix
        case .series(_, let flaw): flaw.fix
        case .nifti(_, let flaw): flaw.fix
        case .nrrd(_, let flaw): flaw.fix
        case .voxels: "Send the whole file again."
        case .mask(let flaw): flaw.fix
        case .unreadable: "Upload it again."
        case .unwritable(_, ENOSPC), .unwritable(_, EDQUOT): "Free some space."
        case .unwritable(_, EROFS): "Mount the disk writable, or write to another."
        case .unwritable: "Check that the folder exists and may be written to."
        case .folderNotMade: "Check where it should be."
        case .outOfMemory: "Try again later."
        case .sideTooLong: "Crop the image."
        case .objectTooLarge: "Send single-frame images."
        }
    }

    package var subject: String? {
        switch self {
        case .unrecognised(let files): files.first?.name
        case .noImage(let objects): objects.first
        case .seriesUnknown(let id, _): id
        case .notCT: "(0008,0060)"
        case .archive(let flaw): flaw.entry
        case .dicom(let file, let flaw): flaw.tag.map { "\($0)" } ?? file
        case .series(let id, let flaw): flaw.subject ?? id
        case .nifti(let file, _), .nrrd(let file, _), .voxels(let file, _): file
        case .mask: "mask"
        case .emptyUpload, .unreadable, .unwritable, .folderNotMade, .outOfMemory, .sideTooLong, .objectTooLarge: nil
        }
    }

    /// "the file", as an upload without a zip is called, may begin a sentence.
    private static func capitalised(_ text: String) -> String {
        text.hasPrefix("the ") ? "T" + text.dropFirst() : text
    }
}

extension [Int] {
    /// Sides of an image, as messages give them: `512 x 512 x 80`.
    var timesText: String { map(String.init).joined(separator: " x ") }
}
