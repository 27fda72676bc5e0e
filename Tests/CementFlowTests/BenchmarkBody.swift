// A body of an L1's size with texture, a cleft and two gaps, the same at every cell size.
import Domain
import Foundation
import Imaging

@testable import CementFlow

enum BenchmarkBody {
    /// 47 × 37 × 29 mm with a waist, 36 mL: a real L1 has 35.6 mL (docs/models/cement-flow.md).
    static func cells(cellMM: Double) -> BodyCells {
        BodyCells(
            frame: VertebralFrame(originMM: .zero, x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1]),
            lowerMM: [-24.5, -19.5, -15.5],
            upperMM: [24.5, 19.5, 15.5], cellMM: cellMM, holds: holds, density: density)
    }

    static let gaps = uncertainGaps.map(\.opening)

    static let uncertainGaps = [
        UncertainOpening(opening(.anterior, [6, 15.6, 2], length: 6, width: 2), probability: 0.9),
        UncertainOpening(opening(.superiorEndplate, [-5, 4, 14.5], length: 8, width: 1), probability: 0.8),
        UncertainOpening(opening(.leftLateral, [20.5, 1, -3], length: 5, width: 1.5), probability: 0.7),
    ]

    static let plan = InjectionPlan(
        needles: [Needle(tipMM: [5, 7, 0])], cement: .lowViscosity, drive: .flow(mm3PerS: 50), volumeMM3: 6000)

    private static func opening(_ exit: FlowExit, _ at: SIMD3<Double>, length: Double, width: Double) -> ShellOpening {
        ShellOpening(
            exit: exit, localMM: at, direction: exit == .leftLateral ? [0, 1, 0] : [1, 0, 0],
            passage: Passage(.fissure(lengthMM: length, widthMM: width), thicknessMM: 0.35))
    }

    private static func holds(_ p: PointMM) -> Bool {
        let z = p.z / 14.5
        guard abs(z) < 1 else { return false }
        let waist = 1 - 0.12 * (1 - z * z)
        return pow(abs(p.x) / (23.5 * waist), 2.5) + pow(abs(p.y) / (18.5 * waist), 2.5) < 1
    }

    /// Texture of 3–8 mm, and a gas cleft under the upper endplate.
    private static func density(_ p: PointMM) -> Float {
        if abs(p.x) < 8, abs(p.y - 4) < 4, abs(p.z - 7.5) < 1.2 { return -500 }
        var sum = 0.0
        for (n, (a, b)) in [(1.1, 0.9), (1.7, 1.3), (2.3, 0.7), (0.8, 2.1)].enumerated() {
            let phase = Double(n)
            let across = sin(p.x * a + phase) * cos(p.y * b + 2 * phase)
            sum += across * sin(p.z * (a + b) / 2 + phase)
        }
        return Float(100 + 40 * sum)
    }
}
