// Refuses a body surface that cannot be one: no mask is better than a confident wrong one.
import Domain
import Foundation
import Imaging

/// Judges a finished trace by its size, the sharpness of its surface, its discs and the canal behind it.
///
/// All limits are our choice, set wide of what 30 correct and 30 misplaced seeds gave on the development scans.
struct BodyCheck {
    let volume: Volume

    /// Width and depth against the level's typical ones.
    private static let widthRatio = 0.6...1.6
    private static let depthRatio = 0.7...1.45
    /// The same against what a network saw at 3 mm, which blurs small bodies.
    private static let seenRatio = 0.55...1.6
    /// From the seed to the centre of the body that was found.
    private static let greatestDriftMM = 14.0
    private static let greatestDriftOfPitch = 0.5
    private static let leastHalfHeightMM = 2.5
    private static let leastSharpShare = 0.3
    /// The same where a network saw the body closely: what has less edge than usual goes to review with its outline. Thick slices and a cut at the
    /// border leave 0.23 to 0.28 of right bodies (docs/segmentation.md).
    private static let leastSeenSharpShare = 0.15
    /// The clearer of the two discs.
    private static let leastDiscDepthHU = 25.0
    /// Volume of the posterior elements against the body's; 0.4 … 0.6 in lumbar, up to 2.2 with rib heads in upper thoracic
    /// vertebrae.
    private static let greatestArchRatio = 3.5
    /// The same where a network saw what is the vertebra's own: C2's and C7's arches are large and their bodies small.
    private static let greatestSeenArchRatio = 7.0
    private static let leastCanalShare = 0.6

    /// - Parameter isDiscSeen: whether a network saw a disc above or below: slices of 5 mm blur the valley between two endplates. Nil for clicks, whose
    ///   sizes are the level's usual ones.
    /// - Parameter isSeenClosely: whether a network sees a body of its own there.
    /// - Throws: `SegmentationError.implausibleBody` with the figure that is out of bounds.
    func callAsFunction(
        _ trace: VertebraTrace, seed: VertebraSeed, isDiscSeen: Bool? = nil, isSeenClosely: Bool = false
    ) throws(SegmentationError) {
        let surface = trace.surface
        let width = surface.halfExtentMM(along: [1, 0, 0]) + surface.halfExtentMM(along: [-1, 0, 0])
        let depth = surface.halfExtentMM(along: [0, 1, 0]) + surface.halfExtentMM(along: [0, -1, 0])
        let height = surface.halfExtentMM(along: [0, 0, 1]) + surface.halfExtentMM(along: [0, 0, -1])
        let typical = trace.proportions
        func refuse(_ finding: String) -> SegmentationError { .implausibleBody(trace.level, finding: finding) }
        let drift = length(trace.frame.originMM - seed.pointMM)
        guard drift <= min(Self.greatestDriftMM, Self.greatestDriftOfPitch * typical.pitchMM) else {
            throw refuse("the nearest body lies \(figure(drift)) mm beside the place that was looked at")
        }
        guard (isDiscSeen == nil ? Self.widthRatio : Self.seenRatio).contains(width / (2 * typical.halfWidthMM)) else {
            throw refuse(
                "it would be \(figure(width)) mm wide where about \(figure(2 * typical.halfWidthMM)) mm are usual")
        }
        guard (isDiscSeen == nil ? Self.depthRatio : Self.seenRatio).contains(depth / (2 * typical.halfDepthMM)) else {
            throw refuse(
                "from front to back it would measure \(figure(depth)) mm where about \(figure(2 * typical.halfDepthMM)) mm are usual"
            )
        }
        guard height > 2 * Self.leastHalfHeightMM else { throw refuse("it would be only \(figure(height)) mm high") }
        let quality = trace.quality
        let leastSharp = isSeenClosely ? Self.leastSeenSharpShare : Self.leastSharpShare
        guard let sharp = quality.sharpShare, sharp >= leastSharp else {
            throw refuse(
                "only \(figure(100 * (quality.sharpShare ?? 0))) % of its surface is a clear edge between bone and soft tissue"
            )
        }
        let disc = max(quality.upperDiscDepthHU ?? 0, quality.lowerDiscDepthHU ?? 0)
        guard isDiscSeen == true || disc >= Self.leastDiscDepthHU else {
            throw refuse(
                "no disc could be told from the endplates above or below it (it is at most \(figure(disc)) HU darker than they are)"
            )
        }
        if let canal = canalShare(trace), canal < Self.leastCanalShare {
            throw refuse("bone surrounds only \(figure(100 * canal)) % of the place where its spinal canal should be")
        }
    }

    /// - Throws: `SegmentationError.implausibleBody` when the posterior elements outweigh the body as they do in no vertebra:
    ///   its frame is turned, or ribs and neighbours were swallowed.
    static func checkArch(of vertebra: Vertebra, isSeenClosely: Bool = false) throws(SegmentationError) {
        let ratio =
            Double(vertebra.voxelCount(of: .posteriorElements)) / Double(max(vertebra.voxelCount(of: .body), 1))
        guard ratio <= (isSeenClosely ? greatestSeenArchRatio : greatestArchRatio) else {
            throw .implausibleBody(
                vertebra.level, finding: "the posterior elements would be \(figure(ratio)) times as large as the body")
        }
    }

    /// The share of directions in the axial plane, seen from the middle of the canal, in which bone comes within 22 mm;
    /// the best of nine heights. Nil when the canal was not imaged.
    private func canalShare(_ trace: VertebraTrace) -> Double? {
        let wall = trace.surface.halfExtentMM(along: [0, -1, 0])
        let top = trace.surface.halfExtentMM(along: [0, 0, 1])
        guard holds(trace.frame.point([0, -wall - 22, 0])) else { return nil }
        return (-4...4).map { step in
            boneShare(around: [0, -wall - 8, Double(step) / 4 * top], frame: trace.frame)
        }.max()
    }

    private func boneShare(around centre: SIMD3<Double>, frame: VertebralFrame) -> Double {
        guard (-60...180).contains(volume.value(at: frame.point(centre))) else { return 0 }
        let hits = (0..<24).count { k in
            let angle = Double(k) / 24 * 2 * .pi
            let direction: SIMD3<Double> = [cos(angle), sin(angle), 0]
            return stride(from: 4.0, through: 22, by: 1).contains { radius in
                volume.value(at: frame.point(centre + direction * radius)) > 180
            }
        }
        return Double(hits) / 24
    }

    private func holds(_ point: PointMM) -> Bool { volume.geometry.voxel(holding: point) != nil }
}
