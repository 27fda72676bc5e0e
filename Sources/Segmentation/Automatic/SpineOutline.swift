// Outlines the vertebrae of a row at the scan's own resolution, and reviews each.
import Domain
import Imaging

/// The seeded method on centres that a network found, with its maps to help.
struct SpineOutline {
    let volume: Volume
    let guide: SpineGuide
    let row: SpineRow
    let naming: LevelNaming
    let threads: Int

    /// Voxels above this are metal, HU: cement stays below. Our choice.
    private static let metalHU: Float = 2_500

    func found(cancellation: Cancellation, progress: (Double) -> Void) throws -> FoundSpine {
        let seeds = seeds()
        let grid = WorkingGrid(
            of: volume, around: seeds.map(\.pointMM), marginsMM: SeededSegmentation.marginsMM)
        var chain = SpineChain(
            seeds: seeds, proportions: proportions(of: seeds), joined: joined, volume: grid.volume, guide: guide)
        try chain.refine(threads: threads, cancellation: cancellation) { progress(0.7 * $0) }
        let check = BodyCheck(volume: grid.volume)
        var failures = [String?](repeating: nil, count: row.members.count)
        for i in row.members.indices {
            if let view = guide.view(of: i), (view.body?.volumeML ?? 0) < VertebraView.leastML {
                failures[i] = "seen closely, there is no body of its own"
                continue
            }
            do {
                try check(
                    chain.traces[i], seed: seeds[i], isDiscSeen: isDiscSeen(besides: i),
                    isSeenClosely: guide.view(of: i) != nil)
            } catch {
                failures[i] = error.finding
            }
        }
        let rivals = chain.traces + chain.unseededNeighbours()
        var bodies = [UInt8](repeating: 0, count: grid.volume.voxels.count)
        for (i, trace) in rivals.enumerated() { grid.paint(trace.surface, number: UInt8(i + 1), into: &bodies) }
        let arches = try PosteriorElements(volume: grid.volume, guide: guide).owners(
            traces: rivals, bodies: bodies, cancellation: cancellation)
        progress(0.9)
        let assembly = VertebraAssembly(grid: grid, scan: volume.geometry, origin: .automatic)
        var shapes: [FoundVertebra.Shape?] = []
        for i in row.members.indices {
            try cancellation.check()
            guard failures[i] == nil else {
                shapes.append(nil)
                continue
            }
            let whole = assembly.vertebra(chain.traces[i], number: UInt8(i + 1), bodies: bodies, arches: arches)
            do {
                try BodyCheck.checkArch(of: whole, isSeenClosely: guide.view(of: i) != nil)
                let isCut = guide.isCut(row.members[i].centreMM, scan: volume.geometry)
                shapes.append(
                    FoundVertebra.Shape(
                        parts: whole.parts, lowerIndex: whole.lowerIndex, frame: whole.frame,
                        isWhole: whole.isWhole && !isCut))
            } catch {
                failures[i] = error.finding
                shapes.append(nil)
            }
        }
        progress(1)
        return spine(chain, shapes, failures)
    }

    private func spine(_ chain: SpineChain, _ shapes: [FoundVertebra.Shape?], _ failures: [String?]) -> FoundSpine {
        // What the scan cuts says nothing of its neighbours' size, nor does C2 with its dens.
        let volumes = zip(shapes, naming.names).map { shape, level in
            shape.flatMap { $0.isWhole && level != .C2 ? $0.volumeML(of: .body) : nil }
        }
        let vertebrae = row.members.indices.map { i in
            let quality = chain.traces[i].quality
            let review =
                failures[i].map { VertebraReview(noBody: $0) }
                ?? VertebraReview(evidence(i, chain.traces[i], shapes[i], volumes))
            return FoundVertebra(
                level: naming.names[i], levelConfidence: naming.confidences[i],
                centreMM: shapes[i]?.frame.originMM ?? row.members[i].centreMM, shape: shapes[i], quality: quality,
                review: review)
        }
        let gaps = zip(row.members.dropFirst(), vertebrae.dropFirst()).filter { $0.0.missingAbove > 0 }
        let warnings = gaps.map {
            "Above \($0.1.level.rawValue) the spine has a gap \($0.0.missingAbove + 1) steps wide: a vertebra there was not found."
        }
        return FoundSpine(
            vertebrae: vertebrae, readings: naming.readings, namingReasons: naming.reasons, warnings: warnings)
    }

    private func evidence(
        _ i: Int, _ trace: VertebraTrace, _ shape: FoundVertebra.Shape?, _ volumes: [Double?]
    ) -> VertebraReview.Evidence {
        let neighbours = [i - 1, i + 1].filter(volumes.indices.contains).compactMap { volumes[$0] }
        let bodyML = shape?.volumeML(of: .body) ?? 0
        let mean = neighbours.reduce(0, +) / Double(max(neighbours.count, 1))
        var stepRatio: Double?
        if i > 0, i + 1 < row.members.count, naming.names[i - 1] != .C2 {
            let above = length(row.members[i].centreMM - row.members[i - 1].centreMM)
            let below = length(row.members[i + 1].centreMM - row.members[i].centreMM)
            stepRatio =
                above / Double(1 + row.members[i].missingAbove) / (below / Double(1 + row.members[i + 1].missingAbove))
        }
        return VertebraReview.Evidence(
            bodyML: bodyML, volumeRatio: mean > 0 && volumes[i] != nil ? bodyML / mean : nil,
            connectedShare: shape.map(Self.connectedShare) ?? 0, sharpShare: trace.quality.sharpShare,
            agreement: guide.view(of: i)?.agreement(with: trace.surface), stepRatio: stepRatio,
            isWhole: shape?.isWhole ?? false, metalShare: shape.map(metalShare) ?? 0)
    }

    private static func connectedShare(of shape: FoundVertebra.Shape) -> Double {
        let sizes = shape.parts.maskOfAllLabels().components(.twentySix).sizes
        return Double(sizes.max() ?? 0) / Double(max(sizes.reduce(0, +), 1))
    }

    private func metalShare(of shape: FoundVertebra.Shape) -> Double {
        let (size, lower) = (shape.parts.geometry.size, shape.lowerIndex)
        var count = 0
        for z in lower.z..<lower.z + size.z {
            for y in lower.y..<lower.y + size.y {
                let row = (z * volume.geometry.size.y + y) * volume.geometry.size.x
                for x in lower.x..<lower.x + size.x where volume.voxels[row + x] > Self.metalHU { count += 1 }
            }
        }
        return Double(count) / Double(max(size.count, 1))
    }

    /// The centres as seeds. Their levels only say what size to expect; S1 is among them where the row ends at it.
    private func seeds() -> [VertebraSeed] {
        let first = firstLevelValue()
        var seeds = zip(row.members, row.positions).map { member, position in
            VertebraSeed(level: Self.level(first + position, upTo: .L5), pointMM: member.centreMM)
        }
        for i in seeds.indices {
            // The closer look's body, where there is one.
            if let body = guide.view(of: i)?.body, body.volumeML >= VertebraView.leastML {
                seeds[i].pointMM = body.centreMM
            }
        }
        if let sacrum = row.sacrumMM { seeds.append(VertebraSeed(level: .S1, pointMM: sacrum)) }
        return seeds
    }

    /// What size to expect of each: what the network calls its body, and the way to its neighbours; else its level's usual size.
    private func proportions(of seeds: [VertebraSeed]) -> [BodyProportions] {
        seeds.indices.map { i in
            let usual = BodyProportions(of: seeds[i].level)
            if let view = guide.view(of: i), let half = view.halfExtentMM(in: chainFrame(at: i)) {
                return BodyProportions(
                    halfWidthMM: half.x, halfDepthMM: half.y, pitchMM: row.pitchMM(at: i) ?? usual.pitchMM)
            }
            guard row.members.indices.contains(i) else { return usual }
            let seen = guide.bodyExtent(at: row.members[i].centreMM, cranial: row.cranial(at: i))
            // The arch and ribs hide the sides of many bodies: the axis that is seen the larger, against the usual, tells the size.
            let scale = seen.map { max($0.halfWidthMM / usual.halfWidthMM, $0.halfDepthMM / usual.halfDepthMM) } ?? 1
            return BodyProportions(
                halfWidthMM: scale * usual.halfWidthMM, halfDepthMM: scale * usual.halfDepthMM,
                pitchMM: row.pitchMM(at: i) ?? usual.pitchMM)
        }
    }

    private func chainFrame(at i: Int) -> VertebralFrame {
        VertebralFrame(centreMM: row.members[i].centreMM, cranial: row.cranial(at: i))
    }

    /// Whether each vertebra and the next share a disc; the last and S1 do.
    private var joined: [Bool] {
        row.members.dropFirst().map { $0.missingAbove == 0 } + (row.sacrumMM == nil ? [] : [true])
    }

    /// Whether the network sees a disc above or below a vertebra.
    private func isDiscSeen(besides i: Int) -> Bool {
        let centres = row.members.map(\.centreMM) + (row.sacrumMM.map { [$0] } ?? [])
        return [i - 1, i].contains {
            joined.indices.contains($0) && joined[$0]
                && guide.discBetween(centres[$0], centres[$0 + 1]) >= SacrumAnchor.leastDisc
        }
    }

    private static func level(_ value: Int, upTo last: VertebralLevel) -> VertebralLevel {
        let value = min(max(value, Int(VertebralLevel.C1.labelValue)), Int(last.labelValue))
        return VertebralLevel(labelValue: UInt16(value)) ?? last
    }

    /// The label value of position 0 that the names give, else the one whose usual pitches fit the row's best.
    private func firstLevelValue() -> Int {
        let positions = row.positions
        for (level, position) in zip(naming.names, positions) where level.isKnown {
            return Int(level.labelValue) - position
        }
        if row.sacrumMM != nil, let last = positions.last { return Int(VertebralLevel.L5.labelValue) - last }
        let highest = max(Int(VertebralLevel.L5.labelValue) - (positions.last ?? 0), 1)
        return (1...highest).min { misfit($0) < misfit($1) } ?? 1
    }

    private func misfit(_ first: Int) -> Double {
        var sum = 0.0
        for (i, position) in row.positions.enumerated() {
            guard let pitch = row.pitchMM(at: i) else { continue }
            let usual = BodyProportions(of: Self.level(first + position, upTo: .L5)).pitchMM
            sum += abs(pitch / usual - 1)
        }
        return sum
    }
}
