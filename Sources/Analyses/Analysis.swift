// What an analysis is: a named, versioned, synchronous function from a decoded scan to a report.
import Domain
import Guidance
import Imaging
import Meshes
import Segmentation

/// One pipeline. To add one, write a file with a conforming type and name it in `AnalysisCatalog`.
package protocol Analysis: Sendable {
    /// Name, version, settings and what it is for, as clients see it listed.
    var description: AnalysisDescription { get }
    /// The stages it goes through, by the names that progress, timings and metrics use.
    var stages: [String] { get }
    /// Checks settings before any pixel is read.
    ///
    /// - Parameter targets: the vertebrae that the request names; settings may speak of each.
    /// - Throws: `AnalysisError` naming the setting.
    func check(_ parameters: [String: ParameterValue], targets: [VertebralLevel]) throws(AnalysisError)
    /// Runs the pipeline. Checks `input.cancellation` between stages.
    ///
    /// - Throws: a `Domain.Fault` that names what was wrong with the input.
    func run(_ input: AnalysisInput) throws -> AnalysisOutput
}

/// Everything an analysis may look at.
package struct AnalysisInput: Sendable {
    /// The scan in Hounsfield units.
    package var volume: Volume
    /// How the file stores the values; radiomics keep whole numbers whole where PyRadiomics does.
    package var storedType: StoredType
    /// The scan's grid as the label maps that are served state it, which is what other programs compute radiomics on.
    package var storedGeometry: Geometry
    package var series: SeriesSummary
    /// What the reader had to say about the scan.
    package var imageWarnings: [String]
    /// An uploaded label map on the scan's grid.
    package var mask: LabelMap?
    package var request: AnalysisRequest
    /// SHA-256 of the uploaded bytes.
    package var inputSHA256: String
    /// How many threads may compute at once, ≥ 1. The numbers are the same bits for any.
    package var threads: Int
    package var cancellation: Cancellation
    package var progress: @Sendable (StageProgress) -> Void

    package init(
        volume: Volume, storedType: StoredType, storedGeometry: Geometry, series: SeriesSummary,
        imageWarnings: [String], mask: LabelMap?, request: AnalysisRequest, inputSHA256: String, threads: Int = 1,
        cancellation: Cancellation, progress: @escaping @Sendable (StageProgress) -> Void
    ) {
        self.volume = volume
        self.storedType = storedType
        self.storedGeometry = storedGeometry
        self.series = series
        self.imageWarnings = imageWarnings
        self.mask = mask
        self.request = request
        self.inputSHA256 = inputSHA256
        self.threads = threads
        self.cancellation = cancellation
        self.progress = progress
    }
}

/// What an analysis gives back.
package struct AnalysisOutput: Sendable {
    package var report: Report
    /// The features that the report counts; nil where the analysis measures nothing.
    package var radiomics: BodyRadiomics?
    /// Whole vertebrae on the scan's grid, by `VertebralLevel.labelValue`; 101, 102, … for unknown levels.
    package var segmentation: LabelMap
    /// Vertebral bodies likewise: the regions of the features.
    package var bodies: LabelMap
    /// Names of both.
    package var labels: LabelTable
    /// Parts of vertebrae on the same grid, by `VertebraPart.labelValue(of:)`, and their names.
    package var parts: LabelMap
    package var partLabels: LabelTable
    /// Surfaces of the vertebrae of `segmentation`.
    package var meshes: MeshScene
    /// Where simulated cement goes, on the scan's grid; nil where the analysis simulates nothing.
    package var riskImage: RiskImage?
    /// What questions during the injection are answered from; nil likewise.
    package var guidance: GuidanceDocument?

    package init(
        report: Report, radiomics: BodyRadiomics? = nil, segmentation: LabelMap, bodies: LabelMap,
        labels: LabelTable, parts: PartMap, meshes: MeshScene, riskImage: RiskImage? = nil,
        guidance: GuidanceDocument? = nil
    ) {
        self.report = report
        self.radiomics = radiomics
        self.segmentation = segmentation
        self.bodies = bodies
        self.labels = labels
        self.parts = parts.map
        partLabels = LabelTable(parts: parts)
        self.meshes = meshes
        self.riskImage = riskImage
        self.guidance = guidance
    }
}
