// A guidance table from the same inputs as the rehearsal of a body.
import Domain
import Guidance
import Imaging
import Morphometry

extension GuidanceTable {
    /// Fills the table for what `BodyRehearsal` rehearses: the same openings, cement, volume, procedure and seed.
    ///
    /// - Parameters: as of `BodyRehearsal`.
    ///   - tips: needle tips of the table, > 0.
    /// - Throws: `CementFlowError` where the order is not possible; `FaultRecord` when cancelled.
    package init(
        of vertebra: Vertebra, in volume: Volume, cortex: CortexMap, cleft: Cleft? = nil,
        foramen: BasivertebralForamen? = nil, order: RehearsalOrder, tips: Int = usualTips, threads: Int = 1,
        cancellation: Cancellation = Cancellation(), progress: @Sendable (Double) -> Void = { _ in }
    ) throws {
        let setting = try RehearsalSetting(
            vertebra, in: volume, cortex: cortex, cleft: cleft, foramen: foramen, order: order)
        // The table moves one needle over the whole body: the approach gives its radius and its balloon.
        let needles = setting.needles(setting.orderedApproach ?? .left)
        try self.init(
            setting.rehearsal(needles, runs: order.runs), in: setting.cells(ofMM: Self.usualCellMM),
            level: vertebra.level, tips: tips, threads: threads, cancellation: cancellation, progress: progress)
    }
}
