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

    private typealias Lanes = SIMD8<Double>

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
                values.withUnsafeBufferPointer { values in
                    if let values = values.baseAddress, let low = low.baseAddress, let high = high.baseAddress {
                        for base in stride(from: 0, to: groups * count * step, by: count * step) {
                            convolveGroup(values + base, low + base, high + base)
                        }
                    }
                }
                highCount = values.count
            }
            lowCount = values.count
        }
        return (low, high)
    }

    /// Both filters along all the lines that lie side by side.
    private func convolveGroup(
        _ values: UnsafePointer<Double>, _ low: UnsafeMutablePointer<Double>, _ high: UnsafeMutablePointer<Double>
    ) {
        if isSingle {
            for place in 0..<count { convolveSingle(values, place, low, high) }
        } else if step == 1 {
            convolveLine(values, low, high)
        } else {
            for place in 0..<count { convolve(values, place, low, high) }
        }
    }

    /// Both filters at one place of all the lines that lie side by side.
    private func convolve(
        _ values: UnsafePointer<Double>, _ place: Int, _ low: UnsafeMutablePointer<Double>,
        _ high: UnsafeMutablePointer<Double>
    ) {
        let taps = place * length
        var lane = 0
        while lane + Lanes.scalarCount <= step {
            var (lows, highs) = (Lanes.zero, Lanes.zero)
            for t in taps..<taps + length {
                let x = UnsafeRawPointer(values + sources[t] + lane).loadUnaligned(as: Lanes.self)
                lows += x * lowTaps[t]
                highs += x * highTaps[t]
            }
            UnsafeMutableRawPointer(low + place * step + lane).storeBytes(of: lows, as: Lanes.self)
            UnsafeMutableRawPointer(high + place * step + lane).storeBytes(of: highs, as: Lanes.self)
            lane += Lanes.scalarCount
        }
        while lane < step {
            var (lowSum, highSum) = (0.0, 0.0)
            for t in taps..<taps + length {
                let x = values[sources[t] + lane]
                lowSum += x * lowTaps[t]
                highSum += x * highTaps[t]
            }
            low[place * step + lane] = lowSum
            high[place * step + lane] = highSum
            lane += 1
        }
    }

    /// Both filters along one line of neighbouring voxels: places from which no tap wraps eight at a time.
    private func convolveLine(
        _ values: UnsafePointer<Double>, _ low: UnsafeMutablePointer<Double>, _ high: UnsafeMutablePointer<Double>
    ) {
        var place = 0
        while place < count {
            let head = place + length / 2
            guard head >= length - 1, head + Lanes.scalarCount <= count else {
                convolve(values, place, low, high)
                place += 1
                continue
            }
            var (lows, highs) = (Lanes.zero, Lanes.zero)
            for tap in 0..<length {
                let x = UnsafeRawPointer(values + head - tap).loadUnaligned(as: Lanes.self)
                lows += x * lowTaps[place * length + tap]
                highs += x * highTaps[place * length + tap]
            }
            UnsafeMutableRawPointer(low + place).storeBytes(of: lows, as: Lanes.self)
            UnsafeMutableRawPointer(high + place).storeBytes(of: highs, as: Lanes.self)
            place += Lanes.scalarCount
        }
    }

    /// The same in single precision. A product of two single-precision numbers is exact in double precision.
    private func convolveSingle(
        _ values: UnsafePointer<Double>, _ place: Int, _ low: UnsafeMutablePointer<Double>,
        _ high: UnsafeMutablePointer<Double>
    ) {
        let taps = place * length
        for lane in 0..<step {
            var (lowSum, highSum): (Float, Float) = (0, 0)
            for t in taps..<taps + length {
                let x = values[sources[t] + lane]
                lowSum += Float(x * lowTaps[t])
                highSum += Float(x * highTaps[t])
            }
            low[place * step + lane] = Double(lowSum)
            high[place * step + lane] = Double(highSum)
        }
    }
}
