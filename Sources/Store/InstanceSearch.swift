// Searching studies, series and instances by their attributes (PS3.18 §10.6, QIDO-RS).
import Domain
import Foundation
import GRDB

/// What is looked for.
package struct InstanceQuery: Sendable {
    /// One attribute and what its value must be.
    package struct Match: Sendable {
        let tag: String
        let test: Test

        /// - Parameter tag: eight upper-case hexadecimal digits.
        package init(tag: String, test: Test) {
            self.tag = tag
            self.test = test
        }
    }

    /// How values are compared (PS3.4 C.2.2.2).
    package enum Test: Sendable {
        /// `*` stands for any characters, `?` for one. Names are compared without regard to case.
        case pattern(String)
        case anyOf([String])
        /// From the first to the last, both included; nil is open.
        case range(String?, String?)
    }

    package var level: DICOMAttribute.Level
    package var study: String?
    package var series: String?
    package var matches: [Match] = []
    /// Tags that are listed beside those of the level.
    package var includes: [String] = []
    /// Everything that is stored at the level is listed.
    package var includesAll = false
    /// Only this owner's; nil is everybody's.
    package var owner: String?
    package var limit = 1000
    package var offset = 0

    package init(level: DICOMAttribute.Level, study: String? = nil, series: String? = nil) {
        self.level = level
        self.study = study
        self.series = series
    }
}

extension InstanceStore {
    /// What fits, as JSON texts of the DICOM JSON model, in the order of receipt.
    /// - Parameter base: what stands before `/studies/…` in a RetrieveURL (0008,1190).
    /// - Returns: at most one more than the limit, which tells that there is more.
    package func search(_ query: InstanceQuery, base: String) throws -> [String] {
        var arguments: [String: (any DatabaseValueConvertible)?] = [
            "study": query.study, "series": query.series, "limit": query.limit + 1, "offset": query.offset,
            "base": base + "/studies/", "owner": query.owner,
        ]
        let table = SearchedTable(query.level)
        var conditions = ["(:study IS NULL OR s.study_uid = :study)", "(:owner IS NULL OR s.owner = :owner)"]
        if query.level != .study { conditions.append("(:series IS NULL OR e.series_uid = :series)") }
        for (index, match) in query.matches.enumerated() {
            conditions.append(table.condition(match, name: "m\(index)", &arguments))
        }
        let sql = """
            SELECT \(table.listed(query, &arguments)) FROM \(table.from) WHERE \(conditions.joined(separator: " AND "))
            ORDER BY \(table.order) LIMIT :limit OFFSET :offset
            """
        return try ledger.read { try String.fetchAll($0, sql: sql, arguments: StatementArguments(arguments)) }
    }
}

/// The SQL of one level.
private struct SearchedTable {
    let level: DICOMAttribute.Level

    init(_ level: DICOMAttribute.Level) { self.level = level }

    var from: String {
        switch level {
        case .study: "dicom_study s"
        case .series: "dicom_series e JOIN dicom_study s USING (study_uid)"
        case .instance:
            "dicom_instance i JOIN dicom_series e USING (study_uid, series_uid) JOIN dicom_study s USING (study_uid)"
        }
    }

    var order: String {
        switch level {
        case .study: "s.received_at, s.study_uid"
        case .series: "s.received_at, s.study_uid, e.series_uid"
        case .instance:
            "s.received_at, s.study_uid, e.series_uid, json_extract(metadata, '$.00200013.Value[0]'), sop_uid"
        }
    }

    /// The attributes that are matched and listed.
    private var attributes: String {
        switch level {
        case .study: "s.attributes"
        case .series: "json_patch(s.attributes, e.attributes)"
        case .instance: "i.metadata"
        }
    }

    func condition(
        _ match: InstanceQuery.Match, name: String, _ arguments: inout [String: (any DatabaseValueConvertible)?]
    ) -> String {
        guard match.tag == Self.modalitiesInStudy else {
            return match.condition(in: attributes, name: name, &arguments)
        }
        arguments[name] = "$.\"00080060\".Value"
        return """
            EXISTS (SELECT 1 FROM dicom_series m, json_each(m.attributes, :\(name)) v
            WHERE m.study_uid = s.study_uid AND \(match.test(name, &arguments)))
            """
    }

    private static let modalitiesInStudy = "00080061"

    /// The expression of one result.
    func listed(_ query: InstanceQuery, _ arguments: inout [String: (any DatabaseValueConvertible)?]) -> String {
        let listed = query.includesAll || level != .instance ? attributes : chosen(query.includes, &arguments)
        return "json_patch(\(listed), json_object(\(computed)))"
    }

    /// The level's own attributes and those asked for; absent ones are taken out by the patch.
    private func chosen(_ includes: [String], _ arguments: inout [String: (any DatabaseValueConvertible)?]) -> String {
        let own = DICOMAttribute.all.filter { $0.level == .instance || $0.keyword.hasSuffix("InstanceUID") }.map(\.tag)
        let tags = own + ["00080005"] + includes
        var pairs: [String] = []
        for (index, tag) in Set(tags).sorted().enumerated() {
            arguments["t\(index)"] = tag
            arguments["x\(index)"] = "$.\"\(tag)\""
            pairs.append(":t\(index), json_extract(i.metadata, :x\(index))")
        }
        return "json_patch('{}', json_object(\(pairs.joined(separator: ", "))))"
    }

    /// What no object holds: counts, the place to fetch from, that it is there at once.
    private var computed: String {
        let online = "'00080056', json('{\"vr\":\"CS\",\"Value\":[\"ONLINE\"]}')"
        func number(_ tag: String, _ count: String) -> String {
            "'\(tag)', json_object('vr', 'IS', 'Value', json_array((\(count))))"
        }
        func place(_ path: String) -> String {
            "'00081190', json_object('vr', 'UR', 'Value', json_array(:base || \(path)))"
        }
        let instances = "SELECT count(*) FROM dicom_instance n WHERE n.study_uid = s.study_uid"
        switch level {
        case .study:
            let series = "SELECT count(*) FROM dicom_series n WHERE n.study_uid = s.study_uid"
            let modalities = """
                '00080061', json_object('vr', 'CS', 'Value', (SELECT json_group_array(DISTINCT json_extract(n.attributes,
                '$.00080060.Value[0]')) FROM dicom_series n WHERE n.study_uid = s.study_uid))
                """
            return [
                online, modalities, place("s.study_uid"), number("00201206", series), number("00201208", instances),
            ].joined(separator: ", ")
        case .series:
            let count = number("00201209", instances + " AND n.series_uid = e.series_uid")
            return [online, place("s.study_uid || '/series/' || e.series_uid"), count].joined(separator: ", ")
        case .instance:
            let path = "s.study_uid || '/series/' || e.series_uid || '/instances/' || i.sop_uid"
            return [online, place(path)].joined(separator: ", ")
        }
    }
}
