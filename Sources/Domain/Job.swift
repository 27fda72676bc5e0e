// A piece of work on a study, from request to result.
import Foundation

/// One vertebra to analyse: a level, and a point inside its body (or, with a mask, the mask's label value).
package struct Target: Codable, Hashable, Sendable {
    package var level: VertebralLevel
    /// A point inside the vertebral body, LPS millimetres, three numbers. Absent when `label` is given.
    package var seedLPSMM: [Double]?
    /// The value of this vertebra in the uploaded label map. Absent when `seedLPSMM` is given.
    package var label: Int?

    package init(level: VertebralLevel, seedLPSMM: [Double]? = nil, label: Int? = nil) {
        self.level = level
        self.seedLPSMM = seedLPSMM
        self.label = label
    }
}

/// What a client asks for: `POST /v1/jobs`, or the options of `osteon analyze`.
package struct AnalysisRequest: Codable, Hashable, Sendable {
    package var study: String
    /// A name from the analysis catalog, e.g. `digital-biopsy`.
    package var analysis: String
    /// SeriesInstanceUID; nil takes the study's chosen series.
    package var series: String?
    /// Id of an uploaded label map; nil when the targets are seeds.
    package var mask: String?
    /// Empty where the analysis shall find the vertebrae itself.
    package var targets: [Target]
    /// Settings by name; each analysis names its own, with defaults, and refuses unknown ones.
    package var parameters: [String: ParameterValue]

    package init(
        study: String, analysis: String, series: String? = nil, mask: String? = nil, targets: [Target],
        parameters: [String: ParameterValue] = [:]
    ) {
        self.study = study
        self.analysis = analysis
        self.series = series
        self.mask = mask
        self.targets = targets
        self.parameters = parameters
    }
}

/// A setting: JSON true/false, number, string, list or object.
package enum ParameterValue: Codable, Hashable, Sendable {
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let list = try? container.decode([JSONValue].self) {
            self = .list(list)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .flag(let flag): try container.encode(flag)
        case .number(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        case .list(let items): try container.encode(items)
        case .object(let members): try container.encode(members)
        }
    }
}

extension ParameterValue {
    /// A setting written as `name=value` gives its value in words: true, false, a number, or else a text.
    package init(word: String) {
        self =
            switch word {
            case "true": .flag(true)
            case "false": .flag(false)
            default: Double(word).map { .number($0) } ?? .text(word)
            }
    }
}

/// Where a job stands.
package enum JobState: String, Codable, CaseIterable, Sendable {
    case queued, running, done, failed, cancelled

    /// True once the state can never change again.
    package var isFinal: Bool { self == .done || self == .failed || self == .cancelled }
}

/// A stored job.
package struct Job: Codable, Hashable, Sendable {
    package var id: String
    package var request: AnalysisRequest
    package var state: JobState
    /// The stage that runs now or ran last, and the part of the whole that is done.
    package var progress: StageProgress
    /// How often a worker has claimed it.
    package var attempts: Int
    /// Why it failed, or why the last attempt was given up.
    package var fault: FaultRecord?
    package var createdAt: Date
    package var startedAt: Date?
    package var finishedAt: Date?

    package init(
        id: String, request: AnalysisRequest, state: JobState, progress: StageProgress, attempts: Int,
        fault: FaultRecord?, createdAt: Date, startedAt: Date?, finishedAt: Date?
    ) {
        self.id = id
        self.request = request
        self.state = state
        self.progress = progress
        self.attempts = attempts
        self.fault = fault
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
    }
}

/// One result of a job, ready to be sent as it is.
package struct Artifact: Sendable {
    /// The names under which results are stored and served.
    package enum Name: String, Codable, CaseIterable, Sendable {
        case report = "report.json"
        case risk = "risk.json"
        case leakageMap = "leakage-map.json"
        case features = "features.json"
        case featuresTable = "features.csv"
        case segmentation = "segmentation.nii.gz"
        case bodies = "bodies.nii.gz"
        /// Names and colours of both, for ITK-SNAP and 3D Slicer.
        case labelNames = "segmentation-labels.txt"
        case labelColours = "segmentation-labels.ctbl"
        case parts = "parts.nii.gz"
        case partNames = "parts-labels.txt"
        case partColours = "parts-labels.ctbl"
        /// Surfaces of whole vertebrae, for viewers.
        case meshes = "meshes.glb"
        /// DICOM objects, of studies that came as DICOM.
        case segmentationObject = "segmentation.dcm"
        case reportObject = "report.dcm"
        case summaryObject = "summary.dcm"
        case riskMapObject = "risk-map.dcm"
        case partsObject = "parts.dcm"
        case riskVolume = "risk-volume.nii.gz"
        case guidance = "guidance.json"
    }

    package let name: Name
    package let mediaType: String
    package let bytes: [UInt8]

    package init(name: Name, mediaType: String, bytes: [UInt8]) {
        self.name = name
        self.mediaType = mediaType
        self.bytes = bytes
    }
}

/// An analysis as clients see it listed.
package struct AnalysisDescription: Codable, Hashable, Sendable {
    package var name: String
    package var version: String
    package var summary: String
    /// Modality that it reads, e.g. `CT`.
    package var modality: String
    package var targets: TargetRule
    package var parameters: [ParameterDescription]

    /// Whether a request names the vertebrae.
    package enum TargetRule: String, Codable, Hashable, Sendable {
        /// By seed points, or by labels of a label map.
        case required
        /// Likewise, or the analysis finds them.
        case optional
        /// The analysis finds them; it takes neither targets nor a label map.
        case none
    }

    package init(
        name: String, version: String, summary: String, modality: String, targets: TargetRule = .required,
        parameters: [ParameterDescription]
    ) {
        self.name = name
        self.version = version
        self.summary = summary
        self.modality = modality
        self.targets = targets
        self.parameters = parameters
    }
}

/// A setting of an analysis: what it means, what it may be, and what it is when nobody says.
package struct ParameterDescription: Codable, Hashable, Sendable {
    package var name: String
    package var summary: String
    /// Allowed texts, where the setting is one of a list.
    package var choices: [String]?
    /// What the setting may be beside its choices, in words.
    package var alternative: String?
    /// Allowed numbers, smallest and largest, where the setting is a number.
    package var range: [Double]?
    /// nil where "not given" is itself the default.
    package var defaultValue: ParameterValue?

    package init(
        name: String, summary: String, choices: [String]? = nil, alternative: String? = nil, range: [Double]? = nil,
        defaultValue: ParameterValue? = nil
    ) {
        self.name = name
        self.summary = summary
        self.choices = choices
        self.alternative = alternative
        self.range = range
        self.defaultValue = defaultValue
    }
}
