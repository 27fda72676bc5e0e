// The measurements of one vertebra.
import Domain

/// Sizes, heights and density of one vertebra. What could not be measured is nil and named in `omissions`.
package struct VertebraMorphometry: Sendable {
    package var level: VertebralLevel
    /// Voxel count of the body times voxel volume, mL.
    package var bodyVolumeML: Double
    /// Voxel count of body and posterior elements times voxel volume, mL.
    package var vertebraVolumeML: Double
    package var heights: BodyHeights?
    /// Forward tilt of the endplates against the frame's long axis in the mid-sagittal band, degrees; positive where an endplate
    /// falls to the front. Medians over sections of the line that rests on both rims.
    package var superiorTiltDegrees: Double?
    package var inferiorTiltDegrees: Double?
    /// Angle between the endplates, degrees; positive when the body is lower in front. The segmental Cobb angle of the level:
    /// superior to inferior endplate of the fractured body.
    package var wedgeAngleDegrees: Double? {
        guard let superiorTiltDegrees, let inferiorTiltDegrees else { return nil }
        return superiorTiltDegrees - inferiorTiltDegrees
    }
    /// Greatest transverse diameter of the body, mm.
    package var widthMM: Double?
    /// Greatest sagittal diameter of the body in the mid-sagittal plane, mm.
    package var depthMM: Double?
    /// The posterior wall and the canal behind it.
    package var posteriorWall: PosteriorWall?
    /// Density of the trabecular region (`TrabecularRegion`), a cleft left out where one is known.
    package var trabecularHU: DensitySummary?
    /// Sparsity and anisotropy of the same region.
    package var texture: TrabecularTexture?
    /// Volumetric density of the same region by a stated calibration.
    package var density: BoneDensity?
    /// Density of the whole body mask, cortex and venous plexus included, for comparison.
    package var meanBodyHU: DensitySummary
    /// What needs the levels above and below (`NeighbourComparison.added`).
    package var neighbours: NeighbourComparison?
    package var omissions: [Omission]

    package static let tiltDefinition = """
        line on both rims of the endplate against the vertebra's long axis, median over sagittal sections in the middle half of \
        the width; positive where it falls to the front
        """

    /// How heights, angles and density are defined, in words for a report.
    package static let definitions = """
        Heights: distance between the outer faces of the endplates along the caudal-cranial axis of the vertebra, at 85 % \
        (anterior), 50 % (middle) and 15 % (posterior) of the sagittal diameter from the posterior wall; median over sagittal \
        sections in the middle half of the body's width. Focal heights: the same over the 5 mm of width where they \
        differ most. Endplates: the line that rests on the anterior and the posterior rim of a section, median over the same \
        sections. Trabecular region: \(TrabecularRegion.definition)
        """
}

/// The three column heights of a body, mm: outer face to outer face of the endplates along the frame's z.
///
/// Positions at 85/50/15 % of the sagittal diameter from the posterior wall: the convention of the TotalSegmentator spine
/// report (`measure_verte_height`).
package struct BodyHeights: Sendable, Hashable {
    package var anteriorMM: Double
    package var middleMM: Double
    package var posteriorMM: Double
    /// The heights in the 5 mm of width with the greatest difference between the three heights; the TotalSegmentator spine
    /// report takes its heights in the one section where they differ most. A focal collapse shows here first.
    package var focal: ColumnHeights
    /// How the endplates were placed.
    package var edge: Edge

    package enum Edge: String, Sendable {
        /// At the outer face of the shell fitted to the image (voxels up to 3 mm).
        case image
        /// At the surface of the mask (thicker voxels, where the shell cannot be told from the disc).
        case mask
    }

    package var columns: ColumnHeights {
        ColumnHeights(anteriorMM: anteriorMM, middleMM: middleMM, posteriorMM: posteriorMM)
    }
    /// Anterior over posterior height: < 0.8 is read as a wedge.
    package var anteriorToPosterior: Double { anteriorMM / posteriorMM }
    /// Middle over posterior height: < 0.8 is read as biconcave.
    package var middleToPosterior: Double { middleMM / posteriorMM }
    /// Middle height over the mean of anterior and posterior height: 1 for a box, less for a body that sank in the middle.
    package var biconcavityIndex: Double { 2 * middleMM / (anteriorMM + posteriorMM) }
    /// 1 − least over greatest of the three heights.
    package var difference: Double { columns.difference }
}

/// Heights of one body at its three columns, mm.
package struct ColumnHeights: Sendable, Hashable {
    package var anteriorMM: Double
    package var middleMM: Double
    package var posteriorMM: Double

    package init(anteriorMM: Double, middleMM: Double, posteriorMM: Double) {
        self.anteriorMM = anteriorMM
        self.middleMM = middleMM
        self.posteriorMM = posteriorMM
    }

    package var all: [Double] { [anteriorMM, middleMM, posteriorMM] }
    /// 1 − least over greatest height.
    package var difference: Double {
        1 - min(anteriorMM, middleMM, posteriorMM) / max(anteriorMM, middleMM, posteriorMM)
    }
}

/// Hounsfield units of a set of voxels.
package struct DensitySummary: Sendable, Hashable {
    package var meanHU: Double
    package var medianHU: Double
    /// Standard deviation over the voxels (population form).
    package var sdHU: Double
    package var voxelCount: Int
    package var volumeML: Double

    /// Nil for no voxels.
    init?(_ values: [Float], voxelVolumeMM3: Double) {
        guard !values.isEmpty else { return nil }
        let count = Double(values.count)
        let mean = values.reduce(0.0) { $0 + Double($1) } / count
        meanHU = mean
        sdHU = (values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count).squareRoot()
        medianHU = Double(median(of: values))
        voxelCount = values.count
        volumeML = count * voxelVolumeMM3 / 1000
    }
}

/// The middle value (mean of the middle two for an even count); `values` must not be empty.
func median(of values: [Float]) -> Float {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
}
