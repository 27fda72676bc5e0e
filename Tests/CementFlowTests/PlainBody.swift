// The body that rehearsal tests inject into.
import Domain
import Foundation
import Imaging

@testable import CementFlow

/// A plain body of 44 × 34 × 28 mm.
let plainBody = BodyCells(
    frame: VertebralFrame(originMM: .zero, x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1]), lowerMM: [-23, -18, -15],
    upperMM: [23, 18, 15], cellMM: 2,
    holds: { p in p.x * p.x / 484 + p.y * p.y / 289 < 1 && abs(p.z) < 14 },
    density: { p in Float(100 + 40 * sin(p.x) * cos(1.3 * p.y) * sin(0.9 * p.z + 1)) })
