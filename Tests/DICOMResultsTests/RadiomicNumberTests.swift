// Radiomic features under their IBSI codes.
import Domain
import Foundation
import Testing

@testable import DICOMResults

@Suite struct RadiomicNumberTests {
    private func numbers(mode: String = "pyradiomics", settings: [String: String] = [:]) -> [ReportedNumber] {
        var report = SampleReport.report()
        report.radiomics = RadiomicsMethod(
            configuration: "ge2025", mode: mode, parameters: "", settings: settings, imageTypes: [:], omissions: [])
        let features = [
            FeatureSection(name: "original_firstorder_Mean", value: 98.5, reason: nil, ibsiID: "Q4LE"),
            FeatureSection(name: "original_firstorder_Variance", value: 4, reason: nil, ibsiID: "ECT3"),
            FeatureSection(name: "original_shape_MeshVolume", value: 31_440, reason: nil, ibsiID: "RNU0"),
            FeatureSection(name: "original_shape_SurfaceVolumeRatio", value: 0.25, reason: nil, ibsiID: "2PR5"),
            FeatureSection(name: "original_glcm_Contrast", value: 7, reason: nil, ibsiID: "ACUI"),
            FeatureSection(name: "original_glcm_MCC", value: 1, reason: nil, ibsiID: nil),
            FeatureSection(name: "original_glcm_Correlation", value: nil, reason: "flat", ibsiID: "NI2N"),
            FeatureSection(name: "wavelet-LLH_firstorder_Mean", value: 2, reason: nil, ibsiID: "Q4LE"),
            FeatureSection(name: "glcm_contrast_3D_merged", value: 8, reason: nil, ibsiID: "ACUI/IAZD"),
            FeatureSection(name: "ivh_intensity_at_10_percent_volume", value: 8, reason: nil, ibsiID: "PWN1"),
        ]
        let document = FeaturesReport(
            report, maskSHA256: "",
            vertebrae: [
                FeaturesReport.Entry(level: .L1, region: nil, diagnostics: [:], features: features, omissions: [])
            ])
        #expect(ReportedNumber.features(of: .L2, in: document).isEmpty)
        return ReportedNumber.features(of: .L1, in: document)
    }

    @Test func `the features of the scan's own image that have a code and a value are told in their units`() {
        let told = numbers()
        #expect(told.map(\.concept.value) == ["Q4LE", "ECT3", "RNU0", "2PR5", "ACUI"])
        #expect(told.allSatisfy { $0.concept.scheme == "IBSI" && $0.unit.scheme == "UCUM" })
        #expect(told.map(\.unit.value) == ["[hnsf'U]", "[hnsf'U]2", "mm3", "/mm", "1"])
        #expect(told.map(\.value) == [98.5, 4, 31_440, 0.25, 7])
        #expect(told[4].concept.meaning == "glcm_Contrast")
        #expect(told[4].algorithm.definition.contains("original_glcm_Contrast"))
        #expect(told[4].algorithm.definition.contains("pyradiomics"))
    }

    @Test func `grey values of a normalised image have no unit`() {
        #expect(numbers(settings: ["normalize": "true"]).map(\.unit.value) == ["1", "1", "mm3", "/mm", "1"])
    }

    @Test func `in the ibsi mode the code is the feature's without its aggregation, and a response map has no codes`() {
        let told = numbers(mode: "ibsi", settings: ["filter": "null"])
        #expect(
            told.filter { $0.concept.value == "ACUI" }.map(\.concept.meaning) == [
                "glcm_Contrast", "glcm_contrast_3D_merged",
            ])
        #expect(!told.contains { $0.concept.value == "PWN1" })
        #expect(numbers(mode: "ibsi", settings: ["filter": "{\"kind\":\"log\"}"]).isEmpty)
    }
}
