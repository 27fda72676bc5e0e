// What the sacrum says of the levels: the vertebra above it is L5.
import Domain
import Imaging

/// The reading of the row's lower end.
struct SacrumAnchor {
    let maps: SpineMaps

    /// Less sacrum than this is not told from a misread edge, mL (docs/segmentation.md).
    static let leastML = 10.0
    /// From less than this no level is read: a last vertebra that the border cuts was taken for 14, 34 and 39 mL of sacrum (docs/segmentation.md).
    private static let leastToNameML = 55.0
    /// The disc above the sacrum must be seen this clearly.
    static let leastDisc = 0.3
    /// The sacrum counts within this distance of S1's centre, millimetres; our choice.
    private static let reachMM = 70.0

    /// The reading, or why there is none.
    func reading(of row: SpineRow, discBetween: (PointMM, PointMM) -> Double?) -> Result<LevelReading, Silence> {
        guard let sacrum = row.sacrumMM, let last = row.members.last, let position = row.positions.last else {
            return .failure(Silence("No sacrum lies below the last vertebra in this scan."))
        }
        let volume = volumeML(near: sacrum)
        guard volume >= Self.leastToNameML else {
            return .failure(Silence("Only \(figure(volume)) mL of the sacrum are in view."))
        }
        guard let disc = discBetween(last.centreMM, sacrum), disc >= Self.leastDisc else {
            return .failure(Silence("No disc was seen between the last vertebra and the sacrum."))
        }
        return .success(
            LevelReading(
                anchor: .sacrum, position: position, level: .L5,
                finding: "The last vertebra stands on the sacrum (\(figure(volume)) mL of it in view)"))
    }

    private func volumeML(near centre: PointMM) -> Double {
        let sacrum = maps[.sacrum]
        let size = maps.geometry.size
        let at = maps.geometry.index(of: centre)
        let reach = Self.reachMM / maps.geometry.spacingMM.x
        var count = 0
        var i = 0
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x {
                    if sacrum[i] > 0.5 {
                        let away = SIMD3(Double(x), Double(y), Double(z)) - at
                        if dot(away, away) <= reach * reach { count += 1 }
                    }
                    i += 1
                }
            }
        }
        return Double(count) * maps.geometry.voxelVolumeMM3 / 1000
    }
}

/// Why an anchor says nothing.
struct Silence: Error, Equatable {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}
