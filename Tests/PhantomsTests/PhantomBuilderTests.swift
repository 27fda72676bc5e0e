// The image, the labels and the truth of a phantom agree with its recipe.
import Domain
import Imaging
import Phantoms
import Testing

struct PhantomBuilderTests {
    @Test func `the same recipe gives the same voxels and another seed gives others`() throws {
        var recipe = PhantomRecipe(seed: 5, levels: [.L2])
        recipe.spacingMM = [2, 2, 2]
        recipe.marginMM = 4
        let first = try PhantomBuilder.build(recipe)
        let second = try PhantomBuilder.build(recipe)
        #expect(first.volume.voxels == second.volume.voxels)
        #expect(first.labels.labels == second.labels.labels)
        #expect(first.truth == second.truth)
        recipe.seed = 6
        #expect(try PhantomBuilder.build(recipe).volume.voxels != first.volume.voxels)
    }

    @Test func `five vertebrae are labelled, and labels measure what the truth says`() throws {
        var recipe = PhantomRecipe(seed: 2)
        recipe.spacingMM = [1, 1, 1]
        let phantom = try PhantomBuilder.build(recipe)
        #expect(Set(phantom.labels.labels).subtracting([0]) == Set(recipe.levels.map(\.labelValue)))
        for vertebra in phantom.truth.vertebrae {
            let value = vertebra.level.labelValue
            // Counting voxel centres is unbiased: over the 6,000 surface voxels of a body it errs by far less than 1 %.
            let volumeML = Phantom.volumeML(of: value, in: phantom.bodies)
            #expect(abs(volumeML / vertebra.bodyVolumeML - 1) < 0.01)
            // A whole lumbar vertebra is 57–63 mL in a published model; ours vary with the subject.
            #expect((40...75).contains(Phantom.volumeML(of: value, in: phantom.labels)))
            // The body's centre is a seed: it lies in the body.
            #expect(phantom.bodies.value(at: vertebra.bodyCentreLPSMM) == value)
            let depthMM = vertebra.bodyDepthMM
            for (heightMM, fraction) in [
                (vertebra.anteriorHeightMM, 0.85), (vertebra.middleHeightMM, 0.5), (vertebra.posteriorHeightMM, 0.15),
            ] {
                // The section's posterior end is not in the truth: it lies about half the depth behind the centre. Heights
                // change by under 0.15 mm per millimetre along y; each end of a labelled run errs by up to half a voxel.
                let y = (fraction - 0.5) * depthMM
                #expect(abs(phantom.labelledHeightMM(of: vertebra, y: y) - heightMM) < 1.2)
            }
        }
        let bodies = zip(phantom.bodies.labels, phantom.labels.labels)
        #expect(bodies.allSatisfy { body, whole in body == 0 || body == whole })
    }

    @Test func `marrow, disc, dural sac and air have their HU`() throws {
        var recipe = PhantomRecipe.plain(.L2, spacingMM: [1, 1, 1])
        recipe.levels = [.L2, .L3]
        recipe.fieldOfViewMM = [104, 170]  // Reaches behind the back.
        recipe.trabecularHU = 140
        recipe.trabecularHUByLevel = ["L3": 90]
        recipe.textureSDHU = 25
        let phantom = try PhantomBuilder.build(recipe)
        let upper = try #require(phantom.truth.vertebra(.L2))
        let lower = try #require(phantom.truth.vertebra(.L3))
        // A ball of 7 mm holds some 1,400 grains of texture: its mean errs by 25 / sqrt(1400) = 0.7 HU, 3 SD are 2.
        #expect(abs(phantom.meanHU(around: upper.bodyCentreLPSMM, radiusMM: 7) - 140) < 2)
        #expect(abs(phantom.meanHU(around: lower.bodyCentreLPSMM, radiusMM: 7) - 90) < 2)
        let disc = (upper.bodyCentreLPSMM + lower.bodyCentreLPSMM) / 2
        #expect((68...92).contains(phantom.meanHU(around: disc, radiusMM: 1.5)))
        let sac = upper.frame.point([0, -upper.bodyDepthMM / 2 - 8, -8])
        #expect((0...45).contains(phantom.meanHU(around: sac, radiusMM: 2)))
        let corner = phantom.volume.geometry.point(at: Index3(x: 1, y: phantom.volume.geometry.size.y - 2, z: 1))
        #expect(phantom.meanHU(around: corner, radiusMM: 1.5) == -1000)
    }

    @Test func `noise has the SD of the recipe and is correlated within a slice alone`() throws {
        var recipe = PhantomRecipe.plain(spacingMM: [2, 2, 2])
        let quiet = try PhantomBuilder.build(recipe).volume
        recipe.noiseSDHU = 20
        let noise = zip(try PhantomBuilder.build(recipe).volume.voxels, quiet.voxels).map { Double($0 - $1) }
        let inside = quiet.voxels.indices.dropLast(quiet.geometry.size.x * quiet.geometry.size.y).filter {
            quiet.voxels[$0] > -800
        }
        func covariance(_ step: Int) -> Double {
            inside.reduce(0) { $0 + noise[$1] * noise[$1 + step] } / Double(inside.count)
        }
        let variance = covariance(0)
        // Some 80,000 voxels, about a third of them independent: the SD errs by 0.5 %.
        #expect(abs(variance.squareRoot() - 20) < 0.5)
        // Filter weights 1, 0.249, 0.004 (Gaussian, SD 0.6 pixels): autocorrelation at one pixel is
        // (2·0.249 + 2·0.249·0.004) / (1 + 2·0.249² + 2·0.004²) = 0.445.
        #expect(abs(covariance(1) / variance - 0.445) < 0.02)
        #expect(abs(covariance(quiet.geometry.size.x * quiet.geometry.size.y) / variance) < 0.04)
    }

    @Test func `voxels are whole HU and progress runs to its end`() throws {
        var recipe = PhantomRecipe.plain(spacingMM: [3, 3, 3])
        recipe.noiseSDHU = 15
        var fractions: [Double] = []
        let phantom = try PhantomBuilder.build(recipe) { fractions.append($0.fraction) }
        #expect(phantom.volume.voxels.allSatisfy { $0 == $0.rounded() && $0 >= -1024 && $0 < 3000 })
        #expect(fractions.last == 1)
        #expect(zip(fractions, fractions.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test func `a cancelled build stops`() {
        let cancellation = Cancellation()
        cancellation.cancel()
        #expect(throws: FaultRecord.self) {
            try PhantomBuilder.build(.plain(spacingMM: [3, 3, 3]), cancellation: cancellation)
        }
    }
}

extension LabelMap {
    fileprivate func value(at point: PointMM) -> UInt16? {
        geometry.voxel(holding: point).map { self[$0.x, $0.y, $0.z] }
    }
}

extension Phantom {
    /// Length of the labelled run of a body along its z through (0, y) of its frame.
    fileprivate func labelledHeightMM(of vertebra: VertebraTruth, y: Double) -> Double {
        let stepMM = 0.05
        return Double(
            (-800...800).count {
                bodies.value(at: vertebra.frame.point([0, y, Double($0) * stepMM])) == vertebra.level.labelValue
            }) * stepMM
    }
}
