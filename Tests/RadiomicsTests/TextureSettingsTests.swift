// Texture settings that change what is counted, against PyRadiomics on the analytic phantom.
import Imaging
import Testing

@testable import Radiomics

@Suite struct TextureSettingsTests {
    @Test(
        arguments: [
            ("weighted-euclidean", 40), ("distances", 43), ("flat-1", 75), ("asymmetric", 24), ("coarseness", 14),
        ])
    func `a setting changes textures as in PyRadiomics`(name: String, count: Int) throws {
        var settings = RadiomicsSettings()
        switch name {
        case "weighted-euclidean": settings.images[0].texture.weightingNorm = .euclidean
        case "distances": settings.images[0].texture.distances = [1, 2]
        case "flat-1":
            settings.images[0].texture.force2D = true
            settings.images[0].texture.force2DDimension = 1
        case "asymmetric": settings.images[0].texture.symmetricalGLCM = false
        default: settings.images[0].texture.gldmA = 1
        }
        let golden = try pyRadiomicsGolden(name)
        #expect(golden.count == count)
        let (volume, mask) = analyticPhantom()
        let features = try RadiomicsExtractor.extract(volume, mask, settings: settings)
        for feature in features {
            guard let expected = golden[feature.name] else { continue }
            let value = try #require(feature.value)
            // Largest measured: 2e-12, the order of sums.
            #expect(abs(value - expected) <= max(1e-10 * abs(expected), 1e-12), "\(feature.name)")
        }
    }
}
