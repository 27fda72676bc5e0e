// A scene as binary glTF 2.0 (.glb).
import Domain
import Foundation

extension MeshScene {
    /// Binary glTF 2.0 (Khronos, glTF 2.0, section 4.4): a node for each surface, named and coloured, under one named `spine`.
    ///
    /// The vertices in the file are LPS millimetres, the bits of `TriangleMesh.vertices`. glTF's own space has metres, y up and z to where
    /// the asset looks, and x to its left: the node `spine` turns and scales, so that (x, y, z) of the scene is (left, superior, anterior) in metres.
    package func glb() throws -> [UInt8] {
        var writer = GLTFWriter()
        for node in nodes { writer.add(node) }
        return try writer.bytes()
    }
}

/// Collects surfaces.
private struct GLTFWriter {
    private var document = GLTFDocument(
        scenes: [GLTFDocument.Scene(name: "spine", nodes: [0])], nodes: [], meshes: [], materials: [], accessors: [],
        bufferViews: [], buffers: [])
    private var binary: [UInt8] = []

    init() {
        document.asset.generator = "Osteon \(SoftwareVersion.current)"
        // A quarter turn about x: (x, y, z) becomes (x, z, -y).
        let half = 0.5.squareRoot()
        document.nodes = [
            GLTFDocument.Node(
                name: "spine", children: [], rotation: [-half, 0, 0, half], scale: [0.001, 0.001, 0.001])
        ]
    }

    mutating func add(_ node: MeshScene.Node) {
        let mesh = node.mesh
        let low = mesh.vertices.reduce(SIMD3<Float>(repeating: .greatestFiniteMagnitude), pointwiseMin)
        let high = mesh.vertices.reduce(SIMD3<Float>(repeating: -.greatestFiniteMagnitude), pointwiseMax)
        let positions = add(vectors: mesh.vertices, range: (low, high))
        let normals = add(vectors: mesh.vertexNormals)
        let indices = add(indices: mesh.triangles)
        document.materials.append(
            GLTFDocument.Material(
                name: node.name,
                pbrMetallicRoughness: .init(
                    baseColorFactor: (0..<3).map { linear(node.colour[$0]) } + [1])))
        document.meshes.append(
            GLTFDocument.Mesh(
                name: node.name,
                primitives: [
                    GLTFDocument.Primitive(
                        attributes: GLTFDocument.Attributes(position: positions, normal: normals), indices: indices,
                        material: document.materials.count - 1)
                ]))
        document.nodes.append(GLTFDocument.Node(name: node.name, mesh: document.meshes.count - 1))
        let number = document.nodes.count - 1
        document.nodes[0].children?.append(number)
    }

    private mutating func add(vectors: [SIMD3<Float>], range: (SIMD3<Float>, SIMD3<Float>)? = nil) -> Int {
        let start = binary.count
        binary.reserveCapacity(start + 12 * vectors.count)
        for vector in vectors { binary.append(little: vector) }
        return view(
            from: start, GLTFDocument.BufferView.vertices,
            GLTFDocument.Accessor(
                bufferView: 0, componentType: GLTFDocument.Accessor.float, count: vectors.count, type: "VEC3",
                min: range.map { [$0.0.x, $0.0.y, $0.0.z] }, max: range.map { [$0.1.x, $0.1.y, $0.1.z] }))
    }

    private mutating func add(indices: [SIMD3<UInt32>]) -> Int {
        let start = binary.count
        binary.reserveCapacity(start + 12 * indices.count)
        for triangle in indices { for corner in 0..<3 { binary.append(little: triangle[corner]) } }
        return view(
            from: start, GLTFDocument.BufferView.indices,
            GLTFDocument.Accessor(
                bufferView: 0, componentType: GLTFDocument.Accessor.unsignedInt, count: 3 * indices.count,
                type: "SCALAR"))
    }

    /// Names the bytes since `start` and says what they are.
    private mutating func view(from start: Int, _ target: Int, _ accessor: GLTFDocument.Accessor) -> Int {
        document.bufferViews.append(
            GLTFDocument.BufferView(byteOffset: start, byteLength: binary.count - start, target: target))
        var accessor = accessor
        accessor.bufferView = document.bufferViews.count - 1
        document.accessors.append(accessor)
        return document.accessors.count - 1
    }

    /// sRGB to linear (IEC 61966-2-1).
    private func linear(_ value: UInt8) -> Double {
        let share = Double(value) / 255
        return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }

    func bytes() throws -> [UInt8] {
        var document = document
        document.buffers = [GLTFDocument.Buffer(byteLength: binary.count)]
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var json = Array(try encoder.encode(document))
        json += [UInt8](repeating: 0x20, count: (4 - json.count % 4) % 4)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(28 + json.count + binary.count)
        for word in [GLBChunk.magic, 2, UInt32(28 + json.count + binary.count)] { bytes.append(little: word) }
        for (kind, chunk) in [(GLBChunk.json, json), (GLBChunk.binary, binary)] {
            bytes.append(little: UInt32(chunk.count))
            bytes.append(little: kind)
            bytes += chunk
        }
        return bytes
    }
}

/// The words that divide a .glb file (glTF 2.0, section 4.4).
enum GLBChunk {
    static let magic: UInt32 = 0x4654_6C67
    static let json: UInt32 = 0x4E4F_534A
    static let binary: UInt32 = 0x004E_4942
}
