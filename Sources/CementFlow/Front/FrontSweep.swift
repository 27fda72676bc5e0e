// Moves the front: cement goes from cell to cell in the order of falling pressure.
import Imaging

/// Piston filling on a frozen flux field.
///
/// Cement is passed on from each cell to those of lower pressure, so one pass in the order of falling pressure settles a step of any
/// size, and volume is conserved whatever the accuracy of the pressure. A full cell passes on all it receives. Inside a cell that
/// fills, the front is a plane across the flow, and cement leaves through the part of each face that the plane has wetted (the
/// volume-of-fluid family: Hirt and Nichols 1981, J Comput Phys 39:201; plane volume after Scardovelli and Zaleski 2000, J Comput
/// Phys 164:228). This releases cement before a cell is full and keeps a sphere round.
final class FrontSweep {
    /// Cement in each cell, mm³.
    let cement: Field<Double>
    /// Pore volume of each cell, mm³.
    let pore: Field<Double>
    /// The cell that cement first came from; −1 where there is none.
    let origin: Field<Int32>
    /// Cement through each opening, mm³.
    private(set) var leakedMM3: [Double]
    /// Cement through all outlets, mm³: what is no longer in the cells.
    private(set) var leftMM3 = 0.0
    /// Cells that have held cement, in the order in which the front reached them.
    private(set) var reached: [Int32] = []

    private let domain: FlowDomain
    private let received: Field<Double>
    private let arrival: Field<Double>
    private let bestInflow: Field<Double>
    private let isQueued: Field<Bool>
    private let barrierOf: [Field<Int32>]
    private let firstOutlet: Field<Int32>
    private let outletOrder: [Int]
    /// False for cells with an outlet or a barrier on a face.
    private let isPlain: Field<Bool>
    private var ways = OutflowFaces()
    private(set) var barrierIsOpen: [Bool]
    private(set) var outletIsOpen: [Bool]
    /// The cell before each opening through which cement first left; −1 where none did.
    private var firstLeak: [Int32]
    private var queue = PressureQueue()
    private var touched: [(cell: Int32, before: Double)] = []

    init(_ domain: FlowDomain) {
        self.domain = domain
        let count = domain.grid.count
        let volume = domain.grid.cellMM * domain.grid.cellMM * domain.grid.cellMM
        pore = Field(domain.porosity.map { $0 * volume }, orEmpty: 0)
        cement = Field(repeating: 0, count: count)
        origin = Field(repeating: -1, count: count)
        received = Field(repeating: 0, count: count)
        arrival = Field(repeating: 0, count: count)
        bestInflow = Field(repeating: 0, count: count)
        isQueued = Field(repeating: false, count: count)
        leakedMM3 = [Double](repeating: 0, count: domain.openings.count)
        firstLeak = [Int32](repeating: -1, count: domain.openings.count)
        barrierIsOpen = [Bool](repeating: false, count: domain.barriers.count)
        outletIsOpen = [Bool](repeating: false, count: domain.outlets.count)
        barrierOf = (0..<3).map { _ in Field<Int32>(repeating: -1, count: count) }
        for (n, barrier) in domain.barriers.enumerated() { barrierOf[barrier.axis].start[barrier.cell] = Int32(n) }
        firstOutlet = Field(repeating: -1, count: count)
        outletOrder = domain.outlets.indices.sorted { domain.outlets[$0].cell < domain.outlets[$1].cell }
        for (place, n) in outletOrder.enumerated().reversed() {
            firstOutlet.start[domain.outlets[n].cell] = Int32(place)
        }
        isPlain = Field(repeating: true, count: count)
        for outlet in domain.outlets { isPlain.start[outlet.cell] = false }
        for barrier in domain.barriers {
            isPlain.start[barrier.cell] = false
            isPlain.start[barrier.cell + domain.grid.strides[barrier.axis]] = false
        }
    }

    /// What one sweep did.
    struct Outcome {
        /// Cement that found no way on, mm³: to be injected again.
        var heldMM3: Double
        /// Volume after which the sweep was cut because a passage of weight let cement through for the first time; nil if none.
        var cutAtMM3: Double?
    }

    /// Injects `volumeMM3` into the cells of the needles.
    ///
    /// - Parameters:
    ///   - sources: cells and their shares of the flow; the shares sum to 1.
    ///   - pressure: made by a total flow of 1 mm³/s through these sources, so that volume stands for time.
    ///   - cutShare: a passage that carries more of the flow than this ends the sweep where the cell before it is full, since the
    ///     pressure changes there at once.
    func inject(
        _ volumeMM3: Double, sources: [(cell: Int, rate: Double)], pressure: Field<Double>, faces: FaceConductances,
        cutShare: Double
    ) -> Outcome {
        let keptLeaks = leakedMM3
        let keptFirst = firstLeak
        let keptLeft = leftMM3
        let keptBarriers = barrierIsOpen
        let keptOutlets = outletIsOpen
        let reachedBefore = reached.count
        var firstBreak = volumeMM3
        let held = sweep(
            volumeMM3, sources: sources, pressure: pressure, faces: faces, cutShare: cutShare, firstBreak: &firstBreak)
        guard firstBreak < volumeMM3 * (1 - 1e-9) else { return Outcome(heldMM3: held, cutAtMM3: nil) }
        for (cell, before) in touched { cement.start[Int(cell)] = before }
        for cell in reached[reachedBefore...] { origin.start[Int(cell)] = -1 }
        reached.removeSubrange(reachedBefore...)
        leakedMM3 = keptLeaks
        firstLeak = keptFirst
        leftMM3 = keptLeft
        barrierIsOpen = keptBarriers
        outletIsOpen = keptOutlets
        let cut = max(firstBreak, 1e-3 * volumeMM3)
        var none = cut
        let rest = sweep(
            cut, sources: sources, pressure: pressure, faces: faces, cutShare: .infinity, firstBreak: &none)
        return Outcome(heldMM3: rest, cutAtMM3: cut)
    }

    /// Cement in all cells, mm³.
    var cementInPlaceMM3: Double { cement.array.reduce(0, +) }

    /// Part of each cell's pores that is cement, 0…1; 0 where there is no cell.
    var fill: [Float] {
        (0..<cement.count).map { pore.start[$0] > 0 ? Float(min(cement.start[$0] / pore.start[$0], 1)) : 0 }
    }

    /// What fills the passages through the shell.
    func passages(cement: Double, marrow: Double) -> PassageState {
        PassageState(
            cementViscosity: cement, marrowViscosity: marrow, barrierIsWet: barrierIsOpen, outletIsWet: outletIsOpen,
            leakedMM3: leakedMM3)
    }

    /// The cells from a needle to the place where cement first went through an exit; empty if none did.
    func path(toExit exit: Int) -> [Int] {
        let candidates = domain.openings.indices.filter { domain.openings[$0].exit == exit && firstLeak[$0] >= 0 }
        guard let opening = candidates.max(by: { leakedMM3[$0] < leakedMM3[$1] }) else { return [] }
        var cell = firstLeak[opening]
        var path: [Int] = []
        while cell >= 0, path.count < domain.grid.count {
            path.append(Int(cell))
            cell = origin.start[Int(cell)]
        }
        return path.reversed()
    }

    /// Puts cement into the cells before anything flows, mm³ per cell, at most their pores.
    func prefill(_ volumes: [(cell: Int, volumeMM3: Double)]) {
        for (cell, volume) in volumes where pore.start[cell] > 0 && volume > 0 {
            if cement.start[cell] == 0 { reached.append(Int32(cell)) }
            cement.start[cell] = min(cement.start[cell] + volume, pore.start[cell])
        }
    }

    /// One pass in the order of falling pressure. Returns the cement that found no way on.
    private func sweep(
        _ volumeMM3: Double, sources: [(cell: Int, rate: Double)], pressure: Field<Double>, faces: FaceConductances,
        cutShare: Double, firstBreak: inout Double
    ) -> Double {
        let p = pressure.start
        var held = 0.0
        touched.removeAll(keepingCapacity: true)
        for (cell, share) in sources { receive(share * volumeMM3, in: cell, at: 0, from: -1, p) }
        while let cell = queue.pop(p) {
            isQueued.start[cell] = false
            let inflow = received.start[cell]
            let start = arrival.start[cell]
            received.start[cell] = 0
            if passThrough(cell, inflow, at: start, p, faces) { continue }
            touched.append((Int32(cell), cement.start[cell]))
            gatherWays(from: cell, p, faces)
            let before = cement.start[cell]
            let room = pore.start[cell] - before
            if ways.total == 0 {
                let kept = min(inflow, max(room, 0))
                cement.start[cell] = before + kept
                held += inflow - kept
                continue
            }
            var filledAt = start
            var kept = 0.0
            if room > 1e-12 * pore.start[cell] {
                tiltFlows(of: cell, p, faces)
                filledAt = fill(cell, with: inflow, from: start, to: volumeMM3)
                kept = inflow - ways.settle(least: inflow - room, most: inflow)
                cement.start[cell] = before + kept
            } else {
                ways.passOn(inflow, at: start)
            }
            if cement.start[cell] >= (1 - 1e-9) * pore.start[cell] {
                openPassages(cutShare: cutShare, at: filledAt, firstBreak: &firstBreak)
            }
            for n in 0..<ways.count where ways.released[n] > 0 {
                let to = ways.target[n]
                if to >= 0 {
                    receive(ways.released[n], in: to, at: ways.firstRelease[n], from: cell, p)
                    if ways.passage[n] >= 0, let opening = domain.barriers[ways.passage[n]].opening {
                        leak(ways.released[n], through: opening, from: cell)
                    }
                } else {
                    leftMM3 += ways.released[n]
                    if let opening = domain.outlets[ways.passage[n]].opening {
                        leak(ways.released[n], through: opening, from: cell)
                    }
                }
            }
        }
        return held
    }

    /// A full cell away from outlets and barriers, most of those that a sweep visits, passes all on in proportion to the flow.
    ///
    /// - Returns: false for any other cell.
    private func passThrough(
        _ cell: Int, _ inflow: Double, at time: Double, _ p: UnsafeMutablePointer<Double>, _ faces: FaceConductances
    ) -> Bool {
        guard isPlain.start[cell], pore.start[cell] - cement.start[cell] <= 1e-12 * pore.start[cell] else {
            return false
        }
        let own = p[cell]
        let (sy, sz) = (domain.grid.strides.y, domain.grid.strides.z)
        let (tx, ty, tz) = (faces.x.start, faces.y.start, faces.z.start)
        let x = (max(tx[cell] * (own - p[cell + 1]), 0), max(tx[cell - 1] * (own - p[cell - 1]), 0))
        let y = (max(ty[cell] * (own - p[cell + sy]), 0), max(ty[cell - sy] * (own - p[cell - sy]), 0))
        let z = (max(tz[cell] * (own - p[cell + sz]), 0), max(tz[cell - sz] * (own - p[cell - sz]), 0))
        let total = x.0 + x.1 + y.0 + y.1 + z.0 + z.1
        guard total > 0 else { return false }
        let part = inflow / total
        if x.0 > 0 { receive(x.0 * part, in: cell + 1, at: time, from: cell, p) }
        if x.1 > 0 { receive(x.1 * part, in: cell - 1, at: time, from: cell, p) }
        if y.0 > 0 { receive(y.0 * part, in: cell + sy, at: time, from: cell, p) }
        if y.1 > 0 { receive(y.1 * part, in: cell - sy, at: time, from: cell, p) }
        if z.0 > 0 { receive(z.0 * part, in: cell + sz, at: time, from: cell, p) }
        if z.1 > 0 { receive(z.1 * part, in: cell - sz, at: time, from: cell, p) }
        return true
    }

    private func leak(_ volume: Double, through opening: Int, from cell: Int) {
        leakedMM3[opening] += volume
        if firstLeak[opening] < 0 { firstLeak[opening] = Int32(cell) }
    }

    private func receive(_ volume: Double, in cell: Int, at time: Double, from: Int, _ p: UnsafeMutablePointer<Double>)
    {
        if !isQueued.start[cell] {
            isQueued.start[cell] = true
            arrival.start[cell] = time
            bestInflow.start[cell] = 0
            queue.push(cell, p)
            if cement.start[cell] == 0 { reached.append(Int32(cell)) }
        } else if time < arrival.start[cell] {
            arrival.start[cell] = time
        }
        received.start[cell] += volume
        if cement.start[cell] == 0, volume > bestInflow.start[cell] {
            bestInflow.start[cell] = volume
            origin.start[cell] = Int32(from)
        }
    }

    /// Lists the faces through which the cell loses fluid, with the flow through each.
    private func gatherWays(from cell: Int, _ p: UnsafeMutablePointer<Double>, _ faces: FaceConductances) {
        ways.clear()
        let own = p[cell]
        let strides = domain.grid.strides
        var through = SIMD3<Double>.zero
        for axis in 0..<3 {
            let t = axis == 0 ? faces.x.start : axis == 1 ? faces.y.start : faces.z.start
            let stride = strides[axis]
            let ahead = t[cell] * (own - p[cell + stride])
            let back = t[cell - stride] * (own - p[cell - stride])
            through[axis] = ahead - back
            if ahead > 0 {
                ways.add(ahead, axis: axis, to: cell + stride, passage: Int(barrierOf[axis].start[cell]))
            }
            if back > 0 {
                let barrier = Int(barrierOf[axis].start[cell - stride])
                ways.add(back, axis: axis, to: cell - stride, passage: barrier)
            }
        }
        var place = Int(firstOutlet.start[cell])
        while place >= 0, place < outletOrder.count, domain.outlets[outletOrder[place]].cell == cell {
            let n = outletOrder[place]
            let flow = faces.outlets[n] * own
            if flow > 0 {
                let axis = domain.outlets[n].axis
                through[axis] += through[axis] < 0 ? -flow : flow
                ways.add(flow, axis: axis, to: -1, passage: n)
            }
            place += 1
        }
        ways.through = through
    }

    /// Lets the flow vary over each face as it does from face to face beside it: where it diverges, the wetted part of a face carries more
    /// than its share. Of the differences to both sides the smaller counts, none where they disagree (Roe 1986, Annu Rev Fluid Mech
    /// 18:337), so that a step in the bone makes no false slope.
    private func tiltFlows(of cell: Int, _ p: UnsafeMutablePointer<Double>, _ faces: FaceConductances) {
        let strides = domain.grid.strides
        for n in 0..<ways.count where ways.target[n] >= 0 {
            let axis = ways.axis[n]
            let across = ways.target[n] - cell
            let t = axis == 0 ? faces.x.start : axis == 1 ? faces.y.start : faces.z.start
            let face = min(across, 0)
            var tilts = (0.0, 0.0)
            for other in 0..<2 {
                let side = other == 0 ? (axis == 0 ? 1 : 0) : (axis == 2 ? 1 : 2)
                let downstream = ways.through[side] < 0 ? -strides[side] : strides[side]
                let (after, before) = (cell + downstream, cell - downstream)
                let rise = t[after + face] * (p[after] - p[after + across]) - ways.flow[n]
                let fall = ways.flow[n] - t[before + face] * (p[before] - p[before + across])
                let tilt = rise * fall > 0 ? (abs(rise) < abs(fall) ? rise : fall) : 0
                if other == 0 { tilts.0 = tilt } else { tilts.1 = tilt }
            }
            ways.tilt(n, first: tilts.0, second: tilts.1)
        }
    }

    /// Fills a cell behind a plane front and lets cement out through the wetted parts of its faces.
    ///
    /// - Returns: when the cell was full; infinite if it is not.
    private func fill(_ cell: Int, with inflow: Double, from start: Double, to end: Double) -> Double {
        // The front follows the pressure's levels: across its gradient u/k, not across the flow u.
        let slope = ways.through / pointwiseMax(domain.permeabilityMM2[cell], SIMD3(repeating: 1e-300))
        let plane = PlaneInCube(slope: abs(slope.x), abs(slope.y), abs(slope.z))
        let capacity = pore.start[cell]
        var left = max(end - start, 1e-12 * end)
        let rate = inflow / left
        let scale = min(1, rate / ways.total)
        var part = min(cement.start[cell] / capacity, 1)
        var alpha = plane.position(filling: part)
        let pieces = 12
        let step = (1 - alpha) / Double(pieces)
        for piece in 0..<pieces {
            let released = scale * ways.wet(plane, at: alpha + step / 2, time: end - left)
            let next = piece == pieces - 1 ? 1 : max(plane.volume(at: alpha + step), part)
            let net = rate - released
            let time = net > 0 ? capacity * (next - part) / net : .infinity
            if time >= left {
                ways.release(scale * left)
                return .infinity
            }
            ways.release(scale * time)
            left -= time
            part = next
            alpha += step
        }
        ways.passOn(rate * left, at: end - left)
        return end - left
    }

    private func openPassages(cutShare: Double, at time: Double, firstBreak: inout Double) {
        for n in 0..<ways.count where ways.passage[n] >= 0 {
            let passage = ways.passage[n]
            if ways.target[n] >= 0 {
                guard !barrierIsOpen[passage] else { continue }
                barrierIsOpen[passage] = true
            } else {
                guard !outletIsOpen[passage] else { continue }
                outletIsOpen[passage] = true
            }
            if ways.flow[n] > cutShare, time > 0 { firstBreak = min(firstBreak, time) }
        }
    }
}
