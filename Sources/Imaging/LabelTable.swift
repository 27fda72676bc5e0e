// Names and colours of the values of a label map.

/// What a viewer shows for each value.
package struct LabelTable: Sendable, Hashable {
    package var rows: [Row]

    /// One value.
    package struct Row: Sendable, Hashable {
        package var value: UInt16
        package var name: String
        /// Red, green, blue.
        package var colour: SIMD3<UInt8>

        package init(value: UInt16, name: String, colour: SIMD3<UInt8>) {
            self.value = value
            self.name = name
            self.colour = colour
        }
    }

    package init(rows: [Row]) { self.rows = rows }
}
