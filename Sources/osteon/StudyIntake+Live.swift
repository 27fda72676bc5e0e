// What the API is given because it cannot see a voxel.
import API
import Analyses
import Domain
import Foundation
import Imaging
import ImagingIO

extension StudyIntake {
    /// How far around a seed voxels are looked at, millimetres; our choice, well inside the smallest body.
    private static let seedRadiusMM = 3.0

    /// Reading and checking with the real readers and a catalog.
    static func live(_ catalog: AnalysisCatalog) -> StudyIntake {
        StudyIntake(
            inspect: { try StudyFile.inspect($0) },
            readInstance: { try InstanceFile.readHeader($0) },
            haveSameDataSet: { try InstanceFile.haveSameDataSet($0, $1) },
            inspectMask: { mask, series in try MaskFile.inspect(mask, against: series) },
            check: { request, contents, source, maskLabels in
                try check(request, by: catalog, contents: contents, source: source, maskLabels: maskLabels)
            },
            analyses: catalog.all.map(\.description))
    }

    /// Checks all that can be checked without decoding the whole scan: settings, targets, and the voxels around each seed.
    private static func check(
        _ request: AnalysisRequest, by catalog: AnalysisCatalog, contents: StudyContents, source: StudySource,
        maskLabels: [Int]?
    ) throws {
        let id = request.series ?? contents.chosenSeries
        guard let series = contents.series.first(where: { $0.id == id }) else {
            throw FaultRecord(
                code: .seriesUnknown, detail: "The study holds no series '\(id)'.",
                fix: "Name one of: \(contents.series.map(\.id).joined(separator: ", ")).", subject: "series")
        }
        try catalog.check(request, series: series, maskLabels: maskLabels)
        guard maskLabels == nil, !request.targets.isEmpty else { return }
        let seeds = try request.targets.map { try Targets.seed(of: $0, in: series) }
        let surroundings = try StudyFile.probe(
            source, contents: contents, series: id, at: seeds, radiusMM: seedRadiusMM)
        for (target, values) in zip(request.targets, surroundings) {
            try Targets.checkSeed(target.level, surroundingHU: values)
        }
    }
}
