// Openings through the shell: conduits, the flow that narrows towards them, and how the flow divides between them.
import Foundation
import Imaging
import Testing

@testable import CementFlow

struct PassageTests {
    @Test func `conduits and access follow their closed forms`() {
        let tube = Passage(.tube(diameterMM: 2), thicknessMM: 0.5)
        // 128 L / (π d⁴); a circle's access is 1 / (4 k a).
        #expect(abs(tube.conduitResistance - 128 * 0.5 / (.pi * 16)) < 1e-12)
        #expect(abs(tube.accessResistance(permeabilityMM2: 0.01) - 25) < 1e-9)
        let slit = Passage(.fissure(lengthMM: 6, widthMM: 1), thicknessMM: 0.5)
        #expect(abs(slit.conduitResistance - 0.5 / (6.0 / 12)) < 1e-12)
        // The ellipse formula: 0.150, 0.119 and 0.245 per mm for k = 1.
        #expect(abs(slit.accessResistance(permeabilityMM2: 1) - 0.150) < 0.0006)
        let wide = Passage(.fissure(lengthMM: 6, widthMM: 2), thicknessMM: 0.5)
        #expect(abs(wide.accessResistance(permeabilityMM2: 1) - 0.119) < 0.0006)
        let narrow = Passage(.fissure(lengthMM: 4, widthMM: 0.5), thicknessMM: 0.5)
        #expect(abs(narrow.accessResistance(permeabilityMM2: 1) - 0.245) < 0.0006)
    }

    /// A sum in the order of a dictionary, which differs from one to the next, gave other last bits, and with them another rehearsal.
    @Test func `a passage over many faces has the same resistances each time it is opened`() {
        let ball = SealedBall.domain(openings: [])
        let cells = ball.porosity.indices.filter { ball.porosity[$0] > 0 && ball.porosity[$0 + 1] == 0 }.prefix(40)
        let faces = cells.enumerated().map { n, cell in
            (face: FlowDomain.Face(cell: cell, axis: 0, side: 1), areaMM2: 0.1 + 0.9 * abs(sin(Double(n) * 12.9898)))
        }
        func resistances() -> [Double] {
            var domain = ball
            domain.open(Passage(.fissure(lengthMM: 6, widthMM: 1), thicknessMM: 0.5), on: faces, exit: 0)
            return domain.outlets.map(\.resistance)
        }
        let first = resistances()
        #expect(first.count == 40)
        for _ in 0..<20 { #expect(resistances() == first) }
    }

    @Test func `the lattice's Green function has its known values`() {
        var green = LatticeGreen(permeability: [1, 1, 1])
        #expect(abs(green.value([0, 0, 0]) - 0.252_731) < 1e-6)
        #expect(abs(green.value([1, 0, 0]) - 0.086_064) < 1e-6)
        #expect(abs(green.value([1, 1, 0]) - 0.055_191) < 1e-6)
        #expect(abs(green.value([1, -1, 1]) - 0.043_578) < 1e-6)
        for (ratio, value) in [(0.78, 0.273_89), (0.5, 0.312_50), (0.25, 0.373_11), (0.1, 0.451_82)] {
            var stretched = LatticeGreen(permeability: [1, 1, ratio])
            #expect(abs(stretched.value([0, 0, 0]) - value) < 1e-5)
        }
        // Its own equation, at a cell that is not the source.
        let laplacian =
            6 * green.value([3, 1, 0])
            - [[4, 1, 0], [2, 1, 0], [3, 2, 0], [3, 0, 0], [3, 1, 1], [3, 1, -1]].reduce(0) { sum, n in
                sum + green.value([n[0], n[1], n[2]])
            }
        #expect(abs(laplacian) < 1e-9)
    }

    /// Pressure over flow between a far half sphere and a slit in a plane wall, less what lies beyond the half sphere.
    private func slitResistance(length: Double, width: Double, cellMM h: Double, shift: Double) -> Double {
        let reach = 16.0
        let count = Int((reach / h).rounded(.up))
        let grid = FlowGrid(
            interior: Index3(x: 2 * count, y: 2 * count, z: count), cellMM: h,
            firstCentreMM: [-Double(count) * h + h / 2, -Double(count) * h + h / 2, h / 2])
        var domain = FlowDomain(grid: grid)
        for i in 0..<grid.count where grid.centre(of: i).z > 0 && distance(grid.centre(of: i)) < reach {
            domain.porosity[i] = 1
            domain.permeabilityMM2[i] = [0.01, 0.01, 0.01]
        }
        domain.exits = ["slit"]
        var faces: [(face: FlowDomain.Face, areaMM2: Double)] = []
        let pieces = 60
        for a in 0..<pieces {
            for b in 0..<pieces {
                let x = (Double(a) + 0.5) / Double(pieces) * length - length / 2 + shift
                let y = (Double(b) + 0.5) / Double(pieces) * width - width / 2 + shift
                let index = grid.geometry.index(of: [x, y, h / 2]).rounded(.toNearestOrAwayFromZero)
                let cell = grid.offset(Int(index.x), Int(index.y), Int(index.z))
                faces.append(
                    (FlowDomain.Face(cell: cell, axis: 2, side: -1), length * width / Double(pieces * pieces)))
            }
        }
        let passage = Passage(.fissure(lengthMM: length, widthMM: width), thicknessMM: 0.5)
        domain.open(passage, on: faces, exit: 0)
        // Inflow through the half sphere as a point sink in a half space would have it.
        var sources: [(cell: Int, rate: Double)] = []
        for i in 0..<grid.count where domain.porosity[i] > 0 {
            let centre = grid.centre(of: i)
            for axis in 0..<3 {
                for side in [-1, 1] where !(axis == 2 && side == -1 && centre.z < h) {
                    guard domain.porosity[i + side * grid.strides[axis]] == 0 else { continue }
                    var face = centre
                    face[axis] += Double(side) * h / 2
                    sources.append((i, max(Double(side) * face[axis], 0) / pow(distance(face), 3)))
                }
            }
        }
        let sum = sources.reduce(0) { $0 + $1.rate }
        sources = sources.map { ($0.cell, $0.rate / sum) }
        let faceFlow = FaceConductances(domain)
        faceFlow.update(
            viscosity: Field(repeating: 1, count: grid.count),
            state: PassageState(
                cementViscosity: 1, marrowViscosity: 1, barrierIsWet: [],
                outletIsWet: domain.outlets.map { _ in true }, leakedMM3: [0]))
        let pressure = Field(repeating: 0.0, count: grid.count)
        let outcome = PressureSolver(grid, isCell: domain.porosity.map { $0 > 0 }).solve(
            faceFlow, sources: sources, pressure: pressure, tolerance: 1e-8, limit: 10_000)
        #expect(outcome.residual <= 1e-8)
        return sources.reduce(0) { sum, source in
            let away = distance(grid.centre(of: source.cell))
            return sum + source.rate * (pressure.start[source.cell] + 1 / (2 * .pi * 0.01 * away))
        }
    }

    @Test(arguments: [(6.0, 1.0), (6.0, 2.0), (4.0, 0.5)])
    func `a slit resists as access and conduit together, at three grids`(length: Double, width: Double) {
        let passage = Passage(.fissure(lengthMM: length, widthMM: width), thicknessMM: 0.5)
        let expected = passage.accessResistance(permeabilityMM2: 0.01) + passage.conduitResistance
        for cell in [2.0, 1.0, 0.5] {
            for shift in [0.0, 0.37] {
                let resistance = slitResistance(length: length, width: width, cellMM: cell, shift: shift)
                #expect(abs(percentOff(resistance, expected)) < 0.5, "cell \(cell) shift \(shift)")
            }
        }
    }
}

private func distance(_ v: SIMD3<Double>) -> Double { (v * v).sum().squareRoot() }
