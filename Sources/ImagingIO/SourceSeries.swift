// The DICOM series that a volume was read from, as objects that are made of it must name it.
import Domain

/// SOP class and instance of a DICOM object.
package struct ObjectReference: Hashable, Sendable {
    package let sopClassUID: String
    package let sopInstanceUID: String

    package init(sopClassUID: String, sopInstanceUID: String) {
        self.sopClassUID = sopClassUID
        self.sopInstanceUID = sopInstanceUID
    }

    /// nil where a file lacks either.
    init?(_ file: DICOMFile) {
        guard let sopClass = file.text(.sopClassUID), let instance = file.text(.sopInstanceUID) else { return nil }
        self.init(sopClassUID: sopClass, sopInstanceUID: instance)
    }
}

/// What results in DICOM take from the images: patient, study, frame of reference and the slices. Like `InstanceHeader` it names
/// the patient, and goes nowhere but into DICOM objects of the same study.
package struct SourceSeries: Sendable {
    /// One slice of the volume.
    package struct Slice: Sendable {
        package let object: ObjectReference
        /// Image Position (Patient), LPS millimetres, as the file has it.
        package let positionMM: SIMD3<Double>
    }

    package let studyUID: String
    package let seriesUID: String
    package let frameOfReferenceUID: String
    /// Unit vectors along a row and along a column, LPS, as the files have them.
    package let rowAxis: SIMD3<Double>
    package let columnAxis: SIMD3<Double>
    /// Between columns (x) and between rows (y).
    package let pixelSpacingMM: SIMD2<Double>
    package let sliceThicknessMM: Double?
    /// In the order of the volume's z.
    package let slices: [Slice]
    /// The attributes of patient and study in UTF-8, those of type 2 there even when empty.
    private let attributes: [Attribute]

    private struct Attribute: Sendable {
        let tag: DICOMTag
        let representation: DICOMDataSet.Representation
        /// Type 2 (PS3.5 7.4.3): written empty where the images lack it.
        var isNeeded = true
        var text = ""
    }

    /// Patient (PS3.3 C.7.1.1) and General Study (C.7.2.1), the study's UID left out.
    private static let copied = [
        Attribute(tag: .patientName, representation: .PN), Attribute(tag: .patientID, representation: .LO),
        Attribute(tag: .issuerOfPatientID, representation: .LO, isNeeded: false),
        Attribute(tag: .patientBirthDate, representation: .DA), Attribute(tag: .patientSex, representation: .CS),
        Attribute(tag: .patientIdentityRemoved, representation: .CS, isNeeded: false),
        Attribute(tag: .deidentificationMethod, representation: .LO, isNeeded: false),
        Attribute(tag: .studyDate, representation: .DA), Attribute(tag: .studyTime, representation: .TM),
        Attribute(tag: .accessionNumber, representation: .SH), Attribute(tag: .referringPhysician, representation: .PN),
        Attribute(tag: .studyID, representation: .SH),
        Attribute(tag: .studyDescription, representation: .LO, isNeeded: false),
    ]

    /// - Parameters:
    ///   - series: The slices of the volume.
    ///   - file: The first of them; its texts are turned into UTF-8.
    /// - Returns: nil where study, series or a slice has no UID: nothing can refer to it.
    init?(_ series: DICOMSeries, first file: DICOMFile) {
        let slices = series.slices.compactMap { slice in
            slice.reference.map { Slice(object: $0, positionMM: slice.positionMM) }
        }
        guard let first = series.slices.first, slices.count == series.slices.count,
            series.id != DICOMImage.unnamedSeries, let study = file.text(.studyInstanceUID)
        else { return nil }
        file.convertToUTF8()
        studyUID = study
        seriesUID = series.id
        // A series always has one (PS3.3 C.7.4.1), but for those that were emptied of it.
        frameOfReferenceUID = file.text(.frameOfReferenceUID) ?? DICOMUID.derived(from: series.id + "/frame")
        rowAxis = first.rowAxis
        columnAxis = first.columnAxis
        pixelSpacingMM = first.spacingMM
        sliceThicknessMM = first.sliceThicknessMM
        self.slices = slices
        attributes = Self.copied.compactMap { attribute in
            var copy = attribute
            copy.text = file.text(attribute.tag) ?? ""
            return copy.isNeeded || !copy.text.isEmpty ? copy : nil
        }
    }

    /// Adds the modules of patient and study, all texts in UTF-8.
    package func identify(_ data: inout DICOMDataSet) {
        data.add(.specificCharacterSet, .CS, "ISO_IR 192")
        for attribute in attributes { data.add(attribute.tag, attribute.representation, attribute.text) }
        data.add(.studyInstanceUID, .UI, studyUID)
    }
}

extension DICOMTag {
    package static let specificCharacterSet = DICOMTag(0x0008, 0x0005)
    static let issuerOfPatientID = DICOMTag(0x0010, 0x0021)
    static let patientIdentityRemoved = DICOMTag(0x0012, 0x0062)
    static let deidentificationMethod = DICOMTag(0x0012, 0x0063)
}
