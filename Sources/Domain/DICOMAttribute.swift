// The attributes that a PACS searches by and lists (PS3.18 tables 10.6.1-5 and 10.6.3-3 to 10.6.3-5).

/// One attribute of the DICOM data dictionary (PS3.6).
package struct DICOMAttribute: Hashable, Sendable {
    /// What an attribute belongs to, and what a search lists.
    package enum Level: Hashable, Sendable {
        case study, series, instance
    }

    /// Eight upper-case hexadecimal digits: the key of the DICOM JSON model.
    package let tag: String
    package let keyword: String
    /// Value representation, which says how values are matched.
    package let vr: String
    package let level: Level

    private init(_ tag: String, _ keyword: String, _ vr: String, _ level: Level) {
        self.tag = tag
        self.keyword = keyword
        self.vr = vr
        self.level = level
    }

    /// The attribute of a tag or keyword, as a query writes it; nil where the list has none.
    package static func named(_ name: String) -> DICOMAttribute? {
        all.first { $0.keyword == name || $0.tag == name.uppercased() }
    }

    /// Every attribute that is listed by default, and some that clients ask for.
    package static let all = [
        DICOMAttribute("00080005", "SpecificCharacterSet", "CS", .study),
        DICOMAttribute("00080020", "StudyDate", "DA", .study),
        DICOMAttribute("00080030", "StudyTime", "TM", .study),
        DICOMAttribute("00080050", "AccessionNumber", "SH", .study),
        DICOMAttribute("00080090", "ReferringPhysicianName", "PN", .study),
        DICOMAttribute("00080201", "TimezoneOffsetFromUTC", "SH", .study),
        DICOMAttribute("00081030", "StudyDescription", "LO", .study),
        DICOMAttribute("00100010", "PatientName", "PN", .study),
        DICOMAttribute("00100020", "PatientID", "LO", .study),
        DICOMAttribute("00100021", "IssuerOfPatientID", "LO", .study),
        DICOMAttribute("00100030", "PatientBirthDate", "DA", .study),
        DICOMAttribute("00100040", "PatientSex", "CS", .study),
        DICOMAttribute("00101010", "PatientAge", "AS", .study),
        DICOMAttribute("0020000D", "StudyInstanceUID", "UI", .study),
        DICOMAttribute("00200010", "StudyID", "SH", .study),
        DICOMAttribute("00080021", "SeriesDate", "DA", .series),
        DICOMAttribute("00080031", "SeriesTime", "TM", .series),
        DICOMAttribute("00080060", "Modality", "CS", .series),
        DICOMAttribute("00080070", "Manufacturer", "LO", .series),
        DICOMAttribute("0008103E", "SeriesDescription", "LO", .series),
        DICOMAttribute("00180015", "BodyPartExamined", "CS", .series),
        DICOMAttribute("0020000E", "SeriesInstanceUID", "UI", .series),
        DICOMAttribute("00200011", "SeriesNumber", "IS", .series),
        DICOMAttribute("00200060", "Laterality", "CS", .series),
        DICOMAttribute("00400244", "PerformedProcedureStepStartDate", "DA", .series),
        DICOMAttribute("00400245", "PerformedProcedureStepStartTime", "TM", .series),
        DICOMAttribute("00400275", "RequestAttributesSequence", "SQ", .series),
        DICOMAttribute("00080016", "SOPClassUID", "UI", .instance),
        DICOMAttribute("00080018", "SOPInstanceUID", "UI", .instance),
        DICOMAttribute("00200013", "InstanceNumber", "IS", .instance),
        DICOMAttribute("00280008", "NumberOfFrames", "IS", .instance),
        DICOMAttribute("00280010", "Rows", "US", .instance),
        DICOMAttribute("00280011", "Columns", "US", .instance),
        DICOMAttribute("00280100", "BitsAllocated", "US", .instance),
    ]
}
