// The way in: an uploaded file to a listing of its series, to a volume, or to the values around a point.
import Domain
import Foundation
import Imaging

/// A series decoded to Hounsfield units.
package struct DecodedSeries: Sendable {
    /// HU (for DICOM: stored value x Rescale Slope + Rescale Intercept, per slice), on the series' own grid.
    package var volume: Volume
    /// How the file stores the values: whole numbers for DICOM whose HU are whole.
    package var storedType: StoredType
    package var summary: SeriesSummary
    /// The images, for objects that refer to them; nil for NIfTI and for DICOM without UIDs.
    package var source: SourceSeries?
    /// Plain sentences about what was odd but could be handled, and which series was taken.
    package var warnings: [String]

    package init(
        volume: Volume, storedType: StoredType, summary: SeriesSummary, source: SourceSeries?, warnings: [String]
    ) {
        self.volume = volume
        self.storedType = storedType
        self.summary = summary
        self.source = source
        self.warnings = warnings
    }
}

/// A study as it was uploaded: a zip of DICOM files, one DICOM file, a NIfTI file (`.nii`, `.nii.gz`), or a zip of those; or
/// the instances of a series that came one by one. The format is found from the content, never from a name.
///
/// DICOM: one SeriesInstanceUID is one volume, its slices sorted by Image Position (Patient) along their normal (PS3.3
/// C.7.6.2). NIfTI: sform before qform (nifti1.h), RAS turned to LPS, the index order of the file kept.
package enum StudyFile {
    /// Reads the whole file once and says what it holds: every series, the one to analyse, and what was odd.
    ///
    /// Memory: a few MB beyond one slice. Checksums, sizes and pixel lengths are checked; compressed pixels are not decoded.
    /// - Throws: `ImagingIOError` when no CT series can be analysed (its code and text name the reason), or the
    ///   `archive-…` fault of a zip that must be refused.
    package static func inspect(_ source: StudySource, limits: IntakeLimits = .default) throws -> StudyContents {
        let catalogue = try StudyCatalogue(source, depth: .thorough, limits: limits)
        let chosen = try catalogue.chooseCT()
        let series = catalogue.series.map { source in
            var summary = source.summary
            if !source.isCT, summary.unusable == nil { summary.unusable = StudyCatalogue.notCT(summary).record }
            return summary
        }
        return StudyContents(
            format: catalogue.format, series: series, chosenSeries: chosen.source.summary.id,
            warnings: catalogue.warnings + catalogue.series.flatMap(\.warnings) + chosen.warnings)
    }

    /// Decodes one series. Memory: the volume and one slice.
    /// - Parameters:
    ///   - series: `SeriesSummary.id`; nil takes CT before other modalities, then the thinnest slices, then the most.
    ///   - progress: Called with the part that is done, 0...1, on the calling thread.
    /// - Throws: `ImagingIOError`; `FaultRecord` with `job-cancelled`.
    package static func readVolume(
        _ source: StudySource, series: String? = nil, cancellation: Cancellation? = nil,
        progress: ((Double) -> Void)? = nil
    ) throws -> DecodedSeries {
        let limits = IntakeLimits.default
        let catalogue = try StudyCatalogue(source, depth: .headers, limits: limits, cancellation: cancellation)
        let chosen = try catalogue.choose(series)
        progress?(0.1)
        let slabs = SlabReader(upload: catalogue.upload, limits: limits)
        let volume = try slabs.volume(chosen.source, cancellation: cancellation) { progress?(0.1 + 0.9 * $0) }
        return DecodedSeries(
            volume: volume, storedType: chosen.source.storedType, summary: chosen.source.summary,
            source: try catalogue.reference(to: chosen.source), warnings: chosen.source.warnings + chosen.warnings)
    }

    /// The HU of the voxels whose centres lie within `radiusMM` of each point; decodes only the slices that are needed.
    /// - Parameters:
    ///   - contents: What `inspect` found in this file.
    ///   - series: nil takes the chosen series.
    /// - Returns: One list per point, in the order of `pointsLPSMM`; empty when the point lies outside the image. A point
    ///   inside always has at least the voxel that holds it.
    package static func probe(
        _ source: StudySource, contents: StudyContents, series: String?, at pointsLPSMM: [SIMD3<Double>],
        radiusMM: Double
    ) throws -> [[Float]] {
        let limits = IntakeLimits.default
        let catalogue = try StudyCatalogue(source, depth: .headers, limits: limits)
        let chosen = try catalogue.choose(series ?? contents.chosenSeries)
        guard let geometry = chosen.source.summary.geometry else { return pointsLPSMM.map { _ in [] } }
        var balls = pointsLPSMM.map { VoxelBall($0, radiusMM: radiusMM, in: geometry) }
        let needed = Set(balls.flatMap { $0.slices })
        try SlabReader(upload: catalogue.upload, limits: limits).forEachSlice(of: chosen.source, among: needed) {
            z, values in
            for index in balls.indices { balls[index].take(values, slice: z) }
        }
        return balls.map(\.values)
    }
}

extension StudyFile {
    /// As above, of one uploaded file.
    package static func inspect(_ file: URL, limits: IntakeLimits = .default) throws -> StudyContents {
        try inspect(.file(file), limits: limits)
    }

    /// As above, of one uploaded file.
    package static func readVolume(
        _ file: URL, series: String? = nil, cancellation: Cancellation? = nil, progress: ((Double) -> Void)? = nil
    ) throws -> DecodedSeries {
        try readVolume(.file(file), series: series, cancellation: cancellation, progress: progress)
    }
}

/// The voxels around a point.
private struct VoxelBall {
    private let geometry: Geometry
    private let centre: PointMM
    private let radiusMM: Double
    private let holder: Index3
    /// Box around the ball, cut to the image; empty when the point lies outside the image.
    private let columns: Range<Int>
    private let rows: Range<Int>
    let slices: Range<Int>
    private(set) var values: [Float] = []

    init(_ centre: PointMM, radiusMM: Double, in geometry: Geometry) {
        self.geometry = geometry
        self.centre = centre
        self.radiusMM = radiusMM
        let holder = geometry.voxel(holding: centre)
        self.holder = holder ?? Index3(x: 0, y: 0, z: 0)
        let middle = geometry.index(of: centre)
        func reach(_ middle: Double, _ spacing: Double, _ size: Int) -> Range<Int> {
            guard holder != nil else { return 0..<0 }
            let half = radiusMM / spacing + 0.5
            let low = max(0, (middle - half).rounded(.down))
            let high = min(Double(size - 1), (middle + half).rounded(.up))
            return Int(low)..<Int(high) + 1
        }
        columns = reach(middle.x, geometry.spacingMM.x, geometry.size.x)
        rows = reach(middle.y, geometry.spacingMM.y, geometry.size.y)
        slices = reach(middle.z, geometry.spacingMM.z, geometry.size.z)
    }

    mutating func take(_ slice: UnsafeBufferPointer<Float>, slice z: Int) {
        guard slices.contains(z) else { return }
        for y in rows {
            for x in columns {
                let voxel = Index3(x: x, y: y, z: z)
                guard voxel == holder || length(geometry.point(at: voxel) - centre) <= radiusMM else { continue }
                values.append(slice[y * geometry.size.x + x])
            }
        }
    }
}
