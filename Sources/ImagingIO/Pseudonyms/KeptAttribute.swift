// What is left of a DICOM object when nothing in it shall name the patient: one table.
import Domain

/// An attribute that a pseudonymised object has. Whatever the table lacks is removed: private attributes, sequences, overlays,
/// curves, dates and times, free text.
///
/// This is the Basic Application Level Confidentiality Profile (PS3.15 annex E, table E.1-1) turned round: the profile lists what
/// goes, this lists what stays, so that an attribute which nobody thought of goes. For E.1-1's Z (an empty value or a dummy) and
/// for U (another UID, the same throughout) the actions are those of the table. What it replaces by a dummy (D) does not occur here.
struct KeptAttribute: Sendable {
    enum Action: Sendable {
        /// Not in E.1-1: says how the image was made and where it lies, nothing of the patient.
        case keep
        /// As `keep`, where the object's pixels are kept.
        case keepPixels
        /// U: another UID, the same for the same.
        case uid
        /// Z with a dummy that is the same for the same.
        case pseudonym(Pseudonyms.Kind)
        /// Z, empty: attributes of type 2, which must be there.
        case empty
    }

    let tag: DICOMTag
    /// An element of another VR is removed: it is not what it says.
    let representations: [String]
    let action: Action

    private init(_ tag: DICOMTag, _ action: Action, _ representations: String...) {
        self.tag = tag
        self.representations = representations
        self.action = action
    }

    static func of(_ tag: DICOMTag) -> KeptAttribute? { byTag[tag] }

    private static let byTag = Dictionary(uniqueKeysWithValues: all.map { ($0.tag, $0) })

    private static let all: [KeptAttribute] = identity + scan + place + pixels

    /// Patient (PS3.3 C.7.1.1), General Study (C.7.2.1), General Series (C.7.3.1), SOP Common (C.12.1).
    private static let identity: [KeptAttribute] = [
        .init(.specificCharacterSet, .keep, "CS"), .init(.sopClassUID, .keep, "UI"), .init(.modality, .keep, "CS"),
        .init(.sopInstanceUID, .uid, "UI"), .init(.studyInstanceUID, .uid, "UI"), .init(.seriesInstanceUID, .uid, "UI"),
        .init(.patientName, .pseudonym(.patient), "PN"), .init(.patientID, .pseudonym(.patient), "LO"),
        .init(.accessionNumber, .pseudonym(.accession), "SH"),
        .init(.patientBirthDate, .empty, "DA"), .init(.patientSex, .empty, "CS"), .init(.studyDate, .empty, "DA"),
        .init(.studyTime, .empty, "TM"), .init(.referringPhysician, .empty, "PN"), .init(.studyID, .empty, "SH"),
        .init(.seriesNumber, .keep, "IS"), .init(.bodyPart, .keep, "CS"), .init(.patientPosition, .keep, "CS"),
    ]

    /// General Equipment (PS3.3 C.7.5.1) without serial numbers and names of places, CT Image (C.8.2.1).
    private static let scan: [KeptAttribute] =
        [
            .init(.manufacturer, .keep, "LO"), .init(.manufacturerModelName, .keep, "LO"),
            .init(DICOMTag(0x0018, 0x1160), .keep, "SH"),  // Filter Type
            .init(DICOMTag(0x0018, 0x1210), .keep, "SH"),  // Convolution Kernel
        ]
        + [
            0x0022,  // Scan Options
            0x1140,  // Rotation Direction
        ].map { .init(DICOMTag(0x0018, $0), .keep, "CS") }
        + [
            0x0050,  // Slice Thickness
            0x0060,  // KVP
            0x0088,  // Spacing Between Slices
            0x0090,  // Data Collection Diameter
            0x1100,  // Reconstruction Diameter
            0x1110, 0x1111,  // Distance Source to Detector, to Patient
            0x1120,  // Gantry/Detector Tilt
            0x1130,  // Table Height
            0x1190,  // Focal Spot(s)
        ].map { .init(DICOMTag(0x0018, $0), .keep, "DS") }
        + [
            0x1150,  // Exposure Time
            0x1151,  // X-Ray Tube Current
            0x1152,  // Exposure
            0x1170,  // Generator Power
        ].map { .init(DICOMTag(0x0018, $0), .keep, "IS") }
        + [
            0x9305,  // Revolution Time
            0x9306, 0x9307,  // Single, Total Collimation Width
            0x9309, 0x9310,  // Table Speed, Table Feed per Rotation
            0x9311,  // Spiral Pitch Factor
            0x9345,  // CTDIvol
        ].map { .init(DICOMTag(0x0018, $0), .keep, "FD") }

    /// Frame of Reference (PS3.3 C.7.4.1), Image Plane (C.7.6.2), General Image (C.7.6.1).
    private static let place: [KeptAttribute] = [
        .init(.frameOfReferenceUID, .uid, "UI"), .init(.positionReference, .empty, "LO"),
        .init(.acquisitionNumber, .keep, "IS"), .init(.instanceNumber, .keep, "IS"), .init(.imageType, .keep, "CS"),
        .init(.imagePosition, .keep, "DS"), .init(.imageOrientation, .keep, "DS"), .init(.pixelSpacing, .keep, "DS"),
        .init(DICOMTag(0x0020, 0x1041), .keep, "DS"),  // Slice Location
    ]

    /// Image Pixel (PS3.3 C.7.6.3), Modality LUT and VOI LUT without their sequences.
    private static let pixels: [KeptAttribute] =
        [
            .init(.photometricInterpretation, .keep, "CS"), .init(.numberOfFrames, .keep, "IS"),
            .init(.rescaleIntercept, .keep, "DS"), .init(.rescaleSlope, .keep, "DS"), .init(.rescaleType, .keep, "LO"),
            .init(.lossyCompression, .keep, "CS"), .init(.burnedInAnnotation, .keep, "CS"),
            .init(DICOMTag(0x0028, 0x0034), .keep, "IS"),  // Pixel Aspect Ratio
            .init(DICOMTag(0x0028, 0x1050), .keep, "DS"),  // Window Center
            .init(DICOMTag(0x0028, 0x1051), .keep, "DS"),  // Window Width
            .init(DICOMTag(0x0028, 0x2112), .keep, "DS"),  // Lossy Image Compression Ratio
            .init(DICOMTag(0x0028, 0x2114), .keep, "CS"),  // Lossy Image Compression Method
            .init(.pixelData, .keepPixels, "OW"),
        ]
        + [
            0x0002,  // Samples per Pixel
            0x0006,  // Planar Configuration
            0x0010, 0x0011,  // Rows, Columns
            0x0100, 0x0101, 0x0102, 0x0103,  // Bits Allocated, Bits Stored, High Bit, Pixel Representation
            0x0106, 0x0107,  // Smallest, Largest Image Pixel Value
            0x0120, 0x0121,  // Pixel Padding Value, its Range Limit
        ].map { .init(DICOMTag(0x0028, $0), .keep, "US", "SS") }
}

extension DICOMTag {
    static let burnedInAnnotation = DICOMTag(0x0028, 0x0301)
}
