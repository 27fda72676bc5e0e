// Features of filtered images of the CT phantom against the consensus of IBSI 2, phase 2.
import Foundation
import Imaging
import ImagingIO
import ReferenceData
import Testing

@testable import Radiomics

private let table = "ibsi/ibsi_2_reference_data/reference_feature_values/reference_values.csv"
private let isComplete = ProcessInfo.processInfo.environment["OSTEON_ACCEPTANCE"] == "full"

/// The filters of the configurations A (slices as they are) and B (a volume of 1 mm voxels); reference manual
/// arXiv:2006.05470, phase 2. Configuration 1 has no filter.
private let filters = [
    "2": "{type: mean, support: 5, dimensions: D}",
    "3": "{type: log, sigmaMM: 1.5, dimensions: D}",
    "4A": "{type: laws, kernels: L5E5, energyDelta: 7}",
    "4B": "{type: laws, kernels: L5E5E5, energyDelta: 7}",
    "5": "{type: gabor, sigmaMM: 5, lambdaMM: 2, gamma: 1.5, thetaStepDegrees: 22.5, dimensions: D}",
    "6A": "{type: wavelet, wavelet: db3, band: LH}",
    "6B": "{type: wavelet, wavelet: db3, band: LLH}",
    "7A": "{type: wavelet, wavelet: db3, band: HH, level: 2}",
    "7B": "{type: wavelet, wavelet: db3, band: HHH, level: 2}",
    "8": "{type: simoncelli, level: 1, dimensions: D}",
    "9": "{type: simoncelli, level: 2, dimensions: D}",
]

/// The names in the table of consensus values, in the order of the manual.
private let tags = [
    "stat_mean": "mean", "stat_var": "variance", "stat_skew": "skewness", "stat_kurt": "excess_kurtosis",
    "stat_median": "median", "stat_min": "minimum", "stat_p10": "10th_percentile", "stat_p90": "90th_percentile",
    "stat_max": "maximum", "stat_iqr": "interquartile_range", "stat_range": "range",
    "stat_mad": "mean_absolute_deviation", "stat_rmad": "robust_mean_absolute_deviation",
    "stat_medad": "median_absolute_deviation", "stat_cov": "coefficient_of_variation",
    "stat_qcod": "quartile_coefficient_of_dispersion", "stat_energy": "energy", "stat_rms": "root_mean_square",
]

/// A consensus value of a feature and how far from it a value may lie.
private struct Consensus {
    let feature: String
    let value: Double?
    let tolerance: Double?
}

/// The consensus values of a configuration such as `3.A`.
private func consensus(_ configuration: String) throws -> [Consensus] {
    let rows = try String(contentsOf: ReferenceData.url(table), encoding: .utf8).split(whereSeparator: \.isNewline)
    return try rows.dropFirst().map { $0.split(separator: ";", omittingEmptySubsequences: false).map(String.init) }
        .filter { $0[0] == configuration }
        .map { Consensus(feature: try #require(tags[$0[2]]), value: Double($0[3]), tolerance: Double($0[4])) }
}

/// The phantom with its tumour as the configurations A or B process it.
private func region(_ letter: Character) throws -> IBSIRegion {
    let folder = ReferenceData.url("ibsi/ibsi_1_ct_phantom/nifti")
    let volume = try StudyFile.readVolume(folder.appendingPathComponent("image/phantom.nii.gz")).volume
    let mask = try StudyFile.readVolume(folder.appendingPathComponent("mask/mask.nii.gz")).volume.mask(where: 1...1)
    let settings =
        letter == "A"
        ? IBSISettings(dimension: .slices, intensityRange: -1000...400)
        : IBSISettings(
            spacingMM: [1, 1, 1], interpolation: .cubicSpline, roundsIntensities: true, intensityRange: -1000...400)
    return try IBSIRegion(volume, mask, settings: settings, part: .wholeImage)
}

@Suite(.enabled(if: ReferenceData.has(table), Comment(rawValue: ReferenceData.absent)))
struct IBSIFilterFeatureTests {
    @Test(arguments: isComplete ? "AB" : "A")
    func `features of filtered images lie within the consensus of IBSI 2`(_ letter: Character) throws {
        let region = try region(letter)
        var inside = 0
        var without: [String] = []
        for number in 1...9 {
            let start = ContinuousClock.now
            var image = region.image
            if let text = filters["\(number)"] ?? filters["\(number)\(letter)"] {
                let settings = text.replacingOccurrences(of: ": D}", with: letter == "A" ? ": 2}" : ": 3}")
                image = try IBSIFilter(yaml: settings).filtered(image)
            }
            let time = ContinuousClock.now - start
            let statistics = GreyStatistics(region.intensities(of: image))
            let configuration = "\(number).\(letter)"
            let rows = try consensus(configuration)
            #expect(rows.count == 18)
            for row in rows {
                guard let reference = row.value, let tolerance = row.tolerance else {
                    without.append("\(configuration) \(row.feature)")
                    continue
                }
                let feature = try #require(ibsiStatisticsFeatures.first { $0.name == row.feature })
                let value = feature.formula(statistics)
                #expect(
                    abs(value - reference) <= tolerance,
                    "\(configuration) \(row.feature): \(value) is not \(reference) ± \(tolerance)")
                if abs(value - reference) <= tolerance { inside += 1 }
            }
            print("IBSI 2 configuration \(configuration): \(image.size), filter \(time)")
        }
        print("IBSI 2 phase 2 \(letter): \(inside) inside, \(without) without consensus, of \(9 * 18)")
    }
}
