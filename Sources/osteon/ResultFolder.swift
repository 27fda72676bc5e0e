// The folder that a command writes an analysis to.
import Analyses
import DICOMResults
import Domain
import Foundation
import Meshes
import Store
import Worker

struct ResultFolder {
    let path: String
    /// Whether every vertebra's surface is written as a file of its own, too.
    var writesSTL = false

    /// Writes every artifact; makes the folder if it is not there.
    ///
    /// - Returns: the names of the files.
    func write(_ finished: StudyAnalysis.Finished) throws -> [String] {
        let folder = URL(fileURLWithPath: path, isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // Nobody delivers these twice: each run is an analysis of its own.
        let identity = ResultIdentity(
            seed: UUID().uuidString, date: finished.output.report.provenance.createdAt)
        var files = try ReportArtifacts.encode(finished, as: identity).map { ($0.name.rawValue, $0.bytes) }
        if writesSTL { files += finished.output.meshes.nodes.map { ("\($0.name).stl", $0.mesh.stl(name: $0.name)) } }
        return try files.map { name, bytes in
            try Data(bytes).write(to: folder.appendingPathComponent(name))
            return name
        }
    }
}
