// The few texts of an outcome, which must not name a patient.
import Foundation

/// Texts that are kept for good.
///
/// What commonly slips in is refused: dates, runs of digits as patients' numbers have, addresses with @, and DICOM's name separator. A
/// patient's name cannot be told from other words, so that this is a net, not a promise: notes are never exported, and an outcome can be
/// erased.
enum OutcomeText {
    private static let longestNote = 500
    private static let longestName = 80
    private static let longestCode = 64

    /// A remark. - Throws: `outcome-invalid`.
    static func note(_ field: RequestField) throws -> String { try checked(field, longest: longestNote) }

    /// The name of a product. - Throws: `outcome-invalid`.
    static func name(_ field: RequestField) throws -> String {
        let text = try checked(field, longest: longestName)
        guard !text.contains(where: \.isNewline) else {
            throw APIFault.outcomeInvalid(
                subject: field.path, detail: "\(field.path) has more than one line.", fix: "Give the product's name.")
        }
        return text
    }

    /// A code for a person: letters, digits, point, hyphen and underscore, so that no name with a space fits.
    /// - Throws: `outcome-invalid`.
    static func code(_ field: RequestField) throws -> String {
        let text = try checked(field, longest: longestCode)
        guard text.wholeMatch(of: /[A-Za-z0-9._-]+/) != nil else {
            throw APIFault.outcomeInvalid(
                subject: field.path,
                detail: "\(field.path) is no code of letters, digits, points, hyphens and underscores.",
                fix: "Give a code that only your hospital can read, e.g. reader-2.")
        }
        return text
    }

    private static func checked(_ field: RequestField, longest: Int) throws -> String {
        let text = try field.text()
        guard text.unicodeScalars.count <= longest else {
            throw APIFault.outcomeInvalid(
                subject: field.path, detail: "\(field.path) has more than \(longest) characters.", fix: "Shorten it.")
        }
        guard !text.unicodeScalars.contains(where: { $0.value == 0 }) else {
            throw APIFault.outcomeInvalid(
                subject: field.path, detail: "\(field.path) has a character of value 0.", fix: "Leave it out.")
        }
        if let found = identifier(in: text) {
            throw APIFault.outcomeInvalid(
                subject: field.path, detail: "\(field.path) has \(found), which may tell who the patient is.",
                fix: "Leave out whatever could identify a patient.")
        }
        return text
    }

    /// What in the text looks like an identifier, in words that do not repeat it.
    private static func identifier(in text: String) -> String? {
        if text.contains(/[0-9]{6}/) { return "six digits in a row" }
        if text.contains(/[0-9]{1,4}[.\/-][0-9]{1,2}[.\/-][0-9]{1,4}/) { return "what looks like a date" }
        if text.contains("@") { return "an @" }
        if text.contains("^") { return "a ^, DICOM's separator of names" }
        return nil
    }
}
