// Radiomics as the service words them: in the report what was computed and how, in the features document the values.

/// How the features of a report were computed: enough to make the numbers again.
package struct RadiomicsMethod: Codable, Sendable {
    /// A built-in configuration (`ge2025`), or `parameter file`.
    package var configuration: String
    /// By whose definitions: `pyradiomics` or `ibsi`.
    package var mode: String
    /// The parameter file, as it was read.
    package var parameters: String
    /// Every setting by its key in a parameter file, defaults included.
    package var settings: [String: String]
    /// The image types with the settings of their filters.
    package var imageTypes: [String: String]
    /// What the parameter file asks for and is not computed.
    package var omissions: [Omission]

    package init(
        configuration: String, mode: String, parameters: String, settings: [String: String],
        imageTypes: [String: String],
        omissions: [Omission]
    ) {
        self.configuration = configuration
        self.mode = mode
        self.parameters = parameters
        self.settings = settings
        self.imageTypes = imageTypes
        self.omissions = omissions
    }
}

/// The region of one vertebra on which features were computed, and how many there are; the values are in the features document.
package struct RadiomicsSection: Codable, Sendable {
    package var region: String
    /// Its value in `bodies.nii.gz`.
    package var label: Int
    /// On the scan's grid.
    package var voxelCount: Int
    /// Parts that touch by faces, edges or corners.
    package var componentCount: Int
    /// On the scan's grid: the first voxel x, y, z, then the size x, y, z.
    package var boundingBox: [Int]
    package var featureCount: Int
    /// Features without a value.
    package var undefinedCount: Int

    package init(
        region: String, label: Int, voxelCount: Int, componentCount: Int, boundingBox: [Int], featureCount: Int,
        undefinedCount: Int
    ) {
        self.region = region
        self.label = label
        self.voxelCount = voxelCount
        self.componentCount = componentCount
        self.boundingBox = boundingBox
        self.featureCount = featureCount
        self.undefinedCount = undefinedCount
    }
}

/// One feature, named as PyRadiomics names it; `value` is absent, with `reason`, where it is undefined.
package struct FeatureSection: Codable, Sendable {
    package var name: String
    package var value: Double?
    package var reason: String?
    /// In the reference manual of the Image Biomarker Standardisation Initiative; absent for a feature that it does not have.
    package var ibsiID: String?

    package init(name: String, value: Double?, reason: String?, ibsiID: String?) {
        self.name = name
        self.value = value
        self.reason = reason
        self.ibsiID = ibsiID
    }
}

/// The radiomic features of all vertebrae of a report, served by themselves.
package struct FeaturesReport: Codable, Sendable {
    package var schema = "osteon.features/2"
    package var disclaimer = Report.disclaimerText
    package var analysis: AnalysisName
    package var study: StudyReference
    package var standardisation: [StandardisationStep]
    /// Absent when no radiomics were asked for.
    package var method: RadiomicsMethod?
    /// SHA-256 of `image`, the uploaded study, and `mask`, `bodies.nii.gz`.
    package var inputSHA256: [String: String]
    package var vertebrae: [Entry]
    package var provenance: Provenance

    /// One vertebra: its region and its features in PyRadiomics' order. Without them `omissions` says why.
    package struct Entry: Codable, Sendable {
        package var level: VertebralLevel
        package var region: RadiomicsSection?
        /// What describes the images and masks on the way to the features, by PyRadiomics' names (`diagnostics_…`).
        package var diagnostics: [String: String]
        package var features: [FeatureSection]
        package var omissions: [Omission]

        package init(
            level: VertebralLevel, region: RadiomicsSection?, diagnostics: [String: String],
            features: [FeatureSection], omissions: [Omission]
        ) {
            self.level = level
            self.region = region
            self.diagnostics = diagnostics
            self.features = features
            self.omissions = omissions
        }
    }

    package init(_ report: Report, maskSHA256: String, vertebrae: [Entry]) {
        analysis = report.analysis
        study = report.study
        standardisation = report.standardisation
        method = report.radiomics
        inputSHA256 = ["image": report.study.inputSHA256, "mask": maskSHA256]
        self.vertebrae = vertebrae
        provenance = report.provenance
    }
}
