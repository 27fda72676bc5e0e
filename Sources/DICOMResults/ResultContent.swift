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
        /// Picture of what a reader must see first, for viewers that show neither; nil where the report speaks of no vertebra.
        package let summary: [UInt8]?
    }

    /// The same content gives the same bytes.
    package func encode() -> Files {
        let frames = SegmentFrames(segmentation)
        let segments = NamedSegment.all(frames.labels, in: report)
        let isOutlined = !segments.isEmpty
        return Files(
            segmentation: isOutlined ? SegmentationObject(segmentation, segments, frames, of: self).file : nil,
            report: isOutlined ? MeasurementReport(segments, of: self).file : nil,
            summary: SummaryTable(report).rows.isEmpty ? nil : SecondaryCapture(of: self).file)
    }
}
