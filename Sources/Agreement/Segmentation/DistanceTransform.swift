// The exact distance from every voxel to the nearest of a set.

/// The exact Euclidean distance transform by lower envelopes of parabolas, one axis after the other
/// (Felzenszwalb and Huttenlocher 2012, Theory Comput 8:415).
enum DistanceTransform {
    /// The squared distance in mm² from every voxel of a grid (x fastest) to the nearest of the sites, which are not empty.
    static func squaredMM(to sites: [Int], size: SIMD3<Int>, spacingMM: SIMD3<Double>) -> [Double] {
        var squares = [Double](repeating: .infinity, count: size.x * size.y * size.z)
        for site in sites { squares[site] = 0 }
        let strides = SIMD3(1, size.x, size.x * size.y)
        for axis in 0..<3 where size[axis] > 1 {
            let (second, third) = ((axis + 1) % 3, (axis + 2) % 3)
            var envelope = Envelope(count: size[axis], spacingMM: spacingMM[axis])
            for j in 0..<size[third] {
                for i in 0..<size[second] {
                    envelope.replace(
                        &squares, from: i * strides[second] + j * strides[third], stride: strides[axis])
                }
            }
        }
        return squares
    }

    /// The lower envelope of the parabolas over one line of voxels.
    private struct Envelope {
        private let count: Int
        private let spacing: Double
        private var line: [Double]
        /// The place of each parabola's vertex.
        private var vertices: [Int]
        /// Where each parabola begins to be the lowest, mm.
        private var starts: [Double]

        init(count: Int, spacingMM: Double) {
            self.count = count
            spacing = spacingMM
            line = [Double](repeating: 0, count: count)
            vertices = [Int](repeating: 0, count: count)
            starts = [Double](repeating: 0, count: count)
        }

        mutating func replace(_ squares: inout [Double], from: Int, stride: Int) {
            var last = -1
            for place in 0..<count {
                line[place] = squares[from + place * stride]
                guard line[place] < .infinity else { continue }
                let position = Double(place) * spacing
                var start = -Double.infinity
                while last >= 0 {
                    let other = Double(vertices[last]) * spacing
                    start =
                        ((line[place] + position * position) - (line[vertices[last]] + other * other))
                        / (2 * (position - other))
                    if start > starts[last] { break }
                    last -= 1
                    start = -Double.infinity
                }
                last += 1
                vertices[last] = place
                starts[last] = start
            }
            guard last >= 0 else { return }
            var current = 0
            for place in 0..<count {
                let position = Double(place) * spacing
                while current < last, starts[current + 1] < position { current += 1 }
                let steps = Double(place - vertices[current]) * spacing
                squares[from + place * stride] = steps * steps + line[vertices[current]]
            }
        }
    }
}
