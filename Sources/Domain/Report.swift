// The leakage report: what a surgeon, a PACS or an auditor reads. Plain values; a thing that could not be computed is absent here
// and named in `omissions`.
import Foundation

/// The whole result of one analysis. Encoded once, stored, and served as it is.
package struct Report: Codable, Sendable {
    package static let schemaName = "osteon.report/3"
    package static let disclaimerText = """
        Research use only - not a medical device. Estimates come from published odds ratios, image measurements and simulated \
        injections; none was validated against cement outcomes.
        """

    package var schema = Report.schemaName
    package var disclaimer = Report.disclaimerText
    package var analysis: AnalysisName
    package var study: StudyReference
    package var image: ImageFacts
    package var standardisation: [StandardisationStep]
    /// How the features were computed; absent when none were asked for.
    package var radiomics: RadiomicsMethod?
    package var vertebrae: [VertebraReport]
    /// What was found without targets; absent where the request named them.
    package var spine: SpineSection?
    /// What could not be computed for the scan as a whole, and why.
    package var omissions: [Omission]
    package var provenance: Provenance

    package init(
        analysis: AnalysisName, study: StudyReference, image: ImageFacts, standardisation: [StandardisationStep],
        radiomics: RadiomicsMethod?, vertebrae: [VertebraReport], omissions: [Omission], provenance: Provenance
    ) {
        self.analysis = analysis
        self.study = study
        self.image = image
        self.standardisation = standardisation
        self.radiomics = radiomics
        self.vertebrae = vertebrae
        self.omissions = omissions
        self.provenance = provenance
    }
}

/// Which analysis made the report.
package struct AnalysisName: Codable, Hashable, Sendable {
    package var name: String
    package var version: String

    package init(name: String, version: String) {
        self.name = name
        self.version = version
    }
}

/// The scan that was analysed, by hash and identifiers that name no patient.
package struct StudyReference: Codable, Hashable, Sendable {
    package var id: String
    package var inputSHA256: String
    package var series: String
    package var modality: String?

    package init(id: String, inputSHA256: String, series: String, modality: String?) {
        self.id = id
        self.inputSHA256 = inputSHA256
        self.series = series
        self.modality = modality
    }
}

/// What the scan is like, and what that means for the numbers.
package struct ImageFacts: Codable, Hashable, Sendable {
    package var sizeVoxels: [Int]
    package var spacingMM: [Double]
    package var sliceThicknessMM: Double?
    package var warnings: [String]

    package init(sizeVoxels: [Int], spacingMM: [Double], sliceThicknessMM: Double?, warnings: [String]) {
        self.sizeVoxels = sizeVoxels
        self.spacingMM = spacingMM
        self.sliceThicknessMM = sliceThicknessMM
        self.warnings = warnings
    }
}

/// One step of standardisation before texture is measured, with its settings; `applied` is false when it was switched off.
package struct StandardisationStep: Codable, Hashable, Sendable {
    package var step: String
    package var applied: Bool
    package var settings: String

    package init(step: String, applied: Bool, settings: String) {
        self.step = step
        self.applied = applied
        self.settings = settings
    }
}

/// Something that was not computed, and why.
package struct Omission: Codable, Hashable, Sendable {
    package var item: String
    package var reason: String

    package init(item: String, reason: String) {
        self.item = item
        self.reason = reason
    }
}

/// How the report came about: enough to make it again.
package struct Provenance: Codable, Sendable {
    package var software: String
    package var version: String
    /// Every setting that took part, defaults included.
    package var settings: [String: ParameterValue]
    /// Models that took part, e.g. the evidence model, by name and version.
    package var models: [String]
    package var createdAt: Date
    /// Wall time of each stage, milliseconds.
    package var timingsMS: [StageTiming]

    package init(
        software: String, version: String, settings: [String: ParameterValue], models: [String], createdAt: Date,
        timingsMS: [StageTiming]
    ) {
        self.software = software
        self.version = version
        self.settings = settings
        self.models = models
        self.createdAt = createdAt
        self.timingsMS = timingsMS
    }
}

/// The wall time of one stage.
package struct StageTiming: Codable, Hashable, Sendable {
    package var stage: String
    package var milliseconds: Double

    package init(stage: String, milliseconds: Double) {
        self.stage = stage
        self.milliseconds = milliseconds
    }
}
