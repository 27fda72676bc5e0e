// Surfaces whose every number is known, written and read back.
import Domain
import Foundation
import Testing

@testable import Meshes

/// The corner of a cube: volume 1/6 · 6³ mm³ = 36 mm³, three sides of 18 mm² and one of 18·√3 mm².
private let corner = TriangleMesh(
    vertices: [[10, 20, 30], [16, 20, 30], [10, 26, 30], [10, 20, 36]],
    triangles: [[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]])

private let scene = MeshScene(nodes: [
    MeshScene.Node(name: "T12", colour: [255, 0, 128], mesh: corner),
    MeshScene.Node(
        name: "unknown-2", colour: [0, 255, 0],
        mesh: TriangleMesh(vertices: corner.vertices.map { $0 + [0, 0, -0.1] }, triangles: corner.triangles)),
])

@Suite struct MeshFileTests {
    @Test func `a corner of a cube has its volume and area, and normals that point outwards`() {
        #expect(abs(corner.volumeMM3 - 36) < 1e-9)
        #expect(abs(corner.areaMM2 - (54 + 18 * 3.0.squareRoot())) < 1e-9)
        // The far corners lie on two sides and the slope: the normal leans away from the cube's corner.
        for normal in corner.vertexNormals {
            #expect(abs((normal * normal).sum() - 1) < 1e-6)
        }
        #expect(corner.vertexNormals[0].sum() < -1.7)
        let inverted = TriangleMesh(
            vertices: corner.vertices, triangles: corner.triangles.map { [$0.x, $0.z, $0.y] })
        #expect(abs(inverted.volumeMM3 + 36) < 1e-9)
    }

    @Test func `binary STL holds a title, the number of triangles, and fifty bytes of each`() {
        let bytes = corner.stl(name: "T12")
        #expect(bytes.count == 84 + 4 * 50)
        let title = String(decoding: bytes[..<80], as: UTF8.self)
        #expect(title.hasPrefix("Osteon T12 in mm SPACE=LPS "))
        #expect(Array(bytes[80..<84]) == [4, 0, 0, 0])
        func float(_ offset: Int) -> Float {
            Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) })
        }
        // The first triangle looks down; its corners are vertices 0, 2, 1.
        #expect((0..<12).map { float(84 + 4 * $0) } == [0, 0, -1, 10, 20, 30, 10, 26, 30, 16, 20, 30])
        #expect(Array(bytes[132..<134]) == [0, 0])
        #expect(corner.stl(name: String(repeating: "ö", count: 200)).count == 284)
    }

    @Test func `a scene is read back bit for bit`() throws {
        let reader = try GLTFReader(Data(try scene.glb()))
        #expect(reader.names == ["T12", "unknown-2"])
        for node in scene.nodes { #expect(try reader.mesh(named: node.name) == node.mesh) }
        #expect(try reader.mesh(named: "T11") == nil)
    }

    @Test func `binary glTF names and colours each surface and turns LPS millimetres to glTF's metres`() throws {
        let bytes = try scene.glb()
        #expect(String(decoding: bytes[..<4], as: UTF8.self) == "glTF")
        #expect(bytes.count % 4 == 0)
        let count = Int(bytes[12]) | Int(bytes[13]) << 8
        let json = try #require(
            JSONSerialization.jsonObject(with: Data(bytes[20..<20 + count])) as? [String: Any])
        let nodes = try #require(json["nodes"] as? [[String: Any]])
        #expect(nodes.compactMap { $0["name"] as? String } == ["spine", "T12", "unknown-2"])
        #expect(nodes[0]["children"] as? [Int] == [1, 2])
        #expect(nodes[0]["scale"] as? [Double] == [0.001, 0.001, 0.001])
        let turn = try #require(nodes[0]["rotation"] as? [Double])
        // The patient's head (+z) is up (+y), the front (-y) looks to +z, left stays +x.
        #expect(length(rotated([0, 0, 1], by: turn) - [0, 1, 0]) < 1e-12)
        #expect(length(rotated([0, -1, 0], by: turn) - [0, 0, 1]) < 1e-12)
        #expect(length(rotated([1, 0, 0], by: turn) - [1, 0, 0]) < 1e-12)
        let materials = try #require(json["materials"] as? [[String: Any]])
        let surface = try #require(materials[0]["pbrMetallicRoughness"] as? [String: Any])
        let colour = try #require(surface["baseColorFactor"] as? [Double])
        // 128 of sRGB is 0.21586 of linear light.
        #expect(zip(colour, [1, 0, 0.21586, 1]).allSatisfy { abs($0 - $1) < 1e-5 })
        let accessors = try #require(json["accessors"] as? [[String: Any]])
        #expect(accessors.map { $0["count"] as? Int } == [4, 4, 12, 4, 4, 12])
        #expect(accessors[0]["min"] as? [Double] == [10, 20, 30])
        #expect(accessors[0]["max"] as? [Double] == [16, 26, 36])
    }

    @Test func `a damaged file is refused wherever it is cut or changed`() throws {
        let bytes = try scene.glb()
        for count in [0, 11, 20, 27, 28, 200, bytes.count - 1] {
            #expect(throws: MeshError.self, "\(count)") { try GLTFReader(Data(bytes.prefix(count))) }
        }
        // Every byte of the description in turn: refused or read, never a crash.
        var refused = 0
        for i in 0..<28 + 400 {
            var changed = bytes
            changed[i] ^= 0x15
            do {
                for name in ["T12", "unknown-2"] { _ = try GLTFReader(Data(changed)).mesh(named: name) }
            } catch { refused += 1 }
        }
        #expect(refused > 200)
        // An index beyond the vertices: the last word of the file.
        var pointing = bytes
        pointing[bytes.count - 2] = 1
        #expect(throws: MeshError.self) { try GLTFReader(Data(pointing)).mesh(named: "unknown-2") }
    }
}

private func rotated(_ v: SIMD3<Double>, by q: [Double]) -> SIMD3<Double> {
    let u: SIMD3<Double> = [q[0], q[1], q[2]]
    func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
        [a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x]
    }
    let t = 2 * cross(u, v)
    return v + q[3] * t + cross(u, t)
}

private func length(_ v: SIMD3<Double>) -> Double { (v * v).sum().squareRoot() }
