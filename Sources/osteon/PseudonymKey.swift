// The secret key of the pseudonymised mode, and the mode's wiring.
import API
import Foundation
import ImagingIO

enum PseudonymKey {
    /// - Throws: `CommandFailure` for a file that cannot be read, that others may read, or that is too short.
    static func read(_ path: String) throws -> Pseudonyms {
        try CommandFailure.requireFile(path)
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & 0o077 == 0 else {
            throw CommandFailure("Others than its owner may open '\(path)': run chmod 600 on it.")
        }
        let text = try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let pseudonyms = Pseudonyms(key: text) else {
            throw CommandFailure(
                "'\(path)' has fewer than \(Pseudonyms.shortestKey) characters. Make a key with: openssl rand -hex 32")
        }
        return pseudonyms
    }
}

extension Pseudonymisation {
    static func live(_ pseudonyms: Pseudonyms) -> Pseudonymisation {
        let files = PseudonymousFile(pseudonyms)
        return Pseudonymisation(
            instance: { try files.write(instance: $0, to: $1) },
            upload: { try files.write(upload: $0, isMask: $1, to: $2) }, uid: { pseudonyms.uid($0) },
            patient: { pseudonyms.text(.patient, $0) }, accession: { pseudonyms.text(.accession, $0) },
            request: { pseudonyms.text(.request, $0) })
    }
}
