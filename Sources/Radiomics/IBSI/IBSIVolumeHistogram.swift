// The intensity-volume histogram: what share of the region has at least a given intensity.

/// The cumulative histogram of a region over a range of intensities.
///
/// Source: IBSI reference manual, chapter 3, "Intensity-volume histogram features" (P88C).
struct IBSIVolumeHistogram {
    /// Intensities, ascending and evenly spaced: grey values, centres of bins of fixed width, or numbers of bins.
    private let intensities: [Double]
    /// The share of voxels with at least that intensity.
    private let shares: [Double]
    private let step: Double

    /// - Throws: `RadiomicsError` where the levels cannot be made, or where values without discretisation are not whole.
    init(_ region: IBSIRegion, settings: IBSISettings) throws(RadiomicsError) {
        let range = settings.intensityRange
        var counts: [Int]
        switch settings.volumeHistogramDiscretisation {
        case .none:
            // Whole numbers from the lower to the upper end of the range, else of the region.
            let inside = region.intensities(of: region.image)
            guard inside.allSatisfy({ $0 == $0.rounded() }) else { throw .valuesNotWhole }
            let first = (range?.lowerBound ?? inside.min() ?? 0).rounded(.up)
            let last = (range?.upperBound ?? inside.max() ?? 0).rounded(.down)
            guard last - first < 1e6 else { throw .tooManyLevels(levels: last - first, binWidth: 1) }
            counts = [Int](repeating: 0, count: Int(last - first) + 1)
            for value in inside { counts[Int(value - first)] += 1 }
            intensities = counts.indices.map { first + Double($0) }
            step = 1
        case .binWidth(let width):
            let levels = try IBSILevels(region, .binWidth(width), range: range)
            counts = levels.histogram
            // All bins of the range, also those above the highest value.
            let bins = range.map { Int((($0.upperBound - $0.lowerBound) / width).rounded(.up)) } ?? counts.count
            counts += [Int](repeating: 0, count: max(bins - counts.count, 0))
            intensities = counts.indices.map { levels.firstCentre + Double($0) * width }
            step = width
        case .binCount(let count):
            counts = try IBSILevels(region, .binCount(count), range: range).histogram
            intensities = counts.indices.map { Double($0 + 1) }
            step = 1
        }
        let total = Double(counts.reduce(0, +))
        var above = total
        shares = counts.map { count in
            defer { above -= Double(count) }
            return above / total
        }
    }

    /// The intensities as parts of their range, 0 … 1.
    private func fraction(_ i: Int) -> Double {
        intensities.count > 1 ? Double(i) / Double(intensities.count - 1) : 0
    }

    /// The largest share of the region with at least this part of the intensity range.
    func volume(atIntensity part: Double) -> Double {
        intensities.indices.first { fraction($0) >= part }.map { shares[$0] } ?? 0
    }

    /// The smallest intensity that at most this share of the region has; one step above the range where none is.
    func intensity(atVolume share: Double) -> Double {
        shares.firstIndex { $0 <= share }.map { intensities[$0] } ?? (intensities.last ?? .nan) + step
    }

    /// The area under share over part of the range, by trapezia.
    var area: Double {
        guard intensities.count > 1 else { return 0 }
        let inner = shares.dropFirst().dropLast().reduce(0, +)
        return (inner + ((shares.first ?? 0) + (shares.last ?? 0)) / 2) / Double(intensities.count - 1)
    }
}

/// Source: IBSI reference manual, P88C.
let ibsiVolumeHistogramFeatures: [FeatureDefinition<IBSIVolumeHistogram>] = [
    .init("volume_fraction_at_10_percent_intensity", "NK6P") { $0.volume(atIntensity: 0.1) },
    .init("volume_fraction_at_90_percent_intensity", "4279") { $0.volume(atIntensity: 0.9) },
    .init("intensity_at_10_percent_volume", "PWN1") { $0.intensity(atVolume: 0.1) },
    .init("intensity_at_90_percent_volume", "BOHI") { $0.intensity(atVolume: 0.9) },
    .init("volume_fraction_difference_10_90", "DDTU") { $0.volume(atIntensity: 0.1) - $0.volume(atIntensity: 0.9) },
    .init("intensity_difference_10_90", "CNV2") { $0.intensity(atVolume: 0.1) - $0.intensity(atVolume: 0.9) },
    .init("area_under_curve", "9CMM") { $0.area },
]
