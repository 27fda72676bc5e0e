// The results of jobs, stored as they are sent.
import Domain
import Foundation
import GRDB

/// A result that lies ready: its bytes are a blob.
package struct StoredArtifact: Codable, Hashable, Sendable {
    package let jobID: String
    package let name: Artifact.Name
    package let mediaType: String
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits; serves as a strong ETag.
    package let sha256: String
    package let byteCount: Int
}

extension StoredArtifact: RowRecord {
    package static let databaseTableName = "artifact"
}

/// Finds results. They are written by `JobQueue.finish`, together with the job's end.
package struct ReportStore: Sendable {
    let ledger: Ledger

    /// A result of a job and the file that holds its bytes; nil when the job has none of this name.
    package func artifact(job: String, name: Artifact.Name) throws -> (artifact: StoredArtifact, file: URL)? {
        let found = try ledger.read {
            try StoredArtifact.fetchOne(
                $0, sql: "SELECT * FROM artifact WHERE job_id = ? AND name = ?", arguments: [job, name.rawValue])
        }
        return found.map { ($0, ledger.folder.blob($0.sha256)) }
    }

    /// All results of a job, by name.
    package func artifacts(job: String) throws -> [StoredArtifact] {
        try ledger.read {
            try StoredArtifact.fetchAll(
                $0, sql: "SELECT * FROM artifact WHERE job_id = ? ORDER BY name", arguments: [job])
        }
    }
}
