// The header of one DICOM image: what places it in a series and turns its stored values into HU.
import CDCMTK
import Domain
import Imaging

/// One image of a series, without its pixels.
struct DICOMImage {
    let item: Upload.Item
    let seriesUID: String
    /// SOPClassUID and SOPInstanceUID; nil in files that careless anonymisers emptied.
    let reference: ObjectReference?
    let modality: String?
    /// Manufacturer and model, as far as the file names them.
    let scanner: String?
    /// ImageType (0008,0008) says that it is a planning view.
    let isLocaliser: Bool
    let shape: cdcmtk_pixels
    /// Distance between columns (x) and between rows (y), millimetres.
    let spacingMM: SIMD2<Double>
    /// Centre of the first pixel, LPS millimetres.
    let positionMM: PointMM
    let rowAxis: SIMD3<Double>
    let columnAxis: SIMD3<Double>
    let sliceThicknessMM: Double?
    let gantryTiltDegrees: Double
    let slope: Double
    let intercept: Double
    /// Unit of the rescaled values (0028,1054) where it is given.
    let rescaleType: String?
    /// Lossy Image Compression (0028,2110) is 01.
    let isLossy: Bool
    /// The pixels show text, or are of a kind that often does.
    let showsText: Bool
    /// Why this image cannot be part of a volume; nil when it can.
    let fault: ImagingIOError?

    /// Stands in for a SeriesInstanceUID that was emptied, as careless anonymisers do.
    static let unnamedSeries = "series-without-uid"

    var rows: Int { Int(shape.rows) }
    var columns: Int { Int(shape.columns) }
    var normal: SIMD3<Double> { cross(rowAxis, columnAxis) }
    /// Place along the slice normal, millimetres.
    var heightMM: Double { dot(positionMM, normal) }

    /// nil when the object is no image at all (a plan, a structure set, a report, a directory).
    init?(_ file: DICOMFile, item: Upload.Item, limits: IntakeLimits) {
        guard let rows = file.whole(.rows), let columns = file.whole(.columns) else { return nil }
        self.item = item
        reference = ObjectReference(file)
        modality = file.text(.modality)
        let machine = [DICOMTag.manufacturer, .manufacturerModelName].compactMap { file.text($0) }
        scanner = machine.isEmpty ? nil : machine.joined(separator: " ")
        seriesUID = file.text(.seriesInstanceUID) ?? Self.unnamedSeries
        let kinds = file.text(.imageType)?.split(separator: "\\") ?? []
        isLocaliser = kinds.contains { $0.hasPrefix("LOCALI") || $0 == "SCOUT" }
        sliceThicknessMM = file.number(.sliceThickness).flatMap { $0 > 0 ? $0 : nil }
        gantryTiltDegrees = file.number(.gantryTilt) ?? 0
        slope = file.number(.rescaleSlope) ?? 1
        intercept = file.number(.rescaleIntercept) ?? 0
        rescaleType = file.text(.rescaleType)
        isLossy = file.text(.lossyCompression) == "01"
        showsText = file.showsText
        let spacing = file.numbers(.pixelSpacing, count: 2)
        spacingMM = spacing.map { [$0[1], $0[0]] } ?? .zero
        positionMM = file.numbers(.imagePosition, count: 3).map { SIMD3($0[0], $0[1], $0[2]) } ?? .zero
        let axes = file.numbers(.imageOrientation, count: 6) ?? [0, 0, 0, 0, 0, 0]
        rowAxis = normalised(SIMD3(axes[0], axes[1], axes[2]))
        columnAxis = normalised(SIMD3(axes[3], axes[4], axes[5]))
        let allocated = file.whole(.bitsAllocated) ?? 0
        let stored = file.whole(.bitsStored) ?? allocated
        shape = cdcmtk_pixels(
            rows: Int32(clamping: rows), columns: Int32(clamping: columns), bitsAllocated: Int32(clamping: allocated),
            bitsStored: Int32(clamping: stored), highBit: Int32(clamping: file.whole(.highBit) ?? stored - 1),
            isSigned: file.whole(.pixelRepresentation) == 1 ? 1 : 0)
        let flaw =
            Self.colourOrFrames(file) ?? Self.shapeFlaw(shape, limits: limits)
            ?? Self.missingTag(file, modality: modality) ?? Self.placeFlaw(spacingMM, rowAxis, columnAxis)
        fault = flaw.map { .dicom(file: item.name, $0) }
    }

    private static func colourOrFrames(_ file: DICOMFile) -> DICOMFlaw? {
        let samples = file.whole(.samplesPerPixel) ?? 1
        let interpretation = file.text(.photometricInterpretation) ?? "absent"
        guard samples == 1, interpretation.hasPrefix("MONOCHROME") else {
            return .notGreyscale(interpretation: interpretation, samples: samples)
        }
        let frames = file.whole(.numberOfFrames) ?? 1
        let isEnhanced = DICOMUID.enhancedImages.contains(file.text(.sopClassUID) ?? "")
        return frames <= 1 && !isEnhanced ? nil : .multiFrame(frames: frames)
    }

    private static func shapeFlaw(_ shape: cdcmtk_pixels, limits: IntakeLimits) -> DICOMFlaw? {
        guard shape.rows > 0, shape.columns > 0, shape.rows <= limits.maxSliceSide, shape.columns <= limits.maxSliceSide
        else {
            return .sizeImpossible(
                rows: Int(shape.rows), columns: Int(shape.columns), limit: limits.maxSliceSide)
        }
        let isSound =
            [8, 16].contains(shape.bitsAllocated) && (1...shape.bitsAllocated).contains(shape.bitsStored)
            && (shape.bitsStored - 1..<shape.bitsAllocated).contains(shape.highBit)
        guard isSound else {
            return .bitsUnreadable(
                allocated: Int(shape.bitsAllocated), stored: Int(shape.bitsStored), high: Int(shape.highBit))
        }
        return nil
    }

    private static func missingTag(_ file: DICOMFile, modality: String?) -> DICOMFlaw? {
        var needed: [(DICOMTag, String, Int)] = [
            (.pixelSpacing, "Pixel Spacing", 2), (.imagePosition, "Image Position (Patient)", 3),
            (.imageOrientation, "Image Orientation (Patient)", 6),
        ]
        if modality == "CT" {
            needed += [(.rescaleIntercept, "Rescale Intercept", 1), (.rescaleSlope, "Rescale Slope", 1)]
        }
        let absent = needed.first { file.numbers($0.0, count: $0.2) == nil }
        return absent.map { .tagMissing($0.0, title: $0.1) }
    }

    /// Direction cosines must be unit vectors at right angles; rounding to a few decimals is common.
    private static func placeFlaw(
        _ spacing: SIMD2<Double>, _ row: SIMD3<Double>, _ column: SIMD3<Double>
    ) -> DICOMFlaw? {
        guard abs(dot(row, column)) < 1e-2, length(row) > 0.5, length(column) > 0.5 else {  // our choice
            return .orientationNotPerpendicular
        }
        guard (0.02...20).contains(spacing.x), (0.02...20).contains(spacing.y) else {  // mm, our choice
            return .pixelSpacingImpossible(rowsMM: spacing.y, columnsMM: spacing.x)
        }
        return nil
    }
}

extension DICOMTag {
    package static let imageType = DICOMTag(0x0008, 0x0008)
    package static let sopClassUID = DICOMTag(0x0008, 0x0016)
    package static let modality = DICOMTag(0x0008, 0x0060)
    package static let manufacturerModelName = DICOMTag(0x0008, 0x1090)
    package static let sliceThickness = DICOMTag(0x0018, 0x0050)
    package static let gantryTilt = DICOMTag(0x0018, 0x1120)
    package static let seriesInstanceUID = DICOMTag(0x0020, 0x000E)
    package static let imagePosition = DICOMTag(0x0020, 0x0032)
    package static let imageOrientation = DICOMTag(0x0020, 0x0037)
    package static let samplesPerPixel = DICOMTag(0x0028, 0x0002)
    package static let photometricInterpretation = DICOMTag(0x0028, 0x0004)
    package static let numberOfFrames = DICOMTag(0x0028, 0x0008)
    package static let rows = DICOMTag(0x0028, 0x0010)
    package static let columns = DICOMTag(0x0028, 0x0011)
    package static let pixelSpacing = DICOMTag(0x0028, 0x0030)
    package static let bitsAllocated = DICOMTag(0x0028, 0x0100)
    package static let bitsStored = DICOMTag(0x0028, 0x0101)
    package static let highBit = DICOMTag(0x0028, 0x0102)
    package static let pixelRepresentation = DICOMTag(0x0028, 0x0103)
    package static let rescaleIntercept = DICOMTag(0x0028, 0x1052)
    package static let lossyCompression = DICOMTag(0x0028, 0x2110)
    package static let rescaleSlope = DICOMTag(0x0028, 0x1053)
}

/// Unique identifiers of the standard (PS3.6 annex A).
package enum DICOMUID {
    package static let ctImageStorage = "1.2.840.10008.5.1.4.1.1.2"
    package static let explicitLittleEndian = "1.2.840.10008.1.2.1"
    /// Enhanced CT, Legacy Converted Enhanced CT, Enhanced MR, Legacy Converted Enhanced MR.
    static let enhancedImages: Set = [
        "1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.2.2", "1.2.840.10008.5.1.4.1.1.4.1",
        "1.2.840.10008.5.1.4.1.1.4.4",
    ]
}
