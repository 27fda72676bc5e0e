// Gives the vertebrae of a row their names, or says why it cannot.
import Domain

/// The names of a row and how they came about.
package struct LevelNaming: Sendable, Equatable {
    /// For each vertebra of the row. Unknown ones are counted from the head, those that seem to be missing among them too, so that
    /// neighbours in number are neighbours in the spine.
    package var names: [VertebralLevel]
    /// How sure each name is, 0…1; 0 where there is none. Not a measured probability: which anchors agreed (our choice).
    package var confidences: [Double]
    /// What each anchor said; at most one reading each.
    package var readings: [LevelReading]
    /// Why vertebrae have no name, or what speaks against the names; for the report.
    package var reasons: [String]

    private static let confidenceOfRequest = 1.0
    private static let confidenceOfAgreement = 0.95
    private static let confidenceOfSacrum = 0.8
    private static let confidenceOfRibs = 0.7
    private static let confidenceOfDens = 0.8
    /// Widths of bodies against the usual ones of the levels that they would be: beyond these an anchor was misread. Our choice: the neck's
    /// bodies are 0.45 times as wide as lumbar ones, small and tall adults differ by a quarter from the mean.
    private static let plausibleWidths = 0.55...1.7
    /// The levels that a row can hold; S1 is the sacrum.
    private static let levels = Int(VertebralLevel.C1.labelValue)...Int(VertebralLevel.L5.labelValue)

    /// - Parameters:
    ///   - positions: of the row's vertebrae, rising; a jump is a gap in which a vertebra was not found.
    ///   - readings: what the anchors say, at most one of each.
    ///   - silences: why the others say nothing.
    ///   - isCounted: whether the way from each vertebra to the next is long enough to see a vertebra on it; all by default.
    ///   - halfWidthsMM: of the bodies, where they are known; they can speak against a name, never for one.
    init(
        positions: [Int], readings: [LevelReading], silences: [String], isCounted: [Bool] = [],
        halfWidthsMM: [Double?] = []
    ) {
        self.readings = readings
        reasons = []
        let request = readings.first { $0.anchor == .request }
        let seen = readings.filter { $0.anchor != .request }
        let offsets = Set(seen.map(\.offset))
        var chosen: LevelReading?
        var confidence = 0.0
        if let request {
            chosen = request
            confidence = Self.confidenceOfRequest
            for reading in seen where reading.offset != request.offset {
                reasons.append("\(Self.told(reading)), against the request: \(Self.told(request)).")
            }
        } else if offsets.count > 1 {
            reasons.append(
                "The anchors disagree: \(seen.map(Self.told).joined(separator: "; ")). A transitional vertebra, a missing or "
                    + "extra rib, or a vertebra that was overlooked can do this.")
        } else if let first = seen.first {
            chosen = first
            confidence = seen.count > 1 ? Self.confidenceOfAgreement : Self.confidence(of: first.anchor)
        } else {
            reasons += silences
        }
        if let offset = chosen?.offset,
            let wrong = positions.first(where: { !Self.levels.contains($0 + offset) }), let reading = chosen
        {
            reasons.append(
                "\(Self.told(reading)), but then the row of \(positions.count) vertebrae would reach beyond "
                    + (wrong + offset < Self.levels.lowerBound ? "C1." : "L5."))
            chosen = nil
        }
        if let reading = chosen, reading.anchor != .request,
            let ratio = Self.widthRatio(halfWidthsMM, positions, offset: reading.offset),
            !Self.plausibleWidths.contains(ratio)
        {
            reasons.append(
                "\(Self.told(reading)), but then the bodies would be \(figure(ratio)) times as wide as is usual there.")
            chosen = nil
        }
        let reachable = chosen.map { Self.reachable(from: $0.position, in: positions, isCounted) }
        if let reachable, reachable.contains(false) {
            reasons.append(
                "Names are not carried across a gap in which a vertebra seems to be missing"
                    + (isCounted.contains(false)
                        ? ", nor across fewer than three slices, where one can be overlooked." : "."))
        }
        var unnamed = 0
        names = []
        confidences = []
        for (i, position) in positions.enumerated() {
            if let chosen, reachable?[i] == true, let level = Self.level(position + chosen.offset) {
                names.append(level)
                confidences.append(confidence)
            } else {
                unnamed += unnamed == 0 ? 1 : position - positions[i - 1]
                names.append(.unknown(unnamed))
                confidences.append(0)
            }
        }
    }

    /// The same names from the second vertebra on.
    var withoutFirst: LevelNaming {
        var rest = self
        rest.names.removeFirst()
        rest.confidences.removeFirst()
        return rest
    }

    private static func level(_ value: Int) -> VertebralLevel? { VertebralLevel(labelValue: UInt16(clamping: value)) }

    /// The median of the widths against the usual ones.
    private static func widthRatio(_ halfWidthsMM: [Double?], _ positions: [Int], offset: Int) -> Double? {
        var ratios = zip(halfWidthsMM, positions).compactMap { width, position -> Double? in
            guard let width, let level = level(position + offset) else { return nil }
            return width / BodyProportions(of: level).halfWidthMM
        }
        return ratios.isEmpty ? nil : median(&ratios)
    }

    private static func confidence(of anchor: LevelReading.Anchor) -> Double {
        switch anchor {
        case .request: confidenceOfRequest
        case .sacrum: confidenceOfSacrum
        case .ribs: confidenceOfRibs
        case .dens: confidenceOfDens
        }
    }

    private static func told(_ reading: LevelReading) -> String {
        "\(reading.finding), which makes it \(reading.level.rawValue)"
    }

    /// Which vertebrae hang together with a position, without a gap between, and without a step in which one can be overlooked.
    private static func reachable(from anchor: Int, in positions: [Int], _ isCounted: [Bool]) -> [Bool] {
        positions.map { position in
            let (first, last) = (min(position, anchor), max(position, anchor))
            return (first...last).allSatisfy { place in
                guard let i = positions.firstIndex(of: place) else { return place == anchor }
                return place == last || !isCounted.indices.contains(i) || isCounted[i]
            }
        }
    }
}
