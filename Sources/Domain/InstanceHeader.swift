// A DICOM object as the service knows it without its pixels.

/// What was read from one DICOM object when it came in. Unlike every other noun here it names the patient, for that is
/// what a PACS searches by; it is never written to a log, an error or a report.
package struct InstanceHeader: Hashable, Sendable {
    /// StudyInstanceUID (0020,000D), SeriesInstanceUID (0020,000E), SOPInstanceUID (0008,0018): digits and dots, at most 64.
    package var studyUID: String
    package var seriesUID: String
    package var sopUID: String
    /// SOPClassUID (0008,0016).
    package var sopClassUID: String
    /// Transfer Syntax UID (0002,0010).
    package var transferSyntaxUID: String
    /// The attributes of the patient and the study, of the series, and all that the object has, bulk data left out: JSON
    /// texts of the DICOM JSON model (PS3.18 F.2).
    package var studyAttributes: String
    package var seriesAttributes: String
    package var metadata: String

    package init(
        studyUID: String, seriesUID: String, sopUID: String, sopClassUID: String, transferSyntaxUID: String,
        studyAttributes: String, seriesAttributes: String, metadata: String
    ) {
        self.studyUID = studyUID
        self.seriesUID = seriesUID
        self.sopUID = sopUID
        self.sopClassUID = sopClassUID
        self.transferSyntaxUID = transferSyntaxUID
        self.studyAttributes = studyAttributes
        self.seriesAttributes = seriesAttributes
        self.metadata = metadata
    }

    /// Whether a text is a UID (PS3.5 §9.1); leading zeros, which real files have, are let through.
    package static func isUID(_ text: String) -> Bool {
        text.utf8.count <= 64
            && text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy {
                !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) }
            }
    }

    /// SOP class of single-frame CT images (PS3.4 B.5), the only objects that analyses read; all others are kept as they
    /// are, our own results among them.
    package static let ctImageStorage = "1.2.840.10008.5.1.4.1.1.2"
}
