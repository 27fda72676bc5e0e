// Samples → cubic B-spline coefficients: the recursions along x, y and z.

/// Coefficients of the samples of a box, along all three axes; after each axis only the lines in `kept` go on.
///
/// Source: Unser, Aldroubi, Eden 1993, IEEE Trans Signal Process 41:834. Each line is filtered in ITK's order of arithmetic;
/// eight lines go side by side. The samples give their memory to the coefficients where nobody else holds them.
func splineCoefficients(_ samples: consuming [Double], _ size: Index3, keeping kept: IndexBox) -> [Double] {
    let (x, y, z) = (kept.lower.x, kept.lower.y, kept.lower.z)
    let (nx, ny, nz) = (kept.size.x, kept.size.y, kept.size.z)
    samples.withUnsafeMutableBufferPointer { values in
        filter(
            values, LineSet(lines: size.y * size.z, block: 1, blockStep: size.x, count: size.x, stride: 1), x..<x + nx)
        filter(
            values, LineSet(lines: nx * size.z, block: nx, blockStep: nx * size.y, count: size.y, stride: nx),
            y..<y + ny)
        filter(
            values, LineSet(lines: nx * ny, block: nx * ny, blockStep: 0, count: size.z, stride: nx * ny), z..<z + nz)
    }
    samples.removeLast(samples.count - nx * ny * nz)
    return samples
}

/// Parallel lines through an array: `block` neighbouring lines start one element apart, blocks `blockStep` apart.
private struct LineSet {
    let lines, block, blockStep: Int
    /// Samples of a line, and how far apart they lie.
    let count, stride: Int

    func start(_ line: Int) -> Int { line / block * blockStep + line % block }

    /// The same lines with fewer samples, packed without gaps.
    func shortened(to count: Int) -> LineSet {
        LineSet(
            lines: lines, block: block, blockStep: self.count > 0 ? blockStep / self.count * count : 0, count: count,
            stride: stride)
    }
}

private typealias Lanes = SIMD8<Double>

/// Filters lines in place and packs the samples in `kept` at the front: no line is overwritten before it was read.
private func filter(_ values: UnsafeMutableBufferPointer<Double>, _ set: LineSet, _ kept: Range<Int>) {
    let short = set.shortened(to: kept.count)
    let width = Lanes.scalarCount
    withUnsafeTemporaryAllocation(of: Lanes.self, capacity: set.count) { line in
        for first in stride(from: 0, to: set.lines, by: width) {
            let lanes = min(width, set.lines - first)
            set.load(UnsafeBufferPointer(values), first, lanes, into: line)
            if set.count > 1 { filterLine(line) }
            short.store(UnsafeMutableBufferPointer(rebasing: line[kept]), first, lanes, to: values)
        }
    }
}

extension LineSet {
    /// Whether lines from `first` on lie side by side.
    private func areAdjacent(_ first: Int, _ lanes: Int) -> Bool {
        lanes == Lanes.scalarCount && first % block + lanes <= block
    }

    /// Reads some lines; lanes beyond them repeat the last.
    func load(
        _ values: UnsafeBufferPointer<Double>, _ first: Int, _ lanes: Int, into line: UnsafeMutableBufferPointer<Lanes>
    ) {
        guard let values = values.baseAddress, let to = line.baseAddress else { return }
        if areAdjacent(first, lanes) {
            let from = values + start(first)
            for i in 0..<count { to[i] = UnsafeRawPointer(from + i * stride).loadUnaligned(as: Lanes.self) }
            return
        }
        let samples = UnsafeMutableRawPointer(to).assumingMemoryBound(to: Double.self)
        for lane in 0..<Lanes.scalarCount {
            let from = values + start(first + min(lane, lanes - 1))
            for i in 0..<count { samples[i * Lanes.scalarCount + lane] = from[i * stride] }
        }
    }

    /// Writes some lines.
    func store(
        _ line: UnsafeMutableBufferPointer<Lanes>, _ first: Int, _ lanes: Int,
        to values: UnsafeMutableBufferPointer<Double>
    ) {
        guard let values = values.baseAddress, let from = line.baseAddress else { return }
        if areAdjacent(first, lanes) {
            let to = UnsafeMutableRawPointer(values + start(first))
            let step = stride * MemoryLayout<Double>.stride
            for i in 0..<count { to.storeBytes(of: from[i], toByteOffset: i * step, as: Lanes.self) }
            return
        }
        let samples = UnsafeMutableRawPointer(from).assumingMemoryBound(to: Double.self)
        for lane in 0..<lanes {
            let to = values + start(first + lane)
            for i in 0..<count { to[i * stride] = samples[i * Lanes.scalarCount + lane] }
        }
    }
}

/// √3 − 2: the pole of the cubic B-spline (Unser 1993).
private let pole = 3.0.squareRoot() - 2
/// Beyond this many samples the powers of the pole are below 1e-10, ITK's tolerance: ceil(ln 1e-10 / ln |pole|).
private let horizon = 18

/// Samples → coefficients along lines side by side: a causal and an anticausal first-order recursion.
private func filterLine(_ c: UnsafeMutableBufferPointer<Lanes>) {
    let n = c.count
    let pole = pole
    let gain = (1 - pole) * (1 - 1 / pole)
    for i in 0..<n { c[i] *= gain }
    c[0] = causalStart(c)
    for i in 1..<n { c[i] += pole * c[i - 1] }
    c[n - 1] = pole / (pole * pole - 1) * (pole * c[n - 2] + c[n - 1])
    for i in stride(from: n - 2, through: 0, by: -1) { c[i] = pole * (c[i + 1] - c[i]) }
}

private func causalStart(_ c: UnsafeMutableBufferPointer<Lanes>) -> Lanes {
    let n = c.count
    if horizon < n {
        var sum = c[0]
        var power = pole
        for i in 1..<horizon {
            sum += power * c[i]
            power *= pole
        }
        return sum
    }
    // A short line: the whole mirrored sum.
    var power = pole
    var mirroredPower = 1.0
    for _ in 0..<n - 1 { mirroredPower *= pole }
    var sum = c[0] + mirroredPower * c[n - 1]
    mirroredPower *= mirroredPower / pole
    for i in 1..<max(n - 1, 1) {
        sum += (power + mirroredPower) * c[i]
        power *= pole
        mirroredPower /= pole
    }
    return sum / (1 - power * power)
}
