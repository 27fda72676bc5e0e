// Where the bytes of a study lie.
import Foundation

/// The files of one study: as they were uploaded, or as its instances came one by one.
package enum StudySource: Hashable, Sendable {
    /// One DICOM object of a series.
    package struct Instance: Hashable, Sendable {
        /// What texts call it: its SOP Instance UID.
        package let name: String
        package let file: URL

        package init(name: String, file: URL) {
            self.name = name
            self.file = file
        }
    }

    /// A zip, a DICOM file or a NIfTI file.
    case file(URL)
    case instances([Instance])
}
