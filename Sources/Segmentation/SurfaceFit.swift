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
    /// How surely each point is vertebra, 0…1, on any grid; nil where nothing but the scan is known.
    var vertebra: Volume? = nil

    private static let firstMM = 4.0
    private static let stepMM = 0.5
    private static let stepCount = 84
    /// HU are clipped to this range before falls are taken: fat and air count alike, so do cortex and cement.
    private static let huRange: ClosedRange<Float> = -80...450
    /// A larger fall counts no more, so that a dense far cortex does not win over the body's own.
    private static let saturationHU: Float = 250
    /// What a fall from vertebra to something else counts as, HU: measured with the falls of HU on lumbar scans (docs/segmentation.md).
    private static let fallOfProbabilityHU: Float = 60
    private static let rounds = 12

    struct Result {
        var surface: BodySurface
        /// Fall of HU across the surface for each ray, 0…250.
        var fallHU: [Double]
    }

    /// - Parameters:
    ///   - frame: its origin is the centre of the rays.
    ///   - shape: where the surface starts, and what holds it together across the pedicles.
    func callAsFunction(frame: VertebralFrame, shape: BodyShape, discs: DiscPair) -> Result {
        let count = directions.vectors.count
        let falls = fallProfiles(frame)
        var limits = [Int](repeating: 0, count: count)
        var start = [Double](repeating: 0, count: count)
        for i in 0..<count {
            let d = directions.vectors[i]
            let world = frame.x * d.x + frame.y * d.y + frame.z * d.z
            let disc = discs.distance(from: frame.originMM, along: world)
            start[i] = shape.radius(along: d, discMM: disc)
            limits[i] = Self.step(of: min(disc, shape.backstopDistance(along: d), 1e3), roundedDown: true)
        }
        let steps = relaxed(falls: attraction(falls, frame), start: start, limits: limits)
        var radii = [Double](repeating: 0, count: count)
        var fall = [Double](repeating: 0, count: count)
        for i in 0..<count {
            let k = steps[i]
            radii[i] = Self.firstMM + Double(k) * Self.stepMM
            fall[i] = Double(falls[i * Self.stepCount + k])
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
        guard let vertebra else { return falls }
        var sums = falls
        var inner = [Float](repeating: 0, count: Self.stepCount + 3)
        for (i, d) in directions.vectors.enumerated() {
            let world = frame.x * d.x + frame.y * d.y + frame.z * d.z
            for k in 0..<Self.stepCount + 3 {
                let radius = Self.firstMM + (Double(k) - 1.5) * Self.stepMM
                inner[k] = vertebra.value(at: frame.originMM + world * radius)
            }
            for k in 0..<Self.stepCount {
                sums[i * Self.stepCount + k] += Self.fallOfProbabilityHU * max(inner[k] - inner[k + 3], 0)
            }
        }
        return sums
    }

    private func relaxed(falls: [Float], start: [Double], limits: [Int]) -> [Int] {
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
                    ratios[n] = radii[j] / start[j]
                }
                let expected = 0.5 * mean / Double(degree) + 0.5 * start[i] * median(&ratios)
                var best = -Double.infinity
                for k in 0...limits[i] {
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
