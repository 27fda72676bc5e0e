// Leaks: where cement leaves first, by which way, and how much.
import Domain
import Foundation
import Imaging
import Testing

@testable import CementFlow

struct LeakTests {
    private let tube = Passage(.tube(diameterMM: 1.5), thicknessMM: 0.5)

    @Test func `of two equal openings the near one leaks first, by a path from the needle to it`() throws {
        let domain = SealedBall.domain(openings: [([1, 0, 0], tube), ([0, -1, 0], tube)])
        let plan = SealedBall.plan(tip: [3, -2, 0], volume: 5500)
        let result = try domain.inject(plan)
        try #require(
            result.arrivals.map(\.exit) == [0, 1],
            "\(result.arrivals.map(\.exitName)) \(result.steps.map(\.leakedMM3).suffix(1))")
        let first = try #require(result.arrivals.first)
        #expect(first.exitName == "opening 0")
        let start = try #require(first.pathMM.first)
        let end = try #require(first.pathMM.last)
        #expect(length(start - plan.needles[0].tipMM) < 2)
        #expect(length(end - [12, 0, 0]) < 1.5)
        for (a, b) in zip(first.pathMM, first.pathMM.dropFirst()) { #expect(abs(length(a - b) - 1) < 1e-9) }
        #expect(first.volumeMM3 < result.arrivals[1].volumeMM3)
        let last = try #require(result.steps.last)
        let left = plan.volumeMM3 + result.prefillMM3 - result.cementMM3.reduce(0, +)
        #expect(abs(left - last.leakedMM3.reduce(0, +)) < 1e-7)
        #expect(result.firstLeakMM3()[0] == first.volumeMM3)
    }

    @Test func `a wider opening takes cement before a narrow one at the same distance`() throws {
        let narrow = Passage(.tube(diameterMM: 0.4), thicknessMM: 0.5)
        let domain = SealedBall.domain(openings: [([1, 0, 0], narrow), ([0, 0, 1], tube)])
        let last = try #require(try domain.inject(SealedBall.plan(tip: .zero, volume: 5500)).steps.last)
        #expect(last.leakedMM3[1] > 5 * last.leakedMM3[0])
        // The same opening at both places leaks the same.
        let even = SealedBall.domain(openings: [([1, 0, 0], tube), ([0, 0, 1], tube)])
        let both = try #require(try even.inject(SealedBall.plan(tip: .zero, volume: 5500)).steps.last)
        #expect(abs(percentOff(both.leakedMM3[0], both.leakedMM3[1])) < 2)
    }

    @Test func `leaked cement in tissue holds back what follows`() throws {
        let tissue = OuterTissue(permeabilityMM2: 0.01, porosity: 0.5, mouthRadiusMM: 1)
        let dry = tissue.resistance(leakedMM3: 0, cementViscosity: 100, fluidViscosity: 1)
        #expect(abs(dry - 1 / (2 * .pi * 0.01)) < 1e-9)
        // 7 · 2π/3 · φ fills the half ball up to twice its radius.
        let wet = tissue.resistance(leakedMM3: 7 * 2 * .pi / 3 * 0.5, cementViscosity: 100, fluidViscosity: 1)
        #expect(abs(wet - (50 + 0.5) / (2 * .pi * 0.01)) < 1e-6)

        let plan = SealedBall.plan(tip: [5, 0, 0], volume: 3000)
        let openings = [(direction: SIMD3(1.0, 0, 0), passage: tube), (direction: SIMD3(-1.0, 0, 0), passage: tube)]
        let free = SealedBall.domain(openings: openings)
        let held = SealedBall.domain(openings: openings, tissue: (1e-3, 0.5))
        let leaks = try [free, held].map { try #require(try $0.inject(plan).steps.last).leakedMM3[0] }
        #expect(leaks[1] < 0.8 * leaks[0])
    }

    @Test func `with a margin, what has leaked lies in the tissue`() throws {
        let closed = SealedBall.domain(openings: [([1, 0, 0], tube), ([0, -1, 0], tube)])
        let domain = closed.surrounded(byMM: 6, permeabilityMM2: 1e-2, porosity: 0.5)
        let result = try domain.inject(SealedBall.plan(tip: [5, 1, 0], volume: 3000))
        let last = try #require(result.steps.last)
        let outside = result.cementMM3.enumerated().filter { domain.porosity[$0.offset] == 0.5 }
            .reduce(0) { $0 + $1.element }
        #expect(last.leakedMM3[0] > 20)
        #expect(abs(last.leakedMM3.reduce(0, +) - outside) < 1e-7)
        #expect(abs(result.imbalanceMM3) < 1e-7)
    }
}
