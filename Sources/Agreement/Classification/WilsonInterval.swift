// The score interval of a share.

/// Wilson's interval of a share, without continuity correction (Wilson 1927, J Am Stat Assoc 22:209).
package enum WilsonInterval {
    /// The 97.5 % point of the normal distribution: a two-sided interval of 95 %.
    package static let multiplier95 = 1.959_963_984_540_054
    /// The 95 % point: a two-sided interval of 90 %.
    package static let multiplier90 = 1.644_853_626_951_472

    /// - Parameters:
    ///   - share: 0…1.
    ///   - trials: how many the share is of, > 0; need not be whole where it is an effective number.
    ///   - multiplier: the normal quantile.
    package static func bounds(
        share: Double, trials: Double, multiplier z: Double = multiplier95
    ) -> ClosedRange<Double> {
        let scale = 1 + z * z / trials
        let centre = (share + z * z / (2 * trials)) / scale
        let half = z / scale * (share * (1 - share) / trials + z * z / (4 * trials * trials)).squareRoot()
        // At the ends centre and half are equal but for rounding.
        let lower = share <= 0 ? 0 : max(centre - half, 0)
        return lower...(share >= 1 ? 1 : min(centre + half, 1))
    }
}
