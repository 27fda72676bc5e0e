// Every series of an upload, with what is needed to read its voxels, and the choice among them.
import Domain
import Foundation
import Imaging

/// The series of an upload.
struct StudyCatalogue {
    /// One series and where its voxels are.
    enum Source {
        case dicom(DICOMSeries)
        case nifti(NIfTISeries)

        var summary: SeriesSummary {
            switch self {
            case .dicom(let series): series.summary
            case .nifti(let series): series.summary
            }
        }

        var warnings: [String] {
            switch self {
            case .dicom(let series): series.warnings
            case .nifti(let series): series.warnings
            }
        }

        /// How the values are stored: a slope or an intercept with a fraction makes fractions of whole numbers.
        var storedType: StoredType {
            switch self {
            case .dicom(let series):
                let isWhole = series.slices.allSatisfy {
                    $0.slope == $0.slope.rounded() && $0.intercept == $0.intercept.rounded()
                }
                return isWhole ? .int32 : .float64
            case .nifti(let series): return series.storedType
            }
        }

        /// What makes the series unreadable; nil when a volume can be read.
        var fault: (any Fault)? {
            switch self {
            case .dicom(let series): series.fault
            case .nifti(let series): series.fault
            }
        }

        /// False when the file says that the images are something else than CT; NIfTI does not say.
        var isCT: Bool {
            switch self {
            case .dicom(let series): series.modality == "CT"
            case .nifti: true
            }
        }
    }

    let upload: Upload
    let format: StudyContents.Format
    let series: [Source]
    /// What was passed over in the upload as a whole.
    let warnings: [String]

    /// - Throws: The fault of the upload as a whole: unrecognised, damaged, or without any image.
    init(_ source: StudySource, depth: DICOMScan.Depth, limits: IntakeLimits, cancellation: Cancellation? = nil) throws
    {
        let upload = try Upload(source, limits: limits)
        self.upload = upload
        let kinds = try upload.items.map { (item: $0, kind: try upload.kind(of: $0)) }
        let images = kinds.filter { $0.kind.isNIfTI }
        var scan = try DICOMScan(
            kinds.filter { !$0.kind.isNIfTI }, of: upload, depth: depth, limits: limits, cancellation: cancellation)
        if scan.images.isEmpty, !images.isEmpty {
            format = upload.form == .archive ? .niftiArchive : .nifti
            series = try images.map { item, kind in
                .nifti(
                    try NIfTISeries(
                        item, of: upload, isZipped: kind == .zippedNIfTI, depth: depth, limits: limits,
                        cancellation: cancellation))
            }
        } else {
            guard !scan.images.isEmpty else { throw scan.nothingFound }
            for image in images { scan.passOver(image.item.name, "NIfTI beside DICOM") }
            format = Self.format(upload.form)
            let grouped = Dictionary(grouping: scan.images, by: \.seriesUID).sorted { $0.key < $1.key }
            series = try grouped.map { id, images in
                .dicom(
                    try DICOMSeries(id: id, images: images, limits: limits) { image in
                        try DICOMFile(upload.content(of: image.item), name: image.item.name).pixelChecksum
                    })
            }
        }
        warnings = scan.warnings
    }

    private static func format(_ form: Upload.Form) -> StudyContents.Format {
        switch form {
        case .single: .dicomFile
        case .archive: .dicomArchive
        case .instances: .dicomInstances
        }
    }

    /// The series that was asked for, or the one that suits best: CT before others, then the thinnest slices, then the most.
    /// - Returns: The series, and why it was taken where there was a choice.
    /// - Throws: `series-unknown`, or the fault that makes the series unusable.
    func choose(_ id: String?) throws -> (source: Source, warnings: [String]) {
        if let id {
            guard let named = series.first(where: { $0.summary.id == id }) else {
                throw ImagingIOError.seriesUnknown(id: id, known: series.map(\.summary.id))
            }
            if let fault = named.fault { throw fault }
            return (named, [])
        }
        let usable = series.filter { $0.fault == nil }.sorted(by: Self.suitsBetter)
        guard let best = usable.first else { throw worstFault }
        guard usable.count > 1 else { return (best, []) }
        let summary = best.summary
        return (
            best,
            [
                "\(usable.count) series can be analysed; \(summary.id) was taken (\(summary.sizeVoxels[2]) slices, \(summary.spacingMM[2].text(2)) mm apart): CT before others, then the thinnest slices, then the most."
            ]
        )
    }

    /// The series that inspection lists first: as `choose`, but CT only.
    /// - Throws: `modality-not-ct` when no series is CT (NIfTI does not say and passes).
    func chooseCT() throws -> (source: Source, warnings: [String]) {
        let chosen = try choose(nil)
        guard chosen.source.isCT else {
            if let fault = series.first(where: { $0.isCT })?.fault { throw fault }
            throw Self.notCT(chosen.source.summary)
        }
        return chosen
    }

    /// The images of a series as objects made of it name them; nil where they cannot be named.
    func reference(to source: Source) throws -> SourceSeries? {
        guard case .dicom(let series) = source, let first = series.slices.first?.item else { return nil }
        return SourceSeries(series, first: try DICOMFile(upload.content(of: first), name: first.name))
    }

    static func notCT(_ summary: SeriesSummary) -> ImagingIOError {
        .notCT(series: summary.id, modality: summary.modality)
    }

    /// With nothing usable: the fault of the largest series, CT first.
    private var worstFault: any Fault {
        let ranked = series.sorted {
            $0.isCT == $1.isCT ? $0.summary.sizeVoxels[2] > $1.summary.sizeVoxels[2] : $0.isCT
        }
        return ranked.first?.fault ?? ImagingIOError.unrecognised([])
    }

    private static func suitsBetter(_ left: Source, _ right: Source) -> Bool {
        if left.isCT != right.isCT { return left.isCT }
        let (a, b) = (left.summary, right.summary)
        if abs(a.spacingMM[2] - b.spacingMM[2]) > 0.01 { return a.spacingMM[2] < b.spacingMM[2] }
        if a.sizeVoxels[2] != b.sizeVoxels[2] { return a.sizeVoxels[2] > b.sizeVoxels[2] }
        return a.id < b.id
    }
}
