// Voxels that need not be in memory at once.

/// An image whose voxels are handed out in pieces, as often as they are asked for: a volume in memory, or a file.
package protocol VoxelSource {
    /// The grid; its spacing, origin and axes as the file holds them, widened to double.
    var geometry: Geometry { get }
    /// How the file stores a value; a scan that is resampled keeps this type where equality with PyRadiomics asks for it.
    var storedType: StoredType { get }
    /// Hands out every voxel once, x fastest, in ascending order, with the index of each piece's first voxel.
    func forEachPiece(_ use: (_ values: UnsafeBufferPointer<Double>, _ first: Int) throws -> Void) throws
}

/// How an image stores its values.
package enum StoredType: String, Sendable, Hashable, Codable {
    case uint8, int8, uint16, int16, uint32, int32, uint64, int64, float32, float64

    /// The values that a whole-number type can hold; nil for the others.
    package var wholeNumberRange: ClosedRange<Double>? {
        switch self {
        case .uint8: Double(UInt8.min)...Double(UInt8.max)
        case .int8: Double(Int8.min)...Double(Int8.max)
        case .uint16: Double(UInt16.min)...Double(UInt16.max)
        case .int16: Double(Int16.min)...Double(Int16.max)
        case .uint32: Double(UInt32.min)...Double(UInt32.max)
        case .int32: Double(Int32.min)...Double(Int32.max)
        case .uint64: Double(UInt64.min)...Double(UInt64.max)
        case .int64: Double(Int64.min)...Double(Int64.max)
        case .float32, .float64: nil
        }
    }
}

/// A scan in memory, and how its file stored it.
package struct StoredVolume: VoxelSource {
    package let volume: Volume
    package let storedType: StoredType
    package var geometry: Geometry { volume.geometry }

    package init(_ volume: Volume, as type: StoredType) {
        self.volume = volume
        storedType = type
    }

    package func forEachPiece(_ use: (_ values: UnsafeBufferPointer<Double>, _ first: Int) throws -> Void) throws {
        try forEachConverted(volume.voxels, use) { Double($0) }
    }
}

extension LabelMap: VoxelSource {
    package var storedType: StoredType { .uint16 }

    package func forEachPiece(_ use: (_ values: UnsafeBufferPointer<Double>, _ first: Int) throws -> Void) throws {
        try forEachConverted(labels, use) { Double($0) }
    }
}

/// 1 inside, 0 outside.
extension VoxelMask: VoxelSource {
    package var storedType: StoredType { .uint8 }

    package func forEachPiece(_ use: (_ values: UnsafeBufferPointer<Double>, _ first: Int) throws -> Void) throws {
        try forEachConverted(voxels, use) { $0 ? 1 : 0 }
    }
}

@inline(__always) private func forEachConverted<Value>(
    _ all: [Value], _ use: (_ values: UnsafeBufferPointer<Double>, _ first: Int) throws -> Void,
    _ value: (Value) -> Double
) throws {
    let pieceCount = 1 << 15  // a quarter of a megabyte: stays in the second-level cache
    let piece = UnsafeMutableBufferPointer<Double>.allocate(capacity: pieceCount)
    defer { piece.deallocate() }
    try all.withUnsafeBufferPointer { all in
        for first in stride(from: 0, to: all.count, by: pieceCount) {
            let n = min(pieceCount, all.count - first)
            for i in 0..<n { piece[i] = value(all[first + i]) }
            try use(UnsafeBufferPointer(rebasing: piece[..<n]), first)
        }
    }
}
