// The vertebrae of a digital biopsy: those that the request shows, or those that were found.
import Domain
import Imaging
import Segmentation

/// What is measured, what serves for comparison, and what is left out.
struct BiopsyTargets {
    /// Cranial to caudal.
    private(set) var targets: [BiopsyTarget] = []
    /// Accepted vertebrae that nobody asked for: the heights of targets are held against theirs.
    private(set) var neighbours: [Vertebra] = []
    /// Vertebrae that are no targets, with the reason.
    private(set) var omissions: [Omission] = []
    /// Plain sentences for the report.
    let warnings: [String]
    /// Whether networks helped to outline the vertebrae.
    let isGuided: Bool
    /// What was found; nil where the request shows its vertebrae.
    private(set) var found: FoundSpine?
    /// Every vertebra that has voxels, targets or not.
    private let maps: (Geometry) -> (whole: LabelMap, bodies: LabelMap)

    /// Those that have voxels in the maps, cranial to caudal.
    let levels: [VertebralLevel]

    var vertebrae: [Vertebra] { targets.map(\.vertebra) }

    /// The vertebrae that a request shows.
    init(_ spine: SpineSegmentation) {
        targets = zip(spine.vertebrae, spine.quality).map {
            BiopsyTarget(vertebra: $0, review: SegmentationReview($0, $1), naming: .request)
        }
        warnings = spine.warnings
        isGuided = spine.isGuided
        levels = spine.vertebrae.map(\.level)
        maps = { (spine.labelMap(on: $0), spine.bodyLabelMap(on: $0)) }
    }

    /// The vertebrae that were found, as far as the request wants them.
    init(_ spine: FoundSpine, _ request: TargetRequest) {
        found = spine
        warnings = spine.warnings
        isGuided = true
        levels = spine.vertebrae.filter { $0.shape != nil }.map(\.level)
        maps = { (spine.labelMap(on: $0), spine.bodyLabelMap(on: $0)) }
        for found in spine.vertebrae { sort(found, spine, request) }
        let names = spine.vertebrae.map(\.level)
        for level in request.levels where !names.contains(level) {
            omit(level, "not found in this scan; found were \(names.map(\.rawValue).joined(separator: ", "))")
        }
    }

    /// Whole vertebrae and bodies on a grid, each with its level's `labelValue`.
    func labelMaps(on geometry: Geometry) -> (whole: LabelMap, bodies: LabelMap) { maps(geometry) }

    private mutating func sort(_ found: FoundVertebra, _ spine: FoundSpine, _ request: TargetRequest) {
        let isNamed = request.levels.contains(found.level)
        let isWanted = isNamed || request.levels.isEmpty
        guard let vertebra = found.vertebra else {
            if isWanted { omit(found.level, "not measured. \(found.review.reasons.joined(separator: " "))") }
            return
        }
        guard vertebra.isWhole else {
            if isWanted { omit(found.level, "cut by the border of the scan: marked, not measured") }
            return
        }
        guard isNamed || !found.review.needsReview else {
            if isWanted {
                omit(
                    found.level,
                    "not measured, as its outline needs review: \(found.review.reasons.joined(separator: " ")) "
                        + "Named in '\(TargetRequest.levelsSetting)' it is measured and rehearsed all the same.")
            }
            return
        }
        guard isWanted else {
            neighbours.append(vertebra)
            return
        }
        targets.append(
            BiopsyTarget(
                vertebra: vertebra, review: SegmentationReview(found.review, isOverruled: isNamed),
                naming: LevelSource(found, in: spine)))
    }

    private mutating func omit(_ level: VertebralLevel, _ reason: String) {
        omissions.append(Omission(item: level.rawValue, reason: reason))
    }
}

/// A vertebra that is measured.
struct BiopsyTarget {
    let vertebra: Vertebra
    let review: SegmentationReview
    let naming: LevelSource
}

/// Who named a level, and how sure that is.
struct LevelSource: Hashable {
    /// `request`, `anchor`, or what the scan's own anchors are, joined: `sacrum and ribs`, `dens`; `nobody` for an unknown level.
    let name: String
    /// Which anchors agreed, 0…1, no measured probability; nil for a level that the request gives.
    let confidence: Double?

    static let request = LevelSource(name: "request", confidence: nil)

    private init(name: String, confidence: Double?) {
        self.name = name
        self.confidence = confidence
    }

    init(_ found: FoundVertebra, in spine: FoundSpine) {
        let anchors = spine.readings.map(\.anchor)
        name =
            !found.level.isKnown
            ? "nobody"
            : anchors.contains(.request) ? "anchor" : anchors.map(\.rawValue).joined(separator: " and ")
        confidence = found.levelConfidence
    }
}
