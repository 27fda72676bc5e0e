// One sagittal section through a body: its three heights and the angle between its endplates.
import Foundation
import Imaging

/// Heights and wedge of the body at one lateral place.
struct SagittalSection {
    let heights: ColumnHeights
    /// Angle between straight lines through the two endplates, degrees; positive when the body is lower in front.
    let wedgeDegrees: Double

    /// The sections in the middle half of the body's width, 1 mm apart, that could be measured whole.
    static func across(_ wall: SurfaceChart, _ endplates: EndplatePair) -> [SagittalSection] {
        let belt = wall.indices { abs(wall.points[$0].z) < beltMM }.map { wall.points[$0] }
        guard let left = belt.map(\.x).max(), let right = belt.map(\.x).min() else { return [] }
        let middle = (left + right) / 2
        let half = (left - right) * bandShare / 2
        return stride(from: middle - half, through: middle + half, by: 1).compactMap { x in
            let near = belt.filter { abs($0.x - x) < stripMM }.map(\.y)
            guard let front = near.max(), let back = near.min() else { return nil }
            return SagittalSection(x: x, front: front, back: back, endplates)
        }
    }

    /// The heights of the greatest difference, each the median of a section and its neighbours within 2 mm, so that one bad
    /// section does not pass for a collapse.
    static func mostUneven(_ sections: [SagittalSection]) -> ColumnHeights? {
        sections.indices.map { i in
            let near = sections[max(i - 2, 0)...min(i + 2, sections.count - 1)].map(\.heights)
            return ColumnHeights(
                anteriorMM: Double(median(of: near.map { Float($0.anteriorMM) })),
                middleMM: Double(median(of: near.map { Float($0.middleMM) })),
                posteriorMM: Double(median(of: near.map { Float($0.posteriorMM) })))
        }.max { $0.spread < $1.spread }
    }

    /// The sagittal diameter is taken from wall points this near to mid-height and to the section (our choice).
    private static let beltMM = 1.5
    private static let stripMM = 0.75
    /// The middle half of the width (our choice; the TotalSegmentator spine report scans the same half).
    private static let bandShare = 0.5
    /// Shares of the sagittal diameter from the posterior wall (TotalSegmentator spine report).
    private static let posteriorShare = 0.15
    private static let middleShare = 0.5
    private static let anteriorShare = 0.85

    private init?(x: Double, front: Double, back: Double, _ endplates: EndplatePair) {
        func place(_ share: Double) -> Double { back + share * (front - back) }
        func height(_ share: Double) -> Double? {
            endplates.faces(x: x, y: place(share)).map { $0.superior - $0.inferior }
        }
        guard
            let anterior = height(Self.anteriorShare), let middle = height(Self.middleShare),
            let posterior = height(Self.posteriorShare)
        else { return nil }
        heights = ColumnHeights(anteriorMM: anterior, middleMM: middle, posteriorMM: posterior)
        let profile = stride(from: Self.posteriorShare, through: Self.anteriorShare + 1e-9, by: 0.05).compactMap {
            share in
            endplates.faces(x: x, y: place(share)).map { (y: place(share), top: $0.superior, bottom: $0.inferior) }
        }
        let top = slope(profile.map { ($0.y, $0.top) })
        let bottom = slope(profile.map { ($0.y, $0.bottom) })
        wedgeDegrees = (atan(bottom) - atan(top)) * 180 / .pi
    }
}

extension ColumnHeights {
    /// Greatest minus least height, mm.
    var spread: Double { max(anteriorMM, middleMM, posteriorMM) - min(anteriorMM, middleMM, posteriorMM) }
}

/// The slope of the least-squares line through points.
private func slope(_ points: [(Double, Double)]) -> Double {
    let n = Double(points.count)
    let mean = points.reduce((0.0, 0.0)) { ($0.0 + $1.0 / n, $0.1 + $1.1 / n) }
    let covariance = points.reduce(0.0) { $0 + ($1.0 - mean.0) * ($1.1 - mean.1) }
    let variance = points.reduce(0.0) { $0 + ($1.0 - mean.0) * ($1.0 - mean.0) }
    return variance > 0 ? covariance / variance : 0
}
