// Operator-variability studies on tables whose answers are known.
import Agreement
import Foundation
import Testing

@testable import Audits

@Suite struct OperatorStudyTests {
    private static let header = "group,operator,repeat,case,method,value (degrees),seconds,truth"

    /// One phantom of 70 degrees, as in the study of Ohashi et al.: two groups of two operators, two repeats.
    private static let phantom = """
        \(header)
        trained,A,1,1,manual,69,5,70
        trained,A,2,1,manual,71,7,70
        trained,B,1,1,manual,70,4,70
        trained,B,2,1,manual,72,4,70
        student,C,1,1,manual,60,20,70
        student,C,2,1,manual,64,22,70
        student,D,1,1,manual,66,30,70
        student,D,2,1,manual,62,28,70

        """

    /// Four cases of known truth, two operators, two repeats.
    private static var cases: String {
        var rows = [header]
        for (item, truth) in [50.0, 60, 70, 80].enumerated() {
            for (person, bias) in [("A", 1.0), ("B", -1)] {
                for (repetition, error) in [0.5, -0.5].enumerated() {
                    rows.append("all,\(person),\(repetition + 1),\(item + 1),auto,\(truth + bias + error),3,\(truth)")
                }
            }
        }
        return rows.joined(separator: "\n") + "\n"
    }

    @Test func `groups' times, their analysis of variance on operators' means, and the truth`() throws {
        let report = try OperatorStudyReport(csv: Data(Self.phantom.utf8))
        let method = try #require(report.methods.first)
        #expect(report.unit == "degrees")
        #expect(method.groups.map(\.name) == ["trained", "student"])
        #expect(method.groups[0]["timeMean"]?.value == 5)
        #expect(method.groups[1]["timeMean"]?.value == 25)
        // Operators' mean times 6, 4 and 21, 29.
        let anova = try OneWayANOVA([[6, 4], [21, 29]])
        #expect(method.figure("timeF")?.value == anova.f)
        #expect(method.figure("timeEtaSquared")?.value == anova.etaSquared)
        #expect(method.figure("timePower")?.value == anova.achievedPower)
        // Mean value 66.75.
        #expect(method.truth?.sections.first?["bias"]?.value == -3.25)
        #expect(method.truth?.sections.map(\.name) == ["all", "trained", "student"])
    }

    @Test func `one phantom has no ICC and says why`() throws {
        let method = try #require(try OperatorStudyReport(csv: Data(Self.phantom.utf8)).methods.first)
        #expect(method.groups[0]["iccWithin"]?.value == nil)
        #expect(method.groups[0]["iccWithin"]?.reason?.contains("one case") == true)
        // Differences of repeats 2, 2, 4, 4: s_w² = (2 + 2 + 8 + 8) / 4.
        #expect(abs((method.figure("withinSD")?.value ?? 0) - 5.0.squareRoot()) < 1e-12)
    }

    @Test func `several cases have ICCs within and between operators and a gauge study`() throws {
        let method = try #require(try OperatorStudyReport(csv: Data(Self.cases.utf8)).methods.first)
        let group = method.groups[0]
        let between = try IntraclassCorrelation([[51, 49], [61, 59], [71, 69], [81, 79]])
        // Operators who differ by a constant have no residual: the value stands, without interval.
        #expect(group["iccBetween"]?.value == between[.agreementSingle]?.estimate.value)
        #expect((group["iccWithin"]?.value ?? 0) > 0.99)
        #expect(group["iccWithin"]?.lower != nil)
        // Operators' means ±1: variance between them 2 less the error's share; repeats ±0.5: variance 0.5.
        #expect(abs((method.figure("withinSD")?.value ?? 0) - 0.5.squareRoot()) < 1e-12)
        #expect(method.figure("reproducibility")?.value != nil)
        #expect(method.figure("timeF")?.value == nil)
        #expect(method.figure("timeF")?.reason != nil)
    }

    @Test func `the template names every reading once and is read back when filled in`() throws {
        let template = OperatorStudyReport.template(
            groups: ["a", "b"], operators: 2, repeats: 3, cases: 2, methods: ["manual", "auto"])
        let lines = template.split(separator: "\n")
        #expect(lines.count == 1 + 2 * 2 * 3 * 2 * 2)
        #expect(lines[0] == "group,operator,repeat,case,method,value,seconds,truth")
        let filled = lines.enumerated().map { index, line -> String in
            let line = String(line)
            return index == 0 ? line : line.replacing(",,,", with: ",\(70 + index % 7),\(5 + index % 3),70")
        }
        let report = try OperatorStudyReport(csv: Data(filled.joined(separator: "\n").utf8))
        #expect(report.methods.map(\.name) == ["manual", "auto"])
        // A NaN or an infinity would make the encoder throw.
        #expect(try JSONDecoder().decode(OperatorStudyReport.self, from: report.json()).rows == 48)
    }

    @Test func `bad tables are named by row and column`() throws {
        func fault(_ csv: String) -> String? {
            do {
                _ = try OperatorStudyReport(csv: Data(csv.utf8))
                return nil
            } catch {
                return (error as? AuditError)?.detail
            }
        }
        #expect(fault("group,operator\na,b\n")?.contains("repeat") == true)
        #expect(fault(Self.phantom.replacing("manual,69,", with: "manual,x,"))?.contains("Row 1") == true)
        // The same operator, repeat, case and method twice.
        #expect(fault(Self.phantom.replacing("trained,A,2,", with: "trained,A,1,"))?.contains("Row 2") == true)
        #expect(fault(Self.phantom.replacing(",69,5,70", with: ",69,-5,70"))?.contains("seconds") == true)
    }

    @Test func `the text shows groups, comparisons and what is missing`() throws {
        let text = OperatorStudyText(try OperatorStudyReport(csv: Data(Self.phantom.utf8))).text
        #expect(text.contains("trained"))
        #expect(text.contains("Time: F over groups"))
        #expect(text.contains("Against the truth, all: bias"))
        #expect(text.contains("one case"))
    }
}
