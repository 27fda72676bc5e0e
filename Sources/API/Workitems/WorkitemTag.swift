// The attributes of a workitem that the service itself reads or writes (PS3.6).

/// Tags as keys of the DICOM JSON model.
enum WorkitemTag {
    static let sopClassUID = "00080016"
    static let sopInstanceUID = "00080018"
    static let transactionUID = "00081195"
    static let scheduledStart = "00404005"
    static let workitemCode = "00404018"
    static let input = "00404021"
    static let inputReadiness = "00404041"
    static let state = "00741000"
    static let progressInformation = "00741002"
    static let priority = "00741200"
    static let worklistLabel = "00741202"
    static let label = "00741204"
    static let parameters = "00741210"
    static let performed = "00741216"
    static let reasonForCancellation = "00741238"

    /// What searches may name by keyword; anything by its tag.
    static let keywords = [
        "SOPInstanceUID": sopInstanceUID, "StudyInstanceUID": "0020000D", "SeriesInstanceUID": "0020000E",
        "PatientName": "00100010", "PatientID": "00100020", "PatientBirthDate": "00100030", "PatientSex": "00100040",
        "AccessionNumber": "00080050", "CodeValue": "00080100", "CodingSchemeDesignator": "00080102",
        "CodeMeaning": "00080104", "AdmissionID": "00380010", "ReferencedRequestSequence": "0040A370",
        "RequestedProcedureID": "00401001", "ScheduledProcedureStepStartDateTime": scheduledStart,
        "ScheduledProcedureStepModificationDateTime": "00404010", "ExpectedCompletionDateTime": "00404011",
        "ScheduledWorkitemCodeSequence": workitemCode, "InputInformationSequence": input,
        "ScheduledStationNameCodeSequence": "00404025", "ScheduledStationClassCodeSequence": "00404026",
        "ScheduledStationGeographicLocationCodeSequence": "00404027", "InputReadinessState": inputReadiness,
        "ProcedureStepState": state, "ScheduledProcedureStepPriority": priority, "WorklistLabel": worklistLabel,
        "ProcedureStepLabel": label,
    ]
}
