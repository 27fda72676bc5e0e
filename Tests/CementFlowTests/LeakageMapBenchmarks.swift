// Acceptance of the map: 200 phantoms with one planted gap or a cleft that leads to it. `Benchmarks/map/run` prints the table.
import Domain
import Foundation
import Imaging
import Morphometry
import Phantoms
import Testing

@testable import CementFlow

private let environment = ProcessInfo.processInfo.environment
private let isFull = environment["OSTEON_ACCEPTANCE"] == "full"
/// Scored seeds; the map and the flow were looked at on seeds below 100 while they were made.
private let firstSeed = environment["OSTEON_MAP_SEED"].flatMap(Int.init) ?? 5001
private let count = environment["OSTEON_MAP_PHANTOMS"].flatMap(Int.init) ?? 200

@Suite(.serialized, .enabled(if: isFull, "OSTEON_ACCEPTANCE=full scores 200 phantoms; half an hour of one core"))
struct LeakageMapBenchmarks {
    /// One phantom, judged.
    struct Case: Sendable {
        var hasCleft = false
        var wall = BodyWall.anterior
        var isFound = false
        /// Did the planted exit of the map (wall with its veins or foramen) leak first, and alone among the nine ways out?
        var exitFirst = Verdicts()
        /// The same with the planted wall named as maps name it: by the true surface's normal at the gap (`BodyCells.WallFace`).
        var exitByNormalFirst = Verdicts()
        var wayFirst = Verdicts()
        /// Did the first leak lie within 6 mm of the gap? Between two walls the map names the wall by the surface's normal, the phantom by
        /// the angle at which the gap was drawn.
        var placeFirst = Verdicts()
        var quadrantFirst = Verdicts()
        var hasLeaked = Verdicts()
    }

    /// With truth's openings, and through the cortex map.
    struct Verdicts: Sendable {
        var truth = false
        var chain = false
    }

    @Test func `the planted exit and quadrant leak first`() throws {
        let start = Date()
        let cases = try inOrder(count, threads: 2) { n in try judge(UInt64(firstSeed + n)) }
        func share(_ name: String, _ of: [Case], _ verdict: (Case) -> Bool) {
            let hits = of.count(where: verdict)
            let interval = wilsonInterval(hits, of: of.count)
            print(
                "| \(name) | \(hits)/\(of.count) | \(percent(Double(hits) / Double(max(of.count, 1)))) | "
                    + "\(percent(interval.lowerBound))-\(percent(interval.upperBound)) |")
        }
        for (name, part) in [
            ("all", cases), ("gap alone", cases.filter { !$0.hasCleft }), ("cleft and gap", cases.filter(\.hasCleft)),
        ] {
            share("\(name): exit first, openings by truth", part) { $0.exitFirst.truth }
            share("\(name): way first among nine, openings by truth", part) { $0.wayFirst.truth }
            share("\(name): first leak at the gap, openings by truth", part) { $0.placeFirst.truth }
            share("\(name): quadrant first, openings by truth", part) { $0.quadrantFirst.truth }
            share("\(name): gap claimed by the cortex map", part) { $0.isFound }
            share("\(name): exit first, whole chain", part) { $0.exitFirst.chain }
            share("\(name): exit by the surface's normal first, whole chain", part) { $0.exitByNormalFirst.chain }
            share("\(name): way first among nine, whole chain", part) { $0.wayFirst.chain }
            share("\(name): first leak at the gap, whole chain", part) { $0.placeFirst.chain }
            share("\(name): quadrant first, whole chain", part) { $0.quadrantFirst.chain }
        }
        for wall in BodyWall.allCases {
            share("\(wall.rawValue): exit first by truth", cases.filter { $0.wall == wall }) { $0.exitFirst.truth }
            share("\(wall.rawValue): quadrant first by truth", cases.filter { $0.wall == wall }) {
                $0.quadrantFirst.truth
            }
            share("\(wall.rawValue): exit first by chain", cases.filter { $0.wall == wall }) { $0.exitFirst.chain }
            share("\(wall.rawValue): exit by the surface's normal first by chain", cases.filter { $0.wall == wall }) {
                $0.exitByNormalFirst.chain
            }
        }
        share("something leaked in the extended run, truth", cases) { $0.hasLeaked.truth }
        share("something leaked in the extended run, chain", cases) { $0.hasLeaked.chain }
        print("| seeds \(firstSeed)...\(firstSeed + count - 1) | \(Int(Date().timeIntervalSince(start))) s wall |")
        #expect(Double(cases.count { $0.exitFirst.truth }) >= 0.9 * Double(count))
        #expect(Double(cases.count { $0.quadrantFirst.truth }) >= 0.95 * Double(count))
    }

    private func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }

    /// Both runs of one phantom.
    private func judge(_ seed: UInt64) throws -> Case {
        let recipe = PhantomRecipe.withExit(seed: seed)
        let level = recipe.levels[0]
        let phantom = try PhantomBuilder.build(recipe)
        let exact = try RehearsedBody(phantom, level)
        guard let planted = exact.truth.lesions.first(where: { $0.kind == .corticalGap }), let wall = planted.wall,
            let quadrant = planted.quadrant
        else { throw RehearsedBody.NoSuchLevel() }
        var result = Case(hasCleft: recipe.lesions.count > 1, wall: wall)
        let blurred = try RehearsedBody(phantom, level, boundaryErrorMM: 0.5, seed: seed)
        let cortex = try CortexMapper.map(blurred.vertebra, in: blurred.volume, sliceThicknessMM: nil).get()
        let place = exact.vertebra.frame.local(planted.centroidLPSMM ?? .zero)
        result.isFound = cortex.gaps.contains { length($0.localMM - place) < 6 }
        let facing =
            BodyCells(exact.vertebra, in: exact.volume, cellMM: 1).faces.min {
                length($0.localMM - place) < length($1.localMM - place)
            }?.wall ?? wall
        for (keys, body, shell) in [
            (true, exact, exact.trueCortex()), (false, blurred, cortex),
        ] {
            let cleft =
                keys
                ? nil
                : try CleftFinder.find(
                    in: body.vertebra, volume: body.volume, sliceThicknessMM: nil, cortex: shell
                ).get()
            let order = RehearsalOrder(seed: seed)
            let setting = try RehearsalSetting(
                body.vertebra, in: body.volume, cortex: shell, cleft: cleft, foramen: nil, order: order)
            let approach: RehearsalOrder.Approach = seed.isMultiple(of: 2) ? .left : .right
            let run = try setting.extendedRun(setting.needles(approach), cellMM: 1.5)
            let exits = LeakageMap.Exit.allCases.min {
                run.leak(at: $0) < run.leak(at: $1)
            }
            let first = run.places.first?.place
            let quadrants = BodyQuadrant.allCases.indices.min {
                run.quadrants[$0] < run.quadrants[$1]
            }
            let leaked = first != nil
            let verdicts = (
                leaked && exits == LeakageMap.Exit(wall), leaked && exits == LeakageMap.Exit(facing),
                leaked && first?.exit == FlowExit(wall),
                leaked && quadrants.map { BodyQuadrant.allCases[$0] } == quadrant,
                first.map { length($0.localMM - place) < 6 } ?? false
            )
            if keys {
                (
                    result.exitFirst.truth, result.exitByNormalFirst.truth, result.wayFirst.truth,
                    result.quadrantFirst.truth, result.placeFirst.truth
                ) = verdicts
                result.hasLeaked.truth = run.exits.contains { $0.firstML != nil }
            } else {
                (
                    result.exitFirst.chain, result.exitByNormalFirst.chain, result.wayFirst.chain,
                    result.quadrantFirst.chain, result.placeFirst.chain
                ) = verdicts
                result.hasLeaked.chain = run.exits.contains { $0.firstML != nil }
            }
        }
        func marks(_ v: Verdicts) -> String { "\(v.truth ? 1 : 0)\(v.chain ? 1 : 0)" }
        print(
            seed, wall.rawValue, quadrant.rawValue, "cleft", result.hasCleft, "found", result.isFound,
            "truth and chain: exit",
            marks(result.exitFirst), "by normal", marks(result.exitByNormalFirst), "way", marks(result.wayFirst),
            "place", marks(result.placeFirst), "quadrant",
            marks(result.quadrantFirst), "leaked", marks(result.hasLeaked))
        return result
    }
}

extension PhantomRecipe {
    /// One vertebra with one gap drawn as in `random`; with every third seed also a gas cleft that reaches from the middle towards it.
    fileprivate static func withExit(seed: UInt64) -> PhantomRecipe {
        let drawn = PhantomRecipe.random(seed: seed, spacingMM: [0.7, 0.7, 1])
        guard case .corticalGap(let gap)? = drawn.lesions.first else { return drawn }
        var recipe = drawn
        recipe.levels = [gap.level]
        recipe.fieldOfViewMM = [90, 100]
        guard seed.isMultiple(of: 3) else { return recipe }
        let position = gap.cleftPosition
        recipe.lesions.append(
            .cleft(Cleft(level: gap.level, content: .gas, sizeMM: [14, 12, 4], position: position)))
        return recipe
    }
}

extension PlantedGap {
    /// Halfway from the body's middle to the gap, as a fraction of half the body's sizes.
    fileprivate var cleftPosition: SIMD3<Double> {
        let angle = (angleDegrees ?? 90) * .pi / 180
        switch wall {
        case .superiorEndplate: return [0.5 * position * cos(angle), 0.5 * position * sin(angle), 0.6]
        case .inferiorEndplate: return [0.5 * position * cos(angle), 0.5 * position * sin(angle), -0.6]
        default: return [0.55 * cos(angle), 0.55 * sin(angle), 0.6 * position]
        }
    }
}
