// PyRadiomics parameter files: what they set, and how wrong ones are named.
import Domain
import Testing

@testable import Radiomics

private func detail(_ yaml: String) -> String? {
    do {
        _ = try ParameterFile(yaml: yaml, name: "P.yaml")
        return nil
    } catch {
        return "\(error.detail) \(error.fix)"
    }
}

@Suite struct ParameterFileTests {
    @Test(arguments: BuiltInConfiguration.allCases)
    func `Every built-in configuration can be read and leaves nothing out`(_ known: BuiltInConfiguration) throws {
        let file = try known.parameters()
        #expect(file.omissions.isEmpty)
        #expect(file.settings.resampledSpacingMM == [1, 1, 1])
        #expect(file.settings.images.count == (known == .huOriginal ? 1 : 4))
    }

    @Test func `A width without a decimal point names its image without one`() throws {
        // PyRadiomics 3.0.1: log-sigma-1-mm-3D, log-sigma-2-5-mm-3D, log-sigma-2-0-mm-3D.
        let yaml = "imageType: {LoG: {sigma: [1, 2.5, 2.0]}}"
        let filter = try ParameterFile(yaml: yaml, name: "P.yaml").settings.images[0].filter
        #expect(filter.sigmaMM == [1, 2.5, 2])
        #expect(filter.wholeSigmaMM == [1])
        #expect(LaplacianOfGaussian(sigmaMM: 1, isWrittenWhole: true).name == "log-sigma-1-mm-3D")
        #expect(LaplacianOfGaussian(sigmaMM: 2).name == "log-sigma-2-0-mm-3D")
    }

    @Test func `Image types keep their order and their own settings over the common ones`() throws {
        let yaml = """
            imageType:
              Gradient: {binWidth: 5}
              Original: {}
            featureClass:
              glcm: [Contrast]
              shape:
            setting:
              binWidth: 10
              interpolator: null
            """
        let settings = try ParameterFile(yaml: yaml, name: "P.yaml").settings
        #expect(settings.images.map(\.type) == [.gradient, .original])
        #expect(settings.images.map(\.texture.binWidth) == [5, 10])
        #expect(settings.features == [FeatureSelection(.glcm, names: ["Contrast"]), FeatureSelection(.shape)])
        #expect(settings.interpolator == nil)
    }

    @Test(arguments: [
        ("setting: {binwidth: 25}", "Did you mean 'binWidth'?"), ("setting: {binWidth: 0}", "setting.binWidth is '0'"),
        ("setting: {distances: []}", "setting.distances is empty"),
        ("imageType: {LBP2D: {lbp2DSamples: 40}}", "imageType.LBP2D.lbp2DSamples is '40'"),
        ("setting: {label: 1.5}", "setting.label is '1.5'"), ("setting: {normalize: 3}", "setting.normalize is '3'"),
        ("imageType: {Wavlet: {}}", "Did you mean 'Wavelet'?"), ("featureClass: {glcn: }", "'glcn' is not known"),
        ("featureClass: {glcm: [Contrst]}", "Did you mean 'Contrast'?"),
        ("imageType: {Wavelet: {wavelet: coif9}}", "'coif9' is not known"), ("setting: {binWidth: }", "is null"),
        ("setting: {interpolator: sitkGaussian}", "is 'sitkGaussian', which is not computed. Use sitkNearestNeighbor"),
        ("setting: {interpolator: 7}", "which is not computed"), ("setting: {interpolator: sitkCubic}", "is not known"),
        ("voxelSetting: {kernelRadius: 1}", "voxelSetting"), ("setting: [", "is not YAML"),
    ])
    func `A wrong file is refused with the key and the way out`(yaml: String, text: String) throws {
        #expect(try #require(detail(yaml)).contains(text))
    }

    @Test func `Shape of one slice needs force2D, and is left out by name without it`() throws {
        let classes = "featureClass: {shape2D: , glcm: }"
        let without = try ParameterFile(yaml: classes, name: "P.yaml")
        #expect(without.omissions.map(\.item) == ["featureClass shape2D"])
        #expect(without.settings.features == [FeatureSelection(.glcm)])
        let with = try ParameterFile(yaml: "\(classes)\nsetting: {force2D: true, force2Ddimension: 2}", name: "P.yaml")
        #expect(with.omissions.isEmpty)
        #expect(with.settings.features == [FeatureSelection(.shape2D), FeatureSelection(.glcm)])
        #expect(with.settings.shape2DDimension == 2)
    }

    @Test func `A file that names no class computes all in PyRadiomics' order`() throws {
        let order: [FeatureClass] = [.firstorder, .glcm, .gldm, .glrlm, .glszm, .ngtdm, .shape]
        let file = try ParameterFile(yaml: "setting: {binWidth: 20}", name: "P.yaml")
        #expect(file.settings.features.map(\.featureClass) == order)
        let flat = try ParameterFile(yaml: "setting: {force2D: true}", name: "P.yaml")
        #expect(flat.settings.features.map(\.featureClass) == order + [.shape2D])
    }

    @Test func `Deprecated features are computed or passed over as PyRadiomics does`() throws {
        let yaml = """
            featureClass:
              shape: [Compactness1, Sphericity, Compactness1]
              glcm: [Homogeneity1, Contrast]
              gldm: [DependencePercentage]
            """
        let file = try ParameterFile(yaml: yaml, name: "P.yaml")
        #expect(
            file.settings.features == [
                FeatureSelection(.shape, names: ["Compactness1", "Sphericity"]),
                FeatureSelection(.glcm, names: ["Contrast"]),
            ])
        #expect(file.omissions.map(\.item) == ["glcm Homogeneity1", "gldm DependencePercentage"])
    }
}
