// Domains with a closed form, and what is read off a result.
import Domain
import Foundation
import Imaging

@testable import CementFlow

/// Cement of one viscosity and marrow of another around one needle: the case of the closed forms.
struct FlowCase {
    var cementViscosity = 100.0
    var marrowViscosity = 1.0
    var needleRadius = 1.25
    var outerRadius = 15.0
    var porosity = 0.9
    var k = SIMD3(repeating: 0.01)

    /// Geometric mean of the permeability; the ellipsoids of the closed form have semi-axes ∝ √(kₐ/k̄).
    var meanK: Double { cbrt(k.x * k.y * k.z) }
    var stretch: SIMD3<Double> { (k / meanK).squareRoot() }

    /// Injected volume at which the front reaches a radius (in stretched coordinates), mm³.
    func volume(at radius: Double) -> Double { 4 / 3 * .pi * porosity * (pow(radius, 3) - pow(needleRadius, 3)) }

    /// Pressure at the needle over flow with the front at a radius.
    func resistance(at radius: Double) -> Double {
        (cementViscosity * (1 / needleRadius - 1 / radius) + marrowViscosity * (1 / radius - 1 / outerRadius))
            / (4 * .pi * meanK)
    }

    /// Time of the front at a radius under constant pressure.
    func time(at radius: Double, pressure: Double) -> Double {
        let (c, m) = (cementViscosity, marrowViscosity)
        return porosity / (meanK * pressure)
            * ((c / needleRadius - m / outerRadius) * (pow(radius, 3) - pow(needleRadius, 3)) / 3
                + (m - c) * (pow(radius, 2) - pow(needleRadius, 2)) / 2)
    }

    func plan(
        _ drive: InjectionPlan.Drive, to radius: Double, tip: PointMM = .zero, accuracy: InjectionPlan.Accuracy = .fine
    ) -> InjectionPlan {
        InjectionPlan(
            needles: [Needle(tipMM: tip, radiusMM: needleRadius)],
            cement: Cement(name: "test", consistency: cementViscosity, source: "test"),
            marrowViscosity: marrowViscosity,
            drive: drive, volumeMM3: volume(at: radius), accuracy: accuracy)
    }

    /// The ball (ellipsoid where k differs along the axes) with pressure 0 on its surface.
    func ball(cellMM h: Double) -> FlowDomain {
        let half = Int((outerRadius * stretch.max() / h).rounded(.up)) + 1
        let grid = FlowGrid(
            interior: Index3(x: 2 * half + 1, y: 2 * half + 1, z: 2 * half + 1), cellMM: h,
            firstCentreMM: SIMD3(repeating: -Double(half) * h))
        var domain = FlowDomain(grid: grid)
        domain.exits = ["surface"]
        domain.openings = [FlowDomain.Opening(exit: 0)]
        for i in 0..<grid.count where length(grid.centre(of: i) / stretch) < outerRadius {
            domain.porosity[i] = porosity
            domain.permeabilityMM2[i] = k
        }
        for i in 0..<grid.count where domain.porosity[i] > 0 {
            for axis in 0..<3 {
                for sign in [-1, 1] where domain.porosity[i + sign * grid.strides[axis]] == 0 {
                    // The surface cuts the line between the centres: what is left of the step takes the place of the half cell.
                    let step = max(surfaceStep(from: grid.centre(of: i), axis: axis, sign: sign), 0.02 * h)
                    domain.outlets.append(
                        FlowDomain.Outlet(
                            cell: i, axis: axis, resistance: (step - h / 2) / (k[axis] * h * h), opening: 0))
                }
            }
        }
        return domain
    }

    private func surfaceStep(from point: PointMM, axis: Int, sign: Int) -> Double {
        var (low, high) = (0.0, 2 * outerRadius)
        for _ in 0..<50 {
            let middle = (low + high) / 2
            var moved = point
            moved[axis] += Double(sign) * middle
            if length(moved / stretch) < outerRadius { low = middle } else { high = middle }
        }
        return low
    }
}

extension InjectionPlan.Accuracy {
    /// Half the production step, tight pressure.
    static let fine = InjectionPlan.Accuracy(stepMM3: 50, tolerance: 1e-6)
}

/// Where the front lies, by direction.
struct FrontShape {
    /// Error of the radius in each direction, per cent.
    private(set) var errors: [Double] = []
    /// The same with the front read by interpolation.
    private(set) var interpolated: [Double] = []

    /// - Parameter errors: of a front that needs no reading.
    init(_ errors: [Double] = []) {
        self.errors = errors
        interpolated = errors
    }

    /// - Parameters:
    ///   - radius: expected, in stretched coordinates.
    ///   - directions: evenly over the sphere.
    init(
        _ result: InjectionResult, in grid: FlowGrid, radius: Double, stretch: SIMD3<Double> = [1, 1, 1],
        directions: Int = 2000
    ) {
        let front = FrontReading(Volume(geometry: grid.geometry, voxels: result.fill))
        for direction in ClosedForm.directions(directions) {
            add(front, from: .zero, along: direction * stretch, radius: radius)
        }
    }

    /// Takes in one more direction.
    mutating func add(_ front: FrontReading, from tip: PointMM, along ray: SIMD3<Double>, radius: Double) {
        errors.append(percentOff(front.distance(from: tip, along: ray, near: radius), radius))
        interpolated.append(percentOff(front.interpolated(from: tip, along: ray, near: radius), radius))
    }

    var mean: Double { errors.reduce(0, +) / Double(errors.count) }
    var deviation: Double {
        let mean = mean
        return (errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(errors.count)).squareRoot()
    }
    var worst: Double { errors.map(abs).max() ?? .infinity }
    var worstInterpolated: Double { interpolated.map(abs).max() ?? .infinity }
}

/// Per cent by which a value misses what is expected.
func percentOff(_ value: Double, _ expected: Double) -> Double { (value / expected - 1) * 100 }
