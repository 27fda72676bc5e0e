// A few phantoms of the cortex tables, always run.
import Domain
import Imaging
import Phantoms
import Testing

@testable import Morphometry

struct ShellTrialTests {
    @Test func `gaps of 2 and 3 mm in imperfectly segmented phantoms are found without alarms`() throws {
        var found = 0
        var planted = 0
        var alarms = 0
        // Fine pixels and slices, both textures; of the tuning seeds, whose figures docs/cortex.md gives.
        for seed: UInt64 in [19_969, 19_974, 20_004] {
            let outcome = try #require(try ShellTrial(seed: seed).run())
            let wide = outcome.cortex.planted.filter { $0.widthMM >= 1 }
            found += wide.filter(\.isFound).count
            planted += wide.count
            alarms += outcome.cortex.falseAlarms
        }
        #expect(planted >= 12)
        // 97 % in the tables; one or two misses are chance.
        #expect(found >= planted - 2)
        #expect(alarms <= 1)
    }

    @Test func `a shell's thickness is fitted below the blur`() throws {
        let trial = ThicknessTrial(
            place: .wall, truthMM: 0.5, cell: ShellTrial.Cell(pixelMM: 0.5, sliceMM: 1), seed: 30_000)
        let measured = try trial.run(layersHU: [1200, 960])
        let fit = CortexBenchmarks.agreement(try #require(measured[.fit(layerHU: 1200)]), 0.5)
        let half = CortexBenchmarks.agreement(try #require(measured[.halfHeight]), 0.5)
        #expect(abs(fit.bias) < 0.05)
        #expect(fit.deviation < 0.1)
        // Thresholding cannot see below the blur.
        #expect(half.bias > 0.3)
        // Bone taken for less dense than it is looks thicker.
        let wrong = CortexBenchmarks.agreement(try #require(measured[.fit(layerHU: 960)]), 0.5)
        #expect(wrong.bias > fit.bias + 0.05)
    }

    @Test(arguments: [0.1, 0.3, 0.7, 1.2, 2.0])
    func `the thickness fit recovers a profile made of its own model`(thicknessMM: Double) throws {
        var body = AnalyticBody()
        body.shellMM = thicknessMM
        let profile = LayerModel.samplesMM.map { Float(body.profileHU(distanceMM: $0 - 0.1 - thicknessMM / 2)) }
        let model = ThicknessModel(sigmaMM: body.blurSigmaMM, layerHU: body.shellHU)
        let fit = try #require(profile.withUnsafeBufferPointer { model.fit($0) })
        #expect(abs(fit.thicknessMM - thicknessMM) < 0.02)
        #expect(abs(fit.placeMM - 0.1) < 0.051)
    }

    @Test func `slices too thick for gaps still give the mass`() throws {
        let trial = ShellTrial(seed: 19_980, cell: ShellTrial.Cell(pixelMM: 0.5, sliceMM: 3))
        let phantom = try PhantomBuilder.build(trial.recipe)
        let vertebra = try #require(
            try ShellTrial.segmentation.vertebra(
                trial.recipe.levels[0], of: trial.recipe, on: phantom.volume.geometry))
        guard case .failure(let omitted) = try CortexMapper.map(vertebra, in: phantom.volume, sliceThicknessMM: nil)
        else {
            Issue.record("gaps were listed on 3 mm slices")
            return
        }
        #expect(omitted.omission.item == "cortical gaps")
        #expect(omitted.omission.reason.contains("3 mm slices"))
        let walls = try CortexMapper.mass(of: vertebra, in: phantom.volume, sliceThicknessMM: nil).get()
        #expect(walls.count == 6)
        // A thick slice blurs the mass but keeps it.
        for (wall, ratio) in trial.massRatios(walls) { #expect(0.6..<1.4 ~= ratio, "\(wall) \(ratio)") }
        guard case .failure = try CortexMapper.mass(of: vertebra, in: phantom.volume, sliceThicknessMM: 5) else {
            Issue.record("mass was read from 5 mm slices")
            return
        }
    }
}
