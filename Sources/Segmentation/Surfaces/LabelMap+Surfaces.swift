// A label map as one surface for each of its values.
import Domain
import Imaging
import Meshes

extension LabelMap {
    /// The closed surface of every value of the table that has voxels, in the table's order, with its name and colour. LPS millimetres. Where voxels of one value
    /// meet in an edge or a corner alone the surface closes the gap between them; its volume is that of the mask to about 1 %.
    ///
    /// - Parameter table: names of the map's values.
    /// - Throws: `FaultRecord` when cancelled.
    package func surfaces(_ table: LabelTable, cancellation: Cancellation) throws -> MeshScene {
        let boxes = boxes()
        return MeshScene(
            nodes: try table.rows.compactMap { row in
                try cancellation.check()
                return boxes[Int(row.value)].map { box in
                    let part = cropped(from: box.lower, size: box.size)
                    return MeshScene.Node(
                        name: row.name, colour: row.colour, mesh: MaskSurface(part.mask(of: row.value)).mesh)
                }
            })
    }

    /// By value, the smallest box that holds its voxels; nil where there are none.
    private func boxes() -> [IndexBox?] {
        let count = Int(UInt16.max) + 1
        var low = [SIMD3<Int32>](repeating: SIMD3(repeating: .max), count: count)
        var high = [SIMD3<Int32>](repeating: SIMD3(repeating: -1), count: count)
        let size = geometry.size
        labels.withUnsafeBufferPointer { labels in
            var i = 0
            for z in 0..<size.z {
                for y in 0..<size.y {
                    for x in 0..<size.x {
                        let value = Int(labels[i])
                        if value != 0 {
                            let place = SIMD3(Int32(x), Int32(y), Int32(z))
                            low[value] = pointwiseMin(low[value], place)
                            high[value] = pointwiseMax(high[value], place)
                        }
                        i += 1
                    }
                }
            }
        }
        return zip(low, high).map { low, high in
            guard high.x >= 0 else { return nil }
            let extent = high &- low &+ 1
            return IndexBox(
                lower: Index3(x: Int(low.x), y: Int(low.y), z: Int(low.z)),
                size: Index3(x: Int(extent.x), y: Int(extent.y), z: Int(extent.z)))
        }
    }
}
