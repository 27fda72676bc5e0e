// What can be wrong with a request for an analysis.
import Domain

/// A request that cannot be carried out, with what it asked for and what would do.
package enum AnalysisError: Fault, Hashable {
    case unknownAnalysis(String, known: [String])
    case wrongModality(found: String, needed: String, analysis: String)
    /// A file without a modality, whose values cannot be Hounsfield units.
    case notHounsfield(lowest: Double, highest: Double)
    case unknownParameter(String, known: [String])
    case parameterOutOfRange(String, value: Double, range: ClosedRange<Double>)
    case parameterNotAChoice(String, value: String, choices: [String])
    case parameterWrongType(String, needed: String)
    /// A setting that is a document: what is wrong in it, its keys as subject.
    case parameterUnusable(String, FaultRecord)
    case noTargets
    /// The analysis finds the vertebrae itself.
    case targetsNotTaken(String)
    /// The network of this name is not installed.
    case modelMissing(String)
    case targetTwice(VertebralLevel)
    case targetWithoutPlace(VertebralLevel, hasMask: Bool)
    case seedNotThreeNumbers(VertebralLevel)
    case seedOutside(VertebralLevel, pointMM: [Double], index: [Int], size: [Int])
    case labelAbsent(VertebralLevel, label: Int, present: [Int])
    case seedNotInBone(VertebralLevel, medianHU: Double)
    /// Two vertebrae share one value of the label map.
    case labelTwice(VertebralLevel, VertebralLevel, label: Int)
    case needleOutsideBody(VertebralLevel, tipMM: [Double])
    case volumeExceedsBody(VertebralLevel, volumeML: Double, bodyML: Double)

    package var code: FaultCode {
        switch self {
        case .unknownAnalysis: .analysisUnknown
        case .wrongModality, .notHounsfield: .modalityNotCT
        case .unknownParameter, .parameterOutOfRange, .parameterNotAChoice, .parameterWrongType, .parameterUnusable,
            .needleOutsideBody, .volumeExceedsBody:
            .parameterInvalid
        case .noTargets, .targetWithoutPlace: .targetMissing
        case .targetsNotTaken: .requestMalformed
        case .modelMissing: .modelUnknown
        case .targetTwice, .labelTwice: .targetDuplicated
        case .seedNotThreeNumbers: .requestMalformed
        case .seedOutside: .seedOutsideImage
        case .labelAbsent: .maskLabelAbsent
        case .seedNotInBone: .seedNotInBone
        }
    }

    package var detail: String {
        switch self {
        case .unknownAnalysis(let name, _): "There is no analysis named '\(name)'."
        case .wrongModality(let found, let needed, let analysis):
            "The series is \(found); '\(analysis)' reads \(needed) only, because it measures Hounsfield units."
        case .notHounsfield(let lowest, let highest):
            "The file names no modality, and its values, \(lowest) to \(highest), are no Hounsfield units: next to none lie below -30, where fat and air do."
        case .unknownParameter(let name, _): "There is no setting named '\(name)'."
        case .parameterOutOfRange(let name, let value, let range):
            "The setting '\(name)' is \(value); it must be from \(range.lowerBound) to \(range.upperBound)."
        case .parameterNotAChoice(let name, let value, _): "The setting '\(name)' cannot be '\(value)'."
        case .parameterWrongType(let name, let needed): "The setting '\(name)' must be \(needed)."
        case .parameterUnusable(_, let flaw): flaw.detail
        case .noTargets: "The request names no target vertebra."
        case .targetsNotTaken(let analysis):
            "'\(analysis)' finds the vertebrae itself: it takes neither targets nor a label map."
        case .modelMissing(let name): "The network '\(name)', which finds the spine, is not installed."
        case .targetTwice(let level): "The target \(level.rawValue) is named twice."
        case .targetWithoutPlace(let level, _):
            "The target \(level.rawValue) has neither a seed point nor a mask label."
        case .seedNotThreeNumbers(let level): "The seed of \(level.rawValue) is not three finite numbers."
        case .seedOutside(let level, let point, let index, let size):
            "The seed of \(level.rawValue) at LPS \(Self.list(point)) mm is voxel \(index) of an image of \(size) voxels."
        case .labelAbsent(let level, let label, let present):
            "The label map holds no voxel of value \(label), which is named for \(level.rawValue); it holds \(present)."
        case .seedNotInBone(let level, let medianHU):
            "The seed of \(level.rawValue) does not lie in bone: the median around it is \(Int(medianHU.rounded())) HU."
        case .labelTwice(let one, let other, let label):
            "The targets \(one.rawValue) and \(other.rawValue) have the same label \(label): they would be the same voxels."
        case .needleOutsideBody(let level, let tip):
            "The needle tip at LPS \(Self.list(tip)) mm does not lie inside the body of \(level.rawValue)."
        case .volumeExceedsBody(let level, let volume, let body):
            "\(volume) mL of cement cannot be injected into \(level.rawValue): its whole body measures \(Self.list([body])) mL."
        }
    }

    package var fix: String {
        switch self {
        case .unknownAnalysis(_, let known): "Name one of: \(known.joined(separator: ", "))."
        case .wrongModality(_, let needed, _): "Post a \(needed) series, or name one of the study with 'series'."
        case .notHounsfield:
            "Post a CT in Hounsfield units: an MR cannot be read, and a CT without its offset must be stored with it (in NIfTI scl_inter, often -1024)."
        case .unknownParameter(_, let known): "Known settings: \(known.joined(separator: ", "))."
        case .parameterOutOfRange, .parameterWrongType: "Correct the value, or leave the setting out for its default."
        case .parameterNotAChoice(_, _, let choices): "Use one of: \(choices.joined(separator: ", "))."
        case .parameterUnusable(_, let flaw): flaw.fix
        case .targetsNotTaken: "Leave them out."
        case .modelMissing:
            "Install the models, and name their folder with --models or OSTEON_MODELS; or show the vertebrae, where the analysis takes targets."
        case .noTargets: "Give at least one target, e.g. {\"level\":\"L1\",\"seedLPSMM\":[x,y,z]}."
        case .targetTwice: "Name each level once."
        case .targetWithoutPlace(_, let hasMask):
            hasMask
                ? "Give 'label', the vertebra's value in the label map."
                : "Give 'seedLPSMM', a point inside the vertebral body in LPS millimetres."
        case .seedNotThreeNumbers: "Give [x, y, z] in LPS millimetres."
        case .seedOutside:
            "Give a point inside the scan in LPS millimetres (a viewer that shows RAS has the opposite sign of x and y)."
        case .labelAbsent: "Name a value that occurs in the label map."
        case .seedNotInBone: "Click inside the vertebral body, at least 5 mm from its border."
        case .labelTwice: "Name the value of each vertebra; give each a value of its own in the label map."
        case .needleOutsideBody:
            "Plan the tip inside the vertebral body, in LPS millimetres (a viewer that shows RAS has the opposite sign of x and y)."
        case .volumeExceedsBody: "Plan 2 to 7 mL, at most a quarter of the body, or leave the volume out."
        }
    }

    package var subject: String? {
        switch self {
        case .unknownAnalysis: "analysis"
        case .wrongModality: "(0008,0060) Modality"
        case .notHounsfield: "values"
        case .unknownParameter(let name, _), .parameterOutOfRange(let name, _, _),
            .parameterNotAChoice(let name, _, _), .parameterWrongType(let name, _):
            "parameters.\(name)"
        case .parameterUnusable(let name, let flaw):
            (["parameters", name] + (flaw.subject.map { [$0] } ?? [])).joined(separator: ".")
        case .noTargets, .targetsNotTaken: "targets"
        case .modelMissing: nil
        case .targetTwice(let level), .targetWithoutPlace(let level, _), .seedNotThreeNumbers(let level),
            .seedOutside(let level, _, _, _), .labelAbsent(let level, _, _), .seedNotInBone(let level, _),
            .labelTwice(_, let level, _):
            "targets.\(level.rawValue)"
        case .needleOutsideBody(let level, _): "parameters.\(NeedleTips.setting).\(level.rawValue)"
        case .volumeExceedsBody: "parameters.plannedVolumeML"
        }
    }

    private static func list(_ values: [Double]) -> String {
        values.map { String(($0 * 10).rounded() / 10) }.joined(separator: ", ")
    }
}
