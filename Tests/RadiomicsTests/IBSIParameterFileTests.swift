// Parameter files of the ibsi mode: what they set, and how wrong ones are named.
import Domain
import Testing

@testable import Radiomics

private func detail(_ yaml: String) -> String? {
    do {
        _ = try IBSISettings(yaml: yaml, name: "P.yaml")
        return nil
    } catch {
        return (error as? any Fault).map { "\($0.detail) \($0.fix)" }
    }
}

@Suite struct IBSIParameterFileTests {
    @Test func `Every key has its place`() throws {
        let yaml = """
            mode: ibsi
            label: 3
            dimension: 2D
            spacingMM: [1, 1.5, 2]
            interpolation: cubicSpline
            maskThreshold: 0.25
            roundIntensities: true
            intensityRange: [-500, 400]
            outlierSigma: 3
            binWidth: 25
            volumeHistogramBinCount: 1000
            families: [ngtdm, glcm]
            aggregations: [2.5D_merged]
            filter: {type: log, sigmaMM: 1.5, dimensions: 2}
            """
        var expected = IBSISettings(
            dimension: .slices, spacingMM: [1, 1.5, 2], interpolation: .cubicSpline, maskThreshold: 0.25,
            roundsIntensities: true, intensityRange: -500...400, outlierSigma: 3,
            filter: try IBSIFilter(yaml: "{type: log, sigmaMM: 1.5, dimensions: 2}"), discretisation: .binWidth(25),
            volumeHistogramDiscretisation: .binCount(1000), families: [.neighbourhoodDifference, .cooccurrence],
            aggregations: [.pooledMerged])
        expected.label = 3
        #expect(try IBSISettings(yaml: yaml, name: "P.yaml") == expected)
        #expect(try IBSISettings(yaml: expected.yaml, name: "P.yaml") == expected)
    }

    @Test func `Defaults process nothing, and aggregations follow the dimension`() throws {
        #expect(try IBSISettings(yaml: "mode: ibsi", name: "P.yaml") == IBSISettings())
        let slices = try IBSISettings(yaml: "{mode: ibsi, dimension: 2D}", name: "P.yaml")
        #expect(slices.aggregations.map(\.rawValue) == ["2D_averaged", "2D_merged", "2.5D_averaged", "2.5D_merged"])
        let filtered = try IBSISettings(yaml: "{mode: ibsi, filter: {type: mean, support: 3}}", name: "P.yaml")
        #expect(filtered.families == [.statistics])
    }

    @Test(arguments: IBSISettings.named.keys.sorted())
    func `Every named configuration is read back from its own text`(_ name: String) throws {
        let configuration = try #require(try RadiomicsConfiguration(named: name))
        #expect(configuration.mode == .ibsi(try #require(IBSISettings.named[name])))
    }

    @Test func `The key mode tells the two kinds of file apart`() throws {
        for yaml in ["mode: ibsi", "{\"mode\": \"ibsi\", \"binwidth\": 3}", "mode: other"] {
            #expect(IBSISettings.isIBSI(yaml: yaml))
        }
        for yaml in ["setting: {binWidth: 25}", "setting: {mode: ibsi}", "mode", "["] {
            #expect(!IBSISettings.isIBSI(yaml: yaml))
        }
    }

    @Test(arguments: [
        ("{mode: ibsi, binwidth: 25}", "Did you mean 'binWidth'?"), ("mode: pyradiomics", "'pyradiomics' is not known"),
        ("{mode: ibsi, dimension: 4D}", "'4D' is not known under dimension"),
        ("{mode: ibsi, spacingMM: [1, 1]}", "spacingMM is a list of 2"),
        ("{mode: ibsi, spacingMM: [1, 1, 0]}", "spacingMM.2 is '0'"),
        ("{mode: ibsi, maskThreshold: 1.5}", "maskThreshold is 1.5"),
        ("{mode: ibsi, intensityRange: [400, -500]}", "the lower end, then the upper"),
        ("{mode: ibsi, outlierSigma: 0}", "outlierSigma is '0'"), ("{mode: ibsi, label: 0}", "label is '0'"),
        ("{mode: ibsi, binCount: 0}", "binCount is '0'"),
        ("{mode: ibsi, binWidth: 25, binCount: 32}", "binCount is given beside binWidth"),
        ("{mode: ibsi, families: [glcm, glcn]}", "Did you mean 'glcm'?"),
        ("{mode: ibsi, aggregations: 3D_merged}", "aggregations is '3D_merged'; it must be a list"),
        ("{mode: ibsi, filter: {type: sobel}}", "\"sobel\" is not one of"),
        ("{mode: ibsi, filter: {type: log, sigma: 3}}", "setting \"sigmaMM\": it is missing"),
        ("{mode: ibsi, filter: {type: mean, support: 3, suport: 5}}", "setting \"suport\": unknown"),
        ("mode: [", "is not YAML"),
    ])
    func `A wrong file is refused with the key and the way out`(yaml: String, text: String) throws {
        let said = try #require(detail(yaml))
        #expect(said.contains(text), "\(said)")
    }
}
