// The faces through which one cell loses fluid, and what the front has let out through each.

/// The faces through which one cell loses fluid.
struct OutflowFaces {
    /// Six faces and the outlets of one cell; more outlets than fit are not read (our choice).
    private static let most = 64
    private(set) var count = 0
    /// Sum of all flows, mm³ per mm³ injected.
    private(set) var total = 0.0
    /// Net flow through the cell along x, y, z, twice over.
    var through = SIMD3<Double>.zero
    private(set) var flow = [Double](repeating: 0, count: most)
    private(set) var axis = [Int](repeating: 0, count: most)
    /// Cell behind the face; −1 for an outlet.
    private(set) var target = [Int](repeating: 0, count: most)
    /// Barrier or outlet on the face; −1 where there is none.
    private(set) var passage = [Int](repeating: 0, count: most)
    private(set) var released = [Double](repeating: 0, count: most)
    private(set) var firstRelease = [Double](repeating: 0, count: most)
    private var wetted = [Double](repeating: 0, count: most)
    /// How much the flow per area grows over a face from the upstream to the downstream edge along the other two axes.
    private var firstTilt = [Double](repeating: 0, count: most)
    private var secondTilt = [Double](repeating: 0, count: most)

    mutating func clear() {
        count = 0
        total = 0
    }

    mutating func add(_ flow: Double, axis: Int, to target: Int, passage: Int) {
        guard count < Self.most else { return }
        self.flow[count] = flow
        self.axis[count] = axis
        self.target[count] = target
        self.passage[count] = passage
        released[count] = 0
        firstRelease[count] = .infinity
        firstTilt[count] = 0
        secondTilt[count] = 0
        count += 1
        total += flow
    }

    /// Tells how the flow varies over a face.
    mutating func tilt(_ face: Int, first: Double, second: Double) {
        firstTilt[face] = min(max(first, -flow[face]), flow[face])
        secondTilt[face] = min(max(second, -flow[face]), flow[face])
    }

    /// Reads how much of each face a plane wets; returns the flow through the wetted parts.
    mutating func wet(_ plane: PlaneInCube, at alpha: Double, time: Double) -> Double {
        let x = plane.wettedMoments(axis: 0, at: alpha)
        let y = plane.wettedMoments(axis: 1, at: alpha)
        let z = plane.wettedMoments(axis: 2, at: alpha)
        var sum = 0.0
        for n in 0..<count {
            let part = axis[n] == 0 ? x : axis[n] == 1 ? y : z
            wetted[n] = max(flow[n] * part.area + firstTilt[n] * part.first + secondTilt[n] * part.second, 0)
            if wetted[n] > 0, firstRelease[n] == .infinity { firstRelease[n] = time }
            sum += wetted[n]
        }
        return sum
    }

    /// Releases what flows through the wetted parts in a time.
    mutating func release(_ time: Double) {
        for n in 0..<count { released[n] += wetted[n] * time }
    }

    /// Passes a volume on through all faces in proportion to their flow.
    mutating func passOn(_ volume: Double, at time: Double) {
        guard volume > 0 else { return }
        var rest = volume
        for n in 0..<count {
            let share = n == count - 1 ? rest : volume * (flow[n] / total)
            released[n] += share
            rest -= share
            firstRelease[n] = min(firstRelease[n], time)
        }
    }

    /// Scales what was released so that its sum lies between two bounds; returns the sum.
    mutating func settle(least: Double, most: Double) -> Double {
        var sum = 0.0
        for n in 0..<count { sum += released[n] }
        let wanted = min(max(sum, least), most)
        guard wanted != sum else { return sum }
        if sum > 0 {
            for n in 0..<count { released[n] *= wanted / sum }
        } else {
            passOn(wanted, at: firstRelease[0].isFinite ? firstRelease[0] : 0)
        }
        var exact = 0.0
        for n in 0..<count { exact += released[n] }
        return exact
    }
}
