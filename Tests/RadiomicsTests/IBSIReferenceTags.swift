// Which of our names belongs to which tag of the consensus tables, and the tables themselves.
import Foundation
import ReferenceData
import Testing

@testable import Radiomics

/// A consensus value.
struct ReferenceValue {
    let tag: String
    let value, tolerance: Double

    /// Within the tolerance, as it is or rounded to the three digits of the table.
    func holds(for value: Double) -> Bool {
        let digits = 2 - log10(abs(value)).rounded(.down)
        let rounded = value == 0 ? 0 : (value * pow(10, digits)).rounded() / pow(10, digits)
        // 1e-9: the decimal fractions of the table are not exact in binary.
        return [value, rounded].contains { abs($0 - self.value) <= tolerance + 1e-9 * abs(self.value) }
    }

    /// `value;tolerance;tag` lines; tags without a value have no consensus.
    static func table(_ file: URL) throws -> [ReferenceValue] {
        try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline).compactMap { line in
            let fields = line.split(separator: ";", omittingEmptySubsequences: false)
            guard fields.count == 3, let value = Double(fields[0]), let tolerance = Double(fields[1]) else {
                return nil
            }
            return ReferenceValue(
                tag: fields[2].trimmingCharacters(in: .whitespaces), value: value, tolerance: tolerance)
        }
    }

    /// The table of a configuration `a` … `e` of the CT phantom.
    static func chestTable(_ configuration: String) throws -> [ReferenceValue] {
        try table(ReferenceData.url("ibsi/ibsi_1_reference_values/ibsi_1_chest_config_\(configuration).csv"))
    }

    /// Our name of the feature: `glcm_joint_maximum_3D_merged` for `cm_joint_max_3D_comb`; nil for a tag that names none.
    var featureName: String? {
        let endings = [
            ("_2D_avg", "_2D_averaged"), ("_2D_comb", "_2D_merged"), ("_2_5D_avg", "_2.5D_averaged"),
            ("_2_5D_comb", "_2.5D_merged"), ("_3D_avg", "_3D_averaged"), ("_3D_comb", "_3D_merged"), ("_2_5D", "_2.5D"),
            ("_2D", "_2D"), ("_3D", "_3D"), ("", ""),
        ]
        for (theirs, ours) in endings where tag.hasSuffix(theirs) {
            if let name = namesByTag[String(tag.dropLast(theirs.count))] { return name + ours }
        }
        return nil
    }
}

/// Expects every feature of a table inside its tolerance. Returns how many there were.
func expectConsensus(_ features: [FeatureValue], _ table: [ReferenceValue], _ name: String) -> Int {
    let values = Dictionary(features.map { ($0.name, $0.value) }) { first, _ in first }
    var compared = 0
    for reference in table {
        guard let featureName = reference.featureName else { continue }
        compared += 1
        guard let value = values[featureName] ?? nil else {
            Issue.record("\(name): \(featureName) has no value")
            continue
        }
        #expect(
            reference.holds(for: value),
            "\(name) \(featureName): \(value), consensus \(reference.value) ± \(reference.tolerance)")
    }
    return compared
}

private let namesByTag: [String: String] = {
    var names: [String: String] = [:]
    for family in referenceFamilies {
        for (tag, name) in zip(family.tags.split(separator: " "), family.names.split(separator: " ")) {
            names["\(family.stem)_\(tag)"] = "\(family.family)_\(name)"
        }
    }
    return names
}()

/// Per family: the stem of its tags and our name, then the rest of the tags and of our names, one for one.
private let referenceFamilies: [(stem: String, family: String, tags: String, names: String)] = [
    (
        "morph", "morphology",
        "volume vol_approx area_mesh av comp_1 comp_2 sph_dispr sphericity asphericity com diam pca_maj_axis pca_min_axis "
            + "pca_least_axis pca_elongation pca_flatness vol_dens_aabb area_dens_aabb vol_dens_ombb area_dens_ombb vol_dens_aee "
            + "area_dens_aee vol_dens_mvee area_dens_mvee vol_dens_conv_hull area_dens_conv_hull integ_int moran_i geary_c",
        "volume_mesh volume_voxels surface_area_mesh surface_to_volume_ratio compactness_1 compactness_2 "
            + "spherical_disproportion sphericity asphericity centre_of_mass_shift maximum_3d_diameter major_axis_length "
            + "minor_axis_length least_axis_length elongation flatness volume_density_aabb area_density_aabb "
            + "volume_density_ombb area_density_ombb volume_density_aee area_density_aee volume_density_mvee "
            + "area_density_mvee volume_density_convex_hull area_density_convex_hull integrated_intensity morans_i gearys_c"
    ),
    ("loc", "local_intensity", "peak_loc peak_glob", "local_peak global_peak"),
    (
        "stat", "intensity_statistics",
        "mean var skew kurt median min p10 p90 max iqr range mad rmad medad cov qcod energy rms",
        "mean variance skewness excess_kurtosis median minimum 10th_percentile 90th_percentile maximum "
            + "interquartile_range range mean_absolute_deviation robust_mean_absolute_deviation median_absolute_deviation "
            + "coefficient_of_variation quartile_coefficient_of_dispersion energy root_mean_square"
    ),
    (
        "ih", "intensity_histogram",
        "mean var skew kurt median min p10 p90 max iqr range mad rmad medad cov qcod mode entropy uniformity max_grad "
            + "max_grad_g min_grad min_grad_g",
        "mean variance skewness excess_kurtosis median minimum 10th_percentile 90th_percentile maximum "
            + "interquartile_range range mean_absolute_deviation robust_mean_absolute_deviation median_absolute_deviation "
            + "coefficient_of_variation quartile_coefficient_of_dispersion mode entropy uniformity maximum_gradient "
            + "maximum_gradient_level minimum_gradient minimum_gradient_level"
    ),
    (
        "ivh", "intensity_volume_histogram", "v10 v90 i10 i90 diff_v10_v90 diff_i10_i90 auc",
        "volume_fraction_at_10_percent_intensity volume_fraction_at_90_percent_intensity intensity_at_10_percent_volume "
            + "intensity_at_90_percent_volume volume_fraction_difference_10_90 intensity_difference_10_90 area_under_curve"
    ),
    (
        "cm", "glcm",
        "joint_max joint_avg joint_var joint_entr diff_avg diff_var diff_entr sum_avg sum_var sum_entr energy "
            + "contrast dissimilarity inv_diff inv_diff_norm inv_diff_mom inv_diff_mom_norm inv_var corr auto_corr "
            + "clust_tend clust_shade clust_prom info_corr1 info_corr2",
        "joint_maximum joint_average joint_variance joint_entropy difference_average difference_variance "
            + "difference_entropy sum_average sum_variance sum_entropy angular_second_moment contrast dissimilarity "
            + "inverse_difference normalised_inverse_difference inverse_difference_moment "
            + "normalised_inverse_difference_moment inverse_variance correlation autocorrelation cluster_tendency "
            + "cluster_shade cluster_prominence information_correlation_1 information_correlation_2"
    ),
    (
        "rlm", "glrlm",
        "sre lre lgre hgre srlge srhge lrlge lrhge glnu glnu_norm rlnu rlnu_norm r_perc gl_var rl_var rl_entr",
        "short_runs_emphasis long_runs_emphasis low_grey_level_run_emphasis high_grey_level_run_emphasis "
            + "short_run_low_grey_level_emphasis short_run_high_grey_level_emphasis "
            + "long_run_low_grey_level_emphasis long_run_high_grey_level_emphasis grey_level_non_uniformity "
            + "normalised_grey_level_non_uniformity run_length_non_uniformity normalised_run_length_non_uniformity "
            + "run_percentage grey_level_variance run_length_variance run_entropy"
    ),
    (
        "szm", "glszm",
        "sze lze lgze hgze szlge szhge lzlge lzhge glnu glnu_norm zsnu zsnu_norm z_perc gl_var zs_var zs_entr",
        "small_zone_emphasis large_zone_emphasis low_grey_level_zone_emphasis high_grey_level_zone_emphasis "
            + "small_zone_low_grey_level_emphasis small_zone_high_grey_level_emphasis "
            + "large_zone_low_grey_level_emphasis large_zone_high_grey_level_emphasis grey_level_non_uniformity "
            + "normalised_grey_level_non_uniformity zone_size_non_uniformity normalised_zone_size_non_uniformity "
            + "zone_percentage grey_level_variance zone_size_variance zone_size_entropy"
    ),
    (
        "dzm", "gldzm",
        "sde lde lgze hgze sdlge sdhge ldlge ldhge glnu glnu_norm zdnu zdnu_norm z_perc gl_var zd_var zd_entr",
        "small_distance_emphasis large_distance_emphasis low_grey_level_zone_emphasis "
            + "high_grey_level_zone_emphasis small_distance_low_grey_level_emphasis "
            + "small_distance_high_grey_level_emphasis large_distance_low_grey_level_emphasis "
            + "large_distance_high_grey_level_emphasis grey_level_non_uniformity "
            + "normalised_grey_level_non_uniformity zone_distance_non_uniformity "
            + "normalised_zone_distance_non_uniformity zone_percentage grey_level_variance zone_distance_variance "
            + "zone_distance_entropy"
    ),
    (
        "ngt", "ngtdm",
        "coarseness contrast busyness complexity strength",
        "coarseness contrast busyness complexity strength"
    ),
    (
        "ngl", "ngldm",
        "lde hde lgce hgce ldlge ldhge hdlge hdhge glnu glnu_norm dcnu dcnu_norm dc_perc gl_var dc_var "
            + "dc_entr dc_energy",
        "low_dependence_emphasis high_dependence_emphasis low_grey_level_count_emphasis "
            + "high_grey_level_count_emphasis low_dependence_low_grey_level_emphasis "
            + "low_dependence_high_grey_level_emphasis high_dependence_low_grey_level_emphasis "
            + "high_dependence_high_grey_level_emphasis grey_level_non_uniformity "
            + "normalised_grey_level_non_uniformity dependence_count_non_uniformity "
            + "normalised_dependence_count_non_uniformity dependence_count_percentage grey_level_variance "
            + "dependence_count_variance dependence_count_entropy dependence_count_energy"
    ),
]
