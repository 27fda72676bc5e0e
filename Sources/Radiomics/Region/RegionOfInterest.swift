// The voxels that features are computed from: the smallest box around a region.
import Imaging

/// A region cut to its box: grey values, and which of them count.
struct RegionOfInterest: Sendable {
    /// Voxels of the box along x, y, z.
    let size: Index3
    let spacingMM: SIMD3<Double>
    /// One grey value per voxel of the box, x fastest.
    let values: [Double]
    /// Whether each voxel of the box belongs to the region.
    let inside: [Bool]
    /// Voxels inside.
    let count: Int

    var voxelVolumeMM3: Double { spacingMM.x * spacingMM.y * spacingMM.z }

    /// The grey values inside, in the order of the voxels.
    var valuesInside: [Double] {
        [Double](unsafeUninitializedCapacity: count) { out, n in
            values.withUnsafeBufferPointer { values in
                inside.withUnsafeBufferPointer { inside in
                    for i in 0..<values.count where inside[i] {
                        out[n] = values[i]
                        n += 1
                    }
                }
            }
        }
    }

    init(size: Index3, spacingMM: SIMD3<Double>, values: [Double], inside: [Bool]) {
        self.size = size
        self.spacingMM = spacingMM
        self.values = values
        self.inside = inside
        count = inside.withUnsafeBufferPointer { $0.reduce(0) { $0 + ($1 ? 1 : 0) } }
    }

    /// The part of an image and of a mask of the same size in a box.
    init(_ image: GreyImage, inside: [Bool], in box: IndexBox) {
        self.init(
            size: box.size, spacingMM: image.spacingMM,
            values: crop(image.values, of: image.size, from: box.lower, size: box.size),
            inside: crop(inside, of: image.size, from: box.lower, size: box.size))
    }
}
