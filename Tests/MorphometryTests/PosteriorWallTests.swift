// Bulge of the posterior wall and room in the canal, known by hand.
import Domain
import Imaging
import Testing

@testable import Morphometry

struct PosteriorWallTests {
    @Test func `a straight wall neither bulges nor is hollow`() throws {
        let wall = try measured(bulgeMM: 0)
        #expect(wall.bulgeMM < 0.3)
        #expect(wall.concavityMM < 0.5)
        #expect(wall.canalDepthMM == nil)
        #expect(wall.bulgeShareOfCanal == nil)
        #expect(wall.canalCompromise(neighbours: []) == nil)
    }

    @Test func `a bulge is measured from the line between the corners`() throws {
        let wall = try measured(bulgeMM: 4)
        #expect(abs(wall.bulgeMM - 4) < 0.6)
    }

    @Test func `the canal ends at the lamina and loses what bulges into it`() throws {
        let straight = try measured(bulgeMM: 0, laminaBehindMM: 10)
        let bulging = try measured(bulgeMM: 4, laminaBehindMM: 10)
        #expect(abs(try #require(straight.canalDepthMM) - 10) < 0.8)
        #expect(abs(try #require(bulging.canalDepthMM) - 6) < 1)
        #expect(abs(try #require(bulging.unbulgedCanalDepthMM) - 10) < 0.8)
        #expect(abs(try #require(bulging.bulgeShareOfCanal) - 0.4) < 0.1)
        // Alone against its own line, beside a neighbour against the neighbour's canal.
        #expect(abs(try #require(bulging.canalCompromise(neighbours: [])) - 0.4) < 0.1)
        let roomy = PosteriorWall(bulgeMM: 0, concavityMM: 0, canalDepthMM: 12, unbulgedCanalDepthMM: 12)
        #expect(abs(try #require(bulging.canalCompromise(neighbours: [roomy])) - 0.5) < 0.1)
        #expect(try #require(straight.canalCompromise(neighbours: [])) < 0.03)
    }

    /// A body with a block of posterior elements that begins `laminaBehindMM` behind its straight wall.
    private func measured(bulgeMM: Double, laminaBehindMM: Double? = nil) throws -> PosteriorWall {
        var body = AnalyticBody()
        body.bulgeMM = bulgeMM
        var (volume, vertebra) = body.scanned()
        if let laminaBehindMM {
            let size = vertebra.parts.geometry.size
            let lamina = -body.halfDepthMM - laminaBehindMM
            for z in 0..<size.z {
                for y in 0..<size.y {
                    for x in 0..<size.x where vertebra.parts[x, y, z] == 0 {
                        let local = vertebra.frame.local(vertebra.parts.geometry.point(at: Index3(x: x, y: y, z: z)))
                        guard local.y < lamina, abs(local.x) < 12, abs(local.z) < 10 else { continue }
                        vertebra.parts[x, y, z] = Vertebra.Part.posteriorElements.rawValue
                    }
                }
            }
        }
        return try #require(try BodyMorphometry.measure(vertebra, in: volume).posteriorWall)
    }
}
