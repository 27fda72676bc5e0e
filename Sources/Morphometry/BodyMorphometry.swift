// Sizes, heights and density of a vertebra.
import Domain
import Foundation
import Imaging

/// Measures one vertebra.
package enum BodyMorphometry {
    /// - Parameters:
    ///   - vertebra: on a sub-grid of `volume`'s grid.
    ///   - volume: the scan, HU.
    ///   - calibration: turns HU into bone mineral density.
    /// - Throws: `MorphometryError`; `FaultRecord` when cancelled.
    package static func measure(
        _ vertebra: Vertebra, in volume: Volume, calibration: DensityCalibration = .published,
        cancellation: Cancellation = Cancellation()
    ) throws -> VertebraMorphometry {
        try vertebra.requireInside(volume)
        let field = try BodyField(vertebra)
        let surface = try BodySurface(field, level: vertebra.level)
        try cancellation.check()
        let voxelML = volume.geometry.voxelVolumeMM3 / 1000
        let body = density(of: vertebra, in: volume) { _, label in label == Vertebra.Part.body.rawValue }
        guard let body else { throw MorphometryError.bodyEmpty(level: vertebra.level) }
        var result = VertebraMorphometry(
            level: vertebra.level, bodyVolumeML: Double(field.voxelCount) * voxelML,
            vertebraVolumeML: Double(vertebra.parts.labels.count { $0 != 0 }) * voxelML,
            meanBodyHU: body, omissions: [])
        result.readTrabecular(TrabecularRegion.mask(of: vertebra), of: vertebra, in: volume, calibration)
        if result.trabecularHU == nil {
            result.omit("trabecular density", "no voxel of the body lies 3 mm inside its surface")
        }
        guard vertebra.isWhole else {
            result.omit("heights, diameters and wedge angle", "the vertebra is cut by the border of the scan")
            return result
        }
        result.widthMM = surface.wall.greatestWidthMM
        result.depthMM = surface.wall.greatestDepthMM
        let spacing = volume.geometry.spacingMM
        let edge: BodyHeights.Edge = max(spacing.x, spacing.y, spacing.z) <= imageEdgeLimitMM ? .image : .mask
        let blur = ScannerBlur(spacingMM: spacing, sliceThicknessMM: nil)
        let edges = edge == .image ? surface.movedToShell(frame: vertebra.frame, volume: volume, blur: blur) : surface
        try cancellation.check()
        let endplates = EndplatePair(edges, edge: edge, frame: vertebra.frame, volume: volume, blur: blur)
        let sections = SagittalSection.across(edges.wall, endplates)
        result.heights = heights(sections, edge: edge)
        result.superiorTiltDegrees = middle(of: sections, \.superiorTiltDegrees)
        result.inferiorTiltDegrees = middle(of: sections, \.inferiorTiltDegrees)
        result.posteriorWall = PosteriorWall(edges.wall, vertebra: vertebra)
        if result.posteriorWall == nil {
            result.omit("posterior-wall bulge", "the posterior wall could not be followed between its corners")
        } else if result.posteriorWall?.canalDepthMM == nil {
            result.omit(
                "canal compromise", "no lamina of the mask lies behind the body, so that the canal has no back wall")
        }
        if result.heights == nil {
            result.omit("heights and wedge angle", "the endplates could not be followed over the middle of the body")
        }
        return result
    }

    /// Up to this voxel size the shell in the image places the endplates; above it the mask does (our choice: at 3 mm the heights
    /// of one spine from three different masks agreed better with the image's edge than with the masks' own).
    static let imageEdgeLimitMM = 3.0

    private static func heights(_ sections: [SagittalSection], edge: BodyHeights.Edge) -> BodyHeights? {
        guard let focal = SagittalSection.mostUneven(sections) else { return nil }
        func middle(_ column: KeyPath<ColumnHeights, Double>) -> Double {
            Double(median(of: sections.map { Float($0.heights[keyPath: column]) }))
        }
        return BodyHeights(
            anteriorMM: middle(\.anteriorMM), middleMM: middle(\.middleMM), posteriorMM: middle(\.posteriorMM),
            focal: focal, edge: edge)
    }

    private static func middle(of sections: [SagittalSection], _ angle: KeyPath<SagittalSection, Double>) -> Double? {
        sections.isEmpty ? nil : Double(median(of: sections.map { Float($0[keyPath: angle]) }))
    }

    fileprivate static func density(
        of vertebra: Vertebra, in volume: Volume, where isCounted: (Int, UInt16) -> Bool
    ) -> DensitySummary? {
        let size = vertebra.parts.geometry.size
        var values: [Float] = []
        for z in 0..<size.z {
            for y in 0..<size.y {
                let row = (z * size.y + y) * size.x
                let from = volume.geometry.offset(
                    x: vertebra.lowerIndex.x, y: vertebra.lowerIndex.y + y, z: vertebra.lowerIndex.z + z)
                for x in 0..<size.x where isCounted(row + x, vertebra.parts.labels[row + x]) {
                    values.append(volume.voxels[from + x])
                }
            }
        }
        return DensitySummary(values, voxelVolumeMM3: volume.geometry.voxelVolumeMM3)
    }
}

extension VertebraMorphometry {
    /// The measures with density and texture of the trabecular region read again, the cleft and its blurred border left out.
    package func leavingOut(_ cleft: Cleft, of vertebra: Vertebra, in volume: Volume) -> VertebraMorphometry {
        let region = TrabecularRegion.mask(of: vertebra).subtracting(cleft.mask.dilated(byMM: Self.cleftBorderMM))
        var result = self
        result.readTrabecular(region, of: vertebra, in: volume, density?.calibration ?? .published)
        return result
    }

    /// Our choice: twice the usual blur.
    private static let cleftBorderMM = 1.5

    fileprivate mutating func readTrabecular(
        _ region: VoxelMask, of vertebra: Vertebra, in volume: Volume, _ calibration: DensityCalibration
    ) {
        let inside = region.voxels
        trabecularHU = BodyMorphometry.density(of: vertebra, in: volume) { i, _ in inside[i] }
        texture = TrabecularTexture(region, vertebra: vertebra, volume: volume)
        density = trabecularHU.map { BoneDensity(meanHU: $0.meanHU, calibration) }
    }

    fileprivate mutating func omit(_ item: String, _ reason: String) {
        omissions.append(Omission(item: item, reason: reason))
    }
}

extension Vertebra {
    /// - Throws: `MorphometryError.gridMismatch` unless the vertebra's map lies inside the scan's grid.
    func requireInside(_ volume: Volume) throws {
        let scan = volume.geometry.size
        let size = parts.geometry.size
        let low = lowerIndex
        guard
            low.x >= 0, low.y >= 0, low.z >= 0, low.x + size.x <= scan.x, low.y + size.y <= scan.y,
            low.z + size.z <= scan.z
        else { throw MorphometryError.gridMismatch(level: level, lower: low, size: size, scan: scan) }
    }
}

extension SurfaceChart {
    /// Greatest extent along the frame's x, mm.
    fileprivate var greatestWidthMM: Double? { extent(of: indices { _ in true }.map { points[$0].x }) }

    /// Greatest extent along the frame's y within 2 mm of the mid-sagittal plane, mm.
    fileprivate var greatestDepthMM: Double? { extent(of: indices { abs(points[$0].x) < 2 }.map { points[$0].y }) }

    private func extent(of values: [Double]) -> Double? {
        guard let low = values.min(), let high = values.max() else { return nil }
        return high - low
    }
}
