// What the scan shows of one vertebra: sizes, shell, cleft, foramen, and whether its outline may be trusted.
import Domain
import Imaging
import Morphometry

/// The measurements of one vertebra that rehearsal, risk and report share.
struct VertebraAnatomy {
    let target: BiopsyTarget
    let measured: VertebraMorphometry
    let cortex: Result<CortexMap, Unmeasured>
    /// nil inside: looked for, none found.
    let cleft: Result<Cleft?, Unmeasured>
    let foramen: Result<BasivertebralForamen?, Unmeasured>

    var vertebra: Vertebra { target.vertebra }
    var review: SegmentationReview { target.review }

    /// The shell; nil where this scan cannot show it.
    var shell: CortexMap? { try? cortex.get() }

    /// Reads the shell and what opens it.
    ///
    /// - Throws: `MorphometryError`; `FaultRecord` when cancelled.
    init(
        _ target: BiopsyTarget, _ measured: VertebraMorphometry, _ input: AnalysisInput
    ) throws {
        let vertebra = target.vertebra
        let slice = input.series.sliceThicknessMM
        self.target = target
        cortex = try CortexMapper.map(
            vertebra, in: input.volume, sliceThicknessMM: slice, cancellation: input.cancellation)
        let shell = try? cortex.get()
        cleft = try CleftFinder.find(
            in: vertebra, volume: input.volume, sliceThicknessMM: slice, cortex: shell,
            cancellation: input.cancellation)
        let found = (try? cleft.get()) ?? nil
        self.measured = found.map { measured.leavingOut($0, of: vertebra, in: input.volume) } ?? measured
        foramen = try BasivertebralForamen.find(
            in: vertebra, volume: input.volume, sliceThicknessMM: slice, cortex: shell,
            cleft: found, cancellation: input.cancellation)
    }
}
