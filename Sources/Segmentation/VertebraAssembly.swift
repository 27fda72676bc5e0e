// Puts a vertebra together on the scan's own grid: the body from its surface, the arch from the working grid.
import Domain
import Imaging

/// Builds `Vertebra` values on a crop of the scan's grid.
struct VertebraAssembly {
    let grid: WorkingGrid
    let scan: Geometry

    /// Components of the arch smaller than this share of the vertebra's largest are dropped.
    private static let componentShare = 0.08
    /// Voxels around the vertebra that the crop keeps; our choice.
    private static let margin = 2

    func vertebra(_ trace: VertebraTrace, number: UInt8, bodies: [UInt8], arches: [UInt8]) -> Vertebra {
        let working = grid.volume.geometry
        var whole = VoxelMask(geometry: working)
        for i in bodies.indices where bodies[i] == number || arches[i] == number { whole.voxels[i] = true }
        guard let tight = whole.boundingBox() else {
            return Vertebra(
                level: trace.level, parts: LabelMap(geometry: scan), lowerIndex: Index3(x: 0, y: 0, z: 0),
                frame: trace.frame, origin: .seeded, isWhole: false)
        }
        let part = whole.cropped(to: tight).components(.twentySix)
        let kept = part.mask(atLeast: Int(Self.componentShare * Double(part.sizes.max() ?? 0)))
        let box = nativeBox(of: tight)
        let geometry = scan.cropped(from: box.lower, size: box.size)
        let body = trace.surface.mask(on: geometry)
        var parts = LabelMap(geometry: geometry)
        for z in 0..<box.size.z {
            let wz = (z + box.lower.z - grid.lower.z) / grid.factor.z - tight.lower.z
            for y in 0..<box.size.y {
                let wy = (y + box.lower.y - grid.lower.y) / grid.factor.y - tight.lower.y
                for x in 0..<box.size.x {
                    if body[x, y, z] {
                        parts[x, y, z] = Vertebra.Part.body.rawValue
                        continue
                    }
                    let wx = (x + box.lower.x - grid.lower.x) / grid.factor.x - tight.lower.x
                    guard wx >= 0, wy >= 0, wz >= 0, wx < tight.size.x, wy < tight.size.y, wz < tight.size.z,
                        kept[wx, wy, wz]
                    else { continue }
                    let i = working.offset(x: wx + tight.lower.x, y: wy + tight.lower.y, z: wz + tight.lower.z)
                    if arches[i] == number { parts[x, y, z] = Vertebra.Part.posteriorElements.rawValue }
                }
            }
        }
        return Vertebra(
            level: trace.level, parts: parts, lowerIndex: box.lower, frame: trace.frame, origin: .seeded,
            isWhole: !parts.touchesBorder(of: scan, from: box.lower))
    }

    /// The scan voxels under a box of the working grid, with a margin.
    private func nativeBox(of box: IndexBox) -> IndexBox {
        let f = grid.factor
        let native = IndexBox(
            lower: Index3(
                x: grid.lower.x + box.lower.x * f.x, y: grid.lower.y + box.lower.y * f.y,
                z: grid.lower.z + box.lower.z * f.z),
            size: Index3(x: box.size.x * f.x, y: box.size.y * f.y, z: box.size.z * f.z))
        return native.expanded(
            by: Index3(x: Self.margin * f.x, y: Self.margin * f.y, z: Self.margin * f.z), within: scan.size)
    }
}
