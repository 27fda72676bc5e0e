// `osteon reidentify`: results of the pseudonymised mode back under their patient's name.
import ArgumentParser
import Foundation
import ImagingIO

struct ReidentifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reidentify", abstract: "Give DICOM results of the pseudonymised mode their patient again.",
        discussion: """
            For whoever may see the names: it wants the key and the original images, from which it takes UIDs and patient. The service itself
            keeps no way back.

              curl -o segmentation.dcm 'http://127.0.0.1:8080/v1/jobs/JOB/segmentation?format=dicom'
              osteon reidentify --key pseudonyms.key --originals ./study --output ./named segmentation.dcm
              storescu -aec PACS pacs.example.org 104 named/segmentation.dcm
            """)

    @Option(help: ArgumentHelp("File with the key that the service was started with.", valueName: "file"))
    var key: String

    @Option(help: ArgumentHelp("Folder of the DICOM images that were sent.", valueName: "folder"))
    var originals: String

    @Option(help: ArgumentHelp("Folder for the named results; made if it is not there.", valueName: "folder"))
    var output: String

    @Argument(help: ArgumentHelp("DICOM results.", valueName: "file"))
    var results: [String]

    func run() throws {
        let pseudonyms = try PseudonymKey.read(key)
        for file in results { try CommandFailure.requireFile(file) }
        let folder = URL(fileURLWithPath: output, isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let walk = FileManager.default.enumerator(
            at: URL(fileURLWithPath: originals, isDirectory: true), includingPropertiesForKeys: [.isRegularFileKey])
        let files = (walk?.compactMap { $0 as? URL } ?? []).filter { !$0.hasDirectoryPath }
        try CommandFailure.explaining {
            let names = try Reidentification(pseudonyms, originals: files)
            for result in results {
                let source = URL(fileURLWithPath: result)
                try names.write(source, to: folder.appendingPathComponent(source.lastPathComponent))
            }
        }
        print("\(results.count) written to \(output).")
    }
}
