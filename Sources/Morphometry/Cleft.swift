// A cleft inside a vertebral body: gas or fluid where marrow was.
import Domain
import Imaging

/// An intravertebral cleft: a cavity of gas, of fluid, or of both, all its pockets taken together.
///
/// Of 121 osteonecrotic bodies 39.7 % held gas alone, 38.8 % fluid alone and 21.5 % both (AJNR, PMC8134120): a search for gas
/// alone misses two clefts in five.
package struct Cleft: Sendable {
    package enum Form: String, Sendable, CaseIterable { case gas, fluid, mixed }

    package var form: Form
    /// The cleft's voxels (at least half cleft), on the grid of `vertebra.parts`.
    package var mask: VoxelMask
    /// Volume with partial volume counted: sum over voxels of their cleft fraction, mL.
    package var volumeML: Double
    /// The part of `volumeML` that holds gas, mL.
    package var gasVolumeML: Double
    /// Three unit vectors in the vertebral frame along the cleft's principal axes, longest first.
    package var axes: [SIMD3<Double>]
    /// Full lengths along `axes` of the ellipsoid with the cleft's second moments, mm.
    package var extentMM: SIMD3<Double>
    /// Centre in the vertebral frame, mm.
    package var localMM: SIMD3<Double>
    /// How far the image speaks for a cleft, 0…1 (`CleftFinder.confidence`, our choice).
    package var confidence: Double
    /// How the cleft lies to each gap of the cortex, the endplates, the posterior wall and the foramen, nearest first.
    package var contacts: [Contact]

    /// What a cleft may communicate with.
    package enum Target: Sendable, Hashable {
        /// The gap with this index in `CortexMap.gaps`.
        case gap(Int)
        case superiorEndplate, inferiorEndplate, posteriorWall
        /// The mouth of the basivertebral canal (`CortexMap.foramina`).
        case foramen
    }

    /// How near a target is, and how open the way to it.
    package struct Contact: Sendable, Hashable {
        package var what: Target
        /// Least distance from a voxel of the cleft to the target's surface, mm.
        package var distanceMM: Double
        /// 0 where the way leads through marrow of median density or denser, towards 1 the less of it there is on the way; 1 where the
        /// cleft reaches within 2 mm of the target (`LeastResistance`).
        package var connection: Double

        package init(what: Target, distanceMM: Double, connection: Double) {
            self.what = what
            self.distanceMM = distanceMM
            self.connection = connection
        }
    }

    package init(
        form: Form, mask: VoxelMask, volumeML: Double, gasVolumeML: Double, axes: [SIMD3<Double>],
        extentMM: SIMD3<Double>, localMM: SIMD3<Double>, confidence: Double, contacts: [Contact]
    ) {
        self.form = form
        self.mask = mask
        self.volumeML = volumeML
        self.gasVolumeML = gasVolumeML
        self.axes = axes
        self.extentMM = extentMM
        self.localMM = localMM
        self.confidence = confidence
        self.contacts = contacts
    }

    /// The contact with a target, or nil where there is no such target.
    package subscript(target: Target) -> Contact? { contacts.first { $0.what == target } }
}
