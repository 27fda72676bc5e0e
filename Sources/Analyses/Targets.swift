// The vertebrae that a request names: each once, each with a place inside the scan.
import Domain
import Imaging

/// Checks of a request's targets.
package enum Targets {
    /// - Throws: `AnalysisError` naming the target.
    package static func check(
        _ targets: [Target], series: SeriesSummary, maskLabels: [Int]?
    ) throws(AnalysisError) {
        guard !targets.isEmpty else { throw .noTargets }
        var seen: Set<VertebralLevel> = []
        var levelOfLabel: [Int: VertebralLevel] = [:]
        for target in targets {
            guard seen.insert(target.level).inserted else { throw .targetTwice(target.level) }
            if let maskLabels {
                guard let label = target.label else { throw .targetWithoutPlace(target.level, hasMask: true) }
                guard maskLabels.contains(label) else {
                    throw .labelAbsent(target.level, label: label, present: maskLabels)
                }
                if let other = levelOfLabel.updateValue(target.level, forKey: label) {
                    throw .labelTwice(other, target.level, label: label)
                }
            } else {
                _ = try seed(of: target, in: series)
            }
        }
    }

    /// The seed point of a target, inside the scan.
    ///
    /// - Throws: `AnalysisError` when there is none or it lies outside.
    package static func seed(of target: Target, in series: SeriesSummary) throws(AnalysisError) -> PointMM {
        guard let seed = target.seedLPSMM else { throw .targetWithoutPlace(target.level, hasMask: false) }
        guard seed.count == 3, seed.allSatisfy(\.isFinite) else { throw .seedNotThreeNumbers(target.level) }
        let point: PointMM = [seed[0], seed[1], seed[2]]
        let geometry = Geometry(series)
        guard geometry.voxel(holding: point) != nil else {
            let index = geometry.index(of: point).clamped(
                lowerBound: .init(repeating: -1e9), upperBound: .init(repeating: 1e9))
            throw .seedOutside(
                target.level, pointMM: seed,
                index: [Int(index.x.rounded()), Int(index.y.rounded()), Int(index.z.rounded())],
                size: series.sizeVoxels)
        }
        return point
    }

    /// Median HU below which a seed cannot lie in a vertebral body: fat is about -100 HU, the emptiest osteoporotic marrow reaches
    /// into it (marrow fat), lung and air lie far below. Our choice.
    package static let lowestSeedMedianHU = -150.0

    /// Checks the HU values around a seed.
    ///
    /// - Throws: `AnalysisError.seedNotInBone` when the median is air, lung or plain fat.
    package static func checkSeed(_ level: VertebralLevel, surroundingHU: [Float]) throws(AnalysisError) {
        guard !surroundingHU.isEmpty else { return }
        let median = Double(surroundingHU.sorted()[surroundingHU.count / 2])
        guard median >= lowestSeedMedianHU else { throw .seedNotInBone(level, medianHU: median) }
    }
}

extension Geometry {
    /// The grid that a series summary describes.
    package init(_ series: SeriesSummary) {
        let axes = series.axesLPS
        self.init(
            size: Index3(x: series.sizeVoxels[0], y: series.sizeVoxels[1], z: series.sizeVoxels[2]),
            spacingMM: [series.spacingMM[0], series.spacingMM[1], series.spacingMM[2]],
            originMM: [series.originLPSMM[0], series.originLPSMM[1], series.originLPSMM[2]],
            xAxis: [axes[0], axes[1], axes[2]], yAxis: [axes[3], axes[4], axes[5]], zAxis: [axes[6], axes[7], axes[8]])
    }
}
