// Refuses seeds that cannot lie in a vertebral body before any work is done.
import Domain
import Imaging

/// Checks seeds against the scan and each other.
struct SeedCheck {
    let volume: Volume

    /// Two bodies' centres are never nearer; our choice, below the smallest cervical pitch.
    private static let leastDistanceMM = 9.0
    /// Fat and air lie below; marrow of a severely osteoporotic body can be fatty, so the bound is low. Our choice.
    private static let leastMeanHU = -70.0
    /// Some cortex this dense lies within 25 mm of every body's centre. Our choice.
    private static let leastPeakHU = 180.0

    /// The seeds, cranial to caudal.
    func ordered(_ seeds: [VertebraSeed]) throws(SegmentationError) -> [VertebraSeed] {
        guard !seeds.isEmpty else { throw .noTarget }
        let ordered = seeds.sorted { $0.level < $1.level }
        for seed in ordered { try checkPlace(seed) }
        for (upper, lower) in zip(ordered, ordered.dropFirst()) {
            guard upper.level != lower.level else { throw .levelRepeated(upper.level) }
            let distance = length(upper.pointMM - lower.pointMM)
            guard distance >= Self.leastDistanceMM else {
                throw .seedsShareVertebra(upper.level, lower.level, distanceMM: distance)
            }
            let descent = upper.pointMM.z - lower.pointMM.z
            guard descent > 0 else {
                throw .seedsOutOfOrder(upper: upper.level, lower: lower.level, descentMM: descent)
            }
        }
        return ordered
    }

    private func checkPlace(_ seed: VertebraSeed) throws(SegmentationError) {
        guard volume.geometry.voxel(holding: seed.pointMM) != nil else {
            throw .seedOutsideImage(seed.level, pointMM: seed.pointMM)
        }
        var sum = 0.0
        var near = 0
        var peak = -Double.infinity
        for direction in RayDirections.body.vectors.enumerated().filter({ $0.offset % 8 == 0 }).map(\.element) {
            for radius in stride(from: 1.0, through: 25, by: 1) {
                let point = seed.pointMM + direction * radius
                guard volume.geometry.voxel(holding: point) != nil else { break }
                let value = Double(volume.value(at: point))
                if radius <= 3 {
                    sum += value
                    near += 1
                }
                peak = max(peak, value)
            }
        }
        let mean = near > 0 ? sum / Double(near) : Double(volume.value(at: seed.pointMM))
        guard mean > Self.leastMeanHU, peak > Self.leastPeakHU else {
            throw .seedNotInBone(seed.level, meanHU: mean, peakHU: peak)
        }
    }
}
