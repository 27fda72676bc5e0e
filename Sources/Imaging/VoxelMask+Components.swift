// Connected components of a region.

/// Which voxels touch: by faces, or by faces, edges and corners.
package enum Connectivity: Int, Sendable {
    case six = 6
    case twentySix = 26

    /// The index steps to the neighbours.
    var steps: [(dx: Int, dy: Int, dz: Int)] {
        var steps: [(Int, Int, Int)] = []
        for dz in -1...1 {
            for dy in -1...1 {
                for dx in -1...1 {
                    let changed = abs(dx) + abs(dy) + abs(dz)
                    if changed == 1 || (self == .twentySix && changed > 1) { steps.append((dx, dy, dz)) }
                }
            }
        }
        return steps
    }
}

/// The connected parts of a region.
package struct Components: Sendable {
    package let geometry: Geometry
    /// The component of each voxel, 1 … `sizes.count` in the order of each component's first voxel; 0 outside the region.
    package let numbers: [Int32]
    /// Voxels of component 1, 2, ….
    package let sizes: [Int]

    /// The number of the component with most voxels, the first among equals; nil when there are none.
    package var largest: Int? {
        guard let most = sizes.max() else { return nil }
        return sizes.firstIndex(of: most).map { $0 + 1 }
    }

    package func mask(of number: Int) -> VoxelMask {
        VoxelMask(geometry: geometry, voxels: numbers.map { $0 == Int32(number) })
    }

    /// The voxels of all components with at least this many voxels.
    package func mask(atLeast voxels: Int) -> VoxelMask {
        let kept = [false] + sizes.map { $0 >= voxels }
        return VoxelMask(geometry: geometry, voxels: numbers.map { kept[Int($0)] })
    }
}

extension VoxelMask {
    /// The connected parts of the region, numbered as `scipy.ndimage.label` numbers them.
    package func components(_ connectivity: Connectivity) -> Components {
        let size = geometry.size
        let steps = connectivity.steps.map { ($0.dx, $0.dy, $0.dz, ($0.dz * size.y + $0.dy) * size.x + $0.dx) }
        var numbers = [Int32](repeating: 0, count: voxels.count)
        var sizes: [Int] = []
        var stack: [Int] = []
        voxels.withUnsafeBufferPointer { inside in
            numbers.withUnsafeMutableBufferPointer { numbers in
                for seed in inside.indices where inside[seed] && numbers[seed] == 0 {
                    let number = Int32(sizes.count + 1)
                    numbers[seed] = number
                    stack.append(seed)
                    var members = 0
                    while let i = stack.popLast() {
                        members += 1
                        let row = i / size.x
                        let (x, y, z) = (i - row * size.x, row % size.y, row / size.y)
                        for (dx, dy, dz, step) in steps {
                            guard x + dx >= 0, x + dx < size.x, y + dy >= 0, y + dy < size.y, z + dz >= 0,
                                z + dz < size.z, inside[i + step], numbers[i + step] == 0
                            else { continue }
                            numbers[i + step] = number
                            stack.append(i + step)
                        }
                    }
                    sizes.append(members)
                }
            }
        }
        return Components(geometry: geometry, numbers: numbers, sizes: sizes)
    }

    /// The connected part with most voxels; empty when the region is.
    package func largestComponent(_ connectivity: Connectivity) -> VoxelMask {
        let parts = components(connectivity)
        guard let largest = parts.largest else { return self }
        return parts.mask(of: largest)
    }

    /// The connected part that holds a voxel; empty when that voxel is not inside.
    package func component(holding voxel: Index3, _ connectivity: Connectivity) -> VoxelMask {
        let parts = components(connectivity)
        let number = parts.numbers[geometry.offset(x: voxel.x, y: voxel.y, z: voxel.z)]
        return number == 0 ? VoxelMask(geometry: geometry) : parts.mask(of: Int(number))
    }
}
