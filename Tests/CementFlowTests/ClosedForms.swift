// Every case with a closed form, at any cell size: how far radius, pressure and time are off.
import Domain
import Foundation
import Imaging

@testable import CementFlow

/// One case of the closed forms.
enum ClosedForm: String, CaseIterable {
    case sphereAtFlow = "sphere, constant flow"
    case sphereAtPressure = "sphere, constant pressure"
    case planar = "planar, constant pressure"
    case lumbar = "SI 1 : AP and RL 0.78"
    case anisotropic = "SI and RL 1 : AP 0.5"
    case stronglyAnisotropic = "SI 1 : AP and RL 0.25"
    case tube = "column into a tube 0.4 mm"
    case fissure = "column into a fissure 1 x 0.1 mm"
    case twoExits = "two exits"
    case twoNeedlesAtFlow = "two needles, set flows"
    case twoNeedlesAtPressure = "two needles, one pressure"

    /// What a case came to.
    struct Outcome {
        /// Error of the front's place in every direction, per cent.
        var radius: FrontShape
        /// Worst error of the pressure over flow, per cent.
        var pressure: Double
        var time: Double
        /// Lost volume over the injected.
        var lost: Double
        /// CPU time of the injection alone.
        var seconds: Double
    }

    func run(cellMM h: Double) throws -> Outcome {
        switch self {
        case .sphereAtFlow: try sphere([1, 1, 1], .flow(mm3PerS: 50), h)
        case .sphereAtPressure: try sphere([1, 1, 1], .pressure(20_000), h)
        case .lumbar: try sphere([0.78, 0.78, 1], .pressure(20_000), h)
        case .anisotropic: try sphere([1, 0.5, 1], .pressure(20_000), h)
        case .stronglyAnisotropic: try sphere([0.25, 0.25, 1], .pressure(20_000), h)
        case .planar: try column(conduit: nil, h)
        case .tube: try column(conduit: Passage(.tube(diameterMM: 0.4), thicknessMM: 0.8), h)
        case .fissure: try column(conduit: Passage(.fissure(lengthMM: 1, widthMM: 0.1), thicknessMM: 0.5), h)
        case .twoExits: try branches(h)
        case .twoNeedlesAtFlow: try needles(.flow(mm3PerS: 50), h)
        case .twoNeedlesAtPressure: try needles(.pressure(10_000), h)
        }
    }

    private func sphere(_ ratio: SIMD3<Double>, _ drive: InjectionPlan.Drive, _ h: Double) throws -> Outcome {
        let flow = FlowCase(k: ratio * 0.01)
        let domain = flow.ball(cellMM: h)
        let plan = flow.plan(
            drive, to: 10, accuracy: InjectionPlan.Accuracy(stepMM3: 50, ramp: 0.1, tolerance: 1e-5))
        let (result, seconds) = try timed { try domain.inject(plan) }
        guard let last = result.steps.last else { throw CementFlowError.driveImplausible }
        var time = flow.time(at: 10, pressure: 20_000)
        if case .flow(let rate) = drive { time = plan.volumeMM3 / rate }
        return Outcome(
            radius: FrontShape(result, in: domain.grid, radius: 10, stretch: flow.stretch),
            pressure: percentOff(last.pressurePa[0] / last.flowMM3PerS[0], flow.resistance(at: 10)),
            time: percentOff(last.timeS, time), lost: abs(result.imbalanceMM3) / plan.volumeMM3, seconds: seconds)
    }

    /// A column of 20 mm, the front at 12.3 mm, with a conduit behind its end.
    private func column(conduit: Passage?, _ h: Double) throws -> Outcome {
        let (k, porosity, x, length) = (0.01, 0.9, 12.3, 20.0)
        var (domain, _) = FlowColumn.domain(2, ahead: Int(length / h), cellMM: h, k: k, porosity: porosity)
        domain.outlets[0].resistance = conduit?.conduitResistance ?? 0
        let plan = FlowColumn.plan(.pressure(5000), volume: x * porosity * h * h, step: 1.3 * h * h)
        let (result, seconds) = try timed { try domain.inject(plan) }
        guard let last = result.steps.last else { throw CementFlowError.driveImplausible }
        // ∫ R dV over p: cement and marrow in series over the area h², the conduit in marrow.
        let open = domain.outlets[0].resistance * h * h * k
        let time = porosity / (k * 5000) * ((length + open) * x + 99 * x * x / 2)
        let resistance = (100 * x + length - x + open) / (k * h * h)
        return Outcome(
            radius: FrontShape([percentOff(result.cementMM3.reduce(0, +) / (porosity * h * h), x)]),
            pressure: percentOff(5000 / last.flowMM3PerS[0], resistance), time: percentOff(last.timeS, time),
            lost: abs(result.imbalanceMM3) / plan.volumeMM3, seconds: seconds)
    }

    /// A column open at both ends: µm L x + (µc − µm) x²/2 is the same in both branches at all times.
    private func branches(_ h: Double) throws -> Outcome {
        let (k, porosity, near, far) = (0.01, 0.9, 8.0, 14.0)
        let (domain, _) = FlowColumn.domain(
            0, ahead: Int(far / h), behind: Int(near / h), cellMM: h, k: k, porosity: porosity)
        let x = 6.3
        let path = near * x + 99 * x * x / 2
        let ahead = (-far + (far * far + 2 * 99 * path).squareRoot()) / 99
        let plan = FlowColumn.plan(
            .pressure(5000), volume: (x + ahead) * porosity * h * h, step: 0.2 * h * h)
        let (result, seconds) = try timed { try domain.inject(plan) }
        guard let last = result.steps.last else { throw CementFlowError.driveImplausible }
        let filled =
            result.cementMM3.enumerated().filter { domain.grid.centre(of: $0.offset).x > h / 2 }
            .reduce(0) { $0 + $1.element } / (porosity * h * h)
        let total = result.cementMM3.reduce(0, +) / (porosity * h * h)
        let branch = { (length: Double, x: Double) in (100 * x + length - x) / (k * h * h) }
        let resistance = 1 / (1 / branch(near, x) + 1 / branch(far, ahead))
        return Outcome(
            radius: FrontShape([percentOff(filled, ahead), percentOff(total - filled, x)]),
            pressure: percentOff(5000 / last.flowMM3PerS[0], resistance),
            time: percentOff(last.timeS, porosity / (k * 5000) * path),
            lost: abs(result.imbalanceMM3) / plan.volumeMM3, seconds: seconds)
    }

    /// One fluid in a ball with pressure 0 on its surface: needles are point sources with image charges outside, and the front follows
    /// their streamlines.
    private func needles(_ drive: InjectionPlan.Drive, _ h: Double) throws -> Outcome {
        var flow = FlowCase(cementViscosity: 1, marrowViscosity: 1)
        flow.outerRadius = 30
        let domain = flow.ball(cellMM: h)
        let tips: [PointMM] = [[13, 0, 0], [-12, 0, 0]]
        let sources = PointSources(places: [13, -12], radius: 30, needle: flow.needleRadius, k: 0.01)
        var plan = flow.plan(
            drive, to: 4, accuracy: InjectionPlan.Accuracy(stepMM3: 50, ramp: 0.1, tolerance: 1e-5))
        plan.needles = [Needle(tipMM: tips[0], share: 0.55), Needle(tipMM: tips[1], share: 0.45)]
        // Fronts at about 10 mm, as for the spheres.
        plan.volumeMM3 = 7600
        let (result, seconds) = try timed { try domain.inject(plan) }
        guard let last = result.steps.last else { throw CementFlowError.driveImplausible }
        var flows = [27.5, 22.5]
        var pressure = 0.0
        if case .pressure(let common) = drive {
            flows = sources.flows(at: common)
            pressure = zip(last.flowMM3PerS, flows).map { percentOff($0, $1) }.max { abs($0) < abs($1) } ?? .nan
        } else {
            pressure =
                zip(last.pressurePa, sources.pressures(of: flows)).map { percentOff($0, $1) }
                .max { abs($0) < abs($1) } ?? .nan
        }
        let time = plan.volumeMM3 / flows.reduce(0, +)
        let front = FrontReading(Volume(geometry: domain.grid.geometry, voxels: result.fill))
        var shape = FrontShape()
        for tip in tips {
            for direction in Self.directions(500) {
                let end = sources.follow(
                    from: tip + direction * flow.needleRadius, flows: flows, porosity: flow.porosity, for: time)
                let radius = length(end - tip)
                shape.add(front, from: tip, along: (end - tip) / radius, radius: radius)
            }
        }
        return Outcome(
            radius: shape, pressure: pressure, time: percentOff(last.timeS, time),
            lost: abs(result.imbalanceMM3) / plan.volumeMM3, seconds: seconds)
    }

    /// Evenly over the sphere.
    static func directions(_ count: Int) -> [SIMD3<Double>] {
        (0..<count).map { n in
            let z = 1 - 2 * (Double(n) + 0.5) / Double(count)
            let angle = Double(n) * .pi * (3 - 5.0.squareRoot())
            return [(1 - z * z).squareRoot() * cos(angle), (1 - z * z).squareRoot() * sin(angle), z]
        }
    }
}

/// Point sources on the x axis inside a ball of one fluid with viscosity 1 and pressure 0 on its surface.
struct PointSources {
    var places: [Double]
    var radius: Double
    var needle: Double
    var k: Double

    private func mutual(_ a: Double, _ b: Double) -> Double {
        let own = a == b ? 1 / needle : 1 / abs(a - b)
        return (own - radius / (radius * radius - a * b)) / (4 * .pi * k)
    }

    func pressures(of flows: [Double]) -> [Double] {
        places.map { a in zip(places, flows).reduce(0) { $0 + mutual(a, $1.0) * $1.1 } }
    }

    func flows(at pressure: Double) -> [Double] {
        solveLinear(
            places.map { a in places.map { mutual(a, $0) } }, [Double](repeating: pressure, count: places.count))
    }

    /// Darcy velocity, mm/s.
    private func velocity(at p: PointMM, _ flows: [Double]) -> SIMD3<Double> {
        var sum = SIMD3<Double>.zero
        for (a, flow) in zip(places, flows) {
            let d = p - [a, 0, 0]
            let image = p - [radius * radius / a, 0, 0]
            sum += (d / pow(length(d), 3) - image * (radius / abs(a) / pow(length(image), 3))) * (flow / (4 * .pi))
        }
        return sum
    }

    /// Where a particle of the front is after a time (Runge and Kutta's fourth order, steps in the cube root of time, in which a
    /// front moves evenly).
    func follow(from start: PointMM, flows: [Double], porosity: Double, for time: Double) -> PointMM {
        var p = start
        let steps = 400
        var before = 0.0
        for step in 1...steps {
            let now = time * pow(Double(step) / Double(steps), 3)
            let dt = (now - before) / porosity
            let a = velocity(at: p, flows)
            let b = velocity(at: p + a * (dt / 2), flows)
            let c = velocity(at: p + b * (dt / 2), flows)
            let d = velocity(at: p + c * dt, flows)
            p += (a + 2 * b + 2 * c + d) * (dt / 6)
            before = now
        }
        return p
    }
}
