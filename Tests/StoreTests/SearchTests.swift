// Searches by attributes, as PS3.4 C.2.2.2 matches them.
import Domain
import Foundation
import Store
import Testing

@Suite struct SearchTests {
    let fixture: Fixture
    let store: Store

    init() throws {
        fixture = try Fixture()
        store = try fixture.open()
        try store.add("1", "MUSTER^Anna", "P1", "20260131", series: [("CT", "Bone 1.0"), ("SEG", "Result")])
        try store.add("2", "MUSTER^Bert", "P[2]", "20260201", series: [("CT", "Soft")])
        try store.add("3", "ADAM^Carl", "P3", "20270101", series: [("MR", "T2")])
    }

    private func studies(_ tag: String, _ test: InstanceQuery.Test) throws -> [String] {
        var query = InstanceQuery(level: .study)
        query.matches = [InstanceQuery.Match(tag: tag, test: test)]
        return try found(query, "0020000D")
    }

    /// The values of an attribute in what a search finds.
    private func found(_ query: InstanceQuery, _ tag: String) throws -> [String] {
        try store.instances.search(query, base: "/d").map { text in
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: [String: Any]])
            let values = object[tag]?["Value"] as? [Any] ?? []
            return values.map { "\($0)" }.joined(separator: "/")
        }
    }

    @Test func `wildcards stand for any characters and for one, and brackets for themselves`() throws {
        #expect(try studies("00100020", .pattern("P*")) == ["1", "2", "3"])
        #expect(try studies("00100020", .pattern("P?")) == ["1", "3"])
        #expect(try studies("00100020", .pattern("P[2]")) == ["2"])
        #expect(try studies("00100020", .pattern("p1")).isEmpty)
    }

    @Test func `names are compared without regard to case`() throws {
        #expect(try studies("00100010", .pattern("muster*")) == ["1", "2"])
        #expect(try studies("00100010", .pattern("ADAM^CARL")) == ["3"])
    }

    @Test func `a range of days holds its ends, and may be open`() throws {
        #expect(try studies("00080020", .range("20260131", "20260201")) == ["1", "2"])
        #expect(try studies("00080020", .range("20260201", nil)) == ["2", "3"])
        #expect(try studies("00080020", .range(nil, "20260131")) == ["1"])
    }

    @Test func `lists of UIDs and the modalities of a study are found`() throws {
        #expect(try studies("0020000D", .anyOf(["3", "1", "7"])) == ["1", "3"])
        #expect(try studies("00080061", .anyOf(["SEG"])) == ["1"])
        #expect(try studies("00080061", .pattern("[CM]*")).isEmpty)
    }

    @Test func `a study is listed with its counts, its modalities and its place`() throws {
        let query = InstanceQuery(level: .study)
        #expect(try found(query, "00201206") == ["2", "1", "1"])
        #expect(try found(query, "00201208") == ["2", "1", "1"])
        #expect(try Set(found(query, "00080061")[0].split(separator: "/")) == ["CT", "SEG"])
        #expect(try found(query, "00081190") == ["/d/studies/1", "/d/studies/2", "/d/studies/3"])
    }

    @Test func `series and instances are found by their own attributes and by those above them`() throws {
        var query = InstanceQuery(level: .series, study: "1")
        #expect(try found(query, "0020000E") == ["1.0", "1.1"])
        query.matches = [InstanceQuery.Match(tag: "00080060", test: .anyOf(["SEG"]))]
        #expect(try found(query, "00081190") == ["/d/studies/1/series/1.1"])
        query = InstanceQuery(level: .series)
        query.matches = [InstanceQuery.Match(tag: "00100020", test: .pattern("P3"))]
        #expect(try found(query, "0008103E") == ["T2"])
        #expect(try found(InstanceQuery(level: .instance, study: "2", series: "2.0"), "00080018") == ["2.0.1"])
    }

    @Test func `an instance lists its own attributes, those asked for, or all`() throws {
        var query = InstanceQuery(level: .instance, study: "1", series: "1.0")
        #expect(try found(query, "00100010") == [""])
        query.includes = ["00100020"]
        #expect(try found(query, "00100020") == ["P1"])
        query.includes = []
        query.includesAll = true
        #expect(try found(query, "0008103E") == ["Bone 1.0"])
    }

    @Test func `one result more than the limit tells that there are more`() throws {
        var query = InstanceQuery(level: .study)
        query.limit = 1
        #expect(try found(query, "0020000D") == ["1", "2"])
        query.offset = 2
        #expect(try found(query, "0020000D") == ["3"])
    }
}

extension Store {
    /// Keeps a study with one object in each series.
    fileprivate func add(
        _ uid: String, _ name: String, _ patient: String, _ day: String, series: [(modality: String, words: String)]
    ) throws {
        let study: [String: Any] = [
            "0020000D": ["vr": "UI", "Value": [uid]], "00100010": ["vr": "PN", "Value": [["Alphabetic": name]]],
            "00100020": ["vr": "LO", "Value": [patient]], "00080020": ["vr": "DA", "Value": [day]],
        ]
        for (number, series) in series.enumerated() {
            let seriesUID = "\(uid).\(number)"
            let own: [String: Any] = [
                "0020000E": ["vr": "UI", "Value": [seriesUID]], "00080060": ["vr": "CS", "Value": [series.modality]],
                "0008103E": ["vr": "LO", "Value": [series.words]],
            ]
            let sop: [String: Any] = ["00080018": ["vr": "UI", "Value": [seriesUID + ".1"]]]
            let all = study.merging(own) { $1 }.merging(sop) { $1 }
            let header = InstanceHeader(
                studyUID: uid, seriesUID: seriesUID, sopUID: seriesUID + ".1", sopClassUID: "1.2",
                transferSyntaxUID: "1.2.840.10008.1.2.1", studyAttributes: try text(study),
                seriesAttributes: try text(own), metadata: try text(all))
            try instances.insert([IncomingInstance(header: header, blob: upload(seriesUID))], quietSeconds: 30) {
                _, _ in false
            }
        }
    }

    private func text(_ object: [String: Any]) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: object, options: .sortedKeys), as: UTF8.self)
    }
}
