// The Riesz transform of IBSI 2: a filter becomes sensitive to direction.
import Domain
import Foundation
import Imaging

/// The higher-order Riesz transform, a factor in the Fourier domain:
/// `(−i)^L · √(L!/Π l_d!) · Π ν_d^(l_d) / |ν|^L` with `L = Σ l_d` (Depeursinge et al., *Biomedical Texture Analysis*, 2017).
struct RieszTransform: Sendable {
    private let order: [Int]
    private let total: Int

    /// - Parameter order: the order along x, y and, for a volume, z; each at least 0, their sum 1…8.
    init(order: [Int], dimensions: FilterDimensions) throws(RadiomicsError) {
        guard order.count == dimensions.rawValue, order.allSatisfy({ 0...orderLimit ~= $0 }),
            1...orderLimit ~= order.reduce(0, +)
        else {
            throw .filterInvalid(
                setting: "rieszOrder",
                reason: "\(order) is not \(dimensions.rawValue) numbers from 0 on whose sum is 1 to \(orderLimit)")
        }
        self.order = order
        total = order.reduce(0, +)
    }

    /// Multiplies a spectrum by the transform.
    func apply(to grid: inout FourierGrid, _ frequencies: FrequencyGrid) {
        let scale = (factorial(total) / order.reduce(1) { $0 * factorial($1) }).squareRoot()
        for place in grid.real.indices {
            let vector = frequencies.vector(place)
            let norm = (vector * vector).sum().squareRoot()
            var factor = norm == 0 ? 0 : scale
            for (axis, power) in order.enumerated() where norm > 0 {
                for _ in 0..<power { factor *= vector[axis] / norm }
            }
            let (a, b) = (grid.real[place] * factor, grid.imaginary[place] * factor)
            switch total % 4 {
            case 0: (grid.real[place], grid.imaginary[place]) = (a, b)
            case 1: (grid.real[place], grid.imaginary[place]) = (b, -a)
            case 2: (grid.real[place], grid.imaginary[place]) = (-a, -b)
            default: (grid.real[place], grid.imaginary[place]) = (-b, a)
            }
        }
    }

    /// The transform of an image that is zero at its edges, slice by slice or as a volume.
    func transformed(_ image: GreyImage, _ dimensions: FilterDimensions, cancellation: Cancellation) throws -> GreyImage
    {
        let part = Index3(x: image.size.x, y: image.size.y, z: dimensions == .volume ? image.size.z : 1)
        let frequencies = FrequencyGrid(size: part)
        return try image.inFourierDomain(dimensions, cancellation) { apply(to: &$0, frequencies) }
    }
}

/// Higher orders have no use (our choice).
private let orderLimit = 8

private func factorial(_ n: Int) -> Double { (0..<n).reduce(1) { $0 * Double($1 + 1) } }

extension GreyImage {
    /// The image after a change of its spectrum, slice by slice or as a volume; the real part.
    func inFourierDomain(
        _ dimensions: FilterDimensions, _ cancellation: Cancellation, _ change: (inout FourierGrid) -> Void
    ) throws -> GreyImage {
        let part = Index3(x: size.x, y: size.y, z: dimensions == .volume ? size.z : 1)
        var response = self
        for first in stride(from: 0, to: size.count, by: part.count) {
            try cancellation.check()
            var grid = FourierGrid(real: Array(values[first..<first + part.count]), size: part)
            grid.transform(along: 0..<dimensions.rawValue)
            change(&grid)
            try cancellation.check()
            grid.inverseTransform(along: 0..<dimensions.rawValue)
            response.values.replaceSubrange(first..<first + part.count, with: grid.real)
        }
        return response
    }

    /// The image with a margin along its first axes, filled as the boundary condition says.
    func padded(by reach: Int, _ boundary: BoundaryCondition, _ dimensions: FilterDimensions) -> GreyImage {
        let margins = [reach, reach, dimensions == .volume ? reach : 0]
        let extent = [size.x, size.y, size.z]
        let sources = (0..<3).map { boundary.sources(length: extent[$0], reach: margins[$0]) }
        let padded = Index3(x: sources[0].count, y: sources[1].count, z: sources[2].count)
        var values: [Double] = []
        values.reserveCapacity(padded.count)
        for z in sources[2] {
            for y in sources[1] {
                for x in sources[0] {
                    values.append(min(x, y, z) < 0 ? 0 : self.values[(z * size.y + y) * size.x + x])
                }
            }
        }
        return GreyImage(size: padded, spacingMM: spacingMM, values: values)
    }

    /// The image without a margin along its first axes.
    func unpadded(by reach: Int, _ dimensions: FilterDimensions) -> GreyImage {
        let depth = dimensions == .volume ? reach : 0
        let inner = Index3(x: size.x - 2 * reach, y: size.y - 2 * reach, z: size.z - 2 * depth)
        var values: [Double] = []
        values.reserveCapacity(inner.count)
        for z in 0..<inner.z {
            for y in 0..<inner.y {
                let start = ((z + depth) * size.y + y + reach) * size.x + reach
                values.append(contentsOf: self.values[start..<start + inner.x])
            }
        }
        return GreyImage(size: inner, spacingMM: spacingMM, values: values)
    }
}
