// A finished analysis as DICOM objects of the study that it read.
import Domain
import Imaging
import ImagingIO

/// What objects are made of.
package struct ResultContent: Sendable {
    package let report: Report
    /// Whole vertebrae on the grid of the images, by label value.
    package let segmentation: LabelMap
    package let source: SourceSeries
    package let identity: ResultIdentity

    /// - Returns: nil where the map is not on the images' grid.
    package init?(report: Report, segmentation: LabelMap, source: SourceSeries, identity: ResultIdentity) {
        guard source.slices.count == segmentation.geometry.size.z else { return nil }
        self.report = report
        self.segmentation = segmentation
        self.source = source
        self.identity = identity
    }

    /// DICOM files (PS3.10), explicit VR little endian.
    package struct Files: Sendable {
        /// Segmentation; nil where nothing was outlined, for an object without segments helps no one.
        package let segmentation: [UInt8]?
        /// Structured report of measurements and risk, which refers to the segmentation; nil without one.
        package let report: [UInt8]?
    }

    /// The same content gives the same bytes.
    package func encode() -> Files {
        let frames = SegmentFrames(segmentation)
        let segments = NamedSegment.all(frames.labels, in: report)
        guard !segments.isEmpty else { return Files(segmentation: nil, report: nil) }
        return Files(
            segmentation: SegmentationObject(segmentation, segments, frames, of: self).file,
            report: MeasurementReport(segments, of: self).file)
    }
}
