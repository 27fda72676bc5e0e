// The opening in the middle of the posterior wall, with sizes known by hand.
import Domain
import Imaging
import Testing

@testable import Morphometry

struct BasivertebralForamenTests {
    @Test func `an elliptic opening has its width and height, and no sign below 5 mm`() throws {
        let (volume, vertebra) = body(widthMM: 6, heightMM: 4).scanned()
        let foramen = try #require(try find(vertebra, volume).get())
        #expect(abs(foramen.widthMM - 6) < 0.9)
        #expect(abs(foramen.heightMM - 4) < 0.7)
        #expect(abs(foramen.localMM.x - 0.5) < 0.6 && abs(foramen.localMM.z - 1) < 0.6)
        #expect(!foramen.hasSign)
        // Behind a mere hole in the shell the marrow is the same as around it.
        #expect(foramen.depthMM == nil)
    }

    @Test func `an opening of more than 5 mm height is the sign`() throws {
        let (volume, vertebra) = body(widthMM: 5, heightMM: 6.5).scanned()
        let foramen = try #require(try find(vertebra, volume).get())
        #expect(abs(foramen.heightMM - 6.5) < 0.8)
        #expect(foramen.hasSign)
    }

    @Test func `a cleft at the end of the canal makes a small opening the sign`() throws {
        let canal = Ellipsoid(centreMM: [0.5, -16, 1], semiAxesMM: [2.5, 6, 2], hu: 30)
        let cleft = Ellipsoid(centreMM: [0.5, -6, 1], semiAxesMM: [8, 4, 2.5], hu: -700)
        let (volume, vertebra) = body(widthMM: 5, heightMM: 4).scanned(with: [canal, cleft])
        let found = try CleftFinder.find(in: vertebra, volume: volume, sliceThicknessMM: 1, cortex: nil).get()
        let alone = try #require(try find(vertebra, volume).get())
        #expect(!alone.hasSign)
        #expect(try #require(try find(vertebra, volume, cleft: found).get()).hasSign)
    }

    @Test func `the canal's depth is read where it is darker than marrow`() throws {
        let canal = Ellipsoid(centreMM: [0.5, -16, 1], semiAxesMM: [2.5, 6, 2], hu: 30)
        let (volume, vertebra) = body(widthMM: 5, heightMM: 4).scanned(with: [canal])
        let depth = try #require(try find(vertebra, volume).get()?.depthMM)
        #expect(abs(depth - 6) < 1)
    }

    @Test func `an intact wall has no opening`() throws {
        let (volume, vertebra) = AnalyticBody().scanned()
        #expect(try find(vertebra, volume).get() == nil)
    }

    @Test func `slices above 2 mm are refused by name`() throws {
        let (volume, vertebra) = AnalyticBody().scanned()
        let result = try BasivertebralForamen.find(
            in: vertebra, volume: volume, sliceThicknessMM: 3, cortex: nil, cleft: nil)
        guard case .failure(let unmeasured) = result else { return #expect(Bool(false), "3 mm slices are too thick") }
        #expect(unmeasured.omission.item == "basivertebral foramen")
    }

    private func body(widthMM: Double, heightMM: Double) -> AnalyticBody {
        var body = AnalyticBody()
        body.hole = { p in
            let x = (p.x - 0.5) / (widthMM / 2)
            let z = (p.z - 1) / (heightMM / 2)
            return p.y < 0 && x * x + z * z < 1
        }
        return body
    }

    private func find(
        _ vertebra: Vertebra, _ volume: Volume, cleft: Cleft? = nil
    ) throws -> Result<BasivertebralForamen?, Unmeasured> {
        try BasivertebralForamen.find(in: vertebra, volume: volume, sliceThicknessMM: 1, cortex: nil, cleft: cleft)
    }
}
