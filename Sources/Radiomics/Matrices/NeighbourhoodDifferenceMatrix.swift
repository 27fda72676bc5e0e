// What the formulas on differences between voxels and their neighbourhoods share.

/// The neighbourhood grey tone difference matrix (NGTDM): per level that occurs, its share and its sum of differences.
///
/// Source: Amadasun and King 1989, IEEE Trans Syst Man Cybern 19:1264.
struct NeighbourhoodDifferenceMatrix: Sendable {
    /// i, ascending; only levels with voxels.
    let levels: [Double]
    /// pᵢ, sums to 1.
    let shares: [Double]
    /// sᵢ.
    let differences: [Double]
    /// Voxels counted.
    let voxels: Double

    /// - Parameters:
    ///   - voxels: of each level: all of them (PyRadiomics) or only those with neighbours (IBSI).
    ///   - differences: sᵢ of each level.
    init(levels: [Int], voxels: [Int], differences: [Double]) {
        let present = levels.indices.filter { voxels[$0] > 0 }
        let total = Double(voxels.reduce(0, +))
        self.levels = present.map { Double(levels[$0]) }
        shares = present.map { Double(voxels[$0]) / total }
        self.differences = present.map { differences[$0] }
        self.voxels = total
    }

    /// Σ pᵢ·sᵢ.
    var meanDifference: Double {
        var sum = 0.0
        for i in levels.indices { sum += shares[i] * differences[i] }
        return sum
    }

    /// Σ sᵢ.
    var totalDifference: Double { differences.reduce(0, +) }

    /// Σ over all ordered pairs of levels.
    func sumOverPairs(_ term: (_ i: Int, _ j: Int) -> Double) -> Double {
        var sum = 0.0
        for i in levels.indices { for j in 0..<i { sum += term(i, j) + term(j, i) } }
        return sum
    }
}
