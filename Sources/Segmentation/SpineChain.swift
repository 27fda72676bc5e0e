// Vertebrae in a row: neighbours share a disc, the ends look outward for theirs.
import Domain
import Imaging

/// The traces of one scan, cranial to caudal, refined together.
struct SpineChain {
    var traces: [VertebraTrace]
    let volume: Volume
    /// What a network said of the scan; nil for clicks.
    let guide: SpineGuide?

    private static let rounds = 3
    /// Discs are thinner; half of one lies before the next body.
    private static let thickestDiscMM = 10.0
    /// Sagittal tilts of a disc against the chain that are tried, degrees.
    private static let tilts = Array(stride(from: -24.0, through: 24, by: 4))
    /// Penalty for each millimetre that a vertebra's pitch differs from the expected one, HU; our choice.
    private static let pitchPenalty = 1.5

    /// - Parameter seeds: cranial to caudal; their levels say which are neighbours and how large they usually are.
    init(seeds: [VertebraSeed], volume: Volume) {
        self.init(
            seeds: seeds, proportions: seeds.map { BodyProportions(of: $0.level) },
            joined: seeds.indices.dropLast().map { seeds[$0].isNext(to: seeds[$0 + 1]) }, volume: volume, guide: nil)
    }

    /// - Parameters:
    ///   - seeds: cranial to caudal.
    ///   - proportions: of each.
    ///   - joined: whether vertebra i and i + 1 share a disc.
    init(seeds: [VertebraSeed], proportions: [BodyProportions], joined: [Bool], volume: Volume, guide: SpineGuide?) {
        self.volume = volume
        self.guide = guide
        self.joined = joined
        traces = seeds.indices.map { i in
            // Two neighbours on each side where there are: a seed's own offset then turns the axis little.
            var (first, last) = (i, i)
            while first > max(i - 2, 0), joined[first - 1] { first -= 1 }
            while last < min(i + 2, seeds.count - 1), joined[last] { last += 1 }
            let cranial = first < last ? normalised(seeds[first].pointMM - seeds[last].pointMM) : [0, 0, 1]
            return VertebraTrace(
                level: seeds[i].level, proportions: proportions[i], centreMM: seeds[i].pointMM, cranial: cranial)
        }
    }

    /// Whether vertebra i and i + 1 share a disc.
    private let joined: [Bool]

    /// Levels that follow each other by name but whose seeds lie too far apart.
    var warnings: [String] {
        zip(zip(traces, traces.dropFirst()), joined).compactMap { pair, isJoined in
            let (upper, lower) = pair
            guard !isJoined, lower.level.labelValue == upper.level.labelValue + 1 else { return nil }
            let distance = figure(length(upper.frame.originMM - lower.frame.originMM))
            return "\(upper.level.rawValue) and \(lower.level.rawValue) lie \(distance) mm apart: "
                + "a vertebra may lie between them, and a level may be misnamed."
        }
    }

    /// Discs, centres and surfaces, in rounds. Between its discs each vertebra is fitted by itself, on one of so many threads.
    mutating func refine(threads: Int, cancellation: Cancellation, progress: (Double) -> Void) throws {
        for round in 0..<Self.rounds {
            findDiscs()
            let chain = self
            traces = try inOrder(traces.count, threads: threads) { i throws(FaultRecord) in
                try cancellation.check()
                return chain.fitted(i, isLastRound: round + 1 == Self.rounds)
            }
            progress(Double(round + 1) / Double(Self.rounds))
        }
    }

    /// Vertebra i with its centre and surface between the discs as they are.
    private func fitted(_ i: Int, isLastRound: Bool) -> VertebraTrace {
        var trace = traces[i]
        trace.centreBetweenDiscs()
        if let centre = guide?.centre(of: i, insteadOf: trace.frame.originMM) { trace.frame.originMM = centre }
        trace.fitSurface(in: volume, evidence: guide?.bodyEvidence(of: i))
        if isLastRound {
            trace.refineEdge(in: volume)
        } else {
            trace.recentre(limitMM: 8)
        }
        return trace
    }

    /// The unseeded neighbours beyond the ends of each run, found as well as the scan allows: they compete for the arches.
    func unseededNeighbours() -> [VertebraTrace] {
        var neighbours: [VertebraTrace] = []
        for i in traces.indices {
            if i == 0 || !joined[i - 1] { neighbours.append(neighbour(of: traces[i], above: true)) }
            if i + 1 == traces.count || !joined[i] { neighbours.append(neighbour(of: traces[i], above: false)) }
        }
        return neighbours
    }

    /// The next vertebra beyond one of the discs: its far disc is sought, its surface fitted.
    private func neighbour(of trace: VertebraTrace, above: Bool) -> VertebraTrace {
        let disc = above ? trace.discs.upper : trace.discs.lower
        let outward = above ? trace.frame.z : -trace.frame.z
        let inner = disc.distance(from: trace.frame.originMM, along: outward)
        let half = inner.isFinite ? min(inner, trace.proportions.pitchMM) : trace.proportions.pitchMM / 2
        var alone = SpineChain(
            neighbourCentreMM: trace.frame.originMM + outward * (2 * half), of: trace, volume: volume,
            guide: guide?.withoutViews)
        alone.findOpenDiscs(0, upper: above ? nil : disc, lower: above ? disc : nil)
        alone.traces[0].centreBetweenDiscs()
        alone.traces[0].fitSurface(in: volume, evidence: alone.guide?.bodyEvidence(of: 0))
        return alone.traces[0]
    }

    private init(neighbourCentreMM centre: PointMM, of trace: VertebraTrace, volume: Volume, guide: SpineGuide?) {
        self.volume = volume
        self.guide = guide
        joined = []
        traces = [
            VertebraTrace(
                level: trace.level, proportions: trace.proportions, centreMM: centre, cranial: trace.frame.z)
        ]
        traces[0].shape = trace.shape
    }

    private mutating func findDiscs() {
        for i in traces.indices.dropLast() where joined[i] {
            guard let plane = sharedDisc(below: i) else { continue }
            traces[i].discs.lower = plane
            traces[i].discs.isLowerFound = true
            traces[i + 1].discs.upper = plane
            traces[i + 1].discs.isUpperFound = true
        }
        for i in traces.indices {
            let hasUpper = i > 0 && joined[i - 1]
            let hasLower = i + 1 < traces.count && joined[i]
            guard !hasUpper || !hasLower else { continue }
            findOpenDiscs(
                i, upper: hasUpper ? traces[i].discs.upper : nil, lower: hasLower ? traces[i].discs.lower : nil)
        }
    }

    /// The disc between a vertebra and the next, sought between the bodies that a network saw closely, else in the middle 56 % of the line
    /// between their centres.
    private func sharedDisc(below i: Int) -> DiscPlane? {
        let (above, below) = (traces[i], traces[i + 1])
        let line = below.frame.originMM - above.frame.originMM
        let distance = length(line)
        let search = DiscSearch(volume: volume, proportions: above.proportions, disc: guide?.discEvidence(below: i))
        let frame = VertebralFrame(centreMM: above.frame.originMM, cranial: -line)
        let found = search.candidates(
            from: frame, along: normalised(line),
            rangeMM: guide?.gap(below: i, from: above.frame.originMM, to: below.frame.originMM)
                ?? 0.22 * distance...0.78 * distance,
            tiltsDegrees: Self.tilts)
        func cost(_ candidate: DiscCandidate) -> Double {
            candidate.penalty + 40 * abs(candidate.distanceMM / distance - 0.5)
        }
        return found.min { cost($0) < cost($1) }?.plane
    }

    /// The discs towards which there is no seeded neighbour: the pair whose pitch is plausible and whose valleys are deep.
    private mutating func findOpenDiscs(_ i: Int, upper: DiscPlane?, lower: DiscPlane?) {
        let trace = traces[i]
        let search = DiscSearch(volume: volume, proportions: trace.proportions, disc: guide?.discEvidence(besides: i))
        let pitch = expectedPitch(i)
        func outward(_ direction: SIMD3<Double>, known: DiscPlane?) -> [DiscCandidate] {
            if let known {
                let distance = known.distance(from: trace.frame.originMM, along: direction)
                return distance.isFinite ? [DiscCandidate(distanceMM: distance, penalty: 0, plane: known)] : []
            }
            let reach = guide?.reach(of: i, from: trace.frame.originMM, along: direction)
            let range = reach.map { $0 - 1...$0 + Self.thickestDiscMM } ?? 6...0.5 * pitch + 14
            let seen = search.candidates(
                from: trace.frame, along: direction, rangeMM: range, tiltsDegrees: Self.tilts)
            // With clicks alone a weak disc is taken before none.
            return guide == nil ? seen : seen + beyondScan(from: trace.frame, along: direction, rangeMM: range)
        }
        let uppers = outward(trace.frame.z, known: upper)
        let lowers = outward(-trace.frame.z, known: lower)
        var best = Double.infinity
        for upper in uppers {
            for lower in lowers {
                let misfit = abs(upper.distanceMM + lower.distanceMM - pitch)
                let cost = upper.penalty + lower.penalty + Self.pitchPenalty * misfit
                guard cost < best else { continue }
                best = cost
                traces[i].discs = DiscPair(
                    upper: upper.plane, lower: lower.plane, isUpperFound: isInView(upper.plane.pointMM),
                    isLowerFound: isInView(lower.plane.pointMM))
            }
        }
    }

    /// Where the disc may be that the scan does not reach: at every whole millimetre beyond its border, without evidence for any.
    private func beyondScan(
        from frame: VertebralFrame, along direction: SIMD3<Double>, rangeMM: ClosedRange<Double>
    ) -> [DiscCandidate] {
        stride(from: rangeMM.lowerBound.rounded(), through: rangeMM.upperBound, by: 1).compactMap { distance in
            let point = frame.originMM + direction * distance
            guard !isInView(point) else { return nil }
            let plane = DiscPlane(pointMM: point, normal: frame.z, depthHU: 0)
            return DiscCandidate(distanceMM: distance, penalty: 0, plane: plane)
        }
    }

    private func isInView(_ point: PointMM) -> Bool { volume.geometry.voxel(holding: point) != nil }

    /// The neighbour's pitch where it is known, else the level's typical one.
    private func expectedPitch(_ i: Int) -> Double {
        for j in [i - 1, i + 1] where traces.indices.contains(j) {
            let discs = traces[j].discs
            guard joined[min(i, j)], discs.isUpperFound, discs.isLowerFound else { continue }
            let ratio = traces[i].proportions.pitchMM / traces[j].proportions.pitchMM
            return length(discs.upper.pointMM - discs.lower.pointMM) * ratio
        }
        return traces[i].proportions.pitchMM
    }
}

extension VertebraSeed {
    /// Whether the other seed is that of the next vertebra down, near enough that nothing lies between.
    func isNext(to lower: VertebraSeed) -> Bool {
        lower.level.labelValue == level.labelValue + 1
            && length(pointMM - lower.pointMM)
                < 1.6 * 0.5 * (BodyProportions(of: level).pitchMM + BodyProportions(of: lower.level).pitchMM)
    }
}
