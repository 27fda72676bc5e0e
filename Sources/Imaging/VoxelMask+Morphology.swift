// Growing, shrinking and mending a region by millimetres.

/// A voxel centre that lies on the ball's surface belongs to the ball in spite of rounding.
private let radiusTolerance = 1.00001  // our choice

extension VoxelMask {
    /// The region and every voxel whose centre lies within `radiusMM` of one of its voxel centres.
    package func dilated(byMM radiusMM: Double) -> VoxelMask {
        guard radiusMM > 0, let box = boundingBox() else { return self }
        let wide = box.expanded(by: IndexBox.margin(mm: radiusMM, in: geometry), within: geometry.size)
        return replacing(wide, with: cropped(to: wide).ball(radiusMM))
    }

    /// The voxels whose ball of `radiusMM` lies wholly in the region. Beyond the grid nothing is known, so that its border
    /// does not shrink the region.
    package func eroded(byMM radiusMM: Double) -> VoxelMask {
        guard radiusMM > 0, let box = boundingBox() else { return self }
        let wide = box.expanded(by: Index3(x: 1, y: 1, z: 1), within: geometry.size)
        return replacing(wide, with: cropped(to: wide).inverted().ball(radiusMM).inverted())
    }

    /// Eroded, then dilated: removes parts thinner than twice the radius.
    package func opened(byMM radiusMM: Double) -> VoxelMask { eroded(byMM: radiusMM).dilated(byMM: radiusMM) }

    /// Dilated, then eroded: fills gaps narrower than twice the radius.
    package func closed(byMM radiusMM: Double) -> VoxelMask {
        dilated(byMM: radiusMM).eroded(byMM: radiusMM).union(self)
    }

    /// The region and every cavity that has no way out to the grid's border through faces
    /// (`scipy.ndimage.binary_fill_holes`).
    package func holesFilled() -> VoxelMask {
        guard let box = boundingBox() else { return self }
        let wide = box.expanded(by: Index3(x: 1, y: 1, z: 1), within: geometry.size)
        let part = cropped(to: wide)
        let background = part.inverted().components(.six)
        var isOpen = [Bool](repeating: false, count: background.sizes.count + 1)
        let size = wide.size
        var i = 0
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x {
                    if x == 0 || y == 0 || z == 0 || x == size.x - 1 || y == size.y - 1 || z == size.z - 1 {
                        isOpen[Int(background.numbers[i])] = true
                    }
                    i += 1
                }
            }
        }
        let filled = background.numbers.map { $0 == 0 || !isOpen[Int($0)] }
        return replacing(wide, with: VoxelMask(geometry: part.geometry, voxels: filled))
    }

    /// All voxels of this grid within `radiusMM` of the region.
    private func ball(_ radiusMM: Double) -> VoxelMask {
        let limit = Float(radiusMM * radiusMM * radiusTolerance)
        return VoxelMask(geometry: geometry, voxels: squaredDistance(of: voxels, geometry).map { $0 <= limit })
    }
}
