// The shell and what is missing of it come through the scanner with the right mass, at the right place.
import Domain
import Foundation
import Imaging
import Phantoms
import Testing

struct CorticalShellTests {
    /// HU that the shell adds: the image is linear in the shell's HU, so the rest cancels.
    private func shellImage(_ recipe: PhantomRecipe, difference: Double = 1000) throws -> (Volume, PhantomTruth) {
        var dense = recipe
        dense.cortexHU = 1300
        var light = recipe
        light.cortexHU = 1300 - difference
        let a = try PhantomBuilder.build(dense)
        let b = try PhantomBuilder.build(light)
        let voxels = zip(a.volume.voxels, b.volume.voxels).map { $0 - $1 }
        return (Volume(geometry: a.volume.geometry, voxels: voxels), a.truth)
    }

    /// The integral across the front wall along y, in HU mm, and the square root of its second moment, averaged over a patch.
    private func frontWall(_ image: Volume, _ vertebra: VertebraTruth) -> (massHUMM: Double, spreadMM: Double) {
        let frame = vertebra.frame
        let stepMM = 0.05
        var mass = 0.0
        var spread = 0.0
        var rays = 0.0
        for x in stride(from: -2.0, through: 2.0, by: 0.31) {
            for z in stride(from: -3.0, through: 3.0, by: 0.37) {
                var sums = SIMD3<Double>.zero
                for y in stride(from: vertebra.bodyDepthMM / 2 - 6, through: vertebra.bodyDepthMM / 2 + 4, by: stepMM) {
                    let hu = Double(image.value(at: frame.point([x, y, z])))
                    sums += [hu, hu * y, hu * y * y]
                }
                mass += sums.x * stepMM
                let mean = sums.y / sums.x
                spread += sums.z / sums.x - mean * mean
                rays += 1
            }
        }
        return (mass / rays, (spread / rays).squareRoot())
    }

    @Test(arguments: [0.3, 0.45, 0.8])
    func `the shell's mass is its thickness times its density`(thicknessMM: Double) throws {
        var recipe = PhantomRecipe.plain()
        recipe.cortexThicknessMM = thicknessMM
        recipe.curvature = 0
        let (image, truth) = try shellImage(recipe)
        let (massHUMM, _) = frontWall(image, try #require(truth.vertebra(.L3)))
        // The front wall is bent (radius about 20 mm) and a little oblique to y by the waist: under 3 % together.
        #expect(abs(massHUMM / (1000 * thicknessMM) - 1) < 0.04)
    }

    @Test(arguments: [0.7, 1.1])
    func `the scanner blurs by its full width at half maximum`(fwhmMM: Double) throws {
        var recipe = PhantomRecipe.plain(spacingMM: [0.4, 0.4, 1])
        recipe.blurFWHMMM = fwhmMM
        recipe.cortexThicknessMM = 0.3
        recipe.curvature = 0
        let (image, truth) = try shellImage(recipe)
        let (_, spreadMM) = frontWall(image, try #require(truth.vertebra(.L3)))
        // Gaussian, box of the shell, and the pixel² / 6 of trilinear interpolation add as variances.
        let gaussian = fwhmMM / 2.3548
        let expected = (gaussian * gaussian + 0.3 * 0.3 / 12 + 0.4 * 0.4 / 6).squareRoot()
        #expect(abs(spreadMM / expected - 1) < 0.08)
    }

    @Test(
        arguments: [
            PlantedGap(level: .L3, wall: .anterior, angleDegrees: 70, widthMM: 2, lengthMM: 6),
            PlantedGap(level: .L3, wall: .left, angleDegrees: 25, position: -0.2, widthMM: 0.5, lengthMM: 6),
            PlantedGap(level: .L3, wall: .posterior, angleDegrees: 250, widthMM: 1, lengthMM: 5, turnDegrees: 90),
            PlantedGap(
                level: .L3, wall: .superiorEndplate, angleDegrees: 120, position: 0.4, widthMM: 1.5, lengthMM: 6),
        ])
    func `a gap takes away its own piece of shell and nothing else`(gap: PlantedGap) throws {
        var recipe = PhantomRecipe.plain()
        let thicknessMM = recipe.cortexThicknessMM * (gap.wall.isEndplate ? 1.3 : 1)
        let whole = try shellImage(recipe).0
        recipe.lesions = [.corticalGap(gap)]
        let (open, truth) = try shellImage(recipe)
        let lesion = try #require(truth.vertebra(.L3)?.lesions.first)
        let centre = try #require(lesion.centroidLPSMM)
        var lost = 0.0
        var farthestMM = 0.0
        let size = whole.geometry.size
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x {
                    let difference = whole[x, y, z] - open[x, y, z]
                    guard abs(difference) > 3 else { continue }  // Rounding of four images.
                    lost += Double(difference) * whole.geometry.voxelVolumeMM3
                    let away = length(whole.geometry.point(at: Index3(x: x, y: y, z: z)) - centre)
                    farthestMM = max(farthestMM, away)
                }
            }
        }
        // Half the diagonal of the patch, three SD of the blur and a slice.
        let half = (gap.widthMM * gap.widthMM + gap.lengthMM * gap.lengthMM).squareRoot() / 2
        #expect(farthestMM < half + 2.2)
        // Area × thickness × density; the patch is flat and the shell is bent, which costs a few per cent.
        let areaMM2 = try #require(lesion.areaMM2)
        #expect(areaMM2 == gap.widthMM * gap.lengthMM)
        #expect(abs(lost / (areaMM2 * thicknessMM * 1000) - 1) < 0.08)
    }

    @Test func `a foramen opens the middle of the posterior wall alone`() throws {
        var recipe = PhantomRecipe.plain()
        let (whole, truth) = try shellImage(recipe)
        recipe.lesions = [.basivertebralForamen(BasivertebralForamen(level: .L3, widthMM: 6, heightMM: 5))]
        let (open, _) = try shellImage(recipe)
        let lost = zip(whole.voxels, open.voxels).reduce(0) { $0 + Double($1.0 - $1.1) } * whole.geometry.voxelVolumeMM3
        // An ellipse of 6 × 5 mm in a shell of 0.45 mm, 1000 HU.
        #expect(abs(lost / (.pi * 6 * 5 / 4 * 0.45 * 1000) - 1) < 0.15)
        let vertebra = try #require(truth.vertebra(.L3))
        let wall = vertebra.frame.point([12, 0, 0])
        let nearby = zip(whole.voxels.indices, zip(whole.voxels, open.voxels)).allSatisfy { index, pair in
            let size = whole.geometry.size
            let at = Index3(x: index % size.x, y: index / size.x % size.y, z: index / (size.x * size.y))
            return length(whole.geometry.point(at: at) - wall) > 6 || abs(pair.0 - pair.1) < 3
        }
        #expect(nearby)
    }
}
