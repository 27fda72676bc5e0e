// The disc between two vertebrae: what lies between their bodies along the line of their centres.
import Domain
import Imaging

/// Paints a disc into a map that holds both vertebrae.
struct DiscOutline {
    private let steps: FrameSteps
    private let box: IndexBox
    private let axis: SIMD3<Double>
    private let upper: VertebralLevel
    private let lower: VertebralLevel

    init(upper: Vertebra, lower: Vertebra, on geometry: Geometry) {
        steps = FrameSteps(geometry, upper.frame)
        let way = lower.frame.originMM - upper.frame.originMM
        axis = way / max(length(way), 1e-6)
        self.upper = upper.level
        self.lower = lower.level
        let boxes = [upper, lower].map { IndexBox(lower: $0.lowerIndex, size: $0.parts.geometry.size) }
        func span(_ axis: KeyPath<Index3, Int>) -> (Int, Int) {
            let start = boxes.map { $0.lower[keyPath: axis] }.min() ?? 0
            let end = boxes.map { $0.lower[keyPath: axis] + $0.size[keyPath: axis] }.max() ?? 0
            return (start, end - start)
        }
        let (x, y, z) = (span(\.x), span(\.y), span(\.z))
        box = IndexBox(lower: Index3(x: x.0, y: y.0, z: z.0), size: Index3(x: x.1, y: y.1, z: z.1))
    }

    /// Whether the scan's voxels are fine enough along the spine.
    var isResolved: Bool { steps.voxelMM(along: axis) <= VertebraPart.coarsestMM }

    func paint(_ value: UInt16, into labels: inout [UInt16]) {
        let up = steps.offsets(along: -axis, upToMM: VertebraPart.discMM)
        let down = steps.offsets(along: axis, upToMM: VertebraPart.discMM)
        let isUpper = Self.bodyParts(of: upper)
        let isLower = Self.bodyParts(of: lower)
        let size = steps.size
        var found: [Int] = []
        labels.withUnsafeBufferPointer { labels in
            func first(_ i: Int, _ offsets: [Int], of isBody: [Bool]) -> Bool {
                for offset in offsets {
                    let j = i + offset
                    guard j >= 0, j < labels.count else { return false }
                    let label = Int(labels[j])
                    if isBody[label] { return true }
                    if Self.isBone[label % 100] { return false }
                }
                return false
            }
            for z in box.lower.z..<box.lower.z + box.size.z {
                for y in box.lower.y..<box.lower.y + box.size.y {
                    let row = (z * size.y + y) * size.x
                    for x in row + box.lower.x..<row + box.lower.x + box.size.x
                    where !Self.isBone[Int(labels[x]) % 100] && first(x, up, of: isUpper)
                        && first(x, down, of: isLower)
                    {
                        found.append(x)
                    }
                }
            }
        }
        for i in found { labels[i] = value }
    }

    /// By a label's part: whether it is bone.
    private static let isBone: [Bool] = {
        var table = [Bool](repeating: false, count: 100)
        for code in VertebraPart.body.rawValue...VertebraPart.basivertebralRegion.rawValue { table[Int(code)] = true }
        return table
    }()

    private static func bodyParts(of level: VertebralLevel) -> [Bool] {
        var table = [Bool](repeating: false, count: Int(UInt16.max) + 1)
        for part: VertebraPart in [.body, .superiorEndplate, .inferiorEndplate, .posteriorWall, .basivertebralRegion] {
            table[Int(part.labelValue(of: level))] = true
        }
        return table
    }
}
