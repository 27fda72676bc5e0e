// Puts a vertebra together on the scan's own grid: the body from its surface, the arch from the working grid.
import Domain
import Imaging

/// Builds `Vertebra` values on a crop of the scan's grid.
struct VertebraAssembly {
    let grid: WorkingGrid
    let scan: Geometry
    var origin = Vertebra.Origin.seeded

    /// Components of the arch smaller than this share of the vertebra's largest are dropped.
    private static let componentShare = 0.08
    /// Voxels around the vertebra that the crop keeps; our choice.
    private static let margin = 2

    func vertebra(_ trace: VertebraTrace, number: UInt8, bodies: [UInt8], arches: [UInt8]) -> Vertebra {
        guard let tight = reached(number, bodies, arches) else {
            return Vertebra(
                level: trace.level, parts: LabelMap(geometry: scan), lowerIndex: Index3(x: 0, y: 0, z: 0),
                frame: trace.frame, origin: origin, isWhole: false)
        }
        let kept = arch(number, in: tight, bodies: bodies, arches: arches)
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
                    parts[x, y, z] = Vertebra.Part.posteriorElements.rawValue
                }
            }
        }
        return Vertebra(
            level: trace.level, parts: parts, lowerIndex: box.lower, frame: trace.bodyFrame, origin: origin,
            isWhole: !parts.touchesBorder(of: scan, from: box.lower))
    }

    /// The working voxels that the vertebra reached, with room for its contour; nil when there are none.
    private func reached(_ number: UInt8, _ bodies: [UInt8], _ arches: [UInt8]) -> IndexBox? {
        var whole = VoxelMask(geometry: grid.volume.geometry)
        for i in bodies.indices where bodies[i] == number || arches[i] == number { whole.voxels[i] = true }
        return whole.boundingBox()?.expanded(
            by: Index3(x: Self.margin, y: Self.margin, z: Self.margin), within: grid.volume.geometry.size)
    }

    /// The vertebra's posterior elements in a box of the working grid.
    private func arch(_ number: UInt8, in box: IndexBox, bodies: [UInt8], arches: [UInt8]) -> VoxelMask {
        let volume = grid.volume.cropped(from: box.lower, size: box.size)
        var arch = VoxelMask(geometry: volume.geometry)
        var body = arch
        var others = arch
        var i = 0
        for z in box.lower.z..<box.lower.z + box.size.z {
            for y in box.lower.y..<box.lower.y + box.size.y {
                for x in box.lower.x..<box.lower.x + box.size.x {
                    let j = grid.volume.geometry.offset(x: x, y: y, z: z)
                    arch.voxels[i] = arches[j] == number
                    body.voxels[i] = bodies[j] == number
                    others.voxels[i] = bodies[j] + arches[j] != 0 && !arch.voxels[i] && !body.voxels[i]
                    i += 1
                }
            }
        }
        let contour = ArchContour(volume: volume)(arch: arch, body: body, others: others)
        let parts = contour.union(body).components(.twentySix)
        let least = Int(Self.componentShare * Double(parts.sizes.max() ?? 0))
        return contour.intersection(parts.mask(atLeast: least))
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
