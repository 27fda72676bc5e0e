// Components, distance and morphology of regions.
import Testing

@testable import Imaging

@Suite struct VoxelMaskTests {
    @Test(arguments: [(Connectivity.six, "label6"), (.twentySix, "label26")])
    func `connected components are numbered as SciPy numbers them`(connectivity: Connectivity, name: String) throws {
        let mask = goldenMask { x, y, z in (3 * x + 5 * y + 7 * z + x * y + 2 * y * z) % 6 < 2 }
        let parts = mask.components(connectivity)
        #expect(largestDifference(parts.numbers.map { Float($0) }, try scipyGolden(name)) == 0)
        #expect(parts.sizes.reduce(0, +) == mask.count)
    }

    @Test func `the largest component is kept and parts that touch at a corner count only with 26 neighbours`() {
        let mask = goldenMask { x, y, z in (x, y, z) == (0, 0, 0) || (x > 0 && x < 4 && y == 1 && z == 1) }
        #expect(mask.components(.six).sizes == [1, 3])
        #expect(mask.components(.twentySix).sizes == [4])
        #expect(mask.largestComponent(.six).count == 3)
        #expect(mask.component(holding: Index3(x: 0, y: 0, z: 0), .six).count == 1)
        #expect(mask.components(.six).mask(atLeast: 2).count == 3)
    }

    @Test func `distance on an anisotropic grid equals SciPy`() throws {
        let mask = goldenMask(spacingMM: [0.7, 1, 1.5]) { x, y, z in (x * 3 + y * 5 + z * 11) % 17 == 0 }
        #expect(largestDifference(mask.distanceMM().voxels, try scipyGolden("distance")) < 1e-6)
        #expect(mask.inverted().depthMM().voxels == mask.distanceMM().voxels)
    }

    @Test func `distance to nothing is infinite`() {
        let empty = VoxelMask(geometry: Geometry(size: goldenSize, spacingMM: [1, 1, 1]))
        #expect(empty.distanceMM().voxels.allSatisfy { $0 == .infinity })
    }

    @Test func `a cavity is filled as SciPy fills it`() throws {
        let shell = goldenMask { x, y, z in
            let (dx, dy, dz) = (Double(x) - 3, Double(y) - 2.5, Double(z) - 2)
            return dx * dx * 0.49 + dy * dy + dz * dz * 2.25 < 5.3 && (x, y, z) != (3, 2, 2)
        }
        let filled = shell.holesFilled()
        #expect(largestDifference(filled.voxels.map { $0 ? 1 : 0 }, try scipyGolden("filled")) == 0)
        #expect(filled.count == shell.count + 1)
    }

    @Test func `dilation reaches voxel centres within the radius along each axis`() {
        let point = goldenMask(spacingMM: [0.7, 1, 1.5]) { x, y, z in (x, y, z) == (3, 3, 2) }
        let grown = point.dilated(byMM: 1.5)
        #expect(grown[1, 3, 2] && !grown[0, 3, 2])  // 1.4 and 2.1 mm
        #expect(grown[3, 2, 2] && !grown[3, 1, 2])  // 1 and 2 mm
        #expect(grown[3, 3, 1] && !grown[3, 3, 0])  // 1.5 mm, on the ball's surface, and 3 mm
        #expect(grown.eroded(byMM: 1.5) == point)
    }

    @Test func `erosion leaves the centre of a cube and spares the border of the grid`() {
        let cube = goldenMask { x, y, z in (1...3).contains(x) && (1...3).contains(y) && (1...3).contains(z) }
        #expect(cube.eroded(byMM: 1).count == 1)
        let half = goldenMask { x, _, _ in x < 4 }
        #expect(half.eroded(byMM: 1) == goldenMask { x, _, _ in x < 3 })
    }

    @Test func `opening removes a spike and closing bridges a gap`() {
        let block = goldenMask { x, y, z in (0...2).contains(x) && (0...2).contains(y) && (0...2).contains(z) }
        let spiked = block.union(goldenMask { x, y, z in y == 1 && z == 1 && x < 6 })
        #expect(!spiked.opened(byMM: 1)[5, 1, 1])
        #expect(spiked.opened(byMM: 1)[1, 1, 1])
        let gapped = goldenMask { x, _, _ in x != 3 }
        #expect(gapped.closed(byMM: 1).count == goldenSize.count)
        #expect(gapped.intersection(gapped.closed(byMM: 1)) == gapped)
    }

    @Test func `a bounding box holds the region and grows no further than the grid`() throws {
        let mask = goldenMask { x, y, z in (x, y, z) == (1, 2, 3) || (x, y, z) == (4, 2, 4) }
        let box = try #require(mask.boundingBox())
        #expect(box == IndexBox(lower: Index3(x: 1, y: 2, z: 3), size: Index3(x: 4, y: 1, z: 2)))
        let wide = box.expanded(by: Index3(x: 2, y: 1, z: 1), within: goldenSize)
        #expect(wide == IndexBox(lower: Index3(x: 0, y: 1, z: 2), size: Index3(x: 7, y: 3, z: 3)))
        #expect(mask.cropped(to: box).count == 2)
        #expect(VoxelMask(geometry: mask.geometry).boundingBox() == nil)
        #expect(mask.centroidMM == [2.5, 2, 3.5])
    }
}
