// The measures of the targets, held against those of their neighbours.
import Domain
import Imaging
import Morphometry

/// The targets that could be measured.
struct MeasuredTargets {
    private(set) var targets: [BiopsyTarget] = []
    /// In the order of `targets`.
    private(set) var measures: [VertebraMorphometry] = []
    /// Height loss of each level whose heights are known.
    let compressions: [VertebralLevel: Result<Compression, Unmeasured>]
    /// Targets that could not be measured at all.
    private(set) var omissions: [Omission] = []

    /// - Parameter calibration: turns HU into bone mineral density; nil chooses by what lies beside each vertebra.
    /// - Throws: `MorphometryError`; `FaultRecord` when cancelled.
    init(_ found: BiopsyTargets, calibration: DensityCalibration?, _ input: AnalysisInput) throws {
        func measure(_ vertebra: Vertebra) throws -> VertebraMorphometry {
            try BodyMorphometry.measure(
                vertebra, in: input.volume, calibration: calibration ?? .best(beside: vertebra, in: input.volume),
                cancellation: input.cancellation)
        }
        var all: [VertebraMorphometry] = []
        for target in found.targets {
            do {
                all.append(try measure(target.vertebra))
                targets.append(target)
            } catch let error as MorphometryError
                where !target.vertebra.isWhole || target.vertebra.origin == .automatic
            {
                let reason =
                    target.vertebra.isWhole
                    ? "not measured: \(error.detail)"
                    : "cut by the border of the scan, with too little of its body in view: marked, not measured"
                omissions.append(Omission(item: target.vertebra.level.rawValue, reason: reason))
            }
        }
        var neighbours: [Vertebra] = []
        for vertebra in found.neighbours {
            do {
                all.append(try measure(vertebra))
                neighbours.append(vertebra)
            } catch is MorphometryError {
                // It is no reference then; nothing more is lost.
                continue
            }
        }
        let compared = NeighbourComparison.added(to: all, targets.map(\.vertebra) + neighbours)
        measures = Array(compared.prefix(targets.count))
        compressions = Compression.assess(
            Dictionary(
                all.compactMap { measure in measure.heights.map { (measure.level, $0.columns) } },
                uniquingKeysWith: { first, _ in first }))
    }
}
