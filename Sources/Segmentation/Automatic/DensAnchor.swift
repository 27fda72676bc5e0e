// What the dens says of the levels: the only body that stands up like a tooth is that of C2.
import Domain
import Imaging

/// The reading of the row's upper end.
struct DensAnchor {
    /// The closer look at each vertebra of the row.
    let views: [VertebraView]
    let scan: Geometry

    /// C2 with its dens is some 1.8 times as high as wide (35 by 19 mm; Panjabi et al. 1991), every other body less high than wide.
    /// Between them, and how much higher than the next body: our choice.
    private static let leastHeightOfWidth = 1.2
    private static let mostHeightOfWidth = 1.0
    private static let leastHeightOfNext = 1.5
    /// A body that comes this near to the scan's border may be cut there, millimetres. Our choice.
    private static let rimMM = 2.0

    /// The reading, or why there is none.
    func reading(of row: SpineRow) -> Result<LevelReading, Silence> {
        let positions = row.positions
        for i in [0, 1] where isAxis(i, row) {
            return .success(
                LevelReading(
                    anchor: .dens, position: positions[i], level: .C2,
                    finding: "The body of vertebra \(i + 1) from the head stands up like a dens"))
        }
        return .failure(Silence("No dens stands above the uppermost vertebrae in this scan."))
    }

    /// Whether vertebra i, the first or the one below the atlas, has the shape of the axis.
    private func isAxis(_ i: Int, _ row: SpineRow) -> Bool {
        guard views.indices.contains(i + 1), row.members[i + 1].missingAbove == 0 else { return false }
        let cranial = normalised(row.members[i].centreMM - row.members[i + 1].centreMM)
        func extent(_ j: Int) -> SIMD3<Double>? {
            views[j].extentMM(in: VertebralFrame(centreMM: row.members[j].centreMM, cranial: cranial))
        }
        guard let own = extent(i), let next = extent(i + 1), !views[i].isBodyCut(by: scan, rimMM: Self.rimMM),
            own.z >= Self.leastHeightOfWidth * own.x, own.z >= Self.leastHeightOfNext * next.z,
            next.z <= Self.mostHeightOfWidth * next.x
        else { return false }
        // The atlas, seen closely, is a ring about the next one's dens.
        return i == 0 || views[i].ownBody.value(at: row.members[0].centreMM) >= VertebraView.half
    }
}
