// `osteon phantom`: a synthetic spine CT with known truth.
import ArgumentParser
import Domain
import Foundation
import Imaging
import ImagingIO
import Phantoms

struct MakePhantom: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "phantom",
        abstract: "Make a synthetic spine CT whose truth is known.",
        discussion: """
            Writes the scan (a DICOM series, or NIfTI), labels.nii.gz (vertebrae), bodies.nii.gz (vertebral bodies), truth.json (heights,
            volumes, planted lesions) and seeds.query (the bodies' centres, as a query for POST /v1/studies). The same recipe gives the
            same voxels, bit for bit.

              osteon phantom --demo --zip --output patient        five vertebrae, a wedge fracture, a cleft, a planted gap
              osteon phantom --random 7 --output patient          a random patient with one gap
              osteon phantom --print-recipe > recipe.json         the default recipe, to be edited: lesions, spacing, noise, ...
              osteon phantom --recipe recipe.json --nifti --output patient
            """)

    @Flag(help: "The demo's patient.")
    var demo = false

    @Option(help: ArgumentHelp("A random patient with one cortical gap.", valueName: "seed"))
    var random: UInt64?

    @Option(help: ArgumentHelp("A recipe in JSON; fields left out take their defaults.", valueName: "file"))
    var recipe: String?

    @Option(help: ArgumentHelp("Voxel size, millimetres, instead of the recipe's.", valueName: "x,y,z"))
    var spacing: String?

    @Flag(help: "Write ct.nii.gz instead of a DICOM series.")
    var nifti = false

    @Flag(help: "Pack the DICOM series into series.zip.")
    var zip = false

    @Flag(help: "Print the recipe as JSON and stop.")
    var printRecipe = false

    @Option(help: ArgumentHelp("Folder to write to; made if it is not there.", valueName: "folder"))
    var output: String?

    func validate() throws {
        guard [demo, random != nil, recipe != nil].filter({ $0 }).count <= 1 else {
            throw ValidationError("--demo, --random and --recipe exclude each other.")
        }
        guard printRecipe || output != nil else { throw ValidationError("Say where to write with --output.") }
        guard !(nifti && zip) else { throw ValidationError("--zip packs a DICOM series; leave out --nifti.") }
    }

    func run() throws {
        try CommandFailure.explaining {
            let recipe = try chosenRecipe()
            if printRecipe {
                print(String(decoding: try Self.encoder.encode(recipe), as: UTF8.self))
            } else if let output {
                try make(recipe, in: URL(fileURLWithPath: output, isDirectory: true))
            }
        }
    }

    private func chosenRecipe() throws -> PhantomRecipe {
        var chosen = PhantomRecipe()
        if demo { chosen = .demo() }
        if let random { chosen = .random(seed: random) }
        if let recipe {
            chosen = try CommandFailure.decode(PhantomRecipe.self, from: recipe, what: "a recipe")
        }
        if let spacing {
            let numbers = spacing.split(separator: ",").compactMap { Double($0) }
            guard numbers.count == 3 else { throw ValidationError("--spacing needs three numbers, as in 0.7,0.7,1.") }
            chosen.spacingMM = [numbers[0], numbers[1], numbers[2]]
        }
        return chosen
    }

    private func make(_ recipe: PhantomRecipe, in folder: URL) throws {
        let progress = TerminalProgress()
        defer { progress.finish() }
        let phantom = try PhantomBuilder.build(recipe) { progress.show($0) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let scan = try writeScan(phantom.volume, of: recipe, in: folder)
        try NIfTIWriter.write(phantom.labels, to: folder.appendingPathComponent("labels.nii.gz"))
        try NIfTIWriter.write(phantom.bodies, to: folder.appendingPathComponent("bodies.nii.gz"))
        try Self.encoder.encode(phantom.truth).write(to: folder.appendingPathComponent("truth.json"))
        let seeds = phantom.truth.vertebrae.map { vertebra in
            let c = vertebra.bodyCentreLPSMM
            return String(format: "seed=%.1f,%.1f,%.1f:%@", c.x, c.y, c.z, vertebra.level.rawValue)
        }
        try Data(seeds.joined(separator: "&").utf8).write(to: folder.appendingPathComponent("seeds.query"))
        progress.finish()
        let size = phantom.volume.geometry.size
        print(
            "Written to \(folder.path): \(scan) (\(size.x) x \(size.y) x \(size.z) voxels), labels.nii.gz, bodies.nii.gz, "
                + "truth.json, seeds.query")
    }

    private func writeScan(_ volume: Volume, of recipe: PhantomRecipe, in folder: URL) throws -> String {
        if nifti {
            try NIfTIWriter.write(volume, to: folder.appendingPathComponent("ct.nii.gz"))
            return "ct.nii.gz"
        }
        let description = DICOMSeriesDescription(
            seed: String(decoding: try Self.encoder.encode(recipe), as: UTF8.self),
            studyDescription: "Synthetic spine, research use only", seriesDescription: "Osteon phantom",
            sliceThicknessMM: recipe.sliceThicknessMM)
        guard zip else {
            try DICOMSeriesWriter.write(
                volume, description: description, toFolder: folder.appendingPathComponent("series", isDirectory: true))
            return "series/"
        }
        let archive = try ZipWriter(folder.appendingPathComponent("series.zip"))
        try DICOMSeriesWriter.write(volume, description: description, to: archive)
        try archive.finish()
        return "series.zip"
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return encoder
    }
}
