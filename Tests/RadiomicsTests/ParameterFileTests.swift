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
        ("setting: {label: 1.5}", "setting.label is '1.5'"), ("setting: {normalize: 3}", "setting.normalize is '3'"),
        ("imageType: {Wavlet: {}}", "Did you mean 'Wavelet'?"), ("featureClass: {glcn: }", "'glcn' is not known"),
        ("featureClass: {glcm: [Contrst]}", "Did you mean 'Contrast'?"),
        ("imageType: {Wavelet: {wavelet: coif9}}", "'coif9' is not known"), ("setting: {binWidth: }", "is null"),
        ("voxelSetting: {kernelRadius: 1}", "voxelSetting"), ("setting: [", "is not YAML"),
    ])
    func `A wrong file is refused with the key and the way out`(yaml: String, text: String) throws {
        #expect(try #require(detail(yaml)).contains(text))
    }

    @Test func `Shape of slices is named as left out, not refused`() throws {
        let file = try ParameterFile(yaml: "featureClass: {shape2D: , glcm: }", name: "P.yaml")
        #expect(file.omissions.map(\.item) == ["featureClass shape2D"])
        #expect(file.settings.features == [FeatureSelection(.glcm)])
    }
}
