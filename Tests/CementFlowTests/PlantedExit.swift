// One phantom with a planted opening: which exit and quadrant leak first with the true opening, and through the whole chain.
import Domain
import Foundation
import Imaging
import Morphometry
import Phantoms

@testable import CementFlow

/// A phantom with one planted gap, every third also with a gas cleft half-way to it, judged by extended runs.
struct PlantedExit: Sendable {
    let hasCleft: Bool
    let wall: BodyWall
    /// Claimed by the cortex map within 6 mm of the gap.
    let isClaimed: Bool
    /// The same, a suspect counted as well.
    let isSuspected: Bool
    /// Claimed gaps farther from it.
    let falseClaims: Int
    let byTruth: Verdict
    let byChain: Verdict

    /// What leaked first.
    struct Verdict: Sendable {
        /// The planted exit of the map: the wall with its veins or foramen.
        var exit = false
        /// The planted wall itself, veins and foramen counted apart.
        var way = false
        /// A place within 6 mm of the gap.
        var place = false
        var quadrant = false
        /// Something reached the volume that counts as a leak.
        var hasLeaked = false
    }

    /// - Parameter pixelMM: of the scan; its slices are 1 mm.
    init(seed: UInt64, pixelMM: Double) throws {
        let recipe = PhantomRecipe.withExit(seed: seed, pixelMM: pixelMM)
        let level = recipe.levels[0]
        let phantom = try PhantomBuilder.build(recipe)
        let exact = try RehearsedBody(phantom, level)
        guard let planted = exact.truth.lesions.first(where: { $0.kind == .corticalGap }), let wall = planted.wall,
            let centroid = planted.centroidLPSMM, let quadrant = planted.quadrant
        else { throw RehearsedBody.NoSuchLevel() }
        let place = exact.vertebra.frame.local(centroid)
        let erring = try RehearsedBody(phantom, level, boundaryErrorMM: 0.5, seed: seed)
        let cortex = try CortexMapper.map(erring.vertebra, in: erring.volume, sliceThicknessMM: nil).get()
        // As in a report, a cleft that the scan cannot show is none.
        let cleft =
            switch try CleftFinder.find(
                in: erring.vertebra, volume: erring.volume, sliceThicknessMM: nil, cortex: cortex)
            {
            case .success(let cleft): cleft
            case .failure: nil as Morphometry.Cleft?
            }
        func isNear(_ gap: CorticalGap) -> Bool { length(gap.localMM - place) < 6 }
        func verdict(_ body: RehearsedBody, _ cortex: CortexMap, _ cleft: Morphometry.Cleft?) throws -> Verdict {
            let setting = try RehearsalSetting(
                body.vertebra, in: body.volume, cortex: cortex, cleft: cleft, foramen: nil,
                order: RehearsalOrder(seed: seed))
            let run = try setting.extendedRun(
                setting.needles(seed.isMultiple(of: 2) ? .left : .right), cellMM: RehearsalSetting.cellMM)
            guard let first = run.places.first?.place else { return Verdict() }
            let exits = LeakageMap.Exit.allCases
            let quadrants = BodyQuadrant.allCases
            return Verdict(
                exit: exits.min { run.leak(at: $0) < run.leak(at: $1) } == LeakageMap.Exit(wall),
                way: first.exit == FlowExit(wall), place: length(first.localMM - place) < 6,
                quadrant: quadrants.indices.min { run.quadrants[$0] < run.quadrants[$1] }.map { quadrants[$0] }
                    == quadrant,
                hasLeaked: run.exits.contains { $0.firstML != nil })
        }
        hasCleft = recipe.lesions.count > 1
        self.wall = wall
        isClaimed = cortex.gaps.contains(where: isNear)
        isSuspected = isClaimed || cortex.suspects.contains(where: isNear)
        falseClaims = cortex.gaps.count { !isNear($0) }
        byTruth = try verdict(exact, exact.trueCortex(), nil)
        byChain = try verdict(erring, cortex, cleft)
    }
}

/// Marks of many phantoms, as lines of a table.
struct PlantedExitTable {
    let cases: [PlantedExit]

    var lines: [String] {
        let parts =
            [("all", cases), ("gap alone", cases.filter { !$0.hasCleft }), ("cleft and gap", cases.filter(\.hasCleft))]
            + BodyWall.allCases.map { wall in (wall.rawValue, cases.filter { $0.wall == wall }) }
        return parts.flatMap { name, part in
            [
                line("\(name): gap claimed by the cortex map", part, \.isClaimed),
                line("\(name): gap claimed or suspected", part, \.isSuspected),
                line("\(name): no false claim", part) { $0.falseClaims == 0 },
            ] + sides(name, part)
        }
    }

    private func sides(_ name: String, _ part: [PlantedExit]) -> [String] {
        [("true opening", \PlantedExit.byTruth), ("whole chain", \PlantedExit.byChain)].flatMap { side, verdict in
            [
                line("\(name): exit first, \(side)", part) { $0[keyPath: verdict].exit },
                line("\(name): way first among nine, \(side)", part) { $0[keyPath: verdict].way },
                line("\(name): first leak at the gap, \(side)", part) { $0[keyPath: verdict].place },
                line("\(name): quadrant first, \(side)", part) { $0[keyPath: verdict].quadrant },
                line("\(name): something leaked, \(side)", part) { $0[keyPath: verdict].hasLeaked },
            ]
        }
    }

    private func line(_ name: String, _ part: [PlantedExit], _ holds: (PlantedExit) -> Bool) -> String {
        let hits = part.count(where: holds)
        let interval = wilsonInterval(hits, of: part.count)
        let share = Double(hits) / Double(max(part.count, 1))
        return "| \(name) | \(hits)/\(part.count) | \(percent(share)) | "
            + "\(percent(interval.lowerBound))-\(percent(interval.upperBound)) |"
    }

    private func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
}

extension PlantedExit: CustomStringConvertible {
    var description: String {
        func marks(_ of: (Verdict) -> Bool) -> String { "\(of(byTruth) ? 1 : 0)\(of(byChain) ? 1 : 0)" }
        return
            "\(wall.rawValue) cleft \(hasCleft ? 1 : 0) claimed \(isClaimed ? 1 : 0) suspected \(isSuspected ? 1 : 0) false "
            + "\(falseClaims); by truth and chain: exit \(marks(\.exit)) way \(marks(\.way)) place \(marks(\.place)) "
            + "quadrant \(marks(\.quadrant)) leaked \(marks(\.hasLeaked))"
    }
}

extension PhantomRecipe {
    /// One vertebra with one gap drawn as in `random`; with every third seed also a gas cleft that reaches from the middle towards it.
    static func withExit(seed: UInt64, pixelMM: Double) -> PhantomRecipe {
        let drawn = PhantomRecipe.random(seed: seed, spacingMM: [pixelMM, pixelMM, 1])
        guard case .corticalGap(let gap)? = drawn.lesions.first else { return drawn }
        var recipe = drawn
        recipe.levels = [gap.level]
        recipe.fieldOfViewMM = [90, 100]
        guard seed.isMultiple(of: 3) else { return recipe }
        recipe.lesions.append(
            .cleft(Cleft(level: gap.level, content: .gas, sizeMM: [14, 12, 4], position: gap.cleftPosition)))
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
