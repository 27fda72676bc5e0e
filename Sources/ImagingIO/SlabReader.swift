// Voxels of a series, slice by slice: DICOM pixels decoded and rescaled, NIfTI values as they stream by.
import CDCMTK
import Domain
import Imaging

/// Reads the voxels of a catalogued series.
struct SlabReader {
    let upload: Upload
    let limits: IntakeLimits

    /// The whole series. Memory: the volume and one slice.
    func volume(
        _ source: StudyCatalogue.Source, cancellation: Cancellation?, progress: (Double) -> Void
    ) throws -> Volume {
        switch source {
        case .dicom(let series): try volume(series, cancellation: cancellation, progress: progress)
        case .nifti(let series): try volume(series, cancellation: cancellation, progress: progress)
        }
    }

    private func volume(
        _ series: DICOMSeries, cancellation: Cancellation?, progress: (Double) -> Void
    ) throws -> Volume {
        let size = series.geometry.size
        var voxels = [Float](repeating: 0, count: size.count)
        try voxels.withUnsafeMutableBufferPointer { all in
            for (z, image) in series.slices.enumerated() {
                try cancellation?.check()
                let slice = UnsafeMutableBufferPointer(
                    rebasing: all[(z * size.x * size.y)..<((z + 1) * size.x * size.y)])
                try decode(image, into: slice)
                progress(Double(z + 1) / Double(size.z))
            }
        }
        return Volume(geometry: series.geometry, voxels: voxels)
    }

    private func volume(
        _ series: NIfTISeries, cancellation: Cancellation?, progress: (Double) -> Void
    ) throws -> Volume {
        let reader = try series.reader(upload, limits: limits)
        let count = reader.header.geometry.size.count
        var voxels = [Float](repeating: 0, count: count)
        var census = ValueCensus()
        try voxels.withUnsafeMutableBufferPointer { all in
            try reader.forEachPiece { values, first in
                try cancellation?.check()
                census.add(values)
                _ = UnsafeMutableBufferPointer(rebasing: all[first..<first + values.count]).update(from: values)
                progress(Double(first + values.count) / Double(count))
            }
        }
        try census.refuseNonFinite(name: series.item.name)
        return Volume(geometry: reader.header.geometry, voxels: voxels)
    }

    /// Hands out the slices with these indices, x fastest, in ascending order.
    func forEachSlice(
        of source: StudyCatalogue.Source, among indices: Set<Int>,
        _ use: (_ z: Int, _ values: UnsafeBufferPointer<Float>) throws -> Void
    ) throws {
        guard let last = indices.max() else { return }
        switch source {
        case .dicom(let series):
            let slice = UnsafeMutableBufferPointer<Float>.allocate(
                capacity: series.geometry.size.x * series.geometry.size.y)
            defer { slice.deallocate() }
            for z in indices.sorted() {
                try decode(series.slices[z], into: slice)
                try use(z, UnsafeBufferPointer(slice))
            }
        case .nifti(let series):
            let reader = try series.reader(upload, limits: limits)
            let area = reader.header.geometry.size.x * reader.header.geometry.size.y
            var slice: [Float] = []
            slice.reserveCapacity(area)
            var z = 0
            try reader.forEachPiece(before: (last + 1) * area) { values, _ in
                var rest = values[...]
                while !rest.isEmpty {
                    let part = rest.prefix(area - slice.count)
                    slice.append(contentsOf: part)
                    rest = rest.dropFirst(part.count)
                    guard slice.count == area else { continue }
                    if indices.contains(z) { try slice.withUnsafeBufferPointer { try use(z, $0) } }
                    slice.removeAll(keepingCapacity: true)
                    z += 1
                }
            }
        }
    }

    /// Stored values to HU: value x Rescale Slope + Rescale Intercept (PS3.3 C.11.1).
    private func decode(_ image: DICOMImage, into slice: UnsafeMutableBufferPointer<Float>) throws {
        let file = try DICOMFile(upload.content(of: image.item), name: image.item.name)
        let stored = UnsafeMutableBufferPointer<Int32>.allocate(capacity: slice.count)
        defer { stored.deallocate() }
        try file.decode(image.shape, into: stored)
        let (slope, intercept) = (image.slope, image.intercept)
        for i in 0..<slice.count { slice[i] = Float(Double(stored[i]) * slope + intercept) }
    }
}
