// Shells of known thickness and density through the thickness fit, beside two thresholds.
import Domain
import Imaging
import Phantoms

@testable import Morphometry

/// One phantom whose walls or endplates have a given thickness everywhere.
struct ThicknessTrial {
    static let thicknessesMM = [0.3, 0.5, 0.8, 1.2, 2.0]

    enum Place: String, CaseIterable { case wall, endplate }
    enum Method: Hashable {
        /// The fit with the blur estimated from the image, and an assumed HU of the shell.
        case fit(layerHU: Double)
        /// The same with the blur that the phantom was made with.
        case fitKnownBlur
        /// Width at half the height of the profile over its sides.
        case halfHeight
        /// Width above 400 HU.
        case fixedThreshold
    }

    var place: Place
    var truthMM: Double
    var cell: ShellTrial.Cell
    var recipe: PhantomRecipe

    init(place: Place, truthMM: Double, cell: ShellTrial.Cell, seed: UInt64) {
        self.place = place
        self.truthMM = truthMM
        self.cell = cell
        recipe = .shell(
            seed: seed, pixelMM: cell.pixelMM, sliceMM: cell.sliceMM, texture: .plain, gapWidthsMM: [])
        recipe.lesions = []
        // Endplates are drawn 1.3 times as thick as walls.
        recipe.cortexThicknessMM = place == .wall ? truthMM : truthMM / 1.3
        recipe.cortexThicknessVariation = 0
        recipe.noiseSDHU = 20
    }

    /// Thickness on some 120 normals, by method.
    func run(layersHU: [Double]) throws -> [Method: [Double]] {
        let phantom = try PhantomBuilder.build(recipe)
        let volume = phantom.volume
        guard
            let vertebra = try ShellTrial.segmentation.vertebra(
                recipe.levels[0], of: recipe, on: volume.geometry)
        else { return [:] }
        let nominal = ScannerBlur(spacingMM: volume.geometry.spacingMM, sliceThicknessMM: nil)
        let surface = try BodySurface(try BodyField(vertebra), level: vertebra.level).movedToShell(
            frame: vertebra.frame, volume: volume, blur: nominal)
        let shell = ReadableShell(surface, vertebra: vertebra, volume: volume)
        let blur = nominal.fittedToThickness(of: surface, shell: shell, frame: vertebra.frame, volume: volume)
        let kernel = recipe.blurFWHMMM / 2.3548
        let spacing = volume.geometry.spacingMM
        let known = nominal.scaled(
            inPlane: (kernel * kernel + spacing.x * spacing.x / 6).squareRoot() / nominal.inPlaneSigmaMM,
            axial: (spacing.z * spacing.z / 12 + spacing.z * spacing.z / 6).squareRoot() / nominal.axialSigmaMM)
        let charts =
            place == .wall
            ? [(surface.wall, shell.wall)] : [(surface.superior, shell.superior), (surface.inferior, shell.inferior)]
        var result: [Method: [Double]] = [:]
        for (chart, isReadable) in charts {
            let points = isReadable.indices.filter { isReadable[$0] }
            func fit(_ blur: ScannerBlur, _ layerHU: Double) -> [Double] {
                ShellThickness(chart, frame: vertebra.frame, volume: volume, blur: blur, layerHU: layerHU)
                    .fits(at: points, atMost: 120 / charts.count).map(\.thicknessMM)
            }
            for layerHU in layersHU { result[.fit(layerHU: layerHU), default: []] += fit(blur, layerHU) }
            result[.fitKnownBlur, default: []] += fit(known, recipe.cortexHU)
            let profiles = CortexLayer.profiles(chart, frame: vertebra.frame, volume: volume)
            let n = LayerModel.samplesMM.count
            for i in stride(from: 0, to: points.count, by: max(points.count / (120 / charts.count), 1)) {
                let profile = Array(profiles[points[i] * n..<(points[i] + 1) * n])
                let sides = (profile.prefix(5).reduce(0, +) + profile.suffix(5).reduce(0, +)) / 10
                let peak = profile[n / 2 - 8...n / 2 + 8].max() ?? 0
                result[.halfHeight, default: []].append(Self.widthMM(profile, above: (peak + sides) / 2))
                result[.fixedThreshold, default: []].append(Self.widthMM(profile, above: 400))
            }
        }
        return result
    }

    /// Length round the highest sample within 2 mm of the middle where a profile stays above a level; 0 where it does not reach it.
    private static func widthMM(_ profile: [Float], above level: Float) -> Double {
        let n = profile.count
        guard let peak = (n / 2 - 8...n / 2 + 8).max(by: { profile[$0] < profile[$1] }), profile[peak] > level
        else { return 0 }
        func reach(_ step: Int) -> Double {
            var k = peak
            while k + step >= 0, k + step < n, profile[k + step] > level { k += step }
            guard k + step >= 0, k + step < n else { return Double(abs(k - peak)) * 0.25 }
            return (Double(abs(k - peak)) + Double((profile[k] - level) / (profile[k] - profile[k + step]))) * 0.25
        }
        return reach(1) + reach(-1)
    }
}
