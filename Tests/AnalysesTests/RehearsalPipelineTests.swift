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

    /// One rehearsed report, for all tests that look at one.
    private static let rehearsed = Result {
        let phantom = try Self.phantom.get()
        let centre = try #require(phantom.truth.vertebra(.L1)).bodyCentreLPSMM
        return try Pipeline.run(
            phantom, levels: [.L1],
            parameters: [
                "radiomics": .text("none"), "rehearsalRuns": .number(4), "plannedVolumeML": .number(4),
                "cement": .text("high-viscosity"), "approach": .text("left"), "randomSeed": .number(11),
                "needleTipsLPSMM": .object([
                    "L1": .list([.list([.number(centre.x + 3), .number(centre.y), .number(centre.z)])])
                ]),
            ])
    }

    @Test func `a planned injection is rehearsed as planned, and the report says it was simulated`() throws {
        let output = try Self.rehearsed.get()
        let vertebra = try #require(output.report.vertebrae.first)
        let rehearsal = try #require(vertebra.rehearsal)
        #expect(rehearsal.cement.name == "high-viscosity")
        #expect(rehearsal.plannedVolumeML == 4 && rehearsal.furthestVolumeML == 6)
        #expect(rehearsal.runs == 4 && rehearsal.seed == 11)
        #expect(rehearsal.needles.map(\.entrySide) == ["left"])
        #expect(abs(rehearsal.needles[0].tipLPSMM[0] - (centre.x + 3)) < 0.01)
        #expect(rehearsal.standing.contains("simulated"))
        #expect(vertebra.segmentation.verdict == "accepted")
        #expect(output.report.provenance.timingsMS.contains { $0.stage == "rehearse" })
        // Throws on a value that is not finite.
        let encoded = try JSONEncoder().encode(output.report)
        #expect(try JSONDecoder().decode(Report.self, from: encoded).vertebrae.first?.rehearsal != nil)
    }

    @Test func `the map of a rehearsal has every place, and its paths begin at the needle`() throws {
        let vertebra = try #require(Self.rehearsed.get().report.vertebrae.first)
        let map = try #require(vertebra.leakageMap)
        #expect(map.method == "rehearsal" && map.fallback == nil)
        #expect(map.quadrants.count == 4 && map.sectors.count == 12 && map.exits.count == 6 && map.beams.count == 36)
        #expect(map.quadrants.allSatisfy { $0.simulated != nil } && map.sectors.allSatisfy { $0.simulated != nil })
        #expect(map.exits.map(\.rank).min() == 1)
        #expect(Set(map.exits.flatMap(\.leakageTypes)) == ["I", "II", "III", "IV"])
        for exit in map.exits {
            let rehearsed = try #require(exit.rehearsed)
            #expect(exit.simulated.map { (0...1).contains($0.probabilityAtPlannedVolume) } == true)
            #expect(!rehearsed.ways.isEmpty && !exit.hazard.isEmpty)
            #expect(rehearsed.pathLPSMM?.allSatisfy { $0.count == 3 } ?? true)
        }
    }

    @Test func `evidence, rehearsal and both together stand beside each other for every type`() throws {
        let risk = try #require(Self.rehearsed.get().report.vertebrae.first?.risk)
        #expect(risk.combinationRule != nil && risk.anyRehearsal?.runs == 4 && risk.anyCombined != nil)
        for type in risk.types {
            let combined = try #require(type.combined)
            let simulated = try #require(type.rehearsal)
            #expect(simulated.simulatedProbability == Double(simulated.leakingRuns) / 4)
            #expect(combined.interval95[0] <= combined.probability && combined.probability <= combined.interval95[1])
            #expect(["agree", "disagree"].contains(combined.agreement))
        }
    }

    @Test func `the recommendation tells volume, side, target, alternatives and that it is for research`() throws {
        let recommendation = try #require(Self.rehearsed.get().report.vertebrae.first?.recommendation)
        let plan = try #require(recommendation.rehearsed)
        #expect(recommendation.notice.contains("Research use only"))
        #expect(plan.approach == "left" && plan.needles.map(\.entrySide) == ["left"])
        #expect(Set(plan.approaches.map(\.plan)) == ["left", "right", "bilateral"])
        #expect(!plan.whatWouldChangeIt.isEmpty && plan.statement.contains("mL"))
        #expect(recommendation.ruleVolumeRangeML.count == 2)
        if let range = recommendation.volumeRangeML {
            #expect(range[0] >= recommendation.ruleVolumeRangeML[0] && range[1] <= recommendation.ruleVolumeRangeML[1])
        }
    }

    @Test func `the risk volume holds probabilities around the rehearsed body, on the scan's grid`() throws {
        let output = try Self.rehearsed.get()
        let image = try #require(output.riskImage)
        #expect(image.geometry == phantom.volume.geometry)
        let voxel = try #require(image.geometry.voxel(holding: centre))
        let slice = image.slice(voxel.z)
        #expect(slice.allSatisfy { (0...1).contains($0) })
        // Four millilitres around a needle 3 mm from the centre reach it in most runs.
        #expect(slice[voxel.y * image.geometry.size.x + voxel.x] >= 0.5)
        #expect(image.slice(0).allSatisfy { $0 == 0 })
    }

    @Test func `without runs the map is geometric, and the risk volume says that nothing was simulated`() throws {
        let output = try run([:])
        let vertebra = try #require(output.report.vertebrae.first)
        #expect(vertebra.rehearsal == nil)
        #expect(vertebra.leakageMap?.method == "geometric")
        #expect(vertebra.omissions.contains { $0.item == "cement rehearsal" && $0.reason.contains("rehearsalRuns: 0") })
        let image = try #require(output.riskImage)
        let size = image.geometry.size
        let slice = image.slice(size.z / 2)
        let body = output.bodies.labels[(size.z / 2 * size.x * size.y)...].prefix(size.x * size.y)
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
        let seen = Mutex([Double]())
        #expect {
            _ = try run(["rehearsalRuns": .number(2000)], cancellation: cancellation) { progress in
                guard progress.stage == "rehearse" else { return }
                seen.withLock { fractions in
                    fractions.append(progress.fraction)
                    if fractions.count == 4 { cancellation.cancel() }
                }
            }
        } throws: { error in
            (error as? any Fault)?.code == .jobCancelled
        }
        let fractions = seen.withLock { $0 }
        #expect(fractions.count >= 4 && zip(fractions, fractions.dropFirst()).allSatisfy { $0 <= $1 })
        // Of 2000 runs only those that had begun may still end.
        #expect(fractions.count < 50, "\(fractions.count)")
    }
}
