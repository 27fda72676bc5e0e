// The rehearsal inside the pipeline: what is planned is simulated, and what cannot be is named.
import Analyses
import Domain
import Foundation
import Imaging
import Phantoms
import Synchronization
import Testing

@Suite struct RehearsalPipelineTests {
    private static let phantom = Result {
        var recipe = PhantomRecipe(seed: 7, levels: [.T12, .L1, .L2])
        recipe.spacingMM = [1, 1, 1.5]
        return try PhantomBuilder.build(recipe)
    }
    private let phantom: Phantom
    private let centre: PointMM

    init() throws {
        phantom = try Self.phantom.get()
        centre = try #require(phantom.truth.vertebra(.L1)).bodyCentreLPSMM
    }

    private func run(
        _ parameters: [String: ParameterValue], cancellation: Cancellation = Cancellation(),
        progress: @escaping @Sendable (StageProgress) -> Void = { _ in }
    ) throws -> AnalysisOutput {
        try Pipeline.run(
            phantom, levels: [.L1], parameters: ["radiomics": .text("none")].merging(parameters) { $1 },
            cancellation: cancellation,
            progress: progress)
    }

    @Test func `a planned injection is rehearsed as planned, and the report says it was simulated`() throws {
        let output = try run([
            "rehearsalRuns": .number(4), "plannedVolumeML": .number(4), "cement": .text("high-viscosity"),
            "approach": .text("left"), "needleTipsLPSMM": .text("\(centre.x + 3),\(centre.y),\(centre.z)"),
            "randomSeed": .number(11),
        ])
        let vertebra = try #require(output.report.vertebrae.first)
        let rehearsal = try #require(vertebra.rehearsal)
        #expect(rehearsal.cement.name == "high-viscosity")
        #expect(rehearsal.plannedVolumeML == 4)
        #expect(rehearsal.runs == 4 && rehearsal.seed == 11)
        #expect(rehearsal.needles.map(\.placedBy) == ["request"])
        #expect(rehearsal.standing.contains("simulated"))
        #expect(vertebra.segmentation.verdict == "accepted")
        #expect(output.report.provenance.timingsMS.contains { $0.stage == "rehearse" })
        // Throws on a value that is not finite.
        let encoded = try JSONEncoder().encode(output.report)
        #expect(try JSONDecoder().decode(Report.self, from: encoded).vertebrae.first?.rehearsal != nil)
    }

    @Test func `without runs the map is geometric, and the risk volume says that nothing was simulated`() throws {
        let output = try run([:])
        let vertebra = try #require(output.report.vertebrae.first)
        #expect(vertebra.rehearsal == nil)
        #expect(vertebra.leakageMap?.method == "geometric")
        #expect(vertebra.omissions.contains { $0.item == "cement rehearsal" && $0.reason.contains("rehearsalRuns: 0") })
        let volume = output.riskVolume
        let middle = volume.geometry.size
        let slice = volume.slice(middle.z / 2)
        let body = output.bodies.labels[(middle.z / 2 * middle.x * middle.y)...].prefix(middle.x * middle.y)
        #expect(slice.contains(-1))
        #expect(zip(slice, body).allSatisfy { ($0 == -1) == ($1 != 0) })
    }

    @Test func `a needle outside the body is refused with its place, before anything long`() throws {
        let started = Mutex(Set<String>())
        #expect {
            _ = try run(
                ["rehearsalRuns": .number(4), "needleTipsLPSMM": .text("\(centre.x),\(centre.y + 60),\(centre.z)")]
            ) { progress in started.withLock { _ = $0.insert(progress.stage) } }
        } throws: { error in
            (error as? AnalysisError)?.subject == "parameters.needleTipsLPSMM.L1"
        }
        #expect(started.withLock { $0 } == ["segment"])
    }

    @Test func `slices over 2 mm leave out the rehearsal and say why`() throws {
        var recipe = PhantomRecipe(seed: 7, levels: [.T12, .L1, .L2])
        recipe.spacingMM = [1, 1, 2.5]
        let output = try Pipeline.run(
            try PhantomBuilder.build(recipe), levels: [.L1],
            parameters: ["radiomics": .text("none"), "rehearsalRuns": .number(4)])
        let vertebra = try #require(output.report.vertebrae.first)
        #expect(vertebra.rehearsal == nil && vertebra.leakageMap == nil)
        #expect(vertebra.omissions.contains { $0.item == "cement rehearsal" && $0.reason.contains("2.5 mm") })
        #expect(vertebra.recommendation != nil && vertebra.risk != nil)
    }

    @Test func `progress rises during the rehearsal, and a cancellation within it stops at once`() throws {
        let cancellation = Cancellation()
        let seen = Mutex((fractions: [Double](), cancelledAt: ContinuousClock.now))
        #expect {
            _ = try run(["rehearsalRuns": .number(2000)], cancellation: cancellation) { progress in
                guard progress.stage == "rehearse" else { return }
                seen.withLock { state in
                    state.fractions.append(progress.fraction)
                    if state.fractions.count == 4 {
                        state.cancelledAt = .now
                        cancellation.cancel()
                    }
                }
            }
        } throws: { error in
            (error as? any Fault)?.code == .jobCancelled
        }
        let (fractions, cancelledAt) = seen.withLock { $0 }
        #expect(fractions.count >= 4 && zip(fractions, fractions.dropFirst()).allSatisfy { $0 <= $1 })
        // Far less than the minutes that 2000 runs take, on a machine that is busy with other tests too.
        #expect(ContinuousClock.now - cancelledAt < .seconds(5))
    }
}
