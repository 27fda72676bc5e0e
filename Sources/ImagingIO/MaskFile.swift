// A label map as it was uploaded, brought onto the grid of the image that it labels.
import Domain
import Foundation
import Imaging

/// A NIfTI label map (`.nii`, `.nii.gz`, or a zip that holds one), found by content.
///
/// It must lie on the image's own grid, the same voxels in the same places; its axes may be stored in another order or
/// direction, and are brought onto the image's.
package enum MaskFile {
    /// Reads the whole file once and checks it against a series.
    /// - Returns: The label values that occur, ascending, 0 left out.
    /// - Throws: `ImagingIOError`: `mask-grid-mismatch` saying by how much, `mask-label-absent` when every voxel is 0,
    ///   `parameter-invalid` for values that are no labels, and what `StudyFile` throws for NIfTI and zip.
    package static func inspect(_ file: URL, against series: SeriesSummary) throws -> [Int] {
        let reader = try open(file)
        guard let geometry = series.geometry else {
            throw ImagingIOError.mask(.seriesWithoutGrid(id: series.id))
        }
        _ = try GridAlignment(of: reader.header.geometry, onto: geometry)
        var present = [Bool](repeating: false, count: 65_536)
        try present.withUnsafeMutableBufferPointer { present in
            try forEachPiece(of: reader) { labels, _ in
                for label in labels { present[Int(label)] = true }
            }
        }
        let values = present.indices.filter { $0 > 0 && present[$0] }
        guard !values.isEmpty else { throw ImagingIOError.mask(.noLabels) }
        return values
    }

    /// The label map on this grid.
    /// - Throws: As `inspect`, except that an empty map is returned as it is.
    package static func read(_ file: URL, onto geometry: Geometry) throws -> LabelMap {
        let reader = try open(file)
        let alignment = try GridAlignment(of: reader.header.geometry, onto: geometry)
        let size = reader.header.geometry.size
        let (first, step) = (alignment.firstOffset, alignment.step)
        var map = LabelMap(geometry: geometry)
        try map.labels.withUnsafeMutableBufferPointer { target in
            try forEachPiece(of: reader) { labels, start in
                for (i, label) in labels.enumerated() where label != 0 {
                    let index = start + i
                    let (row, x) = index.quotientAndRemainder(dividingBy: size.x)
                    let (z, y) = row.quotientAndRemainder(dividingBy: size.y)
                    target[first + x * step.x + y * step.y + z * step.z] = label
                }
            }
        }
        return map
    }

    private static func open(_ file: URL) throws -> NIfTIReader {
        let upload = try Upload(.file(file), limits: .mask)
        let kinds = try upload.items.map { (item: $0, kind: try upload.kind(of: $0)) }
        let images = kinds.filter { $0.kind.isNIfTI }
        guard let image = images.first else { throw ImagingIOError.mask(.notNIfTI) }
        guard images.count == 1 else { throw ImagingIOError.mask(.severalImages(images.count)) }
        return try NIfTIReader(
            upload.open(image.item), isZipped: image.kind == .zippedNIfTI,
            name: upload.form == .archive ? image.item.name : "the label map", limits: .mask)
    }

    /// Hands out the labels in the file's own order; a value that is no whole number from 0 to 65,535 is a fault.
    private static func forEachPiece(
        of reader: NIfTIReader, _ use: (_ labels: [UInt16], _ first: Int) throws -> Void
    ) throws {
        try reader.forEachPiece { values, first in
            var labels = [UInt16](repeating: 0, count: values.count)
            for i in values.indices {
                guard let label = UInt16(exactly: values[i]) else {
                    throw ImagingIOError.mask(.notALabel(values[i]))
                }
                labels[i] = label
            }
            try use(labels, first)
        }
    }
}
