// Surfaces of masks: closed, turned outwards, as large as the shapes that were drawn.
import Domain
import Imaging
import Meshes
import Phantoms
import Testing

@testable import Segmentation

extension TriangleMesh {
    /// Every edge is shared by exactly two triangles, which run along it in opposite ways, and every vertex is used.
    fileprivate var isClosed: Bool {
        var edges: Set<SIMD2<UInt32>> = []
        var used: Set<UInt32> = []
        for triangle in triangles {
            for corner in 0..<3 {
                let (a, b) = (triangle[corner], triangle[(corner + 1) % 3])
                guard edges.insert([a, b]).inserted else { return false }
                used.insert(a)
            }
        }
        return edges.allSatisfy { edges.contains([$0.y, $0.x]) } && used.count == vertices.count
    }

    /// Vertices - edges + faces: 2 for each ball, 0 for each ring.
    fileprivate var eulerCharacteristic: Int { vertices.count - 3 * triangles.count / 2 + triangles.count }

    /// Whether the triangles about each vertex form one fan, so that the surface touches itself nowhere.
    fileprivate var hasOneFanPerVertex: Bool {
        var next = [[UInt32: UInt32]](repeating: [:], count: vertices.count)
        for triangle in triangles {
            for corner in 0..<3 {
                next[Int(triangle[corner])][triangle[(corner + 1) % 3]] = triangle[(corner + 2) % 3]
            }
        }
        return next.allSatisfy { fan in
            guard let start = fan.keys.first else { return false }
            var (place, count) = (start, 0)
            repeat {
                guard let following = fan[place] else { return false }
                (place, count) = (following, count + 1)
            } while place != start && count <= fan.count
            return count == fan.count
        }
    }
}

private func mask(_ geometry: Geometry, _ isInside: (PointMM) -> Bool) -> VoxelMask {
    var mask = VoxelMask(geometry: geometry)
    for z in 0..<geometry.size.z {
        for y in 0..<geometry.size.y {
            for x in 0..<geometry.size.x {
                mask[x, y, z] = isInside(geometry.point(at: Index3(x: x, y: y, z: z)))
            }
        }
    }
    return mask
}

private func expectWhole(_ mesh: TriangleMesh, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(mesh.isClosed, sourceLocation: sourceLocation)
    #expect(mesh.hasOneFanPerVertex, sourceLocation: sourceLocation)
    #expect(mesh.volumeMM3 > 0, sourceLocation: sourceLocation)
}

@Suite struct SurfaceTests {
    /// Spacing, direction of the third axis, and how far the area may be off: terraces of thick slices are not smoothed away.
    private static let grids: [(SIMD3<Double>, Double, Double)] = [
        (SIMD3(1, 1, 1), 1, 0.02), (SIMD3(0.8, 0.8, 1), -1, 0.02), (SIMD3(0.8, 0.8, 3), 1, 0.06),
        (SIMD3(0.8, 0.8, 5), 1, 0.12),
    ]

    @Test(arguments: grids)
    func `a ball is closed and has the ball's volume and area`(
        spacing: SIMD3<Double>, direction: Double, tolerance: Double
    ) {
        let geometry = Geometry(
            size: Index3(x: 50, y: 50, z: Int(40 / spacing.z)), spacingMM: spacing, originMM: [-100, 30, 400],
            zAxis: [0, 0, direction])
        let centre = geometry.point(at: SIMD3(25.3, 24.8, 20.1 / spacing.z))
        let ball = mask(geometry) { length($0 - centre) < 15.3 }
        let mesh = MaskSurface(ball).mesh
        expectWhole(mesh)
        #expect(mesh.eulerCharacteristic == 2)
        #expect(abs(mesh.volumeMM3 / (1000 * ball.volumeML) - 1) < 0.01, "\(mesh.volumeMM3)")
        let area = 4 * Double.pi * 15.3 * 15.3
        #expect(abs(mesh.areaMM2 / area - 1) < tolerance, "\(mesh.areaMM2 / area)")
        // The surface stays between the centres of the voxels that it divides.
        let most = length(spacing)
        for vertex in mesh.vertices { #expect(abs(length(SIMD3<Double>(vertex) - centre) - 15.3) < most) }
    }

    @Test func `a ring has a hole, two bodies make two surfaces, and a cavity a third`() {
        let geometry = Geometry(size: Index3(x: 60, y: 40, z: 24), spacingMM: [1, 1, 1])
        let ring = mask(geometry) { p in
            let q = p - [20, 20, 12]
            let beside = (q.x * q.x + q.y * q.y).squareRoot() - 12
            return beside * beside + q.z * q.z < 25
        }
        #expect(MaskSurface(ring).mesh.eulerCharacteristic == 0)
        let shell = mask(geometry) { p in (4.0..<9).contains(length(p - [48, 20, 12])) }
        let mesh = MaskSurface(ring.union(shell)).mesh
        expectWhole(mesh)
        #expect(mesh.eulerCharacteristic == 4)
    }

    @Test func `what meets in an edge or a corner alone is joined, so that the surface touches itself nowhere`() {
        let geometry = Geometry(size: Index3(x: 12, y: 12, z: 12), spacingMM: [1, 1, 1])
        for second: SIMD3<Double> in [[5, 5, 4], [5, 4, 5], [4, 5, 5], [5, 5, 5], [3, 5, 5], [3, 3, 5]] {
            let two = mask(geometry) { $0 == [4, 4, 4] || $0 == second }
            for mesh in [MaskSurface(two).mesh, MaskSurface(two.inverted()).mesh] { expectWhole(mesh) }
        }
        // Noise holds every neighbourhood there is.
        var state: UInt64 = 1
        let noise = mask(geometry) { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 63 == 1
        }
        expectWhole(MaskSurface(noise).mesh)
    }

    @Test func `a mask that fills its grid is closed at the border, and one voxel is a body`() {
        let geometry = Geometry(size: Index3(x: 6, y: 5, z: 4), spacingMM: [1, 1, 1])
        for wanted in [mask(geometry) { _ in true }, mask(geometry) { $0 == [0, 0, 0] }] {
            let mesh = MaskSurface(wanted).mesh
            expectWhole(mesh)
            #expect(mesh.eulerCharacteristic == 2)
        }
    }

    @Test func `each vertebra of a phantom becomes a surface of its own, as large as its mask`() throws {
        var recipe = PhantomRecipe(seed: 7, levels: [.L1, .L2])
        recipe.spacingMM = [1, 1, 1.5]
        let phantom = try PhantomBuilder.build(recipe)
        let table = LabelTable(levels: [.L2, .L1, .L3])
        let scene = try phantom.labels.surfaces(table, cancellation: Cancellation())
        #expect(scene.nodes.map(\.name) == ["L1", "L2"])
        for (node, row) in zip(scene.nodes, table.rows) {
            #expect(node.colour == row.colour)
            expectWhole(node.mesh)
            let wanted = 1000 * phantom.labels.mask(of: row.value).volumeML
            #expect(abs(node.mesh.volumeMM3 / wanted - 1) < 0.02, "\(node.mesh.volumeMM3 / wanted)")
        }
    }

    @Test func `a cancelled analysis makes no surfaces`() {
        let cancellation = Cancellation()
        cancellation.cancel()
        #expect(throws: FaultRecord.self) {
            try LabelMap(geometry: Geometry(size: Index3(x: 2, y: 2, z: 2), spacingMM: [1, 1, 1])).surfaces(
                LabelTable(levels: [.L1]), cancellation: cancellation)
        }
    }
}
