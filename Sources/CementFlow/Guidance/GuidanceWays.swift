// The ways out of a body as a guidance table names them: each gap, foramen and vein by itself, and the intact cortex by side.
import Domain
import Foundation
import Guidance
import Imaging

/// The ways of a table, and which openings of a run's flow domain belong to each.
struct GuidanceWays: Sendable {
    let ways: [GuidanceTable.Way]
    private let keys: [Key]

    /// What stays the same of a place while gaps change their size or vanish and the surface shifts.
    private struct Key: Hashable {
        let exit: FlowExit
        /// Intact cortex has none.
        let isOpening: Bool
        /// Position among the uncertain openings; nil for what every body has.
        let gap: Int?

        init(_ place: BodyFlowModel.Place, gap: Int?) {
            exit = place.exit
            isOpening = place.opening != nil
            self.gap = gap
        }
    }

    init(_ rehearsal: Rehearsal, _ cells: BodyCells) {
        let model = BodyFlowModel(
            cells, parameters: rehearsal.parameters, openings: rehearsal.openings.map(\.opening))
        var ways: [GuidanceTable.Way] = []
        var keys: [Key] = []
        for place in model.places {
            let key = Key(place, gap: place.number)
            guard !keys.contains(key) else { continue }
            keys.append(key)
            ways.append(cells.way(place, presence: place.number.map { rehearsal.openings[$0].probability } ?? 1))
        }
        self.ways = ways
        self.keys = keys
    }

    /// For each way the openings of a run's domain that belong to it; none for a gap that the run did not draw.
    func openings(in model: BodyFlowModel, of draw: RehearsalDraw) -> [[Int]] {
        var openings = [[Int]](repeating: [], count: keys.count)
        for (n, place) in model.places.enumerated() {
            let key = Key(place, gap: place.number.map { draw.presentOpenings[$0] })
            if let way = keys.firstIndex(of: key) { openings[way].append(n) }
        }
        return openings
    }
}

extension BodyCells {
    /// - Parameter presence: how likely the opening is there.
    fileprivate func way(_ place: BodyFlowModel.Place, presence: Double) -> GuidanceTable.Way {
        let faces = faces.filter { FlowExit($0.wall) == place.exit }
        let nearest = place.opening.flatMap { opening in
            self.faces.min { length($0.localMM - opening.localMM) < length($1.localMM - opening.localMM) }
        }
        let area = max(faces.reduce(0) { $0 + $1.areaMM2 }, .leastNormalMagnitude)
        let middle = faces.reduce(SIMD3<Double>.zero) { $0 + $1.localMM * ($1.areaMM2 / area) }
        let outward = faces.reduce(SIMD3<Double>.zero) { $0 + $1.normal * ($1.areaMM2 / area) }
        let passage: GuidanceTable.Way.Passage =
            switch place.exit {
            case .basivertebralForamen: .foramen
            case .leftSegmentalVein, .rightSegmentalVein: .vein
            default: place.opening == nil ? .wall : .gap
            }
        return GuidanceTable.Way(
            exit: place.exit.mapExit.rawValue, passage: passage, type: place.exit.leakageType.rawValue,
            hazard: place.exit.hazard, localMM: place.opening?.localMM ?? middle,
            outward: nearest?.normal ?? normalised(outward), presence: presence)
    }
}

extension FlowExit {
    fileprivate var hazard: String {
        switch self {
        case .superiorEndplate: "the disc above"
        case .inferiorEndplate: "the disc below"
        case .anterior: "the tissue before the body, with the great vessels"
        case .leftLateral: "the tissue on the left of the body"
        case .rightLateral: "the tissue on the right of the body"
        case .posterior: "the spinal canal"
        case .basivertebralForamen: "the epidural veins and the spinal canal"
        case .leftSegmentalVein: "the left segmental vein, and so the caval or azygos vein and the lungs"
        case .rightSegmentalVein: "the right segmental vein, and so the caval or azygos vein and the lungs"
        }
    }
}
