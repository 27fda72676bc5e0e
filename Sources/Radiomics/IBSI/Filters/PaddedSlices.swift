// Convolution of the slices of a volume, in any of the three orthogonal planes, through the Fourier domain.
import Imaging

/// The slices of an image in one plane, padded as the boundary condition says so that a kernel of the given reach fits.
struct PaddedSlices: Sendable {
    /// Slices along the axis normal to the plane.
    let count: Int
    private let reach: Int
    /// Voxels of a slice along its two axes, and the distance of neighbours and of slices in memory.
    private let size: (u: Int, v: Int)
    private let step: (u: Int, v: Int, slice: Int)
    private let sources: (u: [Int], v: [Int])
    private let padded: Index3

    /// - Parameter plane: the two axes (0, 1, 2 for x, y, z) that span the slices.
    init(of image: GreyImage, plane: (u: Int, v: Int), reach: Int, boundary: BoundaryCondition) {
        let extent = [image.size.x, image.size.y, image.size.z]
        let steps = [1, image.size.x, image.size.x * image.size.y]
        let normal = 3 - plane.u - plane.v
        count = extent[normal]
        self.reach = reach
        size = (extent[plane.u], extent[plane.v])
        step = (steps[plane.u], steps[plane.v], steps[normal])
        sources = (boundary.sources(length: size.u, reach: reach), boundary.sources(length: size.v, reach: reach))
        // The valid part of the cyclic convolution spans the slice once its padding is as wide as the kernel's reach.
        padded = Index3(
            x: FourierTransform.fastLength(atLeast: sources.u.count),
            y: FourierTransform.fastLength(atLeast: sources.v.count), z: 1)
    }

    /// The spectrum of a complex kernel that is sampled at whole voxels around its centre.
    func spectrum(of kernel: (Double, Double) -> (real: Double, imaginary: Double)) -> FourierGrid {
        var grid = FourierGrid(size: padded)
        for y in -reach...reach {
            for x in -reach...reach {
                let place = (y + padded.y) % padded.y * padded.x + (x + padded.x) % padded.x
                (grid.real[place], grid.imaginary[place]) = kernel(Double(x), Double(y))
            }
        }
        grid.transform(along: 0..<2)
        return grid
    }

    /// The spectrum of one slice with its padding.
    func spectrum(of slice: Int, in image: GreyImage) -> FourierGrid {
        var grid = FourierGrid(size: padded)
        for (y, v) in sources.v.enumerated() where v >= 0 {
            for (x, u) in sources.u.enumerated() where u >= 0 {
                grid.real[y * padded.x + x] = image.values[slice * step.slice + v * step.v + u * step.u]
            }
        }
        grid.transform(along: 0..<2)
        return grid
    }

    /// Adds the modulus of the convolution of a slice to its voxels, or keeps the larger.
    func add(
        modulusOf spectrum: FourierGrid, times kernel: FourierGrid, slice: Int, to sum: inout GreyImage,
        _ pooling: ResponsePooling
    ) {
        var response = spectrum
        response.multiply(by: kernel)
        response.inverseTransform(along: 0..<2)
        for v in 0..<size.v {
            for u in 0..<size.u {
                let place = (v + reach) * padded.x + u + reach
                let (a, b) = (response.real[place], response.imaginary[place])
                let modulus = (a * a + b * b).squareRoot()
                let voxel = slice * step.slice + v * step.v + u * step.u
                switch pooling {
                case .average: sum.values[voxel] += modulus
                case .max: sum.values[voxel] = Swift.max(sum.values[voxel], modulus)
                }
            }
        }
    }
}
