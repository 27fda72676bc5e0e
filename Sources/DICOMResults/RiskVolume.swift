// Where simulated cement goes, as the parametric map needs it.
import Imaging

/// Values on the images' grid that are 0 almost everywhere.
package struct RiskVolume: Sendable {
    /// The images' grid.
    package let geometry: Geometry
    /// What marks a body in which nothing was simulated.
    package let padding: Float
    /// The values of one slice, x fastest, then y: 0…1, or `padding`.
    package let slice: @Sendable (Int) -> [Float]

    package init(geometry: Geometry, padding: Float, slice: @escaping @Sendable (Int) -> [Float]) {
        self.geometry = geometry
        self.padding = padding
        self.slice = slice
    }

    /// The smallest box that holds every value but 0; nil where no value is above 0: then nothing was simulated.
    var box: IndexBox? {
        let size = geometry.size
        var (lower, upper) = (size, Index3(x: -1, y: -1, z: -1))
        var isSimulated = false
        for z in 0..<size.z {
            for (i, value) in slice(z).enumerated() where value != 0 {
                isSimulated = isSimulated || value > 0
                let (x, y) = (i % size.x, i / size.x)
                lower = Index3(x: min(lower.x, x), y: min(lower.y, y), z: min(lower.z, z))
                upper = Index3(x: max(upper.x, x), y: max(upper.y, y), z: z)
            }
        }
        guard isSimulated else { return nil }
        return IndexBox(
            lower: lower,
            size: Index3(x: upper.x - lower.x + 1, y: upper.y - lower.y + 1, z: upper.z - lower.z + 1))
    }

    /// The values of a box in one slice of it.
    func values(in box: IndexBox, z: Int) -> [Float] {
        let all = slice(box.lower.z + z)
        return (0..<box.size.y).flatMap { y in
            let row = (box.lower.y + y) * geometry.size.x + box.lower.x
            return all[row..<row + box.size.x]
        }
    }
}
