// What the locating network says of each voxel: which structure it is, and where its own vertebra's centre lies.
import Foundation
import Imaging
import NeuralNetworks

/// The structures that the locating network tells apart; the raw value is its channel.
enum SpineClass: Int, CaseIterable {
    case background, body, posterior, disc, canal, sacrum, rib, pelvis
}

/// Probabilities and votes on a grid of 3 mm that covers the scan (`LocateGrid`).
package struct SpineMaps: Sendable {
    let geometry: Geometry
    /// By `SpineClass.rawValue`; at each voxel they sum to 1.
    private(set) var probabilities: [[Float]]
    /// From the voxel's centre to its own body's centre along x (left), y (back) and z (head), millimetres. Means something in bodies,
    /// posterior elements and the sacrum, whose voxels all point to S1.
    private(set) var offsetsMM: [[Float]]

    /// What the network's unit of offset is; a matter of its training.
    private static let offsetUnitMM: Float = 30
    static let channelCount = SpineClass.allCases.count + 3

    /// - Parameters:
    ///   - probabilities: by `SpineClass.rawValue`, `geometry.size.count` each.
    ///   - offsetsMM: x, y, z.
    init(geometry: Geometry, probabilities: [[Float]], offsetsMM: [[Float]]) {
        self.geometry = geometry
        self.probabilities = probabilities
        self.offsetsMM = offsetsMM
    }

    /// - Parameter output: [1, 11, Z, Y, X]: class scores before softmax, then offsets.
    init(geometry: Geometry, output: Tensor) {
        let places = geometry.size.count
        let classes = SpineClass.allCases.count
        let ways = (0..<3).map { axis in
            let start = (classes + axis) * places
            return output.values[start..<start + places].map { $0 * Self.offsetUnitMM }
        }
        self.init(geometry: geometry, probabilities: output.probabilities(classes: classes), offsetsMM: ways)
    }

    /// The mean of these maps and those of the mirrored scan.
    ///
    /// - Parameter mirrored: maps of the same grid with its x reversed.
    mutating func average(withMirrored mirrored: SpineMaps) {
        let width = geometry.size.x
        func merge(_ own: inout [Float], _ other: [Float], sign: Float) {
            own.withUnsafeMutableBufferPointer { own in
                other.withUnsafeBufferPointer { other in
                    for row in stride(from: 0, to: own.count, by: width) {
                        for x in 0..<width {
                            own[row + x] = (own[row + x] + sign * other[row + width - 1 - x]) / 2
                        }
                    }
                }
            }
        }
        for c in probabilities.indices { merge(&probabilities[c], mirrored.probabilities[c], sign: 1) }
        for axis in offsetsMM.indices { merge(&offsetsMM[axis], mirrored.offsetsMM[axis], sign: axis == 0 ? -1 : 1) }
    }

    subscript(kind: SpineClass) -> [Float] { probabilities[kind.rawValue] }

    /// The probability of one structure as an image.
    func image(of kind: SpineClass) -> Volume { Volume(geometry: geometry, voxels: self[kind]) }

    /// The probability of being vertebra, body or posterior, as an image.
    func vertebraImage() -> Volume {
        var sum = self[.body]
        let posterior = self[.posterior]
        for i in sum.indices { sum[i] += posterior[i] }
        return Volume(geometry: geometry, voxels: sum)
    }

    /// What one point is: the probabilities of vertebra and of sacrum, rib or pelvis, and the body centre that it votes for.
    ///
    /// The nearest voxel's answer: votes of two vertebrae must not be mixed. Nothing outside the grid.
    func answer(at point: PointMM) -> (vertebra: Float, otherBone: Float, centreMM: PointMM)? {
        guard let voxel = geometry.voxel(holding: point) else { return nil }
        let i = geometry.offset(x: voxel.x, y: voxel.y, z: voxel.z)
        let p = probabilities
        let from = geometry.point(at: voxel)
        return (
            p[SpineClass.body.rawValue][i] + p[SpineClass.posterior.rawValue][i],
            p[SpineClass.sacrum.rawValue][i] + p[SpineClass.rib.rawValue][i] + p[SpineClass.pelvis.rawValue][i],
            from + [Double(offsetsMM[0][i]), Double(offsetsMM[1][i]), Double(offsetsMM[2][i])]
        )
    }
}
