// Whose results they are, and when they were made: all that two makings of the same objects must share.
import Domain
import Foundation
import ImagingIO

/// Identifies the objects of one analysis. The same identity gives the same UIDs, so that a PACS takes what is sent twice as one.
package struct ResultIdentity: Sendable {
    /// Id of the job, or anything that no other analysis has.
    package let seed: String
    package let date: Date

    package init(seed: String, date: Date) {
        self.seed = seed
        self.date = date
    }

    /// The UID of a thing of this analysis.
    func uid(_ name: String) -> String { DICOMUID.derived(from: "osteon/\(seed)/\(name)") }

    /// DA and TM in the time zone of the machine, as DICOM has it unless an object says otherwise (PS3.3 C.12.1.1.1).
    var dateText: String { text("yyyyMMdd") }
    var timeText: String { text("HHmmss") }

    private func text(_ format: String) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = format
        return formatter.string(from: date)
    }
}

/// What an object is, apart from its content.
struct ResultKind: Sendable {
    let name: String
    let sopClassUID: String
    let modality: String
    let seriesNumber: Int
    let description: String
    /// What an object is called inside its series, where it has such a name (PS3.3 C.12.3).
    var contentLabel = ""
    var contentDescription = ""

    /// Segmentation Storage, PS3.4 B.5.
    static let segmentation = ResultKind(
        name: "segmentation", sopClassUID: "1.2.840.10008.5.1.4.1.1.66.4", modality: "SEG", seriesNumber: 9001,
        description: "Osteon vertebrae - RESEARCH USE ONLY", contentLabel: "VERTEBRAE",
        contentDescription: "Vertebrae. Research use only, not a medical device")
    /// Comprehensive 3D SR Storage, PS3.4 B.5.
    static let report = ResultKind(
        name: "report", sopClassUID: "1.2.840.10008.5.1.4.1.1.88.34", modality: "SR", seriesNumber: 9002,
        description: "Osteon measurements - RESEARCH USE ONLY")
    /// Secondary Capture Image Storage, PS3.4 B.5.
    static let summary = ResultKind(
        name: "summary", sopClassUID: "1.2.840.10008.5.1.4.1.1.7", modality: "OT", seriesNumber: 9003,
        description: "Osteon summary - \(SummaryPage.notice)")
    /// Parametric Map Storage, PS3.4 B.5.
    static let riskMap = ResultKind(
        name: "risk-map", sopClassUID: "1.2.840.10008.5.1.4.1.1.30", modality: "OT", seriesNumber: 9004,
        description: "Osteon simulated cement - RESEARCH USE ONLY", contentLabel: "SIMULATED_CEMENT",
        contentDescription: "Simulated cement, never compared with patients")
    /// Segmentation Storage too, of parts.
    static let parts = ResultKind(
        name: "parts", sopClassUID: segmentation.sopClassUID, modality: "SEG", seriesNumber: 9005,
        description: "Osteon parts of vertebrae - RESEARCH USE ONLY", contentLabel: "PARTS",
        contentDescription: "Parts of vertebrae. Research use only, not a medical device")

    func reference(_ identity: ResultIdentity) -> ObjectReference {
        ObjectReference(sopClassUID: sopClassUID, sopInstanceUID: identity.uid(name + "/instance"))
    }

    func seriesUID(_ identity: ResultIdentity) -> String { identity.uid(name + "/series") }

    /// The modules that every result has: patient, study, series, equipment, SOP common (PS3.3 C.7.1 to C.7.5, C.12.1). Each object
    /// is the only one of its series.
    func dataSet(of source: SourceSeries, _ identity: ResultIdentity) -> DICOMDataSet {
        let reference = reference(identity)
        var data = DICOMDataSet(sopClass: sopClassUID, sopInstance: reference.sopInstanceUID)
        data.add(.sopClassUID, .UI, sopClassUID)
        data.add(.sopInstanceUID, .UI, reference.sopInstanceUID)
        source.identify(&data)
        data.add(.modality, .CS, modality)
        data.add(.seriesInstanceUID, .UI, seriesUID(identity))
        data.add(.seriesNumber, .IS, String(seriesNumber))
        data.add(.seriesDescription, .LO, description)
        data.add(.instanceNumber, .IS, "1")
        // No paired organ, so that no Laterality (0020,0060) is asked for.
        data.add(.bodyPart, .CS, "SPINE")
        data.add(.manufacturer, .LO, "Osteon")
        data.add(.manufacturerModelName, .LO, "Osteon")
        data.add(.deviceSerialNumber, .LO, "none")
        data.add(.softwareVersions, .LO, SoftwareVersion.current)
        for tag in [DICOMTag.instanceCreationDate, .contentDate] { data.add(tag, .DA, identity.dateText) }
        for tag in [DICOMTag.instanceCreationTime, .contentTime] { data.add(tag, .TM, identity.timeText) }
        data.add(
            .codingSchemeIdentification,
            items: [
                .item {
                    $0.add(.codingSchemeDesignator, .SH, CodedConcept.ownScheme)
                    $0.add(.codingSchemeName, .ST, "Concepts of Osteon's reports")
                    $0.add(.codingSchemeResponsible, .ST, "Osteon")
                }
            ])
        return data
    }
}
