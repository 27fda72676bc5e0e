// The image type `log-sigma-…-mm-3D`: the Laplacian of the image smoothed by a Gaussian.
import Foundation
import Imaging

/// The Laplacian of Gaussian as PyRadiomics has it from ITK's `LaplacianRecursiveGaussianImageFilter`: recursive, multiplied by σ²
/// (`NormalizeAcrossScale`), a bright blob negative.
///
/// Each pass along an axis computes in double precision and stores single, as ITK does; results equal ITK's to the last bit.
struct LaplacianOfGaussian {
    /// Width of the Gaussian, millimetres, > 0.
    let sigmaMM: Double

    /// The width is given as a whole number, without a decimal point.
    var isWrittenWhole = false

    /// PyRadiomics' name of the image type: `log-sigma-1-0-mm-3D` for 1.0 mm, `log-sigma-1-mm-3D` for 1 mm.
    var name: String {
        let width = isWrittenWhole ? "\(Int(sigmaMM))" : "\(sigmaMM)".replacingOccurrences(of: ".", with: "-")
        return "log-sigma-\(width)-mm-3D"
    }

    /// Voxels along each axis beyond which a voxel's influence is below 1e-16: the slower oscillation decays by exp(−1.3732/σ) per
    /// voxel (the constant is Farnebäck and Westin's).
    func reachVoxels(spacingMM: SIMD3<Double>) -> Index3 {
        let reach = (log(1e16) / 1.3732 * sigmaMM / spacingMM).rounded(.up)
        return Index3(x: Int(reach.x), y: Int(reach.y), z: Int(reach.z))
    }

    /// The filtered image; nil where PyRadiomics skips this σ, because a side has fewer than ⌈σ/spacing⌉ + 1 or 4 voxels.
    func filtered(_ image: GreyImage) -> GreyImage? {
        let sides = [image.size.x, image.size.y, image.size.z]
        for axis in 0..<3 {
            guard sides[axis] >= 4, Double(sides[axis]) >= (sigmaMM / image.spacingMM[axis]).rounded(.up) + 1 else {
                return nil
            }
        }
        var sum = [Float](repeating: 0, count: image.values.count)
        var part = sum
        for axis in 0..<3 {
            let others = [0, 1, 2].filter { $0 != axis }
            let derivative = RecursiveGaussian(
                .secondDerivative, sigma: sigmaMM / image.spacingMM[axis], scale: sigmaMM * sigmaMM)
            part.withUnsafeMutableBufferPointer { part in
                guard let part = part.baseAddress else { return }
                VoxelLines(image.size, along: axis).filter(derivative, from: image.values, to: part)
                for other in others {
                    let smoothing = RecursiveGaussian(.smoothing, sigma: sigmaMM / image.spacingMM[other])
                    VoxelLines(image.size, along: other).filter(smoothing, part)
                }
            }
            let perSquaredSpacing = 1 / (image.spacingMM[axis] * image.spacingMM[axis])
            for i in sum.indices { sum[i] = Float(Double(sum[i]) + Double(part[i]) * perSquaredSpacing) }
        }
        return GreyImage(size: image.size, spacingMM: image.spacingMM, values: sum.map(Double.init))
    }
}

/// All lines of voxels along one axis, taken eight at a time.
private struct VoxelLines {
    /// Voxels of a line, and the distance between them in the array.
    private let count: Int
    private let step: Int
    /// Lines come in groups; within a group each begins `lineStep` after the one before.
    private let groups: Int
    private let groupStep: Int
    private let lines: Int
    private let lineStep: Int

    private typealias Lanes = RecursiveGaussian.Lanes

    init(_ size: Index3, along axis: Int) {
        let plane = size.x * size.y
        switch axis {
        case 0: (count, step, groups, groupStep, lines, lineStep) = (size.x, 1, 1, 0, size.y * size.z, size.x)
        case 1: (count, step, groups, groupStep, lines, lineStep) = (size.y, size.x, size.z, plane, size.x, 1)
        default: (count, step, groups, groupStep, lines, lineStep) = (size.z, plane, 1, 0, plane, 1)
        }
    }

    /// Filters from double precision.
    func filter(_ gaussian: RecursiveGaussian, from source: [Double], to target: UnsafeMutablePointer<Float>) {
        source.withUnsafeBufferPointer { source in
            guard let source = source.baseAddress else { return }
            forEachBlock { start, lanes, block, scratch in
                let lines = UnsafeMutableRawPointer(block).assumingMemoryBound(to: Double.self)
                for i in 0..<count {
                    let (from, to) = (source + start + i * step, lines + i * Lanes.scalarCount)
                    for lane in 0..<lanes { to[lane] = from[lane * lineStep] }
                }
                gaussian.filter(block, scratch: scratch, count: count)
                store(lines, start, lanes, target)
            }
        }
    }

    /// Filters in place.
    func filter(_ gaussian: RecursiveGaussian, _ values: UnsafeMutablePointer<Float>) {
        forEachBlock { start, lanes, block, scratch in
            let lines = UnsafeMutableRawPointer(block).assumingMemoryBound(to: Double.self)
            if lineStep == 1, lanes == Lanes.scalarCount {
                for i in 0..<count {
                    let (from, to) = (values + start + i * step, lines + i * Lanes.scalarCount)
                    for lane in 0..<Lanes.scalarCount { to[lane] = Double(from[lane]) }
                }
            } else {
                for lane in 0..<lanes {
                    let from = values + start + lane * lineStep
                    for i in 0..<count { lines[i * Lanes.scalarCount + lane] = Double(from[i * step]) }
                }
            }
            gaussian.filter(block, scratch: scratch, count: count)
            store(lines, start, lanes, values)
        }
    }

    private func store(
        _ lines: UnsafeMutablePointer<Double>, _ start: Int, _ lanes: Int, _ target: UnsafeMutablePointer<Float>
    ) {
        if lineStep == 1, lanes == Lanes.scalarCount {
            for i in 0..<count {
                let (from, to) = (lines + i * Lanes.scalarCount, target + start + i * step)
                for lane in 0..<Lanes.scalarCount { to[lane] = Float(from[lane]) }
            }
        } else {
            for lane in 0..<lanes {
                let to = target + start + lane * lineStep
                for i in 0..<count { to[i * step] = Float(lines[i * Lanes.scalarCount + lane]) }
            }
        }
    }

    /// Calls `body` with the first voxel of each block of lines, how many lines it has, and room for it.
    private func forEachBlock(
        _ body: (Int, Int, UnsafeMutablePointer<Lanes>, UnsafeMutablePointer<Lanes>) -> Void
    ) {
        // 4 voxels more at either end of the lines, for the values that go on beyond.
        withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 2 * count + 8) { room in
            guard let base = room.baseAddress else { return }
            room.initialize(repeating: .zero)
            for group in 0..<groups {
                for line in stride(from: 0, to: lines, by: Lanes.scalarCount) {
                    let lanes = min(Lanes.scalarCount, lines - line)
                    body(group * groupStep + line * lineStep, lanes, base + 4, base + 8 + count)
                }
            }
        }
    }
}
