// What is answered to objects that were sent: the Store Instances Response Module (PS3.18 table I.2-1).
import Domain

/// Collects what became of each object, in the order in which they came.
struct StowAnswer {
    /// FailureReason (0008,1197), PS3.18 I.2.2.
    enum Refusal: Int {
        /// A900: the data set does not match; here, another study than the request's path names.
        case studyDiffers = 0xA900
        /// C000: it cannot be understood.
        case unreadable = 0xC000
    }

    /// WarningReason (0008,1196), PS3.18 I.2.2: the object is kept, but not as it came.
    enum Change: Int {
        /// B000: other values in place of some; in the pseudonymised mode, of all that name the patient.
        case coerced = 0xB000
        /// B006: elements left out; there, also the pixels or the content.
        case discarded = 0xB006
    }

    private let base: String
    private var accepted: [JSONValue] = []
    private var refused: [JSONValue] = []
    private var reasons: Set<Int> = []
    private var hasChanged = false
    /// The studies of which objects were accepted, in the order in which they came.
    private(set) var studies: [String] = []

    /// - Parameter base: what stands before `/studies` in URLs.
    init(base: String) { self.base = base }

    mutating func accept(_ header: InstanceHeader, _ change: Change? = nil) {
        let place = "\(base)/studies/\(header.studyUID)/series/\(header.seriesUID)/instances/\(header.sopUID)"
        var item = Self.reference(header)
        item["00081190"] = .element("UR", .text(place))
        if let change {
            item["00081196"] = .element("US", .number(Double(change.rawValue)))
            hasChanged = true
        }
        accepted.append(.object(item))
        if !studies.contains(header.studyUID) { studies.append(header.studyUID) }
    }

    /// - Parameter header: nil where it could not be read.
    mutating func refuse(_ header: InstanceHeader?, _ reason: Refusal) {
        var item = header.map(Self.reference) ?? [:]
        item["00081197"] = .element("US", .number(Double(reason.rawValue)))
        refused.append(.object(item))
        reasons.insert(reason.rawValue)
    }

    /// 200: all are kept as they came. 202: some are, or not as they came. 409: none, for they do not fit. 400: none, for they cannot be read. (PS3.18
    /// table 10.5.3-1)
    var status: Int {
        if refused.isEmpty { return hasChanged ? 202 : 200 }
        if !accepted.isEmpty { return 202 }
        return reasons == [Refusal.unreadable.rawValue] ? 400 : 409
    }

    /// Orthanc wants an object whose 00081199 has as many items as it sent, and no 00081198 with items.
    func bytes() throws -> [UInt8] {
        var module: [String: JSONValue] = [:]
        if studies.count == 1 { module["00081190"] = .element("UR", .text("\(base)/studies/\(studies[0])")) }
        if !accepted.isEmpty { module["00081199"] = .sequence(accepted) }
        if !refused.isEmpty { module["00081198"] = .sequence(refused) }
        return try JSON.bytes(of: JSONValue.object(module))
    }

    private static func reference(_ header: InstanceHeader) -> [String: JSONValue] {
        [
            "00081150": .element("UI", .text(header.sopClassUID)),
            "00081155": .element("UI", .text(header.sopUID)),
        ]
    }
}
