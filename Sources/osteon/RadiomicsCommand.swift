// `osteon radiomics`: features of regions of images.
import ArgumentParser
import Domain
import Foundation
import Radiomics

struct RadiomicsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "radiomics",
        abstract: "Compute radiomic features as PyRadiomics or as the IBSI reference manual defines them.",
        discussion: """
            Reads NIfTI (.nii, .nii.gz) and NRRD (.nrrd, .nhdr). The settings are a PyRadiomics parameter file as it is, a file of
            the ibsi mode, or a configuration by name:

            \(RadiomicsConfiguration.builtIn.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))

            The output is a table in PyRadiomics' columns (.csv) or a document with provenance, IBSI identifiers and the reason for
            each value that is undefined (.json).

              osteon radiomics --image ct.nii.gz --mask body.nii.gz --output features.csv
              osteon radiomics --params Params.yaml --image ct.nrrd --mask labels.nrrd --label 20 --label 21 --output features.json
              osteon radiomics --image ct.nii.gz --mask labels.nii.gz --label all --output features.csv
              osteon radiomics --params hu_full --batch cases.csv --output features.csv
              osteon radiomics --params ibsi-c --image ct.nii.gz --mask tumour.nii.gz --output features.json

            A file of the ibsi mode says so with its key mode; every other key has a default:

            \(Self.ibsiExample)

            A filter of IBSI 2 (mean, log, laws, gabor, wavelet, simoncelli) makes the features those of its response map:
            filter: {type: log, sigmaMM: 1.5}; without families only its statistics are computed. The keys are \(IBSISettings.keys.joined(separator: ", ")).
            The columns of the table then carry the identifiers: glcm_contrast_3D_merged [ACUI/IAZD].

            A batch is a CSV with the columns Image and Mask, and Label if wanted (paths relative to the CSV; other columns are kept),
            or a folder with a folder for each case that holds image.* and mask.*. A case that fails is a row with its error; the
            command then ends with status 1 after all other cases are done.
            """)

    private static let ibsiExample = """
          mode: ibsi
          spacingMM: [2, 2, 2]
          interpolation: cubicSpline
          roundIntensities: true
          intensityRange: [-1000, 400]
          binWidth: 25
          families: [morphology, intensity_statistics, glcm]
          aggregations: [3D_merged]
        """

    @Option(
        help: ArgumentHelp(
            "A parameter file (YAML or JSON) or the name of a configuration.", valueName: "file or name"))
    var params = BuiltInConfiguration.ge2025.rawValue

    @Option(help: ArgumentHelp("The image.", valueName: "file"))
    var image: String?

    @Option(help: ArgumentHelp("The mask, on the image's grid.", valueName: "file"))
    var mask: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A value of the mask, or 'all'. Repeat for each; by default the parameter file's.", valueName: "value"))
    var label: [String] = []

    @Option(help: ArgumentHelp("Many cases: a CSV, or a folder.", valueName: "file or folder"))
    var batch: String?

    @Option(help: ArgumentHelp("Where the result goes: .csv or .json.", valueName: "file"))
    var output: String

    @Option(
        help: "How many threads may compute at once; all cores by default. The values are the same bits for any number."
    )
    var threads: Int?

    func validate() throws {
        guard (batch == nil) == (image != nil), (image == nil) == (mask == nil) else {
            throw ValidationError("Give --image with --mask, or --batch.")
        }
        guard output.hasSuffix(".csv") || output.hasSuffix(".json") else {
            throw ValidationError("--output \(output): end it with .csv or .json.")
        }
        guard threads.map({ (1...1024).contains($0) }) ?? true else {
            throw ValidationError("--threads must be from 1 to 1024.")
        }
        _ = try LabelChoice(label)
    }

    func run() throws {
        try CommandFailure.explaining { try extract() }
    }

    private func extract() throws {
        let configuration = try RadiomicsConfiguration(argument: params)
        for omission in configuration.omissions {
            FileHandle.standardError.write(Data("Left out: \(omission.item): \(omission.reason).\n".utf8))
        }
        let cases = try cases()
        let progress = TerminalProgress()
        let run = RadiomicsBatch(
            cases: cases, configuration: configuration,
            threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
        let results = run.results { progress.show($0) }
        progress.finish()
        if batch == nil, case .failure(let error) = results[0] { throw error }
        let text =
            output.hasSuffix(".csv")
            ? RadiomicsTable(cases, results, configuration).text
            : try RadiomicsDocument(cases, results, configuration).text
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: output))
        } catch {
            throw CommandFailure("'\(output)' cannot be written: \(error.localizedDescription)")
        }
        let failed = results.count { if case .failure = $0 { true } else { false } }
        guard failed > 0 else { return }
        FileHandle.standardError.write(
            Data("\(failed) of \(cases.count) cases failed; their errors are in \(output).\n".utf8))
        throw ExitCode(1)
    }

    private func cases() throws -> [RadiomicsCase] {
        let choice = try LabelChoice(label)
        if let batch { return try RadiomicsCase.batch(batch, labels: choice) }
        guard let image, let mask else { return [] }
        try CommandFailure.requireFile(image)
        try CommandFailure.requireFile(mask)
        return [RadiomicsCase(image: image, mask: mask, labels: choice)]
    }
}

extension RadiomicsConfiguration {
    /// - Parameter argument: a file, or the name of a configuration.
    fileprivate init(argument: String) throws {
        if FileManager.default.isReadableFile(atPath: argument) {
            guard let text = try? String(contentsOfFile: argument, encoding: .utf8) else {
                throw CommandFailure("'\(argument)' is no text in UTF-8.")
            }
            try self.init(yaml: text, name: URL(fileURLWithPath: argument).lastPathComponent)
        } else if let known = try RadiomicsConfiguration(named: argument) {
            self = known
        } else {
            let names = RadiomicsConfiguration.builtIn.map(\.name).joined(separator: ", ")
            throw CommandFailure("--params \(argument): there is no such file, and the configurations are \(names).")
        }
    }
}

/// Which labels of a mask are wanted.
enum LabelChoice: Sendable, Hashable {
    /// The parameter file's.
    case standard
    case all
    case some([Int])

    init(_ texts: [String]) throws {
        switch texts {
        case []: self = .standard
        case ["all"]: self = .all
        default:
            let labels = texts.compactMap { Int($0) }.filter { $0 > 0 }
            guard labels.count == texts.count, Set(labels).count == labels.count else {
                throw ValidationError("--label: give whole numbers above 0, each once, or 'all' alone.")
            }
            self = .some(labels)
        }
    }
}
