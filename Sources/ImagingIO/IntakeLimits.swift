// How much an upload may unpack to. Every figure is our choice.

/// The bounds that keep a hostile or mistaken upload from filling memory or disk.
package struct IntakeLimits: Sendable, Hashable {
    /// Files in one zip.
    package var maxEntries = 50_000
    /// Bytes of the zip's central directory, which is held in memory.
    package var maxDirectoryBytes = 16 << 20
    /// Bytes of all files of a zip together, unpacked.
    package var maxUnpackedBytes = 8 << 30
    /// Unpacked bytes per packed byte of one file of a zip; asked only of files over `ratioFloorBytes`.
    package var maxEntryRatio = 250
    /// Files that unpack to less than this are never called bombs: an empty slice packs very small.
    package var ratioFloorBytes = 8 << 20
    /// Bytes of one DICOM file: larger ones are no single CT slice and are passed over.
    package var maxSliceBytes = 32 << 20
    /// Rows and columns of one image.
    package var maxSliceSide = 4_096
    /// Voxels of one volume (1.6 GB as Float).
    package var maxVoxels = 400_000_000
    /// Whether files of a zip go by the names that the sender gave them, patients' names among them; otherwise by their numbers.
    package var namesFiles = true

    package init() {}

    /// For scans.
    package static let `default` = IntakeLimits()
    /// For label maps, which pack far better than scans.
    package static let mask: IntakeLimits = {
        var limits = IntakeLimits()
        limits.maxEntryRatio = 1_100  // deflate cannot pack better than 1,032:1
        return limits
    }()
}
