// What a request may ask of radiomics.
import Analyses
import Domain
import Testing

@Suite struct RadiomicsRequestTests {
    private func fault(_ value: ParameterValue) -> AnalysisError? {
        do {
            try AnalysisCatalog().analysis(named: "digital-biopsy").check(["radiomics": value], targets: [.L1])
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: ["ge2025", "hu_full", "hu_original", "ibsi-a", "none"])
    func `a configuration is asked for by name`(name: String) {
        #expect(fault(.text(name)) == nil)
    }

    @Test func `another name is refused with those that there are`() {
        let error = fault(.text("ge2052"))
        #expect(error?.code == .parameterInvalid)
        #expect(error?.subject == "parameters.radiomics")
        #expect(error?.fix.contains("ge2025, hu_full, hu_original, ") == true)
        #expect(error?.fix.contains("none") == true)
    }

    @Test func `a parameter file is taken as text and as an object`() {
        #expect(fault(.text("imageType: {Original: {}}\nsetting: {binWidth: 10}")) == nil)
        #expect(
            fault(
                .object([
                    "imageType": .object(["Original": .object([:]), "LoG": .object(["sigma": .list([.number(2)])])]),
                    "featureClass": .object(["shape": .null, "glcm": .list([.text("Contrast")])]),
                    "setting": .object(["binWidth": .number(12.5), "label": .number(3), "normalize": .flag(true)]),
                ])) == nil)
    }

    private static let bad: [(value: ParameterValue, subject: String, word: String)] = [
        (.text("setting: {binwidth: 25}"), "setting.binwidth", "'binwidth' is not known"),
        (.text("setting: {binWidth: 0}"), "setting.binWidth", "'0'"),
        (.object(["setting": .object(["binWidth": .number(0)])]), "setting.binWidth", "'0'"),
        (.object(["setting": .object(["binWidth": .text("wide")])]), "setting.binWidth", "'wide'"),
        (.object(["settings": .object([:])]), "settings", "'settings' is not known"),
        (.text("imageType: {Original: {}, Fourier: {}}"), "imageType.Fourier", "'Fourier' is not known"),
        (.text("featureClass: {glcm: [Contrast, Beauty]}"), "featureClass.glcm.1.Beauty", "'Beauty' is not known"),
        (.text("voxelSetting: {kernelRadius: 2}"), "voxelSetting", "feature maps"),
        (.text("{mode: ibsi, spacing: [1, 1, 1]}"), "spacing", "'spacing' is not known"),
        (.text("{mode: ibsi, filter: {type: log, sigmaMM: 2}}"), "filter", "left out"),
        (.text("{mode: ibsi, spacingMM: [0.01, 1, 1]}"), "spacingMM", "0.01 mm"),
        // Asks for more than a shared service computes.
        (.text("setting: {resampledPixelSpacing: [1, 0.001, 1]}"), "setting.resampledPixelSpacing", "0.001 mm"),
        (.text("setting: {padDistance: 100000}"), "setting.padDistance", "100000"),
        (.text("setting: {distances: [1, 500]}"), "setting.distances", "500"),
        (.text("setting: {distances: [1, 1, 1, 1, 1, 1]}"), "setting.distances", "6 distances"),
        (.text("imageType: {Wavelet: {level: 2147483647}}"), "imageType.Wavelet.level", "at most 4"),
        (
            .text("imageType: {LBP3D: {lbp3DIcosphereSubdivision: 30}}"), "imageType.LBP3D.lbp3DIcosphereSubdivision",
            "30"
        ),
        (.text("imageType: {LBP3D: {lbp3DLevels: 100}}"), "imageType.LBP3D.lbp3DLevels", "100"),
        (.text("imageType: {LBP3D: {lbp3DIcosphereRadius: 1e6}}"), "imageType.LBP3D.lbp3DIcosphereRadius", "1000000"),
        (
            .text("imageType: {LoG: {sigma: [\(Array(repeating: "1", count: 50).joined(separator: ","))]}}"),
            "imageType", "50"
        ),
    ]

    @Test(arguments: bad.indices)
    func `a parameter file that is wrong or too costly is refused by its key`(index: Int) {
        let (value, subject, word) = Self.bad[index]
        let error = fault(value)
        #expect(error?.code == .parameterInvalid)
        #expect(error?.subject == "parameters.radiomics.\(subject)")
        #expect(error?.detail.contains(word) == true, "\(error?.detail ?? "taken")")
        #expect(error?.fix.isEmpty == false)
    }

    @Test func `what is no document is refused as a whole`() {
        #expect(fault(.flag(true))?.subject == "parameters.radiomics")
        #expect(fault(.text("setting: [1, 2"))?.subject == "parameters.radiomics")
    }

    /// Texts that would take all stack, or hours.
    private static let hostile: [(text: String, word: String)] = [
        ("setting: " + String(repeating: "[", count: 900), "901"),
        ("setting: " + String(repeating: "{a: ", count: 400), "801"),
        ("setting:\n" + String(repeating: "- ", count: 900) + "x", "901"),
        ((0..<300).map { String(repeating: " ", count: $0) + "a:\n" }.joined(), "300"),
        ("a: &a [x, x, x]\nb: &b [*a, *a, *a]\n? *b\n: 1", "anchor"),
        ("setting: {binWidth: 25}" + String(repeating: "\n", count: 70_000), "70023"),
    ]

    @Test(arguments: hostile.indices)
    func `a text that nests or repeats without end is refused unread`(index: Int) {
        let error = fault(.text(Self.hostile[index].text))
        #expect(error?.code == .parameterInvalid)
        #expect(error?.detail.contains(Self.hostile[index].word) == true, "\(error?.detail ?? "taken")")
    }

    @Test func `comments do not count`() {
        let comment = String(repeating: "# a comment: with - signs [ and { * brackets\n", count: 200)
        #expect(fault(.text(comment + "setting: {binWidth: 25}")) == nil)
    }
}
