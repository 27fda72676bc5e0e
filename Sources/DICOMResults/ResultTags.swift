// Tags that only objects made of results use.
import ImagingIO

extension DICOMTag {
    static let instanceCreationDate = DICOMTag(0x0008, 0x0012)
    static let instanceCreationTime = DICOMTag(0x0008, 0x0013)
    static let contentDate = DICOMTag(0x0008, 0x0023)
    static let contentTime = DICOMTag(0x0008, 0x0033)
    static let codeValue = DICOMTag(0x0008, 0x0100)
    static let codingSchemeDesignator = DICOMTag(0x0008, 0x0102)
    static let codeMeaning = DICOMTag(0x0008, 0x0104)
    static let mappingResource = DICOMTag(0x0008, 0x0105)
    static let codingSchemeIdentification = DICOMTag(0x0008, 0x0110)
    static let codingSchemeName = DICOMTag(0x0008, 0x0115)
    static let codingSchemeResponsible = DICOMTag(0x0008, 0x0116)
    static let referencedPerformedStep = DICOMTag(0x0008, 0x1111)
    static let referencedSeries = DICOMTag(0x0008, 0x1115)
    static let referencedInstance = DICOMTag(0x0008, 0x114A)
    static let referencedSOPClassUID = DICOMTag(0x0008, 0x1150)
    static let referencedSOPInstanceUID = DICOMTag(0x0008, 0x1155)
    static let referencedSOP = DICOMTag(0x0008, 0x1199)
    static let derivationImage = DICOMTag(0x0008, 0x9124)
    static let sourceImage = DICOMTag(0x0008, 0x2112)
    static let derivationCode = DICOMTag(0x0008, 0x9215)
    static let deviceSerialNumber = DICOMTag(0x0018, 0x1000)
    static let softwareVersions = DICOMTag(0x0018, 0x1020)
    static let spacingBetweenSlices = DICOMTag(0x0018, 0x0088)
    static let frameContent = DICOMTag(0x0020, 0x9111)
    static let planePosition = DICOMTag(0x0020, 0x9113)
    static let planeOrientation = DICOMTag(0x0020, 0x9116)
    static let dimensionIndexValues = DICOMTag(0x0020, 0x9157)
    static let dimensionOrganizationUID = DICOMTag(0x0020, 0x9164)
    static let dimensionIndexPointer = DICOMTag(0x0020, 0x9165)
    static let functionalGroupPointer = DICOMTag(0x0020, 0x9167)
    static let dimensionOrganization = DICOMTag(0x0020, 0x9221)
    static let dimensionIndex = DICOMTag(0x0020, 0x9222)
    static let dimensionDescription = DICOMTag(0x0020, 0x9421)
    static let pixelMeasures = DICOMTag(0x0028, 0x9110)
    static let purposeOfReference = DICOMTag(0x0040, 0xA170)
    static let segmentationType = DICOMTag(0x0062, 0x0001)
    static let segments = DICOMTag(0x0062, 0x0002)
    static let segmentedPropertyCategory = DICOMTag(0x0062, 0x0003)
    static let segmentNumber = DICOMTag(0x0062, 0x0004)
    static let segmentLabel = DICOMTag(0x0062, 0x0005)
    static let segmentAlgorithmType = DICOMTag(0x0062, 0x0008)
    static let segmentAlgorithmName = DICOMTag(0x0062, 0x0009)
    static let segmentIdentification = DICOMTag(0x0062, 0x000A)
    static let referencedSegmentNumber = DICOMTag(0x0062, 0x000B)
    static let recommendedCIELab = DICOMTag(0x0062, 0x000D)
    static let segmentedPropertyType = DICOMTag(0x0062, 0x000F)
    static let segmentsOverlap = DICOMTag(0x0062, 0x0013)
    static let trackingID = DICOMTag(0x0062, 0x0020)
    static let trackingUID = DICOMTag(0x0062, 0x0021)
    static let contentLabel = DICOMTag(0x0070, 0x0080)
    static let contentDescription = DICOMTag(0x0070, 0x0081)
    static let contentCreator = DICOMTag(0x0070, 0x0084)
    static let spatialLocationsPreserved = DICOMTag(0x0028, 0x135A)
    static let sharedGroups = DICOMTag(0x5200, 0x9229)
    static let perFrameGroups = DICOMTag(0x5200, 0x9230)
    // The summary.
    static let conversionType = DICOMTag(0x0008, 0x0064)
    static let patientOrientation = DICOMTag(0x0020, 0x0020)
    static let planarConfiguration = DICOMTag(0x0028, 0x0006)
    static let burnedInAnnotation = DICOMTag(0x0028, 0x0301)
    // Structured reports.
    static let relationshipType = DICOMTag(0x0040, 0xA010)
    static let valueType = DICOMTag(0x0040, 0xA040)
    static let conceptName = DICOMTag(0x0040, 0xA043)
    static let continuityOfContent = DICOMTag(0x0040, 0xA050)
    static let uidValue = DICOMTag(0x0040, 0xA124)
    static let textValue = DICOMTag(0x0040, 0xA160)
    static let floatingPointValue = DICOMTag(0x0040, 0xA161)
    static let conceptCode = DICOMTag(0x0040, 0xA168)
    static let measuredValue = DICOMTag(0x0040, 0xA300)
    static let numericValue = DICOMTag(0x0040, 0xA30A)
    static let measurementUnits = DICOMTag(0x0040, 0x08EA)
    static let performedProcedureCode = DICOMTag(0x0040, 0xA372)
    static let requestedProcedureEvidence = DICOMTag(0x0040, 0xA375)
    static let completionFlag = DICOMTag(0x0040, 0xA491)
    static let verificationFlag = DICOMTag(0x0040, 0xA493)
    static let contentTemplate = DICOMTag(0x0040, 0xA504)
    static let contentSequence = DICOMTag(0x0040, 0xA730)
    static let templateIdentifier = DICOMTag(0x0040, 0xDB00)
}

extension DICOMDataSet {
    /// A sequence of one code.
    mutating func add(_ tag: DICOMTag, code: CodedConcept) { add(tag, items: [code.item]) }

    /// The two attributes that refer to an object.
    mutating func add(reference: ObjectReference) {
        add(.referencedSOPClassUID, .UI, reference.sopClassUID)
        add(.referencedSOPInstanceUID, .UI, reference.sopInstanceUID)
    }

    /// An item made in place.
    static func item(_ fill: (inout DICOMDataSet) -> Void) -> DICOMDataSet {
        var item = DICOMDataSet()
        fill(&item)
        return item
    }
}
