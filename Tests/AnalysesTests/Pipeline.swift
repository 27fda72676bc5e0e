// Runs the digital biopsy as the worker does, on a phantom or a file.
import Analyses
import Domain
import Foundation
import Imaging
import ImagingIO
import Phantoms

enum Pipeline {
    /// The analysis of a phantom from seeds at its bodies' centres; all of them or those of `levels`; without a rehearsal
    /// unless `parameters` ask for one.
    static func run(
        _ phantom: Phantom, levels: [VertebralLevel]? = nil, parameters: [String: ParameterValue] = [:],
        catalog: AnalysisCatalog = AnalysisCatalog(),
        cancellation: Cancellation = Cancellation(),
        progress: @escaping @Sendable (StageProgress) -> Void = { _ in }
    ) throws -> AnalysisOutput {
        let geometry = phantom.volume.geometry
        let summary = SeriesSummary(
            id: "phantom", modality: "CT", sizeVoxels: [geometry.size.x, geometry.size.y, geometry.size.z],
            spacingMM: list(geometry.spacingMM), originLPSMM: list(geometry.originMM),
            axesLPS: list(geometry.xAxis) + list(geometry.yAxis) + list(geometry.zAxis),
            sliceThicknessMM: geometry.spacingMM.z)
        let planted = phantom.truth.vertebrae.filter { levels?.contains($0.level) ?? true }
        let targets = planted.map {
            Target(level: $0.level, seedLPSMM: list($0.bodyCentreLPSMM))
        }
        return try run(
            phantom.volume, .int16, summary, mask: nil, targets: targets, parameters: parameters, catalog: catalog,
            cancellation: cancellation, progress: progress)
    }

    /// The analysis of a file, without radiomics.
    static func run(_ file: URL, mask: URL? = nil, targets: [Target]) throws -> AnalysisOutput {
        let decoded = try StudyFile.readVolume(file)
        let labels = try mask.map { try MaskFile.read($0, onto: decoded.volume.geometry) }
        return try run(
            decoded.volume, decoded.storedType, decoded.summary, mask: labels, targets: targets,
            parameters: ["radiomics": .text("none")])
    }

    /// The analysis of a phantom's labels, scan and labels cut down to the slices below `slices`.
    static func run(_ phantom: Phantom, slices: Int, levels: [VertebralLevel]) throws -> AnalysisOutput {
        var size = phantom.volume.geometry.size
        size.z = slices
        let origin = Index3(x: 0, y: 0, z: 0)
        let volume = phantom.volume.cropped(from: origin, size: size)
        let geometry = volume.geometry
        let summary = SeriesSummary(
            id: "phantom", modality: "CT", sizeVoxels: [size.x, size.y, size.z], spacingMM: list(geometry.spacingMM),
            originLPSMM: list(geometry.originMM),
            axesLPS: list(geometry.xAxis) + list(geometry.yAxis) + list(geometry.zAxis),
            sliceThicknessMM: geometry.spacingMM.z)
        return try run(
            volume, .int16, summary, mask: phantom.labels.cropped(from: origin, size: size),
            targets: levels.map { Target(level: $0, label: Int($0.labelValue)) },
            parameters: ["radiomics": .text("none"), "deepFeatures": .text("none")])
    }

    /// An analysis without targets of a volume that came without a modality.
    static func search(
        _ volume: Volume, _ analysis: String, parameters: [String: ParameterValue], catalog: AnalysisCatalog
    ) throws -> AnalysisOutput {
        let geometry = volume.geometry
        let summary = SeriesSummary(
            id: "image", modality: nil, sizeVoxels: [geometry.size.x, geometry.size.y, geometry.size.z],
            spacingMM: list(geometry.spacingMM), originLPSMM: list(geometry.originMM),
            axesLPS: list(geometry.xAxis) + list(geometry.yAxis) + list(geometry.zAxis),
            sliceThicknessMM: geometry.spacingMM.z)
        return try catalog.analysis(named: analysis).run(
            AnalysisInput(
                volume: volume, storedType: .int16, storedGeometry: geometry, series: summary, imageWarnings: [],
                mask: nil,
                request: AnalysisRequest(study: "test", analysis: analysis, targets: [], parameters: parameters),
                inputSHA256: String(repeating: "0", count: 64), cancellation: Cancellation(), progress: { _ in }))
    }

    private static func run(
        _ volume: Volume, _ type: StoredType, _ summary: SeriesSummary, mask: LabelMap?, targets: [Target],
        parameters: [String: ParameterValue], catalog: AnalysisCatalog = AnalysisCatalog(),
        cancellation: Cancellation = Cancellation(), progress: @escaping @Sendable (StageProgress) -> Void = { _ in }
    ) throws -> AnalysisOutput {
        try catalog.analysis(named: "digital-biopsy").run(
            AnalysisInput(
                volume: volume, storedType: type, storedGeometry: volume.geometry, series: summary, imageWarnings: [],
                mask: mask,
                request: AnalysisRequest(
                    study: "test", analysis: "digital-biopsy", targets: targets,
                    parameters: ["rehearsalRuns": .number(0)].merging(parameters) { $1 }),
                inputSHA256: String(repeating: "0", count: 64), cancellation: cancellation, progress: progress))
    }

    private static func list(_ v: SIMD3<Double>) -> [Double] { [v.x, v.y, v.z] }
}

/// Overlap of two label maps in one label.
func dice(_ a: LabelMap, _ b: LabelMap, label: UInt16, otherLabel: UInt16? = nil) -> Double {
    let (one, other) = (a.mask(of: label), b.mask(of: otherLabel ?? label))
    let sum = one.count + other.count
    return sum > 0 ? 2 * Double(one.intersection(other).count) / Double(sum) : 0
}

extension VertebraReport {
    /// A measurement by name.
    func measurement(_ name: String) -> Double? {
        morphometry?.measurements.first { $0.name == name }?.value
    }
}
