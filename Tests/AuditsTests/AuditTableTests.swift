// Tables as they come: CSV dialects, JSON shapes, limits.
import Foundation
import Testing

@testable import Audits

@Suite struct AuditTableTests {
    @Test func `a quoted cell may hold delimiters, line ends and quotation marks`() throws {
        let table = try AuditTable(csv: Data("name,value\n\"a \"\"b\"\", c\nd\",1\ne,2\n".utf8))
        #expect(table.columnNames == ["name", "value"])
        #expect(table.rowCount == 2)
        #expect(table.texts(0) == ["a \"b\", c\nd", "e"])
        #expect(try table.numbers(1) == [1, 2])
    }

    @Test(arguments: [
        "\u{FEFF}a,b\r\n1,2\r\n3,4\r\n", "a;b\n1;2\n3;4", "a\tb\n1\t2\n\n3\t4\n", "a, b\n 1 , 2\n\"3\", \"4\" \n",
    ]) func `dialects of CSV are told by their header`(_ text: String) throws {
        let table = try AuditTable(csv: Data(text.utf8))
        #expect(table.columnNames == ["a", "b"])
        #expect(try table.numbers(0) == [1, 3])
        #expect(try table.numbers(1) == [2, 4])
    }

    @Test func `units are read from the header`() throws {
        let table = try AuditTable(csv: Data("height (mm),volume [mL],note\n1,2,x\n".utf8))
        #expect(table.columnNames == ["height", "volume", "note"])
        #expect(table.columnUnits == ["mm", "mL", nil])
        #expect(table.position(of: "HEIGHT") == 0)
        #expect(table.position(of: "volume [mL]") == 1)
    }

    @Test(arguments: [
        "0.1", "-0.1", "123456789012345", "1.7976931348623157e99", "3.14159265358979", "1e-5", "+2.5", "-0", ".5", "7.",
        "0.000000000000001", "9007199254740993", "2.2250738585072014e-308",
    ]) func `numbers are read as Double reads them`(_ text: String) throws {
        let table = try AuditTable(csv: Data("a,b\n\(text),1\n".utf8))
        let expected = try #require(Double(text.hasSuffix(".") ? text + "0" : text))
        #expect(try table.numbers(0)[0].bitPattern == expected.bitPattern)
    }

    @Test(arguments: [
        #"{"pairs": [[1, 2], [3, 4]], "title": "t"}"#,
        #"{"rows": [{"first": 1, "second": 2}, {"second": 4, "first": 3}]}"#,
        #"[{"first": 1, "second": "2"}, {"first": 3, "second": 4}]"#,
        #"{"columns": {"first": [1, 3], "sec\u006fnd": [2, 4]}}"#,
    ]) func `JSON comes as pairs, rows or columns`(_ text: String) throws {
        let table = try AuditTable(json: Data(text.utf8))
        #expect(table.columnNames == ["first", "second"])
        #expect(try table.numbers(0) == [1, 3])
        #expect(try table.numbers(1) == [2, 4])
    }

    @Test func `a table made of values reads as it was written`() throws {
        let table = try AuditTable(header: ["na,me", "value"], rows: [["a\"b", "1"], ["c;d", "2"]])
        #expect(table.columnNames == ["na,me", "value"])
        #expect(table.texts(0) == ["a\"b", "c;d"])
    }

    @Test func `a table beyond a million rows is refused at its first row too many`() throws {
        var body = Data("a\n".utf8)
        let block = Data(String(repeating: "1\n", count: 100_000).utf8)
        for _ in 0..<100 { body.append(block) }
        #expect(throws: AuditError.tooManyRows(limit: 1_000_000)) { try AuditTable(csv: body) }
    }

    @Test(arguments: [
        ("a,b\n1,2\n3\n", AuditError.rowRagged(row: 2, line: 3, cells: 1, columns: 2)),
        ("a,b\n1,\"2\n", .quoteUnclosed(row: 1, line: 2)),
        ("a,\n1,2\n", .columnUnnamed(position: 2)),
        ("a,A\n1,2\n", .columnRepeated(name: "A")),
        ("a,b\n", .tableEmpty),
        ("", .tableEmpty),
        ("1,2\n3,4\n", .headerMissing),
        ("a,b\n\"1\"x,2\n", .quoteMisplaced(CellPlace(row: 1, line: 2, column: "a"))),
    ]) func `a CSV that cannot be read says where`(_ text: String, _ error: AuditError) {
        #expect(throws: error) { try AuditTable(csv: Data(text.utf8)) }
    }

    @Test(arguments: [
        "{", "[1]", #"{"pairs": [[1, 2]"#, #"{"pairs": [[1, 2]]} x"#, #"{"pairs": [[1, [2]]]}"#, #"{"rows": {}}"#,
        "nul",
        #"{"pairs": [[1, "2]]}"#,
    ]) func `JSON that is none is refused with the byte`(_ text: String) {
        #expect {
            try AuditTable(json: Data(text.utf8))
        } throws: { error in
            if case AuditError.jsonMalformed = error { true } else { false }
        }
    }
}
