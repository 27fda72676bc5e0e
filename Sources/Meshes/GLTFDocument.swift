// The part of glTF 2.0's JSON that a spine needs, for writing and for reading back.

/// Names and meanings are those of the specification (Khronos, glTF 2.0, section 5).
struct GLTFDocument: Codable {
    var asset = Asset()
    var scene = 0
    var scenes: [Scene]
    var nodes: [Node]
    var meshes: [Mesh]
    var materials: [Material]
    var accessors: [Accessor]
    var bufferViews: [BufferView]
    var buffers: [Buffer]

    struct Asset: Codable {
        var version = "2.0"
        var generator: String?
    }

    struct Scene: Codable {
        var name: String
        var nodes: [Int]
    }

    struct Node: Codable {
        var name: String
        var children: [Int]?
        var mesh: Int?
        /// A quaternion, x, y, z, w.
        var rotation: [Double]?
        var scale: [Double]?
    }

    struct Mesh: Codable {
        var name: String
        var primitives: [Primitive]
    }

    struct Primitive: Codable {
        var attributes: Attributes
        var indices: Int
        var material: Int
    }

    struct Attributes: Codable {
        var position: Int
        var normal: Int

        enum CodingKeys: String, CodingKey {
            case position = "POSITION"
            case normal = "NORMAL"
        }
    }

    struct Material: Codable {
        var name: String
        var pbrMetallicRoughness: Surface

        struct Surface: Codable {
            /// Linear red, green, blue, and opacity.
            var baseColorFactor: [Double]
            var metallicFactor = 0.0
            /// Bone does not shine; our choice.
            var roughnessFactor = 0.9
        }
    }

    struct Accessor: Codable {
        var bufferView: Int
        var componentType: Int
        var count: Int
        var type: String
        var min: [Float]?
        var max: [Float]?

        static let float = 5126
        static let unsignedInt = 5125
    }

    struct BufferView: Codable {
        var buffer = 0
        var byteOffset: Int
        var byteLength: Int
        var target: Int

        static let vertices = 34962
        static let indices = 34963
    }

    struct Buffer: Codable {
        var byteLength: Int
    }
}
