// One axis of a wavelet transform: an image split into its low-pass and its high-pass part.
import Imaging

/// The convolution of all lines along one axis with both filters of a wavelet, the lines repeating beyond their ends.
struct WaveletPass {
    private let length: Int
    private let count: Int
    /// Voxels between neighbours along the axis; so many voxels lie side by side and are treated alike.
    private let step: Int
    private let groups: Int
    /// Per place on the line, in the order in which they are added: the input voxel of each tap, and the taps.
    private var sources: [Int] = []
    private var lowTaps: [Double] = []
    private var highTaps: [Double] = []
    /// Whether every product and sum is rounded to single precision.
    private let isSingle: Bool

    private typealias Lanes = SIMD4<Double>

    init(_ bank: WaveletBank, _ size: Index3, along axis: Int, isSingle: Bool) {
        self.isSingle = isSingle
        length = bank.length
        let sides = [size.x, size.y, size.z]
        count = sides[axis]
        step = [1, size.x, size.x * size.y][axis]
        groups = size.count / (count * step)
        for place in 0..<count {
            // PyWavelets adds taps in ascending order; past the end of the line it begins with those that have wrapped, descending.
            let head = place + length / 2
            let wrapped = head < count ? 0 : min(head - count + 1, length)
            let order = Array((0..<wrapped).reversed()) + Array(wrapped..<length)
            for tap in order {
                sources.append((((head - tap) % count) + count) % count * step)
                lowTaps.append(bank.lowPass[tap])
                highTaps.append(bank.highPass[tap])
            }
        }
    }

    func split(_ values: [Double]) -> (low: [Double], high: [Double]) {
        var high: [Double] = []
        let low = [Double](unsafeUninitializedCapacity: values.count) { low, lowCount in
            high = [Double](unsafeUninitializedCapacity: values.count) { high, highCount in
                for group in 0..<groups {
                    let base = group * count * step
                    for place in 0..<count {
                        if isSingle {
                            convolveSingle(values, base, place, low, high)
                        } else {
                            convolve(values, base, place, low, high)
                        }
                    }
                }
                highCount = values.count
            }
            lowCount = values.count
        }
        return (low, high)
    }

    /// Both filters at one place of all the lines that lie side by side.
    private func convolve(
        _ values: [Double], _ base: Int, _ place: Int, _ low: UnsafeMutableBufferPointer<Double>,
        _ high: UnsafeMutableBufferPointer<Double>
    ) {
        let taps = place * length
        let target = base + place * step
        var lane = 0
        while lane + 4 <= step {
            var (lows, highs) = (Lanes.zero, Lanes.zero)
            for t in taps..<taps + length {
                let at = base + sources[t] + lane
                let x = Lanes(values[at], values[at + 1], values[at + 2], values[at + 3])
                lows += x * lowTaps[t]
                highs += x * highTaps[t]
            }
            for k in 0..<4 {
                low[target + lane + k] = lows[k]
                high[target + lane + k] = highs[k]
            }
            lane += 4
        }
        while lane < step {
            var (lowSum, highSum) = (0.0, 0.0)
            for t in taps..<taps + length {
                let x = values[base + sources[t] + lane]
                lowSum += x * lowTaps[t]
                highSum += x * highTaps[t]
            }
            low[target + lane] = lowSum
            high[target + lane] = highSum
            lane += 1
        }
    }

    /// The same in single precision. A product of two single-precision numbers is exact in double precision.
    private func convolveSingle(
        _ values: [Double], _ base: Int, _ place: Int, _ low: UnsafeMutableBufferPointer<Double>,
        _ high: UnsafeMutableBufferPointer<Double>
    ) {
        let taps = place * length
        for lane in 0..<step {
            var (lowSum, highSum): (Float, Float) = (0, 0)
            for t in taps..<taps + length {
                let x = values[base + sources[t] + lane]
                lowSum += Float(x * lowTaps[t])
                highSum += Float(x * highTaps[t])
            }
            low[base + place * step + lane] = Double(lowSum)
            high[base + place * step + lane] = Double(highSum)
        }
    }
}
