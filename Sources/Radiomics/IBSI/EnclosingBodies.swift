// Bodies around a convex hull: the oriented box and the ellipsoid of least volume.
import Foundation
import Imaging

/// The smallest box that lies flat on a triangle of a convex hull.
///
/// The box of least volume need not touch along a face (O'Rourke 1985, Int J Comput Inf Sci 14:183), so that this one can be
/// a little larger. IBSI has no consensus value.
struct OrientedBox {
    let edgesMM: SIMD3<Double>

    var volumeMM3: Double { edgesMM.x * edgesMM.y * edgesMM.z }
    var areaMM2: Double { 2 * (edgesMM.x * edgesMM.y + edgesMM.y * edgesMM.z + edgesMM.z * edgesMM.x) }

    init(around hull: ConvexHull) {
        var best = SIMD3<Double>(repeating: .infinity)
        for triangle in hull.triangles {
            let (a, b, c) = (hull.vertices[triangle.x], hull.vertices[triangle.y], hull.vertices[triangle.z])
            let normal = normalised(cross(b - a, c - a))
            let u = normalised(b - a)
            let v = cross(normal, u)
            let depth = hull.vertices.reduce(0) { max($0, dot(normal, a - $1)) }
            let sides = smallestRectangle(hull.vertices.map { [dot($0, u), dot($0, v)] })
            let edges = SIMD3(sides.x, sides.y, depth)
            if edges.x * edges.y * edges.z < best.x * best.y * best.z { best = edges }
        }
        edgesMM = best
    }
}

/// The sides of the rectangle of least area around points: it lies flat on an edge of their convex hull (Freeman and Shapira
/// 1975, Commun ACM 18:409).
private func smallestRectangle(_ points: [SIMD2<Double>]) -> SIMD2<Double> {
    let outline = convexOutline(points)
    var best = SIMD2<Double>(repeating: .infinity)
    for i in outline.indices {
        let edge = outline[(i + 1) % outline.count] - outline[i]
        let along = edge / (edge * edge).sum().squareRoot()
        let across = SIMD2(-along.y, along.x)
        var (low, high, depth) = (Double.infinity, -Double.infinity, 0.0)
        for point in outline {
            let d = point - outline[i]
            let s = (d * along).sum()
            low = min(low, s)
            high = max(high, s)
            depth = max(depth, (d * across).sum())
        }
        if (high - low) * depth < best.x * best.y { best = [high - low, depth] }
    }
    return best
}

/// The convex hull of points in a plane, anticlockwise (Andrew 1979, Inf Process Lett 9:216).
private func convexOutline(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] {
    let sorted = points.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    func chain(_ points: some Sequence<SIMD2<Double>>) -> [SIMD2<Double>] {
        var chain: [SIMD2<Double>] = []
        for point in points {
            while chain.count > 1 {
                let (a, b) = (chain[chain.count - 2], chain[chain.count - 1])
                let turn = (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x)
                guard turn <= 0 else { break }
                chain.removeLast()
            }
            chain.append(point)
        }
        return chain.dropLast()
    }
    return chain(sorted) + chain(sorted.reversed())
}

/// An ellipsoid by its half axes, longest first.
struct Ellipsoid {
    let halfAxesMM: SIMD3<Double>

    var volumeMM3: Double { 4 / 3 * .pi * halfAxesMM.x * halfAxesMM.y * halfAxesMM.z }

    /// The manual's series of Legendre polynomials for the surface, 21 terms. Source: IBSI reference manual, RDD2.
    ///
    /// It is not the surface: that needs both eccentricities from the shortest axis (Maas 1994). Half axes 5, 3, 2 give 130.78
    /// for 134.78. The consensus holds the manual's series (digital phantom: 1.36 ± 0.01; series 1.355, surface 1.304).
    var areaMM2: Double {
        let (a, b, c) = (halfAxesMM.x, halfAxesMM.y, halfAxesMM.z)
        let (alpha, beta) = (max(1 - b * b / (a * a), 0).squareRoot(), max(1 - c * c / (a * a), 0).squareRoot())
        let product = alpha * beta
        // (αβ)^ν·P_ν((α² + β²) / 2αβ) by the recursion of P, which stays finite for αβ = 0.
        let centre = (alpha * alpha + beta * beta) / 2
        var (before, term, sum) = (0.0, 1.0, 0.0)
        for order in 0...20 {
            let v = Double(order)
            sum += term / (1 - 4 * v * v)
            (before, term) = (term, ((2 * v + 1) * centre * term - v * product * product * before) / (v + 1))
        }
        return 4 * .pi * a * b * sum
    }

    init(halfAxesMM: SIMD3<Double>) { self.halfAxesMM = halfAxesMM }

    /// The ellipsoid of least volume around a convex hull, within one part in a million.
    ///
    /// Source: Khachiyan 1996, Math Oper Res 21:307, with the steps away from points of Todd and Yıldırım 2007, Discrete Appl
    /// Math 155:1731.
    init(around hull: ConvexHull) {
        let centre = hull.vertices.reduce(.zero, +) / Double(hull.vertices.count)
        let points = hull.vertices.map { SIMD4($0 - centre, 1) }
        var weights = [Double](repeating: 1 / Double(points.count), count: points.count)
        for _ in 0..<20_000 {
            let inverse = momentMatrix(points, weights).inverse()
            var (highest, lowest) = ((i: 0, g: -Double.infinity), (i: 0, g: Double.infinity))
            for i in points.indices {
                let g = inverse.quadraticForm(points[i])
                if g > highest.g { highest = (i, g) }
                if weights[i] > 0, g < lowest.g { lowest = (i, g) }
            }
            let (over, under) = (highest.g / 4 - 1, 1 - lowest.g / 4)
            guard max(over, under) > 1e-7 else { break }
            let (i, g) = over >= under ? highest : lowest
            let step = max((g - 4) / (4 * (g - 1)), over >= under ? 0 : -weights[i] / (1 - weights[i]))
            for j in weights.indices { weights[j] *= 1 - step }
            weights[i] = max(weights[i] + step, 0)
        }
        let mean = zip(points, weights).reduce(SIMD4<Double>.zero) { $0 + $1.0 * $1.1 }
        var covariance = SymmetricMatrix(n: 3)
        for i in 0..<3 {
            for j in 0..<3 {
                let sum = zip(points, weights).reduce(0) { $0 + $1.0[i] * $1.0[j] * $1.1 }
                covariance[i, j] = sum - mean[i] * mean[j]
            }
        }
        let halfAxes = covariance.eigenvalues().map { (3 * max($0, 0)).squareRoot() }
        halfAxesMM = [halfAxes[2], halfAxes[1], halfAxes[0]]
    }
}

/// Σ w·p·pᵀ.
private func momentMatrix(_ points: [SIMD4<Double>], _ weights: [Double]) -> Matrix4 {
    var columns = [SIMD4<Double>](repeating: .zero, count: 4)
    for (point, weight) in zip(points, weights) where weight > 0 {
        for j in 0..<4 { columns[j] += point * (point[j] * weight) }
    }
    return Matrix4(columns: columns)
}

/// A 4 × 4 matrix that is symmetric and positive definite.
private struct Matrix4 {
    var columns: [SIMD4<Double>]

    func quadraticForm(_ p: SIMD4<Double>) -> Double {
        let product = columns[0] * p.x + columns[1] * p.y + columns[2] * p.z + columns[3] * p.w
        return (product * p).sum()
    }

    /// By Gauss and Jordan; a positive definite matrix needs no pivots.
    func inverse() -> Matrix4 {
        var left = columns
        var right = (0..<4).map { i in SIMD4<Double>((0..<4).map { $0 == i ? 1 : 0 }) }
        for i in 0..<4 {
            let pivot = left[i][i]
            left[i] /= pivot
            right[i] /= pivot
            for j in 0..<4 where j != i {
                let factor = left[j][i]
                left[j] -= left[i] * factor
                right[j] -= right[i] * factor
            }
        }
        return Matrix4(columns: right)
    }
}
