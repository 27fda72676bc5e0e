// Height loss against neighbours and its grade, by hand.
import Domain
import Testing

@testable import Morphometry

struct CompressionTests {
    private let normal = ColumnHeights(anteriorMM: 25, middleMM: 24, posteriorMM: 26)

    @Test func `the reference is the mean of the same column of both neighbours`() throws {
        let low = ColumnHeights(anteriorMM: 18, middleMM: 21, posteriorMM: 26)
        let tall = ColumnHeights(anteriorMM: 27, middleMM: 26, posteriorMM: 28)
        let result = try #require(try Compression.assess([.T12: normal, .L1: low, .L2: tall])[.L1]?.get())
        // Anterior: 1 − 18/26; middle: 1 − 21/25; posterior: 1 − 26/27.
        #expect(abs(result.rate - (1 - 18.0 / 26)) < 1e-12)
        #expect(abs(result.columnLosses.middle - 0.16) < 1e-12)
        #expect(result.references == [.T12, .L2])
        #expect(result.genantGrade == 2)
        #expect(result.deformity == .wedge)
    }

    @Test func `one neighbour alone is used and named`() throws {
        let low = ColumnHeights(anteriorMM: 24, middleMM: 17, posteriorMM: 25)
        let result = try #require(try Compression.assess([.L1: low, .L2: normal])[.L1]?.get())
        #expect(result.references == [.L2])
        #expect(result.referenceText.contains("L2, the only measured neighbour"))
        #expect(result.deformity == .biconcave)
    }

    @Test func `a level without measured neighbours is an omission with its reason`() throws {
        let results = Compression.assess([.L1: normal, .L3: normal])
        for level in [VertebralLevel.L1, .L3] {
            guard case .failure(let unmeasured) = results[level] else {
                Issue.record("\(level) has no neighbour")
                continue
            }
            #expect(unmeasured.omission.item.contains(level.rawValue))
        }
    }

    @Test func `loss of all columns is a crush, and taller than the neighbours is no loss`() throws {
        let flat = ColumnHeights(anteriorMM: 14, middleMM: 13, posteriorMM: 15)
        let results = Compression.assess([.L1: flat, .L2: normal])
        #expect(try results[.L1]?.get().deformity == .crush)
        #expect(try results[.L1]?.get().genantGrade == 3)
        #expect(try results[.L2]?.get().rate == 0)
        #expect(try results[.L2]?.get().deformity == Compression.Deformity.none)
    }

    @Test(arguments: [(0.0, 0.0), (0.149, 0), (0.15, 0.5), (0.2, 1), (0.25, 2), (0.4, 2), (0.41, 3)])
    func `grades change at the published bounds`(loss: Double, grade: Double) {
        #expect(Compression.grade(loss) == grade)
    }
}
