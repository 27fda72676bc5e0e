// The folder that a command writes an analysis to.
import Analyses
import DICOMResults
import Domain
import Foundation
import Store
import Worker

struct ResultFolder {
    let path: String

    /// Writes every artifact; makes the folder if it is not there.
    ///
    /// - Returns: the names of the files.
    func write(_ finished: StudyAnalysis.Finished) throws -> [String] {
        let folder = URL(fileURLWithPath: path, isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // Nobody delivers these twice: each run is an analysis of its own.
        let identity = ResultIdentity(
            seed: UUID().uuidString, date: finished.output.report.provenance.createdAt)
        return try ReportArtifacts.encode(finished, as: identity).map { artifact in
            try Data(artifact.bytes).write(to: folder.appendingPathComponent(artifact.name.rawValue))
            return artifact.name.rawValue
        }
    }
}
