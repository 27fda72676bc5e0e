// A density calibration from fat and muscle beside the spine.
import Domain
import Imaging

extension DensityCalibration {
    /// By tissue where fat and muscle are found, else the published line.
    package static func best(beside vertebra: Vertebra, in volume: Volume) -> DensityCalibration {
        (try? tissue(beside: vertebra, in: volume).get()) ?? .published
    }

    /// Scales HU so that the fat and muscle of this scan read as they do at 120 kV, then takes the published line: takes out what tube
    /// voltage and drift do to the scale, not what contrast medium does to marrow.
    ///
    /// - Parameters:
    ///   - vertebra: on a sub-grid of `volume`'s grid; tissue is sought behind and beside it.
    ///   - volume: the scan, HU.
    /// - Returns: the calibration, or what was not found.
    package static func tissue(
        beside vertebra: Vertebra, in volume: Volume
    ) -> Result<DensityCalibration, Unmeasured> {
        let values = paraspinalHU(beside: vertebra, in: volume)
        guard let fat = mode(of: values, in: fatHU), let muscle = mode(of: values, in: muscleHU) else {
            return .failure(
                Unmeasured(
                    item: "tissue-based density calibration",
                    reason:
                        "too little fat or muscle was found behind and beside the vertebra; state a calibration or take the default"
                ))
        }
        let scale = (muscleAt120kV - fatAt120kV) / (muscle - fat)
        guard plausibleScale.contains(scale) else {
            return .failure(
                Unmeasured(
                    item: "tissue-based density calibration",
                    reason:
                        "fat reads \(Int(fat.rounded())) HU and muscle \(Int(muscle.rounded())) HU, which no tube voltage explains"
                ))
        }
        let shift = muscleAt120kV - scale * muscle
        let base = DensityCalibration.published
        return .success(
            DensityCalibration(
                slope: base.slope * scale, intercept: base.intercept + base.slope * shift,
                slopeRange: base.slopeRange.lowerBound * scale...base.slopeRange.upperBound * scale,
                interceptRange: base.interceptRange.lowerBound + base.slope * shift...base.interceptRange.upperBound
                    + base.slope * shift,
                source:
                    "fat \(Int(fat.rounded())) HU and muscle \(Int(muscle.rounded())) HU of this scan brought to -100 and 55 HU, then "
                    + base.source))
    }

    /// Usual values at 120 kV without contrast (unverified).
    private static let fatAt120kV = -100.0
    private static let muscleAt120kV = 55.0
    private static let fatHU: ClosedRange<Float> = -160 ... -50
    private static let muscleHU: ClosedRange<Float> = 10...100
    /// 80 to 140 kV change the distance of fat and muscle by less (our choice).
    private static let plausibleScale = 0.75...1.33
    private static let leastVoxels = 500

    /// HU outside the vertebra, up to 60 mm beside and 10 to 70 mm behind its centre, over 16 mm of height.
    private static func paraspinalHU(beside vertebra: Vertebra, in volume: Volume) -> [Float] {
        let frame = vertebra.frame
        var values: [Float] = []
        for z in stride(from: -8.0, through: 8, by: 2) {
            for y in stride(from: -70.0, through: -10, by: 1) {
                for x in stride(from: -60.0, through: 60, by: 1) {
                    guard let voxel = volume.geometry.voxel(holding: frame.point([x, y, z])) else { continue }
                    values.append(volume[voxel.x, voxel.y, voxel.z])
                }
            }
        }
        return values
    }

    /// The densest place of a range: the mean of the values near it, moved until it stays. Nil where the range holds too few.
    private static func mode(of values: [Float], in range: ClosedRange<Float>) -> Double? {
        let inside = values.filter(range.contains)
        guard inside.count >= leastVoxels else { return nil }
        var counts = [Int](repeating: 0, count: Int(range.upperBound - range.lowerBound) / 10 + 1)
        for value in inside { counts[Int(value - range.lowerBound) / 10] += 1 }
        let fullest = counts.indices.max { counts[$0] < counts[$1] } ?? 0
        var centre = range.lowerBound + Float(fullest) * 10 + 5
        for _ in 0..<10 {
            let near = values.filter { abs($0 - centre) <= 30 }
            guard !near.isEmpty else { return nil }
            centre = near.reduce(0, +) / Float(near.count)
        }
        return range.contains(centre) ? Double(centre) : nil
    }
}
