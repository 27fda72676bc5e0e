// Which places lie inside a vertebral body, as small as can be stored.
import Foundation

/// The cells of a body, on a grid along the vertebra's own axes.
package struct BodyOutline: Codable, Sendable, Hashable {
    /// Edge of the cubes, mm.
    package var cellMM: Double
    /// Local coordinates of the first cell's centre, mm.
    package var firstCentreMM: SIMD3<Double>
    /// Cells along x, y and z.
    package var size: SIMD3<Int>
    /// One bit for each cell, x fastest, then y, then z, the first in a byte's lowest bit; 1 inside.
    package var bits: Data

    /// - Parameter isInside: one per cell, x fastest, then y, then z.
    package init(cellMM: Double, firstCentreMM: SIMD3<Double>, size: SIMD3<Int>, isInside: [Bool]) {
        self.cellMM = cellMM
        self.firstCentreMM = firstCentreMM
        self.size = size
        var bits = Data(count: (isInside.count + 7) / 8)
        for (n, inside) in isInside.enumerated() where inside { bits[n / 8] |= 1 << UInt8(n % 8) }
        self.bits = bits
    }

    /// How far a point lies outside the body: 0 inside one of its cells, else to the nearest face of one; infinite for a body
    /// without cells.
    package func distanceMM(fromLocal point: SIMD3<Double>) -> Double {
        let half = cellMM / 2
        var least = Double.infinity
        var n = 0
        bits.withUnsafeBytes { bits in
            for z in 0..<size.z {
                for y in 0..<size.y {
                    for x in 0..<size.x {
                        defer { n += 1 }
                        guard n / 8 < bits.count, bits[n / 8] & (1 << UInt8(n % 8)) != 0 else { continue }
                        let centre = firstCentreMM + SIMD3(Double(x), Double(y), Double(z)) * cellMM
                        let d = point - centre
                        let over = (d.replacing(with: -d, where: d .< 0) - half).clamped(lowerBound: .zero)
                        least = min(least, (over * over).sum())
                    }
                }
            }
        }
        return least.squareRoot()
    }
}

extension SIMD3 where Scalar == Double {
    /// Each element at least as large as that of `lowerBound`.
    fileprivate func clamped(lowerBound: Self) -> Self { replacing(with: lowerBound, where: self .< lowerBound) }
}

extension BodyOutline {
    /// Of all cells inside, mL.
    package var volumeML: Double {
        Double(bits.reduce(0) { $0 + $1.nonzeroBitCount }) * cellMM * cellMM * cellMM / 1000
    }
}
