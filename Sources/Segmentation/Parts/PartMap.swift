// The parts of vertebrae as one label map.
import Domain
import Imaging

/// Parts of chosen vertebrae on the scan's grid, by `VertebraPart.labelValue(of:)`.
package struct PartMap: Sendable {
    package let map: LabelMap
    /// In the order of the subjects.
    package let vertebrae: [Findings]

    /// A vertebra whose parts are wanted.
    package struct Subject: Sendable {
        package var vertebra: Vertebra
        /// Where its basivertebral foramen was seen, in its frame, mm.
        package var foramenMM: SIMD3<Double>?

        package init(vertebra: Vertebra, foramenMM: SIMD3<Double>? = nil) {
            self.vertebra = vertebra
            self.foramenMM = foramenMM
        }
    }

    /// What became of one vertebra.
    package struct Findings: Sendable {
        package let level: VertebralLevel
        /// Parts that have voxels, in the order of the table, mL.
        package let volumesML: [(part: VertebraPart, volumeML: Double)]
        package let omissions: [Omission]
    }

    /// - Parameters:
    ///   - subjects: cranial to caudal.
    ///   - neighbours: other vertebrae of the scan, which bound discs and are left out of the map.
    ///   - geometry: the scan's grid.
    /// - Throws: `FaultRecord` when cancelled.
    package init(
        _ subjects: [Subject], neighbours: [Vertebra], on geometry: Geometry, cancellation: Cancellation
    ) throws {
        var labels = [UInt16](repeating: 0, count: geometry.size.count)
        let all = (subjects.map(\.vertebra) + neighbours).sorted { $0.level < $1.level }
        for vertebra in all { Self.paint(vertebra, into: &labels, geometry.size) }
        var omissions: [[Omission]] = []
        for subject in subjects {
            try cancellation.check()
            let outline = PartOutline(subject.vertebra, foramenMM: subject.foramenMM, on: geometry)
            outline?.paint(&labels)
            let own = outline?.omissions ?? []
            let isTold = { (disc: Omission) in own.contains { $0.item.contains(disc.item) } }
            omissions.append(
                own + Self.discsWithoutNeighbour(subject.vertebra, among: all).filter { !isTold($0) })
        }
        let wanted = Set(subjects.map(\.vertebra.level))
        for (upper, lower) in zip(all, all.dropFirst())
        where upper.level.labelValue + 1 == lower.level.labelValue
            && (wanted.contains(upper.level) || wanted.contains(lower.level))
        {
            try cancellation.check()
            let disc = DiscOutline(upper: upper, lower: lower, on: geometry)
            guard disc.isResolved else { continue }
            disc.paint(
                wanted.contains(upper.level)
                    ? VertebraPart.discBelow.labelValue(of: upper.level)
                    : VertebraPart.discAbove.labelValue(of: lower.level), into: &labels)
        }
        var counts = [Int](repeating: 0, count: Int(UInt16.max) + 1)
        let isWanted = counts.indices.map { value in
            VertebralLevel(labelValue: UInt16(value / 100)).map(wanted.contains) ?? false
        }
        for i in labels.indices {
            let value = Int(labels[i])
            if isWanted[value] { counts[value] += 1 } else { labels[i] = 0 }
        }
        map = LabelMap(geometry: geometry, labels: labels)
        let voxelML = geometry.voxelVolumeMM3 / 1000
        vertebrae = zip(subjects, omissions).map { subject, omissions in
            let level = subject.vertebra.level
            let volumes = VertebraPart.allCases.map { ($0, Double(counts[Int($0.labelValue(of: level))]) * voxelML) }
            return Findings(level: level, volumesML: volumes.filter { $0.1 > 0 }, omissions: omissions)
        }
    }

    private static func discsWithoutNeighbour(_ vertebra: Vertebra, among all: [Vertebra]) -> [Omission] {
        let value = Int(vertebra.level.labelValue)
        return [(VertebraPart.discAbove, value - 1), (.discBelow, value + 1)].compactMap { part, neighbour in
            all.contains { Int($0.level.labelValue) == neighbour }
                ? nil : Omission(item: part.name, reason: "no whole vertebra is outlined beyond it")
        }
    }

    private static func paint(_ vertebra: Vertebra, into labels: inout [UInt16], _ size: Index3) {
        let parts = vertebra.parts.labels
        let box = vertebra.parts.geometry.size
        let lower = vertebra.lowerIndex
        let body = VertebraPart.body.labelValue(of: vertebra.level)
        let arch = VertebraPart.posteriorElements.labelValue(of: vertebra.level)
        var i = 0
        for z in lower.z..<lower.z + box.z {
            for y in lower.y..<lower.y + box.y {
                let row = (z * size.y + y) * size.x
                for x in lower.x..<lower.x + box.x {
                    if parts[i] != 0 { labels[row + x] = parts[i] == Vertebra.Part.body.rawValue ? body : arch }
                    i += 1
                }
            }
        }
    }
}
