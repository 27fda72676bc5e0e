// The 36 beams of a rehearsal: how far cement reaches in each, and what leaks there.
import Foundation
import Imaging

extension AxialBeam {
    static let count = 36

    /// All beams, the one at 12 o'clock first.
    ///
    /// - Parameters:
    ///   - cells: the body, for its walls.
    ///   - plannedML: up to where leaks count.
    static func all(_ result: RehearsalResult, cells: BodyCells, plannedML: Double) -> [AxialBeam] {
        let runs = result.outcomes.count
        var leaking = [Int](repeating: 0, count: count)
        for outcome in result.outcomes {
            var hit: Set<Int> = []
            for leak in outcome.leaks where leak.firstML <= plannedML {
                if let opening = leak.place.opening { hit.formUnion(beams(of: opening)) }
            }
            for beam in hit { leaking[beam] += 1 }
        }
        let rays = AxialRays(result, cells: cells)
        return (0..<count).map { beam in
            AxialBeam(
                degrees: Double(beam) * 10, reachMM: rays.reachMM(beam, share: 0.5),
                farReachMM: rays.reachMM(beam, share: 0.05), wallMM: rays.wallMM(beam),
                leakProbability: Double(leaking[beam]) / Double(max(runs, 1)),
                interval95: wilsonInterval(leaking[beam], of: runs))
        }
    }

    /// The beam of a direction in the frame: x to the left, y to the front.
    static func beam(x: Double, y: Double) -> Int {
        let degrees = atan2(x, y) * 180 / .pi
        return (Int((degrees / 10).rounded()) + count) % count
    }

    /// The beams that an opening lies in, by points along its long side and across it.
    private static func beams(of opening: ShellOpening) -> Set<Int> {
        let (long, short): (Double, Double) =
            switch opening.passage.shape {
            case .fissure(let length, let width): (length, width)
            case .tube(let diameter): (diameter, diameter)
            }
        let outwards = normalised(opening.localMM)
        let along = normalised(opening.direction - outwards * dot(opening.direction, outwards))
        let across = cross(outwards, along)
        var beams: Set<Int> = []
        for u in stride(from: -0.5, through: 0.5, by: 0.1) {
            for v in [-0.5, 0, 0.5] {
                let place = opening.localMM + along * (u * long) + across * (v * short)
                beams.insert(beam(x: place.x, y: place.y))
            }
        }
        return beams
    }
}

/// Rays from the body's axis, followed outwards at every height of the grid.
private struct AxialRays {
    let cells: BodyCells
    /// The frequency that a place within a beam reaches at each radius: the highest over heights and three rays.
    let frequency: [[Float]]
    static let stepMM = 0.5

    init(_ result: RehearsalResult, cells: BodyCells) {
        self.cells = cells
        let grid = result.grid.geometry
        // The grid lies along the frame: columns of cells stand upright on a place of the axial plane.
        let axis = grid.index(of: cells.frame.originMM)
        let steps = Int(Double(max(grid.size.x, grid.size.y)) * grid.spacingMM.x / Self.stepMM)
        var column = [Float](repeating: 0, count: grid.size.x * grid.size.y)
        for (i, value) in result.fillFrequency.enumerated() {
            column[i % column.count] = max(column[i % column.count], value)
        }
        frequency = (0..<AxialBeam.count).map { beam in
            (0..<steps).map { step in
                [-3.0, 0, 3].reduce(Float(0)) { most, aside in
                    let angle = (Double(beam) * 10 + aside) * .pi / 180
                    let radius = Double(step) * Self.stepMM / grid.spacingMM.x
                    let x = Int((axis.x + radius * sin(angle)).rounded())
                    let y = Int((axis.y + radius * cos(angle)).rounded())
                    guard x >= 0, y >= 0, x < grid.size.x, y < grid.size.y else { return most }
                    return max(most, column[y * grid.size.x + x])
                }
            }
        }
    }

    func reachMM(_ beam: Int, share: Float) -> Double {
        frequency[beam].lastIndex { $0 >= share }.map { Double($0) * Self.stepMM } ?? 0
    }

    /// The farthest of the body's cells within 2 mm of mid-height.
    func wallMM(_ beam: Int) -> Double {
        let angle = Double(beam) * 10 * .pi / 180
        let middle = (cells.heightMM.lowerBound + cells.heightMM.upperBound) / 2
        var wall = 0.0
        for radius in stride(from: 0, through: 60, by: Self.stepMM) {
            for z in [-2.0, 0, 2] {
                let place = SIMD3(radius * sin(angle), radius * cos(angle), middle + z)
                if cells.holds(cells.frame.point(place)) { wall = radius }
            }
        }
        return wall
    }
}
