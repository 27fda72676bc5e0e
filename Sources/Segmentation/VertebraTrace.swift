// What is known of one vertebra while its segmentation is under way.
import Domain
import Imaging

/// One vertebra in the making: its frame, discs and body surface, each better after every round.
struct VertebraTrace {
    let level: VertebralLevel
    let proportions: BodyProportions
    /// Origin: the best known centre of the body.
    var frame: VertebralFrame
    var discs: DiscPair
    var shape: BodyShape
    var surface: BodySurface
    /// Fall of HU across the surface for each ray; NaN beyond the scan.
    var fallHU: [Double] = []

    init(level: VertebralLevel, proportions: BodyProportions, centreMM: PointMM, cranial: SIMD3<Double>) {
        self.level = level
        self.proportions = proportions
        frame = VertebralFrame(centreMM: centreMM, cranial: cranial)
        discs = DiscPair(frame: frame, proportions: proportions)
        shape = BodyShape(proportions)
        surface = BodySurface(frame: frame, directions: .body, radiiMM: [])
    }

    /// Moves the centre half-way between the discs and turns the frame's z along them.
    mutating func centreBetweenDiscs() {
        let chord = normalised(discs.upper.pointMM - discs.lower.pointMM)
        let cranial = normalised(chord + discs.upper.normal + discs.lower.normal)
        frame = VertebralFrame(centreMM: frame.originMM, cranial: cranial)
        let up = discs.upper.distance(from: frame.originMM, along: frame.z)
        let down = discs.lower.distance(from: frame.originMM, along: -frame.z)
        guard up.isFinite, down.isFinite else { return }
        frame.originMM += frame.z * ((up - down) / 2)
    }

    /// Fits the surface, twice: from the current shape, then from the shape that the first fit suggests.
    ///
    /// - Parameter evidence: what a network says of the body; nil where nothing but the scan is known.
    mutating func fitSurface(in volume: Volume, evidence: BodyEvidence? = nil) {
        let fit = SurfaceFit(volume: volume, directions: .body, evidence: evidence)
        shape.backstopMM = .infinity
        let first = fit(frame: frame, shape: shape, discs: discs)
        shape = BodyShape(fittedTo: first.surface, discs: discs, proportions: proportions)
        let second = fit(frame: frame, shape: shape, discs: discs)
        surface = second.surface
        fallHU = second.fallHU
    }

    /// Moves the surface to the cortex's outer edge.
    ///
    /// A second pass takes up what the first, whose window was off centre, left. Thicker voxels get one only: there the
    /// window reaches into the next structure, and a second pass made agreement worse (measured at 1, 1.5 and 3 mm).
    mutating func refineEdge(in volume: Volume) {
        let spacing = volume.geometry.spacingMM
        let passes = spacing.x + spacing.y + spacing.z < 3 * 1.25 ? 2 : 1
        for _ in 0..<passes { surface = EdgeRefinement(volume: volume)(surface) }
    }

    /// The figures of the last fit. Rays into the pedicles, which have no edge, and beyond the scan are left out.
    var quality: SpineSegmentation.Quality {
        var falls: [Double] = []
        for (fall, d) in zip(fallHU, directions.vectors)
        where !fall.isNaN && !(d.y < -0.3 && abs(d.x) > 0.3 && d.z > -0.3) { falls.append(fall) }
        let count = Double(max(falls.count, 1))
        return SpineSegmentation.Quality(
            surfaceFallHU: falls.reduce(0, +) / count,
            sharpShare: Double(falls.count { $0 >= 60 }) / count,
            upperDiscDepthHU: discs.isUpperFound ? discs.upper.depthHU : nil,
            lowerDiscDepthHU: discs.isLowerFound ? discs.lower.depthHU : nil)
    }

    /// What a reader of the report should know of this vertebra.
    func warnings(isWhole: Bool) -> [String] {
        var warnings: [String] = []
        if !isWhole { warnings.append("\(level.rawValue) reaches the border of the scan: part of it was not imaged.") }
        for (side, isFound) in [("above", discs.isUpperFound), ("below", discs.isLowerFound)] where !isFound {
            warnings.append("No disc was found \(side) \(level.rawValue); its endplate there is uncertain.")
        }
        return warnings
    }

    private var directions: RayDirections { surface.directions }

    /// Turns the frame's z to the mean normal of the surface's two endplates.
    mutating func turnAlongEndplates() { frame = VertebralFrame(centreMM: frame.originMM, cranial: endplateAxis) }

    /// The frame of the finished body: its origin is the centre of mass, its z the mean normal of the endplates.
    var bodyFrame: VertebralFrame {
        VertebralFrame(centreMM: surface.frame.point(surface.centroidMM), cranial: endplateAxis)
    }

    private var endplateAxis: SIMD3<Double> {
        let mean = surface.endplateNormal(cranial: true) + surface.endplateNormal(cranial: false)
        return surface.frame.x * mean.x + surface.frame.y * mean.y + surface.frame.z * mean.z
    }

    /// Moves the centre to the surface's centre of mass, at most `limitMM`.
    mutating func recentre(limitMM: Double) {
        let shift = surface.centroidMM
        let scale = min(1, limitMM / max(length(shift), 1e-9))
        frame.originMM = frame.point(shift * scale)
    }
}

extension VertebralFrame {
    /// The frame of a vertebra whose spinous process points straight back: y is the patient's anterior, made
    /// perpendicular to `cranial`.
    init(centreMM: PointMM, cranial: SIMD3<Double>) {
        let z = normalised(cranial)
        let anterior: SIMD3<Double> = [0, -1, 0]
        let y = normalised(anterior - z * dot(anterior, z))
        // The frame is left-handed (x left, y anterior, z cranial), hence z × y.
        self.init(originMM: centreMM, x: cross(z, y), y: y, z: z)
    }
}

extension DiscPair {
    /// Discs at the typical distance, until they are sought.
    init(frame: VertebralFrame, proportions: BodyProportions) {
        let half = frame.z * (proportions.pitchMM / 2)
        upper = DiscPlane(pointMM: frame.originMM + half, normal: frame.z, depthHU: 0)
        lower = DiscPlane(pointMM: frame.originMM - half, normal: frame.z, depthHU: 0)
        isUpperFound = false
        isLowerFound = false
    }
}
