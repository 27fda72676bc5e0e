// A vertebra of a label map that the scan's end cuts: named and left out, the others reported.
import Domain
import Imaging
import Phantoms
import Testing

@testable import Analyses

@Suite struct CutVertebraTests {
    /// The body of L1 begins above slice 32 of this phantom and is 23 slices high.
    @Test(arguments: [34, 40, 50])
    func `a cut vertebra is omitted by name and the others are still reported`(slices: Int) throws {
        var recipe = PhantomRecipe(seed: 7, levels: [.L1, .L2])
        recipe.spacingMM = [1, 1, 1.5]
        let report = try Pipeline.run(try PhantomBuilder.build(recipe), slices: slices, levels: [.L1, .L2]).report
        #expect(report.vertebrae.map(\.level) == [.L2])
        let omission = try #require(report.omissions.first { $0.item == "L1" })
        #expect(omission.reason.contains("cut by the border of the scan"))
        #expect(report.vertebrae.first?.measurement("bodyVolume") ?? 0 > 10)
    }
}
