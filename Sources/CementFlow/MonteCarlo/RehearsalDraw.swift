// Chance: what one run of the rehearsal takes for true.
import Foundation
import Imaging

/// How uncertain the inputs of a rehearsal are.
package struct RehearsalSpread: Sendable, Hashable, Codable {
    /// Standard deviation of ln k: published permeabilities of vertebral bone differ by one to two decades (Nauman 1999, Ann
    /// Biomed Eng 27:517; Baroud 2004, J Biomech 37:189); half a decade (our choice).
    package var permeabilityLogSD = 1.15
    /// Standard deviation of ln µ: batch, temperature and time since mixing (our choice).
    package var viscosityLogSD = 0.5
    /// Standard deviation of the needle's tip along each axis, mm (our choice).
    package var tipSDMM = 2.0
    /// Standard deviation of ln length and ln width of each gap (our choice; the cortex map's width says little below 1 mm).
    package var defectLogSD = 0.3
    /// Standard deviation of the body's surface in any one direction, mm (our choice: about half a voxel); 0 for a surface taken
    /// as exact.
    package var segmentationSDMM = 0.5

    package init() {}
}

/// A gap that is there with some probability.
package struct UncertainOpening: Sendable, Hashable {
    package var opening: ShellOpening
    /// 0…1.
    package var probability: Double

    package init(_ opening: ShellOpening, probability: Double) {
        self.opening = opening
        self.probability = probability
    }
}

/// The numbers of one run. They depend on the seed and the run's number alone: not on the grid, on other runs or on threads.
struct RehearsalDraw {
    let permeabilityFactor: Double
    let viscosityFactor: Double
    /// Candidates for each needle's shift from its planned tip, in the vertebra's frame, mm; the first one inside the body counts.
    let tipShiftsMM: [[SIMD3<Double>]]
    let openings: [ShellOpening]
    /// Which of the uncertain openings they are.
    let presentOpenings: [Int]
    let surface: SurfaceShift

    /// As many candidates are drawn whatever the body, so that what follows does not depend on it.
    private static let candidates = 8

    init(seed: UInt64, run: Int, needles: Int, openings: [UncertainOpening], spread: RehearsalSpread) {
        var random = RehearsalGenerator(seed: seed, run: run)
        permeabilityFactor = exp(spread.permeabilityLogSD * random.normal())
        viscosityFactor = exp(spread.viscosityLogSD * random.normal())
        // As many needles are drawn for one as for two, so that approaches share what follows.
        let tips = (0..<max(needles, 2)).map { _ in
            (0..<Self.candidates).map { _ in
                SIMD3(random.normal(), random.normal(), random.normal()) * spread.tipSDMM
            }
        }
        tipShiftsMM = Array(tips.prefix(needles))
        let sized = openings.map { uncertain -> ShellOpening? in
            let long = exp(spread.defectLogSD * random.normal())
            let wide = exp(spread.defectLogSD * random.normal())
            let isThere = random.uniform() < uncertain.probability
            guard isThere else { return nil }
            var opening = uncertain.opening
            switch opening.passage.shape {
            case .fissure(let length, let width):
                opening.passage.shape = .fissure(lengthMM: length * long, widthMM: width * wide)
            case .tube(let diameter):
                opening.passage.shape = .tube(diameterMM: diameter * wide)
            }
            return opening
        }
        self.openings = sized.compactMap { $0 }
        presentOpenings = sized.indices.filter { sized[$0] != nil }
        // Drawn last, so that the other numbers do not depend on it.
        surface = SurfaceShift(standardDeviationMM: spread.segmentationSDMM) { random.normal() }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014, OOPSLA, 10.1145/2660193.2660195), started from a seed and a run's number.
struct RehearsalGenerator {
    private var state: UInt64

    init(seed: UInt64, run: Int) {
        state = seed
        let start = next()
        state = start ^ (UInt64(run) &* 0xD134_2543_DE82_EF95)
        _ = next()
    }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Uniform in (0, 1).
    mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }

    /// Standard normal (Box and Muller 1958, Ann Math Stat 29:610).
    mutating func normal() -> Double {
        let radius = (-2 * log(uniform())).squareRoot()
        return radius * cos(2 * .pi * uniform())
    }
}
