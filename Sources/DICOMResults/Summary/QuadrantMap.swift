// The leakage map of one vertebra as a picture: four quadrants as an axial image shows them.
import Domain

/// Draws a schematic vertebra, seen from the feet as CT images are: anterior up, the patient's right on the left.
struct QuadrantMap {
    let map: LeakageMapSection
    /// Side of the square that it fills, pixels.
    static let side = 260

    private static let outline = PageCanvas.Colour(70, 76, 92)
    private static let bone = PageCanvas.Colour(222, 218, 208)
    /// From 0 to 1.
    private static let scale: [SIMD3<Double>] = [[252, 250, 236], [254, 217, 118], [240, 90, 40], [150, 10, 30]]

    /// The quadrants' places on the page.
    private static let quadrants: [(name: String, isLeft: Bool, isAnterior: Bool)] = [
        ("AR", false, true), ("AL", true, true), ("PR", false, false), ("PL", true, false),
    ]

    func draw(on page: inout PageWriter, x: Int, y: Int) {
        let centre = SIMD2(Double(x) + Double(Self.side) / 2, Double(y) + 108)
        let values = Dictionary(map.quadrants.map { ($0.quadrant, value(of: $0)) }) { first, _ in first }
        page.shade(x: x, y: y, side: Self.side) { place in
            Self.colour(at: place - centre) { isLeft, isAnterior in
                let name = (isAnterior ? "A" : "P") + (isLeft ? "L" : "R")
                return Self.colour(values[name] ?? 0)
            }
        }
        for quadrant in Self.quadrants {
            guard let section = map.quadrants.first(where: { $0.quadrant == quadrant.name }) else { continue }
            let middle = centre + SIMD2(quadrant.isLeft ? 46 : -46, quadrant.isAnterior ? -28 : 30)
            let text =
                section.simulated.map { SummaryTable.share($0.probabilityAtPlannedVolume) } ?? "rank \(section.rank)"
            let ink: PageCanvas.Colour = value(of: section) > 0.55 ? [255, 255, 255] : PageWriter.ink
            Self.centre(quadrant.name, at: middle - [0, 10], PageWriter.bold, ink, on: &page)
            Self.centre(text, at: middle + [0, 12], PageWriter.small, ink, on: &page)
        }
        let sides = [("R", SIMD2<Double>(-122, 5)), ("L", SIMD2<Double>(122, 5)), ("anterior", SIMD2<Double>(0, -97))]
        for (text, offset) in sides {
            Self.centre(text, at: centre + offset, PageWriter.small, PageWriter.faint, on: &page)
        }
    }

    /// What is coloured, 0…1: the simulated share; for a geometric map the score beside the greatest.
    private func value(of quadrant: QuadrantSection) -> Double {
        if let simulated = quadrant.simulated { return simulated.probabilityAtPlannedVolume }
        let greatest = map.quadrants.map(\.score).max() ?? 0
        return greatest > 0 ? quadrant.score / greatest / 2 : 0
    }

    private static func centre(
        _ text: String, at place: SIMD2<Double>, _ font: StrokeFont, _ colour: PageCanvas.Colour,
        on page: inout PageWriter
    ) {
        page.put(text, x: place.x - font.width(of: text) / 2, baseline: place.y + font.capHeight / 2, font, colour)
    }

    /// The schematic: a body of 216 x 156 pixels, its canal and its arch, with lines of 3 pixels between the quadrants.
    private static func colour(
        at place: SIMD2<Double>, _ quadrant: (_ isLeft: Bool, _ isAnterior: Bool) -> PageCanvas.Colour
    ) -> PageCanvas.Colour? {
        let canal = ellipse(place - [0, 88], [34, 24])
        let body = max(ellipse(place, [108, 78]), 1.06 - ellipse(place - [0, 96], [52, 30]))
        if body <= 1 {
            let isLine = abs(place.x) < 1.5 || abs(place.y) < 1.5 || body > 0.955
            return isLine ? outline : quadrant(place.x > 0, place.y < 0)
        }
        if canal <= 1 { return canal > 0.88 ? outline : [255, 255, 255] }
        let (arch, spine) = (ellipse(place - [0, 92], [62, 42]), ellipse(place - [0, 132], [14, 20]))
        guard min(arch, spine) <= 1, place.y > 52 else { return nil }
        return arch > 0.93 && spine > 0.82 ? outline : bone
    }

    private static func ellipse(_ place: SIMD2<Double>, _ radii: SIMD2<Double>) -> Double {
        let share = place / radii
        return (share * share).sum().squareRoot()
    }

    private static func colour(_ value: Double) -> PageCanvas.Colour {
        let place = min(max(value, 0), 1) * Double(scale.count - 1)
        let index = min(Int(place), scale.count - 2)
        let mixed = scale[index] + (scale[index + 1] - scale[index]) * (place - Double(index))
        return PageCanvas.Colour(mixed.rounded(.toNearestOrEven))
    }
}
