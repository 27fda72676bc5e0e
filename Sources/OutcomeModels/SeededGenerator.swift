// Random numbers that are the same for the same seed, on every machine.
import Foundation

/// SplitMix64 (Steele, Lea, Flood 2014, OOPSLA, 10.1145/2660193.2660195).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Uniform in (0, 1).
    mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }

    /// Normal (Box and Muller 1958, Ann Math Stat 29:610).
    mutating func normal(_ mean: Double, _ standardDeviation: Double) -> Double {
        let radius = (-2 * log(uniform())).squareRoot()
        return mean + standardDeviation * radius * cos(2 * .pi * uniform())
    }

    /// An index drawn with these probabilities, which sum to 1.
    mutating func index(weighted probabilities: [Double]) -> Int {
        var rest = uniform()
        for (index, probability) in probabilities.enumerated() {
            rest -= probability
            if rest < 0 { return index }
        }
        // Rounding can leave a hair: the last index that can occur.
        return probabilities.lastIndex { $0 > 0 } ?? 0
    }
}
