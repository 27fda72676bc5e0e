// Finds a body's surface: along each ray the strongest fall from bright to dark that its neighbours agree with.
import Imaging

/// Fits a `BodySurface` to the bright-to-dark edges of a scan.
///
/// The data term is the fall of HU along the ray, the smoothness term the squared distance from what the neighbouring
/// rays and the starting shape suggest; each round moves every ray to its best radius (iterated conditional modes,
/// Besag 1986, J R Stat Soc B 48:259).
struct SurfaceFit {
    let volume: Volume
    let directions: RayDirections
    /// What a network says of the body; nil where nothing but the scan is known.
    var evidence: BodyEvidence? = nil

    private static let firstMM = 4.0
    private static let stepMM = 0.5
    private static let stepCount = 84
    /// HU are clipped to this range before falls are taken: fat and air count alike, so do cortex and cement.
    private static let huRange: ClosedRange<Float> = -80...450
    /// A larger fall counts no more, so that a dense far cortex does not win over the body's own.
    private static let saturationHU: Float = 250
    /// How far the surface may lie from the outline that a network drew, millimetres: its outline lies a little inside (docs/segmentation.md).
    private static let leewayMM = 4.0
    private static let rounds = 12

    struct Result {
        var surface: BodySurface
        /// Fall of HU across the surface for each ray, 0…250; NaN where the surface lies beyond the scan.
        var fallHU: [Double]
    }

    /// - Parameters:
    ///   - frame: its origin is the centre of the rays.
    ///   - shape: where the surface starts, and what holds it together across the pedicles.
    func callAsFunction(frame: VertebralFrame, shape: BodyShape, discs: DiscPair) -> Result {
        let count = directions.vectors.count
        let falls = fallProfiles(frame)
        let outline = outline(frame)
        var floors = [Int](repeating: 0, count: count)
        var limits = floors
        var start = [Double](repeating: 0, count: count)
        for i in 0..<count {
            let d = directions.vectors[i]
            let world = frame.x * d.x + frame.y * d.y + frame.z * d.z
            let disc = discs.distance(from: frame.originMM, along: world)
            if let seen = outline?[i] {
                start[i] = seen
                floors[i] = Self.step(of: seen - Self.leewayMM, roundedDown: false)
                limits[i] = Self.step(of: seen + Self.leewayMM, roundedDown: true)
            } else {
                start[i] = shape.radius(along: d, discMM: disc)
                limits[i] = Self.step(of: min(disc, shape.backstopDistance(along: d), 1e3), roundedDown: true)
            }
        }
        let steps = relaxed(falls: attraction(falls, frame), start: start, floors: floors, limits: limits)
        var radii = [Double](repeating: 0, count: count)
        var fall = [Double](repeating: 0, count: count)
        for i in 0..<count {
            let k = steps[i]
            radii[i] = Self.firstMM + Double(k) * Self.stepMM
            let d = directions.vectors[i] * radii[i]
            let isInView = volume.geometry.voxel(holding: frame.point(d)) != nil
            fall[i] = isInView ? Double(falls[i * Self.stepCount + k]) : .nan
        }
        return Result(
            surface: BodySurface(frame: frame, directions: directions, radiiMM: radii), fallHU: fall)
    }

    private static func step(of radiusMM: Double, roundedDown: Bool) -> Int {
        let k = (radiusMM - firstMM) / stepMM
        return min(max(Int(roundedDown ? k.rounded(.down) : k.rounded()), 0), stepCount - 1)
    }

    /// The fall of HU over 1.5 mm centred on each radius of each ray, 0…250; ray by ray, then radius.
    private func fallProfiles(_ frame: VertebralFrame) -> [Float] {
        var falls: [Float] = []
        falls.reserveCapacity(directions.vectors.count * Self.stepCount)
        var inner = [Float](repeating: 0, count: Self.stepCount + 3)
        for d in directions.vectors {
            let world = frame.x * d.x + frame.y * d.y + frame.z * d.z
            for k in 0..<Self.stepCount + 3 {
                let radius = Self.firstMM + (Double(k) - 1.5) * Self.stepMM
                let value = volume.value(at: frame.originMM + world * radius)
                inner[k] = min(max(value, Self.huRange.lowerBound), Self.huRange.upperBound)
            }
            for k in 0..<Self.stepCount {
                falls.append(min(max(inner[k] - inner[k + 3], 0), Self.saturationHU))
            }
        }
        return falls
    }

    /// The falls of HU, and of the probability of vertebra where it is known.
    private func attraction(_ falls: [Float], _ frame: VertebralFrame) -> [Float] {
        guard let evidence else { return falls }
        var sums = falls
        var inner = [Float](repeating: 0, count: Self.stepCount + 3)
        for (i, d) in directions.vectors.enumerated() {
            let world = frame.x * d.x + frame.y * d.y + frame.z * d.z
            for k in 0..<Self.stepCount + 3 {
                let radius = Self.firstMM + (Double(k) - 1.5) * Self.stepMM
                inner[k] = evidence.image.value(at: frame.originMM + world * radius)
            }
            for k in 0..<Self.stepCount {
                sums[i * Self.stepCount + k] += evidence.fallHU * max(inner[k] - inner[k + 3], 0)
            }
        }
        return sums
    }

    /// The radius of each ray where the network's outline is left for good: a gap of up to 2 mm, our choice, does not end it. Nil without an
    /// outline, or where the centre is not inside.
    private func outline(_ frame: VertebralFrame) -> [Double]? {
        guard let evidence, evidence.isOutline, evidence.image.value(at: frame.originMM) >= VertebraView.half else {
            return nil
        }
        return directions.vectors.map { d in
            let world = frame.x * d.x + frame.y * d.y + frame.z * d.z
            var edge = 0.0
            var before = evidence.image.value(at: frame.originMM)
            for k in 1..<2 * Self.stepCount {
                let radius = Double(k) * Self.stepMM
                let value = evidence.image.value(at: frame.originMM + world * radius)
                if value < VertebraView.half {
                    if before >= VertebraView.half {
                        edge = radius - Self.stepMM * Double((VertebraView.half - value) / max(before - value, 1e-6))
                    }
                    if radius - edge > 2 { break }
                }
                before = value
            }
            return edge
        }
    }

    private func relaxed(falls: [Float], start: [Double], floors: [Int], limits: [Int]) -> [Int] {
        let count = start.count
        let degree = RayDirections.neighbourCount
        var steps = (0..<count).map { min(Self.step(of: start[$0], roundedDown: false), limits[$0]) }
        var radii = steps.map { Self.firstMM + Double($0) * Self.stepMM }
        var next = radii
        var ratios = [Double](repeating: 0, count: degree)
        for round in 0..<Self.rounds {
            // Stiffness per square millimetre against falls of 100 HU; measured on two development scans.
            let stiffness = round < Self.rounds / 2 ? 0.015 : 0.03
            for i in 0..<count {
                var mean = 0.0
                for n in 0..<degree {
                    let j = directions.neighbours[i * degree + n]
                    mean += radii[j]
                    ratios[n] = radii[j] / max(start[j], Self.firstMM)
                }
                let expected = 0.5 * mean / Double(degree) + 0.5 * start[i] * median(&ratios)
                var best = -Double.infinity
                for k in min(floors[i], limits[i])...limits[i] {
                    let deviation = Self.firstMM + Double(k) * Self.stepMM - expected
                    let value = Double(falls[i * Self.stepCount + k]) / 100 - stiffness * deviation * deviation
                    if value > best {
                        best = value
                        steps[i] = k
                    }
                }
                next[i] = Self.firstMM + Double(steps[i]) * Self.stepMM
            }
            radii = next
        }
        return steps
    }
}

/// What a network says of a body: how surely each point belongs to it, on any grid, and what a fall from 1 to 0 counts as.
struct BodyEvidence {
    let image: Volume
    let fallHU: Float
    /// Whether the image is of this body alone and fine enough to be its outline.
    let isOutline: Bool
}
