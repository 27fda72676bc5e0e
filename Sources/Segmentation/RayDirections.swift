// Directions spread evenly over the sphere, each with its nearest others: the mesh of a body surface.
import Foundation
import Imaging

/// A fixed set of unit vectors (a Fibonacci lattice; González 2010, Math Geosci 42:49) in a vertebra's frame.
struct RayDirections: Sendable {
    /// Unit vectors in the vertebra's frame (x left, y anterior, z cranial).
    let vectors: [SIMD3<Double>]
    /// `neighbourCount` indices for each direction, nearest first, the direction itself left out.
    let neighbours: [Int]
    static let neighbourCount = 12
    /// Looks radii up between the directions.
    let stencil: RadiusStencil

    static let body = RayDirections(count: 2_500)

    init(count: Int) {
        let golden = Double.pi * (3 - 5.0.squareRoot())
        let vectors = (0..<count).map { i -> SIMD3<Double> in
            let z = 1 - (2 * Double(i) + 1) / Double(count)
            let r = (1 - z * z).squareRoot()
            return [r * cos(golden * Double(i)), r * sin(golden * Double(i)), z]
        }
        var neighbours: [Int] = []
        neighbours.reserveCapacity(count * Self.neighbourCount)
        for i in 0..<count {
            var nearest: [(cosine: Double, index: Int)] = []
            for j in 0..<count where j != i {
                let cosine = dot(vectors[i], vectors[j])
                if nearest.count == Self.neighbourCount, let last = nearest.last, cosine <= last.cosine { continue }
                let place = nearest.firstIndex { $0.cosine < cosine } ?? nearest.count
                nearest.insert((cosine, j), at: place)
                if nearest.count > Self.neighbourCount { nearest.removeLast() }
            }
            neighbours.append(contentsOf: nearest.map(\.index))
        }
        self.vectors = vectors
        self.neighbours = neighbours
        stencil = RadiusStencil(vectors)
    }
}

/// Tangent of an angle in degrees.
func tangent(degrees: Double) -> Double { tan(degrees * .pi / 180) }
