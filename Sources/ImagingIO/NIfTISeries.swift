// One NIfTI image as a series of a study.
import Domain
import Imaging

/// A NIfTI image of an upload: its grid and what a pass over its values found.
struct NIfTISeries {
    /// Path inside the zip, or "nifti".
    let id: String
    let item: Upload.Item
    let isZipped: Bool
    let geometry: Geometry?
    private(set) var storedType = StoredType.float32
    private(set) var warnings: [String] = []
    /// Why the image makes no volume; nil when it does.
    private(set) var fault: ImagingIOError?

    /// A CT in Hounsfield units holds air or fat; a scan without any value below this may be something else (our choice).
    private static let unlikelyMinimumHU: Float = -50

    init(
        _ item: Upload.Item, of upload: Upload, isZipped: Bool, depth: DICOMScan.Depth, limits: IntakeLimits,
        cancellation: Cancellation? = nil
    ) throws {
        id = upload.form == .archive ? item.name : "nifti"
        self.item = item
        self.isZipped = isZipped
        var grid: Geometry?
        do {
            let reader = try NIfTIReader(upload.open(item), isZipped: isZipped, name: item.name, limits: limits)
            grid = reader.header.geometry
            storedType = reader.header.storedType
            warnings = reader.header.warnings
            if depth == .thorough {
                var census = ValueCensus()
                try reader.forEachPiece { values, _ in
                    try cancellation?.check()
                    census.add(values)
                }
                try census.refuseNonFinite(name: item.name)
                if census.minimum > Self.unlikelyMinimumHU {
                    warnings.append(
                        "\(item.name) has no value below \(Int(Self.unlikelyMinimumHU)) (range \(census.minimum) to \(census.maximum)): is it CT in Hounsfield units?"
                    )
                }
            }
        } catch let found as ImagingIOError where found.code != .archiveDamaged {
            fault = found
        }
        geometry = grid
    }

    var summary: SeriesSummary {
        let unknown = Geometry(size: Index3(x: 0, y: 0, z: 0), spacingMM: .zero)
        return SeriesSummary(
            id: id, modality: nil, geometry: geometry ?? unknown, sliceThicknessMM: nil, unusable: fault?.record)
    }

    /// Opens the image at its first voxel.
    func reader(_ upload: Upload, limits: IntakeLimits) throws -> NIfTIReader {
        try NIfTIReader(upload.open(item), isZipped: isZipped, name: item.name, limits: limits)
    }
}
