// Which cells fluid can leave: the rest has no pressure and is taken out before solving.

extension FlowDomain {
    /// The domain without cells from which no path leads to an outlet.
    ///
    /// Cells of zero permeability along all axes, and those behind sealed barriers, go too; so do outlets of such cells.
    func drained() -> FlowDomain {
        let strides = grid.strides
        var sealed: Set<Int> = []
        for barrier in barriers where barrier.resistance == .infinity { sealed.insert(3 * barrier.cell + barrier.axis) }
        var reached = [Bool](repeating: false, count: grid.count)
        var front: [Int] = []
        for outlet in outlets where outlet.resistance < .infinity && conducts(outlet.cell, outlet.axis) {
            guard !reached[outlet.cell] else { continue }
            reached[outlet.cell] = true
            front.append(outlet.cell)
        }
        while let cell = front.popLast() {
            for axis in 0..<3 where conducts(cell, axis) {
                for (next, face) in [(cell + strides[axis], cell), (cell - strides[axis], cell - strides[axis])]
                where !reached[next] && conducts(next, axis) && !sealed.contains(3 * face + axis) {
                    reached[next] = true
                    front.append(next)
                }
            }
        }
        var result = self
        for i in porosity.indices where !reached[i] { result.porosity[i] = 0 }
        return result
    }

    private func conducts(_ cell: Int, _ axis: Int) -> Bool { porosity[cell] > 0 && permeabilityMM2[cell][axis] > 0 }
}
