// The cortical shell on bodies whose shell and holes are known by hand.
import Domain
import Imaging
import Testing

@testable import Morphometry

struct CortexMapperTests {
    @Test func `an intact shell has its true mass and no gap`() throws {
        let (volume, vertebra) = AnalyticBody().scanned()
        let map = try CortexMapper.map(vertebra, in: volume, sliceThicknessMM: 1).get()
        #expect(map.gaps.isEmpty)
        // Mass over the mean of both sides: 0.5 mm × (1200 − (140 + 40)/2) HU; the fit's layer is 0.3 mm thick and the estimated
        // blur errs by up to 10 %.
        let right = 0.5 * (1200 - 90)
        for wall in map.walls { #expect(abs(wall.massHUMM - right) < 0.2 * right, "\(wall.wall) \(wall.massHUMM)") }
        #expect(Set(map.walls.map(\.wall)) == Set(BodyWall.allCases))
    }

    @Test func `a hole in the left anterior wall is found there with its size`() throws {
        var body = AnalyticBody()
        // 2.5 mm wide and 8 mm high round the direction (1, 1) of the side wall.
        let along = normalised([-16, 20, 0])
        body.hole = { p in p.x > 0 && p.y > 0 && abs(dot(p - [14.14, 11.31, 0], along)) < 1.25 && abs(p.z - 2) < 4 }
        let (volume, vertebra) = body.scanned()
        let map = try CortexMapper.map(vertebra, in: volume, sliceThicknessMM: 1).get()
        let gap = try #require(map.gaps.first)
        #expect(map.gaps.count == 1)
        #expect(gap.quadrant == .anteriorLeft)
        #expect(gap.third == .middle)
        #expect(length(gap.localMM - [14.14, 11.31, 2]) < 1.5)
        #expect(length(vertebra.frame.point(gap.localMM) - gap.centroidMM) < 1e-9)
        #expect(abs(gap.widthMM - 2.5) < 0.8)
        #expect(abs(gap.lengthMM - 8) < 2)
        #expect(abs(gap.areaMM2 - 20) < 6)
        // Its long side stands upright on the wall.
        #expect(abs(length(gap.direction) - 1) < 1e-9)
        #expect(abs(gap.direction.z) > 0.97)
    }

    @Test func `a level slit's direction lies along it on the curved wall`() throws {
        var body = AnalyticBody()
        // 2 mm high and 10 mm wide, in front of the left wall: the long axis is the wall's tangent (-y, x)/(a², b²) there.
        let place: SIMD3<Double> = [14.14, 11.31, 1]
        let tangent = normalised([-place.y / 256, place.x / 400, 0])
        body.hole = { p in p.x > 0 && p.y > 0 && abs(p.z - 1) < 1 && abs(dot(p - place, tangent)) < 5 }
        let (volume, vertebra) = body.scanned()
        let map = try CortexMapper.map(vertebra, in: volume, sliceThicknessMM: 1).get()
        let gap = try #require(map.gaps.first)
        #expect(abs(dot(gap.direction, tangent)) > 0.97)
        // Tangent to the shell: perpendicular to the ellipse's normal.
        #expect(abs(dot(gap.direction, normalised([place.x / 400, place.y / 256, 0]))) < 0.2)
    }

    @Test func `a hole in the upper endplate is found there`() throws {
        var body = AnalyticBody()
        body.hole = { p in p.z > 10 && abs(p.x + 8) < 1.5 && abs(p.y + 5) < 3 }
        let (volume, vertebra) = body.scanned()
        let gap = try #require(try CortexMapper.map(vertebra, in: volume, sliceThicknessMM: 1).get().gaps.first)
        #expect(gap.wall == .superiorEndplate)
        #expect(gap.quadrant == .posteriorRight)
        #expect(gap.third == .upper)
        #expect(abs(gap.direction.y) > 0.97)
    }

    @Test func `gas under the shell hides no hole and makes none`() throws {
        var body = AnalyticBody()
        for hasHole in [true, false] {
            if hasHole {
                body.hole = { p in p.z > 10 && abs(p.x + 8) < 1.5 && abs(p.y + 5) < 3 }
            } else {
                body.hole = nil
            }
            var (volume, vertebra) = body.scanned()
            let size = volume.geometry.size
            for z in 0..<size.z {
                for y in 0..<size.y {
                    for x in 0..<size.x {
                        let place = vertebra.frame.local(volume.geometry.point(at: Index3(x: x, y: y, z: z)))
                        // An ellipsoid of 14 × 12 × 4 mm whose top lies 3 mm under the endplate at 13 mm.
                        let d = (place - [-8, -5, 8]) / [7, 6, 2]
                        if dot(d, d) < 1 { volume[x, y, z] = -900 }
                    }
                }
            }
            let gaps = try CortexMapper.map(vertebra, in: volume, sliceThicknessMM: 1).get().gaps
            #expect(gaps.map(\.wall) == (hasHole ? [.superiorEndplate] : []))
            if let gap = gaps.first { #expect(length(gap.localMM - [-8, -5, 13]) < 2) }
        }
    }

    @Test func `continuity is the share of a side that is not open`() throws {
        var body = AnalyticBody()
        body.hole = { p in p.z > 10 && abs(p.x + 8) < 1.5 && abs(p.y + 5) < 3 }
        let (volume, vertebra) = body.scanned()
        let map = try CortexMapper.map(vertebra, in: volume, sliceThicknessMM: 1).get()
        let superior = try #require(map.superiorEndplateContinuity)
        let area = try #require(map.walls.first { $0.wall == .superiorEndplate }?.analysedAreaMM2)
        // 3 × 6 mm are open; the gap's area is good to a third.
        #expect(abs((1 - superior) * area - 18) < 6)
        #expect(try #require(map.inferiorEndplateContinuity) > 0.99)
        #expect(try #require(map.posteriorWallIntegrity) > 0.99)
        var blind = map
        blind.walls = []
        #expect(blind.posteriorWallIntegrity == nil)
    }

    @Test func `an opening in the middle of the posterior wall is the foramen, not a gap`() throws {
        var body = AnalyticBody()
        body.hole = { p in p.y < 0 && abs(p.x) < 2.5 && abs(p.z) < 2.5 }
        let (volume, vertebra) = body.scanned()
        let map = try CortexMapper.map(vertebra, in: volume, sliceThicknessMM: 1).get()
        #expect(map.gaps.isEmpty)
        #expect(map.foramina.first?.wall == .posterior)
    }

    @Test func `a skin of arch on the posterior wall hides no gap there, a pedicle's junction does`() throws {
        var body = AnalyticBody()
        body.hole = { p in p.y < 0 && abs(p.x - 7) < 1.5 && abs(p.z) < 4 }
        let (volume, bare) = body.scanned()
        func gaps(archDepthMM: Double) throws -> [CorticalGap] {
            var vertebra = bare
            let geometry = vertebra.parts.geometry
            for z in 0..<geometry.size.z {
                for y in 0..<geometry.size.y {
                    for x in 0..<geometry.size.x {
                        let local = bare.frame.local(geometry.point(at: Index3(x: x, y: y, z: z)))
                        guard local.y < -8, abs(local.z) < 10, 0..<archDepthMM ~= body.distance(local) else { continue }
                        vertebra.parts[x, y, z] = Vertebra.Part.posteriorElements.rawValue
                    }
                }
            }
            return try CortexMapper.map(vertebra, in: volume, sliceThicknessMM: 1).get().gaps
        }
        #expect(try gaps(archDepthMM: 1.2).map(\.wall) == [.posterior])
        #expect(try gaps(archDepthMM: 8).isEmpty)
    }

    @Test func `a wall with lung against it is left out, not read as gaps`() throws {
        let body = AnalyticBody()
        let (scan, vertebra) = body.scanned()
        var volume = scan
        let free = try CortexMapper.map(vertebra, in: volume, sliceThicknessMM: 1).get()
        // 1.5 mm of soft tissue on the left wall, then lung.
        let size = volume.geometry.size
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x {
                    let local = body.frame.local(volume.geometry.point(at: Index3(x: x, y: y, z: z)))
                    guard local.x > 0, abs(local.z) < 13, body.distance(local) > 1.5 else { continue }
                    volume[x, y, z] = -800
                }
            }
        }
        let map = try CortexMapper.map(vertebra, in: volume, sliceThicknessMM: 1).get()
        #expect(map.gaps.isEmpty)
        func areaMM2(_ map: CortexMap, _ wall: BodyWall) -> Double {
            map.walls.first { $0.wall == wall }?.analysedAreaMM2 ?? 0
        }
        #expect(areaMM2(free, .left) > 200)
        #expect(areaMM2(map, .left) < 0.1 * areaMM2(free, .left))
        #expect(areaMM2(map, .right) > 0.9 * areaMM2(free, .right))
        #expect(free.analysedShare(of: BodyWall.allCases) > 0.99)
        #expect(map.analysedShare(of: [.left]) < 0.1)
        #expect(map.analysedShare(of: [.superiorEndplate]) > 0.99)
        // All sides but one of six or so: what is left is what the report says.
        let share = map.analysedShare(of: BodyWall.allCases)
        #expect(share > 0.6 && share < 0.95)
        #expect(map.limits.contains("gaps were looked for in \(Int((100 * share).rounded())) % of the rest"))
    }

    @Test func `the analysed share counts sides by their area`() {
        let summaries: [CortexMap.WallSummary] = [(.left, 30.0), (.right, 90)].map { wall, area in
            CortexMap.WallSummary(
                wall: wall, massHUMM: 500, equivalentThicknessMM: 0.4, analysedAreaMM2: area)
        }
        let map = CortexMap(
            gaps: [], suspects: [], foramina: [], walls: summaries,
            readableAreaMM2: [.left: 120, .right: 90, .posterior: 50],
            settings: CortexMap.Settings(
                pixelMM: 0.5, sliceMM: 1, sliceSpacingMM: 1,
                blur: ScannerBlur(spacingMM: [0.5, 0.5, 1], sliceThicknessMM: 1), noiseHU: 20, scoreThreshold: 5,
                deficitThreshold: 0.5, smallestClaimedWidthMM: 1))
        #expect(map.analysedShare(of: [.left]) == 0.25)
        #expect(abs(map.analysedShare(of: [.left, .right]) - 120.0 / 210) < 1e-12)
        #expect(map.analysedShare(of: [.posterior]) == 0)
        #expect(map.analysedShare(of: [.anterior]) == 0)
    }

    @Test(arguments: [2.5, 5.0])
    func `slices above 2 mm give a named omission`(sliceMM: Double) throws {
        let (volume, vertebra) = AnalyticBody().scanned()
        guard case .failure(let unmeasured) = try CortexMapper.map(vertebra, in: volume, sliceThicknessMM: sliceMM)
        else {
            Issue.record("a map was made of \(sliceMM) mm slices")
            return
        }
        #expect(unmeasured.omission.item.contains("cortical"))
        #expect(unmeasured.omission.reason.contains("\(sliceMM) mm"))
    }

    @Test func `a cancelled map stops`() {
        let (volume, vertebra) = AnalyticBody().scanned()
        let cancellation = Cancellation()
        cancellation.cancel()
        #expect(throws: FaultRecord.self) {
            _ = try CortexMapper.map(vertebra, in: volume, sliceThicknessMM: 1, cancellation: cancellation)
        }
    }

    @Test func `limits name pixel, slice and the smallest width claimed`() throws {
        let (volume, vertebra) = AnalyticBody().scanned()
        let map = try CortexMapper.map(vertebra, in: volume, sliceThicknessMM: 1).get()
        #expect(map.settings.smallestClaimedWidthMM == 2)
        #expect(map.limits.contains("Pixel 1.0 mm, slice 1.0 mm"))
        #expect(map.limits.contains("at least 2.0 mm wide"))
        // The row of docs/cortex.md for such a scan, and none for one coarser than was measured.
        #expect(map.limits.contains(try #require(MeasuredSensitivity.of(pixelMM: 1, sliceMM: 1)).sentence))
        #expect(MeasuredSensitivity.of(pixelMM: 0.45, sliceMM: 0.8)?.sliceMM == 1.0)
        #expect(MeasuredSensitivity.of(pixelMM: 0.5, sliceMM: 2) == nil)
    }

    @Test func `the layer fit reads the mass of a layer of any thickness below the blur`() {
        for thickness in [0.2, 0.4, 0.6] {
            var body = AnalyticBody()
            body.shellMM = thickness
            let profile = LayerModel.samplesMM.map { offset in
                body.profileHU(distanceMM: offset - thickness / 2)
            }
            let model = LayerModel(sigmaMM: body.blurSigmaMM, placesMM: [-0.2, 0, 0.2])
            let fit = profile.map(Float.init).withUnsafeBufferPointer { model.fit($0, place: 1) }
            let right = thickness * (1200 - 90)
            #expect(abs(Double(fit.massHUMM) - right) < 0.08 * right)
        }
    }
}
