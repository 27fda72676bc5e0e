// One sagittal section through a body: its three heights and how its endplates tilt.
import Foundation
import Imaging

/// Heights and wedge of the body at one lateral place.
struct SagittalSection {
    let heights: ColumnHeights
    /// Forward tilt of each endplate against the frame, degrees; positive where it falls to the front.
    let superiorTiltDegrees: Double
    let inferiorTiltDegrees: Double
    /// Angle between the endplates, degrees; positive when the body is lower in front.
    var wedgeDegrees: Double { superiorTiltDegrees - inferiorTiltDegrees }

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
    /// The rims fall off within this share of the diameter (our choice).
    private static let rimShare = 0.04

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
        let profile = stride(from: Self.rimShare, through: 1 - Self.rimShare + 1e-9, by: 0.02).compactMap { share in
            endplates.faces(x: x, y: place(share)).map { (y: place(share), top: $0.superior, bottom: -$0.inferior) }
        }
        guard
            let top = rulerSlope(profile.map { ($0.y, $0.top) }, over: place(Self.middleShare)),
            let bottom = rulerSlope(profile.map { ($0.y, $0.bottom) }, over: place(Self.middleShare))
        else { return nil }
        superiorTiltDegrees = -atan(top) * 180 / .pi
        inferiorTiltDegrees = atan(bottom) * 180 / .pi
    }
}

extension ColumnHeights {
    /// Greatest minus least height, mm.
    var spread: Double { max(anteriorMM, middleMM, posteriorMM) - min(anteriorMM, middleMM, posteriorMM) }
}

/// The slope of a ruler laid on an endplate from outside: the edge of the points' upper convex hull over a place.
///
/// It rests on the two rims and bridges the hollow between them, as the line on a radiograph does. A line fitted through the hollow
/// tilts with it: the hollow is deepest behind the middle of the inferior endplate.
private func rulerSlope(_ points: [(y: Double, z: Double)], over place: Double) -> Double? {
    var hull: [(y: Double, z: Double)] = []
    for point in points.sorted(by: { $0.y < $1.y }) {
        while hull.count >= 2 {
            let (a, b) = (hull[hull.count - 2], hull[hull.count - 1])
            // A point below the line from its neighbour to the next is bridged.
            guard (b.z - a.z) * (point.y - a.y) <= (point.z - a.z) * (b.y - a.y) else { break }
            hull.removeLast()
        }
        hull.append(point)
    }
    for (a, b) in zip(hull, hull.dropFirst()) where a.y <= place && place <= b.y && b.y > a.y {
        return (b.z - a.z) / (b.y - a.y)
    }
    return nil
}
