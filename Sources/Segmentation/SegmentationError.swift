// What can go wrong while vertebrae are segmented.
import Domain
import Imaging

/// A refusal: Segmentation says what it could not do rather than hand over a wrong mask.
package enum SegmentationError: Fault, Equatable {
    /// No seed, or no label, was given.
    case noTarget
    /// Two targets carry the same level.
    case levelRepeated(VertebralLevel)
    /// The seed lies outside the scan.
    case seedOutsideImage(VertebralLevel, pointMM: PointMM)
    /// The seed's surroundings cannot be bone. `meanHU` is taken within 3 mm; `peakHU` within 25 mm.
    case seedNotInBone(VertebralLevel, meanHU: Double, peakHU: Double)
    /// Two seeds lie in the same vertebral body.
    case seedsShareVertebra(VertebralLevel, VertebralLevel, distanceMM: Double)
    /// A level is named above another whose seed lies higher in the patient.
    case seedsOutOfOrder(upper: VertebralLevel, lower: VertebralLevel, descentMM: Double)
    /// The surface that was found cannot be a vertebral body. `finding` gives the figures.
    case implausibleBody(VertebralLevel, finding: String)
    /// A network found no row of vertebrae. `finding` says what it saw.
    case noSpine(finding: String)
    /// The point that names this level lies in no vertebra that was found; the nearest is this far.
    case anchorAway(VertebralLevel, distanceMM: Double)
    /// The label of this level does not occur in the uploaded map.
    case labelAbsent(VertebralLevel, value: UInt16)
    /// The uploaded map lies on another grid than the scan.
    case gridMismatch(scan: Geometry, mask: Geometry)

    package var code: FaultCode {
        switch self {
        case .noTarget: .targetMissing
        case .levelRepeated: .targetDuplicated
        case .seedOutsideImage: .seedOutsideImage
        case .seedNotInBone: .seedNotInBone
        case .seedsShareVertebra, .seedsOutOfOrder, .anchorAway: .parameterInvalid
        case .implausibleBody, .noSpine: .segmentationFailed
        case .labelAbsent: .maskLabelAbsent
        case .gridMismatch: .maskGridMismatch
        }
    }

    package var detail: String {
        switch self {
        case .noTarget:
            "No vertebra was named."
        case .levelRepeated(let level):
            "\(level.rawValue) is named more than once."
        case .seedOutsideImage(let level, let point):
            "The seed of \(level.rawValue) at \(figures(point)) mm (LPS) lies outside the scan."
        case .seedNotInBone(let level, let mean, let peak):
            "The seed of \(level.rawValue) is not in bone: mean \(figure(mean)) HU within 3 mm, "
                + "highest \(figure(peak)) HU within 25 mm."
        case .seedsShareVertebra(let one, let other, let distance):
            "The seeds of \(one.rawValue) and \(other.rawValue), \(figure(distance)) mm apart, lie in the same vertebra."
        case .seedsOutOfOrder(let upper, let lower, let descent):
            "The seed of \(upper.rawValue) lies \(figure(-descent)) mm below that of \(lower.rawValue)."
        case .implausibleBody(let level, let finding):
            "No plausible vertebral body was found for \(level.rawValue): \(finding)."
        case .noSpine(let finding):
            "No spine was found in this scan: \(finding)."
        case .anchorAway(let level, let distance):
            "The point of \(level.rawValue) lies \(figure(distance)) mm from the centre of the nearest vertebra that was found."
        case .labelAbsent(let level, let value):
            "The label map holds no voxel of value \(value), which was given for \(level.rawValue)."
        case .gridMismatch(let scan, let mask):
            "The label map's grid (\(mask.size.x)×\(mask.size.y)×\(mask.size.z) voxels) is not the scan's "
                + "(\(scan.size.x)×\(scan.size.y)×\(scan.size.z) voxels), or lies elsewhere in the patient."
        }
    }

    /// What was found instead of a body; the whole message of other cases.
    var finding: String {
        if case .implausibleBody(_, let finding) = self { finding } else { detail }
    }

    package var fix: String {
        switch self {
        case .noTarget: "Give at least one vertebra to segment."
        case .levelRepeated: "Name each level once."
        case .seedOutsideImage: "Give the seed in DICOM patient coordinates (LPS, millimetres) of this series."
        case .seedNotInBone, .implausibleBody: "Move the seed to the middle of the vertebral body."
        case .anchorAway: "Give a point inside the body of the vertebra that you name, in LPS millimetres."
        case .noSpine: "Post a CT that shows vertebrae, or click inside each vertebral body."
        case .seedsShareVertebra: "Give one seed for each vertebra."
        case .seedsOutOfOrder: "Check the level names and the coordinates: LPS millimetres, +z towards the head."
        case .labelAbsent: "Name the value that the map uses for this level."
        case .gridMismatch: "Resample the label map to the scan's grid."
        }
    }

    package var subject: String? {
        switch self {
        case .levelRepeated(let level), .seedOutsideImage(let level, _), .seedNotInBone(let level, _, _),
            .implausibleBody(let level, _), .labelAbsent(let level, _), .anchorAway(let level, _):
            level.rawValue
        case .seedsShareVertebra(_, let level, _), .seedsOutOfOrder(_, let level, _):
            level.rawValue
        case .noTarget, .gridMismatch, .noSpine:
            nil
        }
    }
}

/// A figure with one decimal, for messages.
func figure(_ value: Double) -> String {
    let tenths = (value * 10).rounded()
    return tenths == tenths.rounded(.towardZero) && abs(tenths) < 1e9 ? "\(tenths / 10)" : "\(value)"
}

/// A point with one decimal, for messages.
func figures(_ point: PointMM) -> String { "(\(figure(point.x)), \(figure(point.y)), \(figure(point.z)))" }
