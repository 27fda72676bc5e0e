// Whether a mask lies on its image.
import Imaging

/// ITK's tolerance, PyRadiomics' default for `geometryTolerance`: parts of a voxel for origin and spacing, cosines for axes.
let defaultGeometryTolerance = 1e-6

/// - Throws: `RadiomicsError.gridMismatch` that says what differs and by how much.
func requireSameGrid(
    _ image: Geometry, _ mask: Geometry, tolerance: Double = defaultGeometryTolerance
) throws(RadiomicsError) {
    func difference(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
        let d = a - b
        return max(abs(d.x), abs(d.y), abs(d.z))
    }
    if image.size != mask.size {
        let (a, b) = (image.size, mask.size)
        throw .gridMismatch(property: "size", by: "\(b.x)×\(b.y)×\(b.z), the image has \(a.x)×\(a.y)×\(a.z)")
    }
    let spacing = difference(image.spacingMM, mask.spacingMM)
    if spacing > tolerance * image.spacingMM.x { throw .gridMismatch(property: "spacing", by: "by \(spacing) mm") }
    let origin = difference(image.originMM, mask.originMM)
    if origin > tolerance * image.spacingMM.x { throw .gridMismatch(property: "origin", by: "by \(origin) mm") }
    let axes = max(
        difference(image.xAxis, mask.xAxis), difference(image.yAxis, mask.yAxis),
        difference(image.zAxis, mask.zAxis))
    if axes > tolerance { throw .gridMismatch(property: "orientation", by: "by \(axes) in a direction cosine") }
}

/// Refuses a grid that does not fit in memory, before it is made.
///
/// - Parameters:
///   - extent: voxels of the old grid along x, y, z that the new one covers.
///   - spacingMM: of the new grid, > 0.
/// - Throws: `RadiomicsError.gridTooLarge`.
func requireAffordable(
    _ extent: Index3, of old: Geometry, spacingMM: SIMD3<Double>
) throws(RadiomicsError) {
    let along = SIMD3<Double>(extent) * old.spacingMM / spacingMM
    let voxels = max(along.x, 1) * max(along.y, 1) * max(along.z, 1)
    guard voxels <= RadiomicsError.voxelLimit else { throw .gridTooLarge(voxels: voxels) }
}

/// PyRadiomics lets a region leave the image by this much of a voxel (3.0.1 `imageoperations._checkROI`).
private let outsideTolerance = 1e-3

/// - Throws: `RadiomicsError.regionOutside` when the box around a region leaves the image.
func requireInside(_ image: Geometry, _ region: LabelRegion, of mask: Geometry) throws(RadiomicsError) {
    let lower = SIMD3<Double>(region.box.lower) - 0.5
    let a = image.index(of: mask.point(at: lower))
    let b = image.index(of: mask.point(at: lower + SIMD3<Double>(region.box.size)))
    let beyond = pointwiseMax(-0.5 - pointwiseMin(a, b), pointwiseMax(a, b) - SIMD3<Double>(image.size) + 0.5)
    let most = max(beyond.x, beyond.y, beyond.z)
    if most > outsideTolerance { throw .regionOutside(label: region.label, voxels: most) }
}
