// Observations counted by size, as Prometheus wants them.

/// A histogram of seconds.
struct Histogram: Sendable {
    /// Upper bounds of the buckets, ascending, seconds; the last bucket is open.
    let bounds: [Double]
    private var counts: [Int]
    private var sumSeconds = 0.0

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// From a millisecond, in which small answers are made, to the minutes of a large upload (our choice).
    static let requests = Histogram(bounds: [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60])
    /// From a tenth of a second to ten minutes (our choice).
    static let stages = Histogram(bounds: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 600])

    mutating func observe(_ seconds: Double) {
        counts[bounds.firstIndex { seconds <= $0 } ?? bounds.count] += 1
        sumSeconds += seconds
    }

    /// The samples of this histogram under a name, for one set of labels.
    func write(_ name: String, labels: [(String, String)], to text: inout PrometheusText) {
        var total = 0
        for (index, count) in counts.enumerated() {
            total += count
            let bound = index < bounds.count ? PrometheusText.number(bounds[index]) : "+Inf"
            text.sample(name + "_bucket", labels + [("le", bound)], Double(total))
        }
        text.sample(name + "_sum", labels, sumSeconds)
        text.sample(name + "_count", labels, Double(total))
    }
}
