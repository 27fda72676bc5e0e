// Clefts and the basivertebral foramen as the report words them.
import Domain
import Imaging
import Morphometry

extension CleftSection {
    init(_ cleft: Cleft, frame: VertebralFrame) {
        self.init(
            form: cleft.form.rawValue, volumeML: cleft.volumeML.shown, gasVolumeML: cleft.gasVolumeML.shown,
            extentMM: cleft.extentMM.shown,
            axesLPS: cleft.axes.map { (frame.x * $0.x + frame.y * $0.y + frame.z * $0.z).list.map(\.shown) },
            centreLPSMM: frame.point(cleft.localMM).shown, confidence: cleft.confidence.shown,
            contacts: cleft.contacts.map {
                CleftContactSection(
                    what: $0.what.words, distanceMM: $0.distanceMM.shown, connection: $0.connection.shown)
            })
    }
}

extension Cleft.Target {
    fileprivate var words: String {
        switch self {
        case .gap(let number): "gap \(number + 1)"
        case .superiorEndplate: "superior endplate"
        case .inferiorEndplate: "inferior endplate"
        case .posteriorWall: "posterior wall"
        case .foramen: "basivertebral foramen"
        }
    }
}

extension ForamenSection {
    init(_ foramen: BasivertebralForamen, frame: VertebralFrame) {
        self.init(
            widthMM: foramen.widthMM.shown, heightMM: foramen.heightMM.shown, depthMM: foramen.depthMM?.shown,
            centreLPSMM: frame.point(foramen.localMM).shown, hasSign: foramen.hasSign,
            signRule: BasivertebralForamen.signRule, confidence: foramen.confidence.shown)
    }
}
