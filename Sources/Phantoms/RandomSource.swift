// The phantom's own chance: the same seed gives the same numbers on every machine and in every release.
import Foundation

/// SplitMix64 (Steele, Lea, Flood 2014, OOPSLA, 10.1145/2660193.2660195): one word of state, any seed is good.
struct RandomSource {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// An independent source for one purpose, so that adding draws to one part of the phantom does not move another.
    init(seed: UInt64, stream: UInt64) {
        var mixer = RandomSource(seed: seed ^ (stream &* 0x9E37_79B9_7F4A_7C15))
        state = mixer.next() ^ stream
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Uniform in 0 ..< 1.
    mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Uniform in the range.
    mutating func uniform(_ range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
    }

    /// Standard normal (Box–Muller).
    mutating func normal() -> Double {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return radius * cos(2 * .pi * uniform())
    }

    /// Nearly standard normal without transcendental functions: the sum of the four 16-bit parts of one word.
    /// Good enough where many are summed afterwards, as in filtered noise.
    mutating func quickNormal() -> Float {
        let word = next()
        let sum = (word & 0xFFFF) + ((word >> 16) & 0xFFFF) + ((word >> 32) & 0xFFFF) + (word >> 48)
        // Four uniforms on 0…65535: mean 131070, SD 65536 · sqrt(4/12).
        return (Float(sum) - 131_070) * (1 / 37_837.2)
    }

    /// One member of a list.
    mutating func element<T>(of list: [T]) -> T { list[Int(next() % UInt64(list.count))] }
}
