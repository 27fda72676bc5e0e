// The pipeline run on phantoms and compared with what was planted.
import Analyses
import Audits
import Domain
import Foundation
import Imaging
import ImagingIO
import Phantoms
import Store
import Synchronization
import Worker

/// Builds phantoms, writes each to a file, and analyses the file as the worker does.
struct SelfAudit: Sendable {
    let phantoms: Int
    let seed: UInt64
    let spacingMM: SIMD3<Double>
    let threads: Int

    /// What one phantom, or all of them, gave.
    struct Findings: Sendable {
        var measurements: [PlantedMeasurement] = []
        var omissions: [PlantedOmission] = []

        mutating func add(
            _ quantity: PlantedQuantity, _ phantom: UInt64, _ level: String, _ measured: Double?, _ truth: Double,
            reason: String
        ) {
            if let measured {
                measurements.append(
                    PlantedMeasurement(
                        quantity: quantity, phantom: phantom, level: level, measured: measured, truth: truth))
            } else {
                omissions.append(
                    PlantedOmission(quantity: quantity, phantom: phantom, level: level, reason: reason))
            }
        }
    }

    /// - Parameter progress: called from several threads.
    /// - Throws: the first fault of any phantom.
    func run(progress: @escaping @Sendable (StageProgress) -> Void) throws -> Findings {
        let done = Atomic<Int>(0)
        let each = try inOrder(phantoms, threads: threads) { index throws -> Findings in
            let findings = try measure(seed: seed &+ UInt64(index))
            let finished = done.add(1, ordering: .relaxed).newValue
            progress(StageProgress(stage: "phantoms", fraction: Double(finished) / Double(phantoms)))
            return findings
        }
        return each.reduce(into: Findings()) { all, findings in
            all.measurements += findings.measurements
            all.omissions += findings.omissions
        }
    }

    private func measure(seed: UInt64) throws -> Findings {
        let phantom = try PhantomBuilder.build(.audited(seed: seed, spacingMM: spacingMM)) { _ in }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-self-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("ct.nii.gz")
        try NIfTIWriter.write(phantom.volume, to: file)
        let targets = phantom.truth.vertebrae.map { vertebra in
            let centre = vertebra.bodyCentreLPSMM
            return Target(level: vertebra.level, seedLPSMM: [centre.x, centre.y, centre.z])
        }
        let finished = try StudyAnalysis(
            source: .file(file), contents: try StudyFile.inspect(file), sha256: try SHA256.digest(of: file),
            maskFile: nil,
            request: AnalysisRequest(
                study: "self-audit", analysis: "digital-biopsy", targets: targets,
                parameters: ["rehearsalRuns": .number(0)]), catalog: AnalysisCatalog()
        ).run(cancellation: Cancellation()) { _ in }
        return compare(finished.output.report, phantom.truth, seed: seed)
    }

    private func compare(_ report: Report, _ truth: PhantomTruth, seed: UInt64) -> Findings {
        var findings = Findings()
        for planted in truth.vertebrae {
            let found = report.vertebrae.first { $0.level == planted.level }
            let reason = found?.omissions.first?.reason ?? "the report has no such measurement"
            for pair in PlantedPair.pairs(found, planted) {
                findings.add(
                    pair.quantity, seed, planted.level.rawValue, pair.measured, pair.truth, reason: reason)
            }
        }
        addAngles(report, truth, seed: seed, to: &findings)
        return findings
    }

    private func addAngles(_ report: Report, _ truth: PhantomTruth, seed: UInt64, to findings: inout Findings) {
        guard let first = truth.vertebrae.first, let last = truth.vertebrae.last else { return }
        let levels = "\(first.level.rawValue)-\(last.level.rawValue)"
        let planted = CobbAngle(
            upper: FrameAxes(planted: first), upperTiltDegrees: first.superiorTiltDegrees,
            lower: FrameAxes(planted: last), lowerTiltDegrees: last.inferiorTiltDegrees)
        let found = [first.level, last.level].map { level in report.vertebrae.first { $0.level == level } }
        var measured: CobbAngle?
        if let upper = found[0], let lower = found[1],
            let upperTilt = upper.measured("superiorEndplateTilt"),
            let lowerTilt = lower.measured("inferiorEndplateTilt")
        {
            measured = CobbAngle(
                upper: upper.segmentation.frame, upperTiltDegrees: upperTilt, lower: lower.segmentation.frame,
                lowerTiltDegrees: lowerTilt)
        }
        let reason = "the endplates of the first or the last level were not measured"
        findings.add(
            .sagittalCobb, seed, levels, measured?.sagittalDegrees, planted.sagittalDegrees, reason: reason)
        findings.add(.coronalCobb, seed, levels, measured?.coronalDegrees, planted.coronalDegrees, reason: reason)
    }
}

extension FrameAxes {
    init(planted vertebra: VertebraTruth) {
        func list(_ axis: SIMD3<Double>) -> [Double] { [axis.x, axis.y, axis.z] }
        self.init(
            rightToLeft: list(vertebra.xAxisLPS), posteriorToAnterior: list(vertebra.yAxisLPS),
            caudalToCranial: list(vertebra.zAxisLPS))
    }
}
