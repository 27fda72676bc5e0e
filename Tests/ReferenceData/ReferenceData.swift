// Where the real scans and other tools' numbers are that some tests compare with. They are not part of the project.
import Foundation

/// The folder of reference data: `OSTEON_TEST_DATA`, else `../shared/data` beside the checkout.
package enum ReferenceData {
    /// What a test says when it skips.
    package static let absent = "the reference data are absent: set OSTEON_TEST_DATA to their folder"

    /// The checkout that these tests were built from.
    package static let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The folder; it may not exist.
    package static let folder: URL =
        ProcessInfo.processInfo.environment["OSTEON_TEST_DATA"].map { URL(fileURLWithPath: $0, isDirectory: true) }
        ?? packageRoot.deletingLastPathComponent().appendingPathComponent("shared/data", isDirectory: true)

    /// Whether a file or folder of the reference data is there.
    package static func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path)
    }

    /// The place of a file or folder of the reference data.
    package static func url(_ path: String) -> URL { folder.appendingPathComponent(path) }
}
