// One vertebra as segmentation hands it to everything that measures.
import Domain

/// The anatomical frame of one vertebra (`docs/architecture.md`, coordinates).
///
/// `x` points from the patient's right to left, `y` from posterior to anterior, `z` from caudal to cranial; unit vectors in
/// LPS, mutually perpendicular. The origin is the centre of the vertebral body.
package struct VertebralFrame: Sendable, Hashable {
    package var originMM: PointMM
    package var x: SIMD3<Double>
    package var y: SIMD3<Double>
    package var z: SIMD3<Double>

    package init(originMM: PointMM, x: SIMD3<Double>, y: SIMD3<Double>, z: SIMD3<Double>) {
        self.originMM = originMM
        self.x = x
        self.y = y
        self.z = z
    }

    /// Millimetres along (x, y, z) of the frame from its origin.
    package func local(_ point: PointMM) -> SIMD3<Double> {
        let d = point - originMM
        return [dot(d, x), dot(d, y), dot(d, z)]
    }

    /// The LPS point of millimetres along (x, y, z) of the frame.
    package func point(_ local: SIMD3<Double>) -> PointMM { originMM + x * local.x + y * local.y + z * local.z }
}

/// One segmented vertebra: its parts on a cropped piece of the scan's own grid, and its frame.
package struct Vertebra: Sendable {
    /// Label values inside `parts`.
    package enum Part: UInt16, Sendable, CaseIterable {
        /// The vertebral body, endplates and cortical shell included, pedicles excluded.
        case body = 1
        /// Pedicles, laminae, articular, transverse and spinous processes.
        case posteriorElements = 2
    }

    package var level: VertebralLevel
    /// `Part` values on a sub-grid of the scan's grid (voxel centres coincide); 0 elsewhere.
    package var parts: LabelMap
    /// Index of `parts`' first voxel in the scan's grid.
    package var lowerIndex: Index3
    package var frame: VertebralFrame
    /// Where the vertebra came from: `seeded` (grown from a point), `mask` (an uploaded label map) or `automatic` (found by a network).
    package var origin: Origin
    /// False when the vertebra touches the border of the scan, so that part of it was not imaged.
    package var isWhole: Bool

    package enum Origin: String, Sendable { case seeded, mask, automatic }

    package init(
        level: VertebralLevel, parts: LabelMap, lowerIndex: Index3, frame: VertebralFrame, origin: Origin, isWhole: Bool
    ) {
        self.level = level
        self.parts = parts
        self.lowerIndex = lowerIndex
        self.frame = frame
        self.origin = origin
        self.isWhole = isWhole
    }

    /// The number of voxels of a part.
    package func voxelCount(of part: Part) -> Int { parts.labels.reduce(0) { $0 + ($1 == part.rawValue ? 1 : 0) } }
}
