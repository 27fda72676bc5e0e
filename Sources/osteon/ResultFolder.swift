// The folder that a command writes an analysis to.
import Analyses
import Domain
import Foundation
import Store
import Worker

struct ResultFolder {
    let path: String

    /// Writes every artifact; makes the folder if it is not there.
    ///
    /// - Returns: the names of the files.
    func write(_ output: AnalysisOutput) throws -> [String] {
        let folder = URL(fileURLWithPath: path, isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return try ReportArtifacts.encode(output).map { artifact in
            try Data(artifact.bytes).write(to: folder.appendingPathComponent(artifact.name.rawValue))
            return artifact.name.rawValue
        }
    }
}
