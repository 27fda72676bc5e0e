// The surfaces of a spine, named and coloured.

/// What one file for viewers holds.
package struct MeshScene: Sendable, Hashable {
    /// Cranial to caudal.
    package var nodes: [Node]

    package init(nodes: [Node]) { self.nodes = nodes }

    /// One named surface.
    package struct Node: Sendable, Hashable {
        /// As reports print the level.
        package var name: String
        /// Red, green, blue; sRGB.
        package var colour: SIMD3<UInt8>
        package var mesh: TriangleMesh

        package init(name: String, colour: SIMD3<UInt8>, mesh: TriangleMesh) {
            self.name = name
            self.colour = colour
            self.mesh = mesh
        }
    }
}
