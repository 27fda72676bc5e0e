// A finished analysis as DICOM objects of the study that it read.
import Domain
import Imaging
import ImagingIO

/// What objects are made of.
package struct ResultContent: Sendable {
    package let report: Report
    /// Whole vertebrae on the grid of the images, by label value.
    package let segmentation: LabelMap
    /// Where simulated cement goes; nil where nothing can be simulated.
    package let riskVolume: RiskVolume?
    package let source: SourceSeries
    package let identity: ResultIdentity

    /// - Returns: nil where the map is not on the images' grid.
    package init?(
        report: Report, segmentation: LabelMap, riskVolume: RiskVolume? = nil, source: SourceSeries,
        identity: ResultIdentity
    ) {
        guard source.slices.count == segmentation.geometry.size.z else { return nil }
        self.report = report
        self.segmentation = segmentation
        self.riskVolume = riskVolume
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
        /// Parametric map of where simulated cement goes; nil where nothing was simulated.
        package let riskMap: [UInt8]?
    }

    /// The same content gives the same bytes.
    package func encode() -> Files {
        let frames = SegmentFrames(segmentation)
        let segments = NamedSegment.all(frames.labels, in: report)
        let isOutlined = !segments.isEmpty
        return Files(
            segmentation: isOutlined ? segmentationObject(segments, frames) : nil,
            report: isOutlined ? MeasurementReport(segments, of: self).file : nil,
            summary: SummaryTable(report).rows.isEmpty ? nil : SecondaryCapture(of: self).file,
            riskMap: riskVolume.flatMap { ParametricMap($0, of: self)?.file })
    }

    private func segmentationObject(_ segments: [NamedSegment], _ frames: SegmentFrames) -> [UInt8] {
        SegmentationObject(
            .segmentation, segments, frames, on: FrameGrid(source, segmentation.geometry), of: self
        ).file
    }
}
