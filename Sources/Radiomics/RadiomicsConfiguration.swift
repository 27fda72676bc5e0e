// The two modes of extraction behind one door: what a parameter file asks for, and how it is computed.
import Domain
import Imaging

/// A parameter file of either mode. A file with the key `mode: ibsi` is one of the ibsi mode, every other is PyRadiomics'.
package struct RadiomicsConfiguration: Sendable {
    /// By whose definitions features are computed.
    package enum Mode: Sendable, Hashable {
        case pyRadiomics(RadiomicsSettings)
        case ibsi(IBSISettings)

        /// As documents call it.
        package var name: String {
            switch self {
            case .pyRadiomics: "pyradiomics"
            case .ibsi: "ibsi"
            }
        }
    }

    /// How messages call the file.
    package let name: String
    /// The file as it was read.
    package let yaml: String
    package let mode: Mode
    /// What the file asks for and Osteon does not compute.
    package let omissions: [Omission]

    /// - Parameters:
    ///   - yaml: the text of the file; JSON is YAML too.
    ///   - name: how messages call the file.
    /// - Throws: `ParameterFileError` naming the file and the key; `RadiomicsError.filterInvalid`.
    package init(yaml: String, name: String) throws {
        self.name = name
        self.yaml = yaml
        if IBSISettings.isIBSI(yaml: yaml) {
            mode = .ibsi(try IBSISettings(yaml: yaml, name: name))
            omissions = []
        } else {
            let file = try ParameterFile(yaml: yaml, name: name)
            mode = .pyRadiomics(file.settings)
            omissions = file.omissions
        }
    }

    /// A configuration that comes with Osteon; nil where `builtIn` has no such name.
    ///
    /// - Throws: nothing as long as the built-in texts are right, which the tests hold.
    package init?(named name: String) throws {
        guard let yaml = BuiltInConfiguration(rawValue: name)?.yaml ?? IBSISettings.named[name]?.yaml else {
            return nil
        }
        try self.init(yaml: yaml, name: name)
    }

    /// The configurations that come with Osteon.
    package static let builtIn: [(name: String, summary: String)] =
        BuiltInConfiguration.allCases.map { ($0.rawValue, $0.summary) }
        + IBSISettings.named.keys.sorted().map { name in
            (name, "the CT phantom's configuration \(name.suffix(1).uppercased()) of the IBSI reference manual")
        }

    /// The label that the file names, else 1.
    package var label: Int {
        switch mode {
        case .pyRadiomics(let settings): settings.label
        case .ibsi(let settings): settings.label
        }
    }

    /// Whether the file wants what describes image and mask beside the features.
    package var additionalInfo: Bool {
        switch mode {
        case .pyRadiomics(let settings): settings.additionalInfo
        case .ibsi: true
        }
    }

    /// Every setting by its key in the parameter file, in a fixed order.
    package var described: [(key: String, value: String)] {
        switch mode {
        case .pyRadiomics(let settings): settings.described
        case .ibsi(let settings): settings.described
        }
    }

    /// PyRadiomics' image types with their settings; none in the ibsi mode, where the filter is a setting.
    package var describedImages: [(key: String, value: String)] {
        switch mode {
        case .pyRadiomics(let settings): settings.describedImages
        case .ibsi: []
        }
    }

    /// The cells of a table: a column for each feature, which in the ibsi mode carries the identifier behind the name.
    package func cells(of features: [FeatureValue]) -> [FeatureTable.Cell] {
        let cells = FeatureTable.cells(of: features)
        guard case .ibsi = mode else { return cells }
        return zip(cells, features).map { cell, feature in
            ("\(cell.name) [\(feature.ibsiID ?? "")]", cell.value)
        }
    }

    /// Features of some labels of a mask; see `RadiomicsExtractor` and `IBSIExtractor`.
    package func extract(
        image: some VoxelSource, mask: some VoxelSource, labels: [Int], threads: Int = 1,
        progress: (StageProgress) -> Void = { _ in }, cancellation: Cancellation = Cancellation()
    ) throws -> [LabelFeatures] {
        switch mode {
        case .pyRadiomics(let settings):
            try RadiomicsExtractor.extract(
                image: image, mask: mask, labels: labels, settings: settings, threads: threads, progress: progress,
                cancellation: cancellation)
        case .ibsi(let settings):
            try IBSIExtractor.extract(
                image: image, mask: mask, labels: labels, settings: settings, threads: threads, progress: progress,
                cancellation: cancellation)
        }
    }
}
