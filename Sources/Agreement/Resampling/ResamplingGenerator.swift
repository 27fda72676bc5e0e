// Random numbers for resampling: the same seed gives the same numbers on every machine.

/// xoshiro256** (Blackman and Vigna 2021, ACM Trans Math Softw 47:36), its state filled by SplitMix64
/// (Steele, Lea and Flood 2014, OOPSLA, 10.1145/2660193.2660195).
package struct ResamplingGenerator: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    package init(seed: UInt64) {
        var word = seed
        func mixed() -> UInt64 {
            word &+= 0x9E37_79B9_7F4A_7C15
            var z = word
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
        state = (mixed(), mixed(), mixed(), mixed())
    }

    package mutating func next() -> UInt64 {
        let scrambled = state.1 &* 5
        let result = ((scrambled << 7) | (scrambled >> 57)) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = (state.3 << 45) | (state.3 >> 19)
        return result
    }

    /// An index below `count`: the high word of count · next (Lemire 2019, ACM Trans Model Comput Simul 29:3, without the rejection,
    /// whose bias is below count / 2⁶⁴).
    package mutating func index(below count: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }

    /// Uniform in 0 ..< 1.
    package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}
