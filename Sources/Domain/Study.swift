// An uploaded scan, as the service knows it. Nothing here identifies a patient.
import Foundation

/// What a file was found to hold when it was inspected at upload. Stored with the study.
package struct StudyContents: Codable, Hashable, Sendable {
    /// How the file is packed, found from its content, never from its name.
    package enum Format: String, Codable, Sendable {
        case dicomArchive = "dicom-zip"
        case dicomFile = "dicom"
        /// DICOM files that came one by one, e.g. from a PACS.
        case dicomInstances = "dicom-instances"
        case niftiArchive = "nifti-zip"
        case nifti = "nifti"
    }

    package var format: Format
    /// Every image series in the file, localisers and other unusable ones included, each with why it was passed over.
    package var series: [SeriesSummary]
    /// The `id` of the series that is analysed unless a request names another.
    package var chosenSeries: String
    /// Plain sentences: what was odd but could be handled ("2 localiser images were left out").
    package var warnings: [String]

    package init(format: Format, series: [SeriesSummary], chosenSeries: String, warnings: [String]) {
        self.format = format
        self.series = series
        self.chosenSeries = chosenSeries
        self.warnings = warnings
    }
}

/// One series of a study: enough to show, to choose and to check a request against.
package struct SeriesSummary: Codable, Hashable, Sendable {
    /// SeriesInstanceUID (0020,000E), or the file's name inside the archive, or "nifti".
    package var id: String
    /// Modality (0008,0060); nil for NIfTI, which does not say.
    package var modality: String?
    /// Voxels along x, y, z.
    package var sizeVoxels: [Int]
    /// Millimetres between voxel centres along x, y, z.
    package var spacingMM: [Double]
    /// Centre of the first voxel, LPS millimetres.
    package var originLPSMM: [Double]
    /// Unit vectors of the x, y and z image axes in LPS, nine numbers, axis by axis.
    package var axesLPS: [Double]
    /// The slice thickness that the scanner reports (0018,0050), millimetres; nil when it does not.
    package var sliceThicknessMM: Double?
    /// Manufacturer (0008,0070) and Manufacturer's Model Name (0008,1090); nil where the file names neither.
    package var scanner: String?
    /// Why the series cannot be analysed; nil when it can.
    package var unusable: FaultRecord?

    package init(
        id: String, modality: String?, sizeVoxels: [Int], spacingMM: [Double], originLPSMM: [Double],
        axesLPS: [Double], sliceThicknessMM: Double?, scanner: String? = nil, unusable: FaultRecord? = nil
    ) {
        self.id = id
        self.modality = modality
        self.sizeVoxels = sizeVoxels
        self.spacingMM = spacingMM
        self.originLPSMM = originLPSMM
        self.axesLPS = axesLPS
        self.sliceThicknessMM = sliceThicknessMM
        self.scanner = scanner
        self.unusable = unusable
    }
}

/// A stored study.
package struct Study: Codable, Hashable, Sendable {
    package var id: String
    /// SHA-256 of the uploaded bytes, lower-case hexadecimal; also the blob's name. Of instances that came one by one: of
    /// the list of their SOP Instance UIDs and digests.
    package var sha256: String
    package var byteCount: Int
    package var contents: StudyContents
    package var createdAt: Date
    /// Whose it is; nil where it was made without a key.
    package var owner: String?

    package init(
        id: String, sha256: String, byteCount: Int, contents: StudyContents, createdAt: Date, owner: String? = nil
    ) {
        self.id = id
        self.sha256 = sha256
        self.byteCount = byteCount
        self.contents = contents
        self.createdAt = createdAt
        self.owner = owner
    }
}

/// A label map uploaded for a study; its grid was checked against the study's.
package struct Mask: Codable, Hashable, Sendable {
    package var id: String
    package var studyID: String
    package var sha256: String
    package var byteCount: Int
    /// The label values that occur, ascending, 0 left out.
    package var labelValues: [Int]
    package var createdAt: Date

    package init(
        id: String, studyID: String, sha256: String, byteCount: Int, labelValues: [Int], createdAt: Date
    ) {
        self.id = id
        self.studyID = studyID
        self.sha256 = sha256
        self.byteCount = byteCount
        self.labelValues = labelValues
        self.createdAt = createdAt
    }
}
