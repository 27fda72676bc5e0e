// The plane through the middle of an intervertebral disc: a narrow dark valley between two bright endplates.
import Imaging

/// A plane through a disc.
package struct DiscPlane: Sendable {
    /// A point of the plane on the line along which it was sought, LPS millimetres.
    package var pointMM: PointMM
    /// Unit normal, pointing to the head.
    package var normal: SIMD3<Double>
    /// How far the disc lies below its endplates, HU; larger is clearer, below zero there is no valley.
    package var depthHU: Double

    /// Where a ray from `origin` meets the plane, in units of `direction`; infinity when it runs away from it.
    func distance(from origin: PointMM, along direction: SIMD3<Double>) -> Double {
        let approach = dot(direction, normal)
        let gap = dot(pointMM - origin, normal)
        guard gap * approach > 0 else { return .infinity }
        return gap / approach
    }
}

/// The best plane at one distance along a search line.
struct DiscCandidate {
    var distanceMM: Double
    /// Lower is better, HU.
    var penalty: Double
    var plane: DiscPlane
}

/// Looks for disc planes along a line.
///
/// The score rewards a narrow valley between two peaks, not darkness: the marrow of an osteoporotic body can be darker
/// than the disc, but it has no endplate within a few millimetres on both sides.
struct DiscSearch {
    let volume: Volume
    /// Half axes of the elliptic sampling patch, right–left and front–back, millimetres.
    let patchMM: SIMD2<Double>

    /// What a network says; nil where nothing but the scan is known.
    let disc: DiscEvidence?

    /// Our choice: 0.54 and 0.61 of the body's half axes stay clear of the rim and its osteophytes.
    init(volume: Volume, proportions: BodyProportions, disc: DiscEvidence? = nil) {
        self.volume = volume
        self.disc = disc
        patchMM = [0.54 * proportions.halfWidthMM, 0.61 * proportions.halfDepthMM]
    }

    /// The best plane at each whole millimetre of `rangeMM` from `frame.originMM` along `direction`.
    ///
    /// - Parameters:
    ///   - direction: unit vector to the head or to the feet, roughly the frame's ±z.
    ///   - tiltsDegrees: tilts about the frame's x axis that are tried; tilts about its y axis are tried to ±12°.
    func candidates(
        from frame: VertebralFrame, along direction: SIMD3<Double>, rangeMM: ClosedRange<Double>,
        tiltsDegrees: [Double]
    ) -> [DiscCandidate] {
        let up = dot(direction, frame.z) >= 0 ? direction : -direction
        let lateral = normalised(frame.x - up * dot(frame.x, up))
        let sagittal = cross(up, lateral)
        let reach = 8
        let first = Int(rangeMM.lowerBound)
        let count = max(0, Int(rangeMM.upperBound) - first + 1)
        var best: [DiscCandidate?] = Array(repeating: nil, count: count)
        for tilt in tiltsDegrees {
            for lean in stride(from: -12.0, through: 12, by: 4) {
                let normal = normalised(up + sagittal * tangent(degrees: tilt) + lateral * tangent(degrees: lean))
                let profile = patchMeans(
                    from: frame.originMM, along: direction, normal: normal, frame: frame, start: first - reach,
                    count: count + 2 * reach)
                let tiltCost = 0.3 * (abs(tilt) + abs(lean))
                for i in 0..<count {
                    let centre = i + reach
                    let here = profile[centre]
                    guard here.mean.isFinite else { continue }
                    let before = peak(profile, centre - 8...centre - 3)
                    let after = peak(profile, centre + 3...centre + 8)
                    let depth = min(before, after) - here.mean
                    let penalty =
                        -depth + 0.25 * here.deviation + 0.25 * here.mean + tiltCost - here.discHU
                    if let known = best[i], known.penalty <= penalty { continue }
                    let distance = Double(first + i)
                    best[i] = DiscCandidate(
                        distanceMM: distance, penalty: penalty,
                        plane: DiscPlane(
                            pointMM: frame.originMM + direction * distance, normal: normal, depthHU: depth))
                }
            }
        }
        return best.compactMap { $0 }
    }

    private func peak(_ profile: [Patch], _ range: ClosedRange<Int>) -> Double {
        range.reduce(-.infinity) { max($0, profile[$1].mean.isFinite ? profile[$1].mean : -.infinity) }
    }

    /// Mean and standard deviation of HU over a patch, NaN outside the scan, and what the network's disc counts as there.
    private struct Patch {
        var mean = Double.nan
        var deviation = Double.nan
        var discHU = 0.0
    }

    /// The patch at each millimetre.
    private func patchMeans(
        from origin: PointMM, along direction: SIMD3<Double>, normal: SIMD3<Double>, frame: VertebralFrame, start: Int,
        count: Int
    ) -> [Patch] {
        let lateral = normalised(frame.x - normal * dot(frame.x, normal))
        let sagittal = cross(normal, lateral)
        var offsets: [SIMD3<Double>] = []
        for a in -3...3 {
            for b in -3...3 where a * a + b * b <= 10 {
                offsets.append(lateral * (Double(a) / 3 * patchMM.x) + sagittal * (Double(b) / 3 * patchMM.y))
            }
        }
        return (0..<count).map { i in
            let centre = origin + direction * Double(start + i)
            guard volume.geometry.voxel(holding: centre) != nil else { return Patch() }
            var sum = 0.0
            var squares = 0.0
            var likely = 0.0
            for offset in offsets {
                let value = Double(min(max(volume.value(at: centre + offset), -200), 600))
                sum += value
                squares += value * value
                if let disc { likely += disc.hu(at: centre + offset) }
            }
            let mean = sum / Double(offsets.count)
            return Patch(
                mean: mean, deviation: max(0, squares / Double(offsets.count) - mean * mean).squareRoot(),
                discHU: likely / Double(offsets.count))
        }
    }
}

/// What a network says of discs: images of -1…1 on any grids, whose mean counts, and what a certain disc counts as.
struct DiscEvidence {
    let images: [Volume]
    let weightHU: Double

    func hu(at point: PointMM) -> Double {
        images.reduce(0.0) { $0 + Double($1.value(at: point)) } / Double(images.count) * weightHU
    }
}
