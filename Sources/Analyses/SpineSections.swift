// A spine that was found, as the report words it.
import Domain
import Imaging
import Segmentation

extension SpineSection {
    /// - Parameter parts: nil where the report has them elsewhere.
    init(_ found: FoundSpine, _ parts: PartMap? = nil) {
        self.init(
            vertebrae: found.vertebrae.map { vertebra in
                var section = SpineVertebra(vertebra)
                section.parts = parts?.vertebrae.first { $0.level == vertebra.level }?.sections
                return section
            },
            anchors: found.readings.map {
                SpineAnchor(anchor: $0.anchor.rawValue, finding: $0.finding, level: $0.level)
            }, notes: found.namingReasons + found.warnings)
    }
}

extension SpineVertebra {
    init(_ found: FoundVertebra) {
        let shape = found.shape
        let body = shape?.volumeML(of: .body)
        self.init(
            name: found.level.rawValue, level: found.level.isKnown ? found.level : nil,
            levelConfidence: found.levelConfidence,
            labelValue: Int(found.level.labelValue), bodyCentreLPSMM: found.centreMM.list, bodyVolumeML: body,
            vertebraVolumeML: body.flatMap { body in shape.map { body + $0.volumeML(of: .posteriorElements) } },
            isWhole: shape?.isWhole,
            frame: shape.map {
                FrameAxes(
                    rightToLeft: $0.frame.x.list, posteriorToAnterior: $0.frame.y.list, caudalToCranial: $0.frame.z.list
                )
            }, score: found.review.score, verdict: found.review.needsReview ? "needs-review" : "accepted",
            reasons: found.review.reasons)
    }
}
