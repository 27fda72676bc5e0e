// QIDO-RS (PS3.18 §10.6): searching what is stored.
import Domain
import HTTP
import Store

extension Service {
    func searchInstances(
        _ exchange: Exchange, _ level: DICOMAttribute.Level, study: String? = nil, series: String? = nil
    ) throws -> HTTPResponse {
        try requireJSON(exchange.request)
        guard [study, series].allSatisfy({ $0.map(InstanceHeader.isUID) ?? true }) else {
            throw APIFault.malformed(
                subject: nil, detail: "What the path names is no UID.", fix: "Use digits and dots, at most 64.")
        }
        var query = InstanceQuery(level: level, study: study, series: series)
        query.owner = exchange.caller.sees
        let wantsFuzzy = try query.read(intake.pseudonyms?.query(exchange.request.query) ?? exchange.request.query)
        let found = try store.instances.search(query, base: dicomWeb.base)
        var response = Self.dicomJSON(found.prefix(query.limit))
        if found.count > query.limit {
            response.headers.append("Warning", Warning.moreResults)
        }
        if wantsFuzzy {
            response.headers.append("Warning", Warning.literalMatching)
        }
        return response
    }

    /// - Throws: `not-acceptable` where the client takes neither form of JSON.
    func requireJSON(_ request: HTTPRequest) throws {
        guard Accept(request.headers).best(of: [DICOMMediaType.json, JSON.mediaType]) != nil else {
            throw APIFault.notAcceptable(offered: [DICOMMediaType.json])
        }
    }

    /// A list of objects that are JSON already.
    static func dicomJSON(_ objects: some Sequence<String>) -> HTTPResponse {
        HTTPResponse(
            status: 200, contentType: DICOMMediaType.json, bytes: Array("[\(objects.joined(separator: ","))]".utf8))
    }
}

extension InstanceQuery {
    /// The most objects that one answer lists (our choice).
    private static let mostResults = 5000

    /// Reads the parameters of a search. - Returns: whether fuzzy matching was asked for.
    /// - Throws: `request-malformed`.
    fileprivate mutating func read(_ pairs: [(name: String, value: String)]) throws -> Bool {
        var wantsFuzzy = false
        for (name, value) in pairs {
            switch name {
            case "limit": limit = try QueryReader.wholeNumber(name, value, atMost: Self.mostResults)
            case "offset": offset = try QueryReader.wholeNumber(name, value, atMost: QueryReader.furthestOffset)
            case "fuzzymatching": wantsFuzzy = value == "true"
            case "includefield":
                for field in value.split(separator: ",").map(String.init) {
                    if field == "all" { includesAll = true } else if let tag = Self.tag(field) { includes.append(tag) }
                }
            default: try add(name, value)
            }
        }
        return wantsFuzzy
    }

    private mutating func add(_ name: String, _ value: String) throws {
        guard var tag = Self.tag(name) else {
            throw APIFault.malformed(
                subject: name.count > 80 ? nil : name,
                detail: "\(name.quoted) is no attribute that can be searched by.",
                fix: "Give a tag as eight hexadecimal digits, or the keyword of an attribute that searches list.")
        }
        // An empty value fits everything (PS3.4 C.2.2.2.3).
        guard !value.isEmpty else { return }
        let vr = DICOMAttribute.named(tag)?.vr
        if level == .study, tag == Self.modality { tag = Self.modalitiesInStudy }
        let isList = vr == "UI" || tag == Self.modality || tag == Self.modalitiesInStudy
        if isList, !value.contains(where: { "*?".contains($0) }) {
            let values = value.split(whereSeparator: { ",\\".contains($0) }).map(String.init)
            matches.append(Match(tag: tag, test: .anyOf(values)))
        } else if vr == "DA" || vr == "TM", value.contains("-") {
            let ends = value.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            matches.append(
                Match(
                    tag: tag, test: .range(ends[0].isEmpty ? nil : ends[0], ends[1].isEmpty ? nil : ends[1])))
        } else {
            matches.append(Match(tag: tag, test: .pattern(value)))
        }
    }

    private static let modality = "00080060"
    private static let modalitiesInStudy = "00080061"

    private static func tag(_ name: String) -> String? {
        if let known = DICOMAttribute.named(name) { return known.tag }
        if name == "ModalitiesInStudy" { return modalitiesInStudy }
        return name.asTag
    }
}
