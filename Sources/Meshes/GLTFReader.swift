// Single surfaces out of a .glb file that Osteon wrote.
import Foundation

/// The names and surfaces of a scene's file.
package struct GLTFReader {
    private let document: GLTFDocument
    private let binary: Data

    /// - Parameter file: as `MeshScene.glb` writes it.
    /// - Throws: `MeshError.damaged`.
    package init(_ file: Data) throws(MeshError) {
        func word(_ offset: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(file[file.startIndex + offset + $1]) << (8 * UInt32($1)) }
        }
        guard file.count >= 28, word(0) == GLBChunk.magic, word(8) == file.count, word(16) == GLBChunk.json else {
            throw .damaged("its head is not that of a binary glTF file")
        }
        let jsonCount = Int(word(12))
        guard jsonCount <= file.count - 28, word(24 + jsonCount) == GLBChunk.binary,
            Int(word(20 + jsonCount)) == file.count - 28 - jsonCount
        else { throw .damaged("its chunks do not fill it") }
        let start = file.startIndex + 20
        guard
            let document = try? JSONDecoder().decode(
                GLTFDocument.self, from: file[start..<start + jsonCount])
        else { throw .damaged("its description cannot be read") }
        self.document = document
        binary = file[(start + jsonCount + 8)...]
    }

    /// Of the surfaces, in the file's order.
    package var names: [String] { document.meshes.map(\.name) }

    /// The surface of this name, its vertices bit for bit as they were written; nil where there is none.
    /// - Throws: `MeshError.damaged`.
    package func mesh(named name: String) throws(MeshError) -> TriangleMesh? {
        guard let primitive = document.meshes.first(where: { $0.name == name })?.primitives.first else { return nil }
        let positions = try words(primitive.attributes.position, perElement: 3)
        let indices = try words(primitive.indices, perElement: 1)
        let count = positions.count / 3
        guard indices.count % 3 == 0, indices.allSatisfy({ $0 < count }) else {
            throw .damaged("the surface '\(name)' points to vertices that it does not hold")
        }
        return TriangleMesh(
            vertices: (0..<count).map { i in
                SIMD3(
                    Float(bitPattern: positions[3 * i]), Float(bitPattern: positions[3 * i + 1]),
                    Float(bitPattern: positions[3 * i + 2]))
            },
            triangles: (0..<indices.count / 3).map { SIMD3(indices[3 * $0], indices[3 * $0 + 1], indices[3 * $0 + 2]) })
    }

    /// The 32-bit words of an accessor.
    private func words(_ index: Int, perElement: Int) throws(MeshError) -> [UInt32] {
        guard document.accessors.indices.contains(index) else { throw .damaged("it lacks an accessor") }
        let accessor = document.accessors[index]
        guard document.bufferViews.indices.contains(accessor.bufferView) else { throw .damaged("it lacks a view") }
        let view = document.bufferViews[accessor.bufferView]
        guard view.byteOffset >= 0, view.byteLength >= 0, view.byteOffset <= binary.count - view.byteLength,
            accessor.count == view.byteLength / (4 * perElement), view.byteLength % (4 * perElement) == 0
        else { throw .damaged("a view reaches beyond its bytes") }
        return binary.withUnsafeBytes { bytes in
            (0..<view.byteLength / 4).map {
                UInt32(
                    littleEndian: bytes.loadUnaligned(fromByteOffset: view.byteOffset + 4 * $0, as: UInt32.self))
            }
        }
    }
}
