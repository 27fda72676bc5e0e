// An image file (NIfTI or NRRD) that hands out its voxels in pieces, as often as they are asked for.
import Domain
import Foundation
import Imaging

/// An image on disk: one buffer of stored bytes and one of values, never a large scan whole in memory.
///
/// Axes, their order and the LPS points are the file's own, as SimpleITK reads them; nothing is reoriented.
package struct ImageFile: VoxelSource {
    package let geometry: Geometry
    package let storedType: StoredType
    /// What the reader had to say about the file.
    package let warnings: [String]

    private let url: URL
    /// How messages call the file.
    private let name: String
    private let layout: VoxelLayout

    /// Reads the header.
    ///
    /// - Parameter url: `.nii`, `.nii.gz`, `.nrrd` or `.nhdr`; the format is found by content.
    /// - Throws: `ImagingIOError` naming the file and the field.
    package static func open(_ url: URL) throws -> ImageFile {
        let name = url.lastPathComponent
        let file = try InputFile(url)
        let start = try file.bytes(at: 0, count: 4)
        guard !start.isEmpty else { throw ImagingIOError.emptyUpload }
        if start == Array("NRRD".utf8) {
            return try open(try NRRDHeader.read(file, name: name), beside: url)
        }
        let isZipped = start.starts(with: [0x1F, 0x8B])
        let stream = try packed(FileStream(file), isZipped: isZipped)
        do {
            let header = try NIfTIImageHeader(try stream.bytes(NIfTIHeader.maxByteCount))
            return ImageFile(
                geometry: header.geometry, storedType: header.storedType, warnings: header.warnings, url: url,
                name: name, layout: header.layout(isZipped: isZipped))
        } catch {
            throw Self.named(error, file: name)
        }
    }

    private static func open(_ header: NRRDHeader, beside url: URL) throws -> ImageFile {
        var data = url
        if let detached = header.dataFile {
            data = URL(fileURLWithPath: detached, relativeTo: url.deletingLastPathComponent()).absoluteURL
            guard FileManager.default.isReadableFile(atPath: data.path) else {
                throw ImagingIOError.nrrd(
                    file: url.lastPathComponent, .field("data file", value: detached, needed: "a readable file"))
            }
        }
        return ImageFile(
            geometry: header.geometry, storedType: header.layout.element, warnings: [], url: data,
            name: data.lastPathComponent, layout: header.layout)
    }

    private static func packed(_ stream: any ByteStream, isZipped: Bool) throws -> any ByteStream {
        isZipped ? try InflateStream(stream, wrapping: .gzip) : stream
    }

    private static func named(_ error: any Error, file: String) -> any Error {
        switch error {
        case let flaw as NIfTIFlaw: ImagingIOError.nifti(file: file, flaw)
        case let damage as InflateStream.Damage: ImagingIOError.voxels(file: file, .gzip(damage))
        default: error
        }
    }

    /// Voxels of a piece: 512 KiB of values stay in a core's own cache (our choice).
    private static let pieceCount = 1 << 16

    /// - Throws: `ImagingIOError` when the file ends early or its gzip data is damaged, and what `use` throws.
    package func forEachPiece(_ use: (_ values: UnsafeBufferPointer<Double>, _ first: Int) throws -> Void) throws {
        let stream = try openVoxels()
        let width = layout.element.byteCount
        let stored = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceCount * width, alignment: 64)
        let values = UnsafeMutableBufferPointer<Double>.allocate(capacity: Self.pieceCount)
        defer {
            stored.deallocate()
            values.deallocate()
        }
        let count = geometry.size.count
        var done = 0
        while done < count {
            let wanted = min(Self.pieceCount, count - done)
            let piece = UnsafeMutableRawBufferPointer(rebasing: stored[..<(wanted * width)])
            let read: Int
            do { read = try stream.fill(piece) } catch { throw Self.named(error, file: name) }
            guard read == piece.count else {
                throw ImagingIOError.voxels(
                    file: name, .truncated(voxels: done + read / width, of: geometry.size))
            }
            layout.widen(piece, into: values)
            try use(UnsafeBufferPointer(rebasing: values[..<wanted]), done)
            done += wanted
        }
    }

    /// The stream of voxel bytes, at the first voxel.
    private func openVoxels() throws -> any ByteStream {
        let file = try InputFile(url)
        let begin = layout.start(inFileOf: file.byteCount, voxels: geometry.size.count)
        guard begin >= 0 else { throw ImagingIOError.voxels(file: name, .truncated(voxels: 0, of: geometry.size)) }
        let source = FileStream(file, from: layout.isZipped ? layout.zippedFrom : begin)
        do {
            for _ in 0..<layout.skippedLines {
                while let byte = try source.bytes(1).first, byte != UInt8(ascii: "\n") {}
            }
            guard layout.isZipped else { return source }
            let skipped = max(0, layout.skippedBytes)
            let whole =
                try layout.skippedLines > 0
                ? nil
                : WholeGzip.unpacked(
                    file, from: layout.zippedFrom, skipping: skipped, elements: geometry.size.count,
                    of: layout.element.byteCount)
            let stream = try whole.map { MemoryStream($0) } ?? Self.packed(source, isZipped: true)
            if skipped > 0 { _ = try stream.drain(upTo: skipped - 1) }
            return stream
        } catch {
            throw Self.named(error, file: name)
        }
    }
}

extension ImageFile {
    /// The whole numbers that occur, ascending; fractions are left out.
    ///
    /// - Throws: as `forEachPiece`.
    package func wholeValues() throws -> [Int] {
        var found: Set<Double> = []
        try forEachPiece { values, _ in
            var last = Double.nan
            for value in values where value != last {
                last = value
                found.insert(value)
            }
        }
        return found.compactMap { Int(exactly: $0) }.sorted()
    }
}
