// The images of one SeriesInstanceUID as slices of one volume: sorted, checked, and placed on a grid.
import Domain
import Foundation
import Imaging

/// One series, its slices in order along the slice normal. Position decides, never InstanceNumber or file name.
struct DICOMSeries {
    /// SeriesInstanceUID (0020,000E).
    let id: String
    let modality: String?
    /// The slices of the volume, first = lowest along the normal.
    private(set) var slices: [DICOMImage]
    private(set) var geometry: Geometry
    private(set) var warnings: [String] = []
    /// Why the series makes no volume; nil when it does.
    private(set) var fault: ImagingIOError?

    /// Slice positions may stray this far from even spacing, millimetres: 5 % of it or 0.05 mm, whichever is more (our
    /// choice; positions are often rounded to a tenth of a millimetre). A nanometre for the arithmetic.
    private static func tolerance(_ spacingMM: Double) -> Double { max(0.05 * spacingMM, 0.05) + 1e-6 }
    /// Slices closer than this are at the same place (our choice).
    private static let samePlaceMM = 0.01
    /// Fewer slices make no volume worth analysing (our choice).
    private static let minSlices = 3

    /// - Parameter checksum: CRC-32 of an image's stored pixels; asked only where two slices lie at the same place.
    init(id: String, images: [DICOMImage], limits: IntakeLimits, checksum: (DICOMImage) throws -> UInt32) throws {
        self.id = id
        modality = images.lazy.compactMap(\.modality).first
        slices = images.filter { !$0.isLocaliser }
        geometry = Geometry(size: Index3(x: 0, y: 0, z: 0), spacingMM: .zero)
        if slices.count < images.count {
            warnings.append("\(images.count - slices.count) localiser image(s) of series \(id) were left out.")
        }
        let texts = images.count(where: \.showsText)
        if texts > 0 {
            warnings.append(
                "\(texts) image(s) of series \(id) show text that may name the patient: Burned In Annotation (0028,0301) is YES, or they are Secondary Capture."
            )
        }
        if id == DICOMImage.unnamedSeries {
            warnings.append(
                "\(images.count) image(s) without Series Instance UID (0020,000E) were taken as one series.")
        }
        do {
            try leaveOutOddOrientations()
            try refuseFaultyImages()
            slices.sort { $0.heightMM < $1.heightMM }
            try leaveOutDuplicates(checksum)
            try place(limits: limits)
        } catch let found as ImagingIOError where found.code != .archiveDamaged {
            fault = found
            describe()
        }
    }

    var summary: SeriesSummary {
        SeriesSummary(
            id: id, modality: modality, geometry: geometry, sliceThicknessMM: slices.first?.sliceThicknessMM,
            scanner: slices.first?.scanner, unusable: fault?.record)
    }

    private func refusal(_ flaw: SeriesFlaw) -> ImagingIOError { .series(id: id, flaw) }

    /// Planning views are not always marked as such: one or two images of another orientation are left out.
    private mutating func leaveOutOddOrientations() throws {
        var groups: [[DICOMImage]] = []
        for image in slices where image.fault == nil {
            let isAlike = { (group: [DICOMImage]) in
                dot(group[0].rowAxis, image.rowAxis) > 0.99999 && dot(group[0].columnAxis, image.columnAxis) > 0.99999
            }
            if let index = groups.firstIndex(where: isAlike) {
                groups[index].append(image)
            } else {
                groups.append([image])
            }
        }
        guard groups.count > 1, let largest = groups.max(by: { $0.count < $1.count }) else { return }
        let others = slices.count - largest.count
        guard others <= 2, largest.count >= 3 else {
            throw refusal(.mixedOrientations(images: slices.count, orientations: groups.count))
        }
        slices = largest
        warnings.append("\(others) image(s) of series \(id) in another orientation were left out.")
    }

    private func refuseFaultyImages() throws {
        if let fault = slices.lazy.compactMap(\.fault).first { throw fault }
        try refuseFewSlices()
        let first = slices[0]
        for slice in slices.dropFirst() {
            guard slice.rows == first.rows, slice.columns == first.columns else {
                throw refusal(
                    .sizesDiffer(
                        file: first.item.name, columns: first.columns, rows: first.rows, other: slice.item.name,
                        otherColumns: slice.columns, otherRows: slice.rows))
            }
            let difference = slice.spacingMM - first.spacingMM
            guard abs(difference.x) <= 1e-3 * first.spacingMM.x, abs(difference.y) <= 1e-3 * first.spacingMM.y else {
                throw refusal(.pixelSpacingsDiffer(file: first.item.name, other: slice.item.name))
            }
        }
    }

    /// Two slices at one place: the same pixels twice are harmless, different ones are two scans in one series.
    private mutating func leaveOutDuplicates(_ checksum: (DICOMImage) throws -> UInt32) throws {
        var kept: [DICOMImage] = [slices[0]]
        for slice in slices.dropFirst() {
            let previous = kept[kept.count - 1]
            guard slice.heightMM - previous.heightMM < Self.samePlaceMM else {
                kept.append(slice)
                continue
            }
            guard length(slice.positionMM - previous.positionMM) < 0.1,
                try checksum(slice) == checksum(previous), slice.slope == previous.slope,
                slice.intercept == previous.intercept
            else { throw refusal(.duplicated(file: previous.item.name, other: slice.item.name)) }
        }
        if kept.count < slices.count {
            warnings.append("\(slices.count - kept.count) repeated slice(s) of series \(id) were left out.")
        }
        slices = kept
        try refuseFewSlices()
    }

    private func refuseFewSlices() throws {
        guard slices.count >= Self.minSlices else {
            throw refusal(.tooFewSlices(slices.count, needed: Self.minSlices))
        }
    }

    /// Checks spacing and tilt and sets the grid.
    private mutating func place(limits: IntakeLimits) throws {
        let heights = slices.map(\.heightMM)
        let gaps = zip(heights.dropFirst(), heights).map { $0 - $1 }
        let spacing = (heights[heights.count - 1] - heights[0]) / Double(gaps.count)
        let stray = heights.indices.map { abs(heights[$0] - heights[0] - Double($0) * spacing) }.max() ?? 0
        if stray > Self.tolerance(spacing) {
            try refuseGaps(gaps, step: gaps.sorted()[gaps.count / 2])
            guard stray <= 0.25 * spacing else {  // our choice: small differences that add up
                throw refusal(.straying(mm: stray, spacingMM: spacing))
            }
        }
        try refuseTilt()
        setGeometry(zSpacingMM: spacing)
        guard geometry.size.count <= limits.maxVoxels else {
            throw refusal(.tooManyVoxels(geometry.size.count, limit: limits.maxVoxels))
        }
        warnOfThickness(spacing)
        warnOfValues()
    }

    private func refuseGaps(_ gaps: [Double], step: Double) throws {
        let tolerance = Self.tolerance(step)
        let odd = gaps.indices.filter { abs(gaps[$0] - step) > tolerance }
        guard let first = odd.first else { return }
        let areMultiples = odd.allSatisfy {
            let times = (gaps[$0] / step).rounded()
            return times >= 2 && abs(gaps[$0] - times * step) <= tolerance * times
        }
        let (after, before) = (slices[first].item.name, slices[first + 1].item.name)
        if areMultiples {
            let missing = odd.reduce(0) { $0 + Int((gaps[$1] / step).rounded()) - 1 }
            throw refusal(
                .slicesMissing(
                    missing, places: odd.count, gapMM: gaps[first], stepMM: step, after: after, before: before))
        }
        throw refusal(
            .unevenDistances(
                odd.count, of: gaps.count, gapMM: gaps[first], stepMM: step, after: after, before: before))
    }

    /// Slices must follow each other along their normal; a tilted gantry moves them along the table instead.
    private mutating func refuseTilt() throws {
        let path = slices[slices.count - 1].positionMM - slices[0].positionMM
        let along = dot(path, slices[0].normal)
        let aside = length(path - slices[0].normal * along)
        let degrees = Double.degrees(ofTangent: aside / along)
        guard degrees <= 0.5 || aside <= 0.5 * slices[0].spacingMM.min() else {  // our choice
            throw refusal(.gantryTilt(degrees: degrees, declaredDegrees: slices[0].gantryTiltDegrees))
        }
        if abs(slices[0].gantryTiltDegrees) > 0.5 {
            warnings.append(
                "Series \(id) names a gantry tilt of \(slices[0].gantryTiltDegrees.text(1)) degrees, but its slices are stacked straight."
            )
        }
    }

    private mutating func setGeometry(zSpacingMM: Double) {
        let first = slices[0]
        let straightColumn = normalised(first.columnAxis - first.rowAxis * dot(first.rowAxis, first.columnAxis))
        geometry = Geometry(
            size: Index3(x: first.columns, y: first.rows, z: slices.count),
            spacingMM: [first.spacingMM.x, first.spacingMM.y, zSpacingMM], originMM: first.positionMM,
            xAxis: first.rowAxis, yAxis: straightColumn, zAxis: cross(first.rowAxis, straightColumn))
    }

    /// The grid as far as it is known, for the listing of a series that cannot be used.
    private mutating func describe() {
        guard let first = slices.first else { return }
        setGeometry(zSpacingMM: first.sliceThicknessMM ?? 0)
    }

    private mutating func warnOfValues() {
        if slices.contains(where: \.isLossy) {
            warnings.append("Series \(id) was compressed with loss (0028,2110): its HU are approximate.")
        }
        if modality == "CT", let unit = slices.lazy.compactMap(\.rescaleType).first(where: { $0 != "HU" }) {
            warnings.append("Series \(id): Rescale Type (0028,1054) is \(unit), not HU.")
        }
    }

    private mutating func warnOfThickness(_ spacing: Double) {
        guard let thickness = slices[0].sliceThicknessMM, thickness > 1.5 * spacing || spacing > 1.05 * thickness else {
            return
        }
        warnings.append(
            "Series \(id): slices are \(thickness.text(2)) mm thick (0018,0050) and \(spacing.text(2)) mm apart.")
    }
}

extension SeriesSummary {
    /// A summary of an image on this grid.
    init(
        id: String, modality: String?, geometry: Geometry, sliceThicknessMM: Double?, scanner: String? = nil,
        unusable: FaultRecord?
    ) {
        let (x, y, z) = (geometry.xAxis, geometry.yAxis, geometry.zAxis)
        self.init(
            id: id, modality: modality, sizeVoxels: [geometry.size.x, geometry.size.y, geometry.size.z],
            spacingMM: [geometry.spacingMM.x, geometry.spacingMM.y, geometry.spacingMM.z],
            originLPSMM: [geometry.originMM.x, geometry.originMM.y, geometry.originMM.z],
            axesLPS: [x.x, x.y, x.z, y.x, y.y, y.z, z.x, z.y, z.z], sliceThicknessMM: sliceThicknessMM,
            scanner: scanner, unusable: unusable)
    }

    /// The grid of the series; nil when the numbers are incomplete.
    package var geometry: Geometry? {
        guard sizeVoxels.count == 3, spacingMM.count == 3, originLPSMM.count == 3, axesLPS.count == 9 else {
            return nil
        }
        let axes = axesLPS
        return Geometry(
            size: Index3(x: sizeVoxels[0], y: sizeVoxels[1], z: sizeVoxels[2]),
            spacingMM: SIMD3(spacingMM[0], spacingMM[1], spacingMM[2]),
            originMM: SIMD3(originLPSMM[0], originLPSMM[1], originLPSMM[2]),
            xAxis: SIMD3(axes[0], axes[1], axes[2]), yAxis: SIMD3(axes[3], axes[4], axes[5]),
            zAxis: SIMD3(axes[6], axes[7], axes[8]))
    }
}

extension Double {
    /// The angle whose tangent this is.
    static func degrees(ofTangent tangent: Double) -> Double { atan(tangent) * 180 / .pi }
}
