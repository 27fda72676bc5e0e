// How large a body is, by what the locating network calls body: a starting guess that needs no level.
import Imaging

/// Half extents of one vertebral body on the locating grid.
///
/// The body voxels that vote for a centre, as a solid elliptic cylinder: its variance along an axis is a quarter of the half axis squared.
struct BodyExtent: Equatable {
    let halfWidthMM: Double
    let halfDepthMM: Double

    /// Voxels of at least this probability of body count, so much each. Our choice.
    private static let leastProbability: Float = 0.3
    /// Fewer voxels' worth of body tell no size. Our choice: 0.4 mL, a third of the smallest cervical body.
    private static let leastVoxels = 15.0
    /// Bodies of the neck to the largest lumbar ones, with room (`BodyProportions`).
    private static let widths = 7.0...32.0
    private static let depths = 5.5...24.0

    /// - Parameters:
    ///   - reachMM: voxels further from the centre do not count.
    ///   - voteMM: nor do those that vote for a place further from it.
    init?(maps: SpineMaps, frame: VertebralFrame, reachMM: Double = 40, voteMM: Double = 12) {
        let geometry = maps.geometry
        let body = maps[.body]
        let at = geometry.index(of: frame.originMM).rounded(.toNearestOrAwayFromZero)
        let reach = Int(reachMM / geometry.spacingMM.x)
        var weight = 0.0
        var (sum, squares) = (SIMD3<Double>.zero, SIMD3<Double>.zero)
        for z in max(0, Int(at.z) - reach)..<max(0, min(geometry.size.z, Int(at.z) + reach)) {
            for y in max(0, Int(at.y) - reach)..<max(0, min(geometry.size.y, Int(at.y) + reach)) {
                for x in max(0, Int(at.x) - reach)..<max(0, min(geometry.size.x, Int(at.x) + reach)) {
                    let i = geometry.offset(x: x, y: y, z: z)
                    guard body[i] >= Self.leastProbability else { continue }
                    let point = geometry.point(at: Index3(x: x, y: y, z: z))
                    let vote =
                        point + [
                            Double(maps.offsetsMM[0][i]), Double(maps.offsetsMM[1][i]), Double(maps.offsetsMM[2][i]),
                        ]
                    guard length(vote - frame.originMM) <= voteMM else { continue }
                    let p = frame.local(point)
                    weight += Double(body[i])
                    sum += Double(body[i]) * p
                    squares += Double(body[i]) * p * p
                }
            }
        }
        guard weight >= Self.leastVoxels else { return nil }
        let mean = sum / weight
        // A voxel's own width adds its square's twelfth.
        let variance = squares / weight - mean * mean - geometry.spacingMM.x * geometry.spacingMM.x / 12
        halfWidthMM = min(max(2 * max(variance.x, 0).squareRoot(), Self.widths.lowerBound), Self.widths.upperBound)
        halfDepthMM = min(max(2 * max(variance.y, 0).squareRoot(), Self.depths.lowerBound), Self.depths.upperBound)
    }
}
