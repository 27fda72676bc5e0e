// Eigenvalues of a real symmetric matrix.

/// A dense symmetric matrix.
struct SymmetricMatrix {
    let n: Int
    private var a: [Double]

    /// The zero matrix.
    init(n: Int) {
        self.n = n
        a = [Double](repeating: 0, count: n * n)
    }

    subscript(i: Int, j: Int) -> Double {
        get { a[i * n + j] }
        set { a[i * n + j] = newValue }
    }

    /// The largest magnitude of an eigenvalue, which the caller knows not to exceed a bound.
    func spectralRadius(atMost bound: Double) -> Double {
        n <= Self.lanczosSize ? tridiagonal().spectralRadius(atMost: bound) : lanczosRadius(atMost: bound)
    }

    /// Above this size a few Lanczos steps are faster than reducing the whole matrix (our choice, by timing).
    private static let lanczosSize = 64

    /// The largest magnitude of an eigenvalue by Lanczos' method with full orthogonalisation (Golub and Van Loan, Matrix
    /// Computations, section 10.1), until eight more steps change nothing.
    private func lanczosRadius(atMost bound: Double) -> Double {
        // A start that is orthogonal to no eigenvector by design: fractions of multiples of the golden ratio.
        var next = (0..<n).map { (Double($0 + 1) * 0.618_033_988_749_894_9).truncatingRemainder(dividingBy: 1) - 0.3 }
        var (basis, diagonal, beside): ([[Double]], [Double], [Double]) = ([], [], [])
        var length = dot(next, next).squareRoot()
        var (estimate, nextCheck) = (-1.0, 16)
        while true {
            let vector = next.map { $0 / length }
            basis.append(vector)
            next = product(vector)
            diagonal.append(dot(vector, next))
            for earlier in basis.reversed() { subtract(dot(earlier, next), earlier, from: &next) }
            length = dot(next, next).squareRoot()
            let isComplete = basis.count == n || length <= 1e-14 * bound
            if isComplete || basis.count == nextCheck {
                let radius = TridiagonalMatrix(diagonal: diagonal, beside: beside).spectralRadius(atMost: bound)
                if isComplete || abs(radius - estimate) <= 1e-13 * radius { return radius }
                estimate = radius
                nextCheck += 8
            }
            beside.append(length)
        }
    }

    private func product(_ vector: [Double]) -> [Double] {
        var product = [Double](repeating: 0, count: n)
        for j in 0..<n {
            let factor = vector[j]
            for i in 0..<n { product[i] += a[j * n + i] * factor }
        }
        return product
    }

    /// All eigenvalues, ascending.
    func eigenvalues() -> [Double] {
        let t = tridiagonal()
        return (0..<n).map { t.eigenvalue($0) }
    }

    /// A tridiagonal matrix with the same eigenvalues, by Householder reflections (Golub and Van Loan, Matrix Computations,
    /// algorithm 8.3.1).
    private func tridiagonal() -> TridiagonalMatrix {
        var a = self.a
        var diagonal = [Double](repeating: 0, count: n)
        var beside = [Double](repeating: 0, count: max(n - 1, 0))
        var v = [Double](repeating: 0, count: n)
        var w = [Double](repeating: 0, count: n)
        for k in 0..<max(n - 2, 0) {
            var norm = 0.0
            for i in k + 1..<n { norm += a[i * n + k] * a[i * n + k] }
            norm = norm.squareRoot()
            let head = a[(k + 1) * n + k]
            let alpha = head > 0 ? -norm : norm
            beside[k] = alpha
            guard norm > 0 else { continue }
            for i in k + 1..<n { v[i] = a[i * n + k] }
            v[k + 1] = head - alpha
            let scale = 1 / (norm * (norm + abs(head)))  // 2 / vᵀv
            var dot = 0.0
            // Row by row instead of a dot product per row: the matrix is symmetric, and this order runs in parallel lanes.
            for i in k + 1..<n { w[i] = 0 }
            for j in k + 1..<n { for i in k + 1..<n { w[i] += a[j * n + i] * v[j] } }
            for i in k + 1..<n {
                w[i] *= scale
                dot += w[i] * v[i]
            }
            for i in k + 1..<n { w[i] -= 0.5 * scale * dot * v[i] }
            for i in k + 1..<n { for j in k + 1..<n { a[i * n + j] -= v[i] * w[j] + w[i] * v[j] } }
        }
        if n > 1 { beside[n - 2] = a[(n - 1) * n + n - 2] }
        for i in 0..<n { diagonal[i] = a[i * n + i] }
        return TridiagonalMatrix(diagonal: diagonal, beside: beside)
    }
}

/// In four sums side by side, which run in parallel.
private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var (s0, s1, s2, s3) = (0.0, 0.0, 0.0, 0.0)
    let whole = a.count & ~3
    for i in stride(from: 0, to: whole, by: 4) {
        s0 += a[i] * b[i]
        s1 += a[i + 1] * b[i + 1]
        s2 += a[i + 2] * b[i + 2]
        s3 += a[i + 3] * b[i + 3]
    }
    var sum = (s0 + s1) + (s2 + s3)
    for i in whole..<a.count { sum += a[i] * b[i] }
    return sum
}

private func subtract(_ factor: Double, _ vector: [Double], from other: inout [Double]) {
    for i in other.indices { other[i] -= factor * vector[i] }
}

/// A symmetric matrix with entries only on and beside its diagonal.
private struct TridiagonalMatrix {
    let diagonal: [Double]
    let beside: [Double]

    /// The largest magnitude of an eigenvalue, by bisection.
    func spectralRadius(atMost bound: Double) -> Double {
        let margin = bound * 1e-12  // for rounding in the matrix
        let highest = eigenvalue(diagonal.count - 1, between: 0, and: bound + margin)
        guard eigenvaluesBelow(-highest) > 0 else { return highest }
        return abs(eigenvalue(0, between: -bound - margin, and: 0))
    }

    /// The eigenvalue with `rank` smaller ones, by bisection to the last bit.
    func eigenvalue(_ rank: Int) -> Double {
        // Gershgorin's circles hold all eigenvalues.
        var (low, high) = (0.0, 0.0)
        for i in diagonal.indices {
            let radius = (i > 0 ? abs(beside[i - 1]) : 0) + (i < beside.count ? abs(beside[i]) : 0)
            low = min(low, diagonal[i] - radius)
            high = max(high, diagonal[i] + radius)
        }
        return eigenvalue(rank, between: low, and: high)
    }

    private func eigenvalue(_ rank: Int, between lowest: Double, and highest: Double) -> Double {
        var (low, high) = (lowest, highest)
        let resolution = (high - low) * 1e-17
        while high - low > resolution {
            let middle = low + (high - low) / 2
            guard middle > low, middle < high else { break }
            if eigenvaluesBelow(middle) > rank { high = middle } else { low = middle }
        }
        return low + (high - low) / 2
    }

    /// How many eigenvalues lie below a number: the sign changes of Sturm's sequence.
    private func eigenvaluesBelow(_ x: Double) -> Int {
        var below = 0
        var pivot = 1.0
        for i in diagonal.indices {
            let coupling = i > 0 ? beside[i - 1] * beside[i - 1] : 0
            pivot = diagonal[i] - x - (coupling == 0 ? 0 : coupling / pivot)
            if pivot == 0 { pivot = -Double.leastNormalMagnitude }
            if pivot < 0 { below += 1 }
        }
        return below
    }
}
