// What can be wrong with a file of images, named so that the sender can mend it.
import Domain

/// Every fault of this module: a code, what was wrong (file, tag or field, and the figures), and the fix.
///
/// Texts name tags, fields and file names inside an archive, never patient values.
package struct ImagingIOError: Fault, Hashable {
    package let code: FaultCode
    package let detail: String
    package let fix: String
    package let subject: String?

    package init(_ code: FaultCode, _ detail: String, fix: String, subject: String? = nil) {
        self.code = code
        self.detail = detail.hasPrefix("the ") ? "T" + detail.dropFirst() : detail  // "the file" begins a sentence
        self.fix = fix
        self.subject = subject
    }
}
