// Sums over all pairs of voxels with weights of one over their distance, in n·log n.
import Imaging

/// For each voxel of a box, Σ over all other voxels of value / distance (millimetres), for two images at once.
///
/// The sum is a convolution with 1/r, done by Fourier transforms on a grid of twice the size, where nothing wraps around: exact to
/// rounding. One image is the real part and one the imaginary part; the weights are real and even, so that they do not mix.
struct InverseDistanceSums {
    /// One value per voxel, x fastest.
    private(set) var first, second: [Double]

    init(_ first: [Double], _ second: [Double], size: Index3, spacingMM: SIMD3<Double>) {
        self.first = first
        self.second = second
        let grid = Index3(x: Self.length(size.x), y: Self.length(size.y), z: Self.length(size.z))
        let weights = Self.transformedWeights(grid, spacingMM)
        var field = FourierGrid(size: grid)
        for row in 0..<size.y * size.z {
            let to = (row / size.y * grid.y + row % size.y) * grid.x
            for x in 0..<size.x {
                field.real[to + x] = first[row * size.x + x]
                field.imaginary[to + x] = second[row * size.x + x]
            }
        }
        field.transform(along: 0..<3)
        for i in weights.indices {
            field.real[i] *= weights[i]
            field.imaginary[i] *= weights[i]
        }
        field.inverseTransform(along: 0..<3)
        for row in 0..<size.y * size.z {
            let from = (row / size.y * grid.y + row % size.y) * grid.x
            for x in 0..<size.x {
                self.first[row * size.x + x] = field.real[from + x]
                self.second[row * size.x + x] = field.imaginary[from + x]
            }
        }
    }

    /// Long enough that the distances −(n − 1) … n − 1 have places of their own.
    private static func length(_ n: Int) -> Int { FourierTransform.fastLength(atLeast: 2 * n - 1) }

    /// The transform of 1/r, r the distance to voxel (0, 0, 0) the shorter way round; 0 at r = 0.
    private static func transformedWeights(_ grid: Index3, _ spacingMM: SIMD3<Double>) -> [Double] {
        var field = FourierGrid(size: grid)
        let square = { (i: Int, n: Int, spacing: Double) in
            let d = Double(min(i, n - i)) * spacing
            return d * d
        }
        let xs = (0..<grid.x).map { square($0, grid.x, spacingMM.x) }
        for z in 0..<grid.z {
            for y in 0..<grid.y {
                let rest = square(z, grid.z, spacingMM.z) + square(y, grid.y, spacingMM.y)
                let row = (z * grid.y + y) * grid.x
                for x in 0..<grid.x { field.real[row + x] = 1 / (xs[x] + rest).squareRoot() }
            }
        }
        field.real[0] = 0
        field.transform(along: 0..<3)
        return field.real
    }
}
