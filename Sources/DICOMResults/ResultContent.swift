// A finished analysis as DICOM objects of the study that it read.
import Domain
import Imaging
import ImagingIO

/// What objects are made of.
package struct ResultContent: Sendable {
    package let report: Report
    /// The radiomic features of the same run; nil where none were computed.
    package let features: FeaturesReport?
    /// Whole vertebrae on the grid of the images, by label value.
    package let segmentation: LabelMap
    /// Parts of vertebrae likewise, by the values that the report gives; nil where nothing was divided.
    package let parts: LabelMap?
    /// Where simulated cement goes; nil where nothing can be simulated.
    package let riskVolume: RiskVolume?
    package let source: SourceSeries
    package let identity: ResultIdentity

    /// - Returns: nil where the map is not on the images' grid.
    package init?(
        report: Report, features: FeaturesReport? = nil, segmentation: LabelMap, parts: LabelMap? = nil,
        riskVolume: RiskVolume? = nil,
        source: SourceSeries,
        identity: ResultIdentity
    ) {
        guard source.slices.count == segmentation.geometry.size.z else { return nil }
        self.report = report
        self.features = features
        self.segmentation = segmentation
        self.parts = parts
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
        /// Segmentation of parts; nil where the report counts none.
        package let parts: [UInt8]?
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
            parts: parts.flatMap(partsObject),
            riskMap: riskVolume.flatMap { ParametricMap($0, of: self)?.file })
    }

    /// Cut out of the images' grid: frames of whole slices, one for each part and slice, would take hundreds of megabytes.
    private func partsObject(_ map: LabelMap) -> [UInt8]? {
        guard let box = IndexBox(holding: map) else { return nil }
        let frames = SegmentFrames(map.cropped(from: box.lower, size: box.size))
        let segments = NamedSegment.parts(frames.labels, in: report)
        guard segments.map(\.label) == frames.labels else { return nil }
        return SegmentationObject(
            .parts, segments, frames, on: FrameGrid(source, map.geometry, box: box), of: self
        ).file
    }

    private func segmentationObject(_ segments: [NamedSegment], _ frames: SegmentFrames) -> [UInt8] {
        SegmentationObject(
            .segmentation, segments, frames, on: FrameGrid(source, segmentation.geometry), of: self
        ).file
    }
}
