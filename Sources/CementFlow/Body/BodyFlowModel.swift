// From a vertebral body to the domain that cement flows through.
import Domain
import Foundation
import Imaging

/// A body's flow domain, and which place each of its openings is.
package struct BodyFlowModel: Sendable {
    package let domain: FlowDomain
    /// One per opening of the domain.
    package let places: [Place]

    /// Where an opening lies.
    package struct Place: Sendable, Hashable {
        package var exit: FlowExit
        /// Nil for the basivertebral foramen, which lies on the midline.
        package var quadrant: BodyQuadrant?
        /// Nil with the quadrant.
        package var third: BodyThird?
        /// Its centre in the frame, mm; of intact cortex, the mean of its faces.
        package var localMM: SIMD3<Double>
        /// Nil for intact cortex.
        package var opening: ShellOpening?
        /// Position among the openings that were given; nil for intact cortex and for foramen and veins.
        package var number: Int?
    }

    /// - Parameters:
    ///   - openings: gaps; foramen and vein holes are added to them (`naturalOpenings`).
    package init(_ cells: BodyCells, parameters: BodyFlowParameters, openings: [ShellOpening]) {
        var domain = FlowDomain(grid: cells.grid)
        domain.exits = FlowExit.allCases.map(\.rawValue)
        fillBone(of: cells, parameters, into: &domain)
        var places = closeShell(of: cells, parameters, &domain)
        let natural = naturalOpenings(of: cells, parameters)
        if let foramen = natural.first(where: { $0.exit == .basivertebralForamen }) {
            openCanal(behind: foramen, of: cells, parameters, in: &domain)
        }
        for (n, opening) in (openings + natural).enumerated() {
            let faces = cells.faces(under: opening)
            guard !faces.isEmpty else { continue }
            domain.open(
                opening.passage, on: faces, exit: opening.exit.index, tissue: parameters.tissue(outside: opening.exit))
            places.append(
                Place(
                    exit: opening.exit, quadrant: opening.quadrant,
                    third: opening.quadrant == nil ? nil : cells.third(of: opening.localMM), localMM: opening.localMM,
                    opening: opening, number: n < openings.count ? n : nil))
        }
        self.domain = domain
        self.places = places
    }
}

/// Permeability by the rank of density: loose bone lets more through.
private func fillBone(of cells: BodyCells, _ parameters: BodyFlowParameters, into domain: inout FlowDomain) {
    let spread = parameters.permeabilitySpread
    for i in cells.isBone.indices where cells.isBone[i] {
        if cells.isCleft[i] {
            domain.porosity[i] = 1
            domain.permeabilityMM2[i] = parameters.permeabilityMM2 * parameters.cleftFactor
        } else {
            // The normal quantile of the rank, by the logistic curve (within 0.1 of it between 1 and 99 %).
            let rank = cells.densityRank[i]
            let quantile = log(rank / (1 - rank)) / 1.702
            domain.porosity[i] = parameters.porosity
            domain.permeabilityMM2[i] = parameters.permeabilityMM2 * exp(-spread * quantile - spread * spread / 2)
        }
    }
}

/// Intact cortex on every face, one opening for each wall, quadrant and third.
private func closeShell(
    of cells: BodyCells, _ parameters: BodyFlowParameters, _ domain: inout FlowDomain
) -> [BodyFlowModel.Place] {
    var places: [BodyFlowModel.Place] = []
    var area: [Double] = []
    var number: [BodyFlowModel.Place: Int] = [:]
    var openingOfFace: [Int] = []
    for face in cells.faces {
        let place = BodyFlowModel.Place(
            exit: FlowExit(face.wall), quadrant: BodyQuadrant(localMM: face.localMM),
            third: cells.third(of: face.localMM), localMM: .zero, opening: nil, number: nil)
        let n = number[place] ?? places.count
        if n == places.count {
            number[place] = n
            places.append(place)
            area.append(0)
            domain.openings.append(FlowDomain.Opening(exit: place.exit.index))
        }
        area[n] += face.areaMM2
        places[n].localMM += face.localMM * face.areaMM2
        openingOfFace.append(n)
    }
    for n in places.indices { places[n].localMM /= area[n] }
    let mean = cbrt(parameters.permeabilityMM2.x * parameters.permeabilityMM2.y * parameters.permeabilityMM2.z)
    let permeability = parameters.cortexPermeabilityRatio * mean
    for (face, n) in zip(cells.faces, openingOfFace) {
        domain.outlets.append(
            FlowDomain.Outlet(
                cell: face.face.cell, axis: face.face.axis, side: face.face.side,
                resistance: parameters.cortexThicknessMM / (permeability * face.areaMM2), opening: n,
                share: face.areaMM2 / area[n]))
    }
    return places
}

/// The foramen in the middle of the posterior wall, and a vein at the waist of each side.
private func naturalOpenings(of cells: BodyCells, _ parameters: BodyFlowParameters) -> [ShellOpening] {
    func nearest(_ wall: BodyWall, to target: SIMD3<Double>) -> SIMD3<Double>? {
        cells.faces.filter { $0.wall == wall }.min {
            length($0.localMM - target) < length($1.localMM - target)
        }?.localMM
    }
    let far = 1000.0
    let tubes: [(FlowExit, BodyWall, SIMD3<Double>, Double)] = [
        (.basivertebralForamen, .posterior, [0, -far, 0], parameters.foramenDiameterMM),
        (.leftSegmentalVein, .left, [far, 0, 0], parameters.veinDiameterMM),
        (.rightSegmentalVein, .right, [-far, 0, 0], parameters.veinDiameterMM),
    ]
    return tubes.compactMap { exit, wall, target, diameter in
        let middle = cells.faces.filter { $0.wall == wall && abs($0.localMM.z) <= cells.grid.cellMM }
        // Nearest to the midline of the wall rather than farthest out, so that the place does not depend on the grid.
        let across = wall == .posterior ? SIMD3(1.0, 0, 0) : SIMD3(0.0, 1, 0)
        guard diameter > 0,
            let face = middle.min(by: { abs(dot($0.localMM, across)) < abs(dot($1.localMM, across)) })?.localMM
                ?? nearest(wall, to: target)
        else { return nil }
        return ShellOpening(
            exit: exit, localMM: face,
            passage: Passage(.tube(diameterMM: diameter), thicknessMM: parameters.cortexThicknessMM))
    }
}

/// The basivertebral canal: cells on a line from the foramen forwards take on the channel's permeability.
private func openCanal(
    behind foramen: ShellOpening, of cells: BodyCells, _ parameters: BodyFlowParameters, in domain: inout FlowDomain
) {
    guard case .tube(let diameter) = foramen.passage.shape else { return }
    let depths = cells.faces.map(\.localMM.y)
    let depth = parameters.foramenDepthShare * ((depths.max() ?? 0) - (depths.min() ?? 0))
    let h = cells.grid.cellMM
    // A channel narrower than a cell fills only its part of it.
    let coverage = min(1, .pi * diameter * diameter / (4 * h * h))
    let channel = coverage * diameter * diameter / 32
    for i in cells.isBone.indices where cells.isBone[i] {
        let d = cells.frame.local(cells.grid.centre(of: i)) - foramen.localMM
        guard d.y < depth, max(abs(d.x), abs(d.z)) <= max(diameter / 2, h / 2) else { continue }
        domain.permeabilityMM2[i] += SIMD3(repeating: channel)
    }
}

extension BodyFlowParameters {
    /// What leaked cement meets.
    fileprivate func tissue(outside exit: FlowExit) -> (permeabilityMM2: Double, porosity: Double)? {
        switch exit {
        case .superiorEndplate, .inferiorEndplate: (discPermeabilityMM2, tissuePorosity)
        case .anterior, .leftLateral, .rightLateral: (softTissuePermeabilityMM2, tissuePorosity)
        case .posterior: (canalPermeabilityMM2, tissuePorosity)
        case .basivertebralForamen, .leftSegmentalVein, .rightSegmentalVein: nil
        }
    }
}

extension BodyCells {
    /// The faces that an opening lies on, with the area of it on each: its rectangle is sampled and every sample goes to the nearest
    /// face, so that the areas sum to the opening's.
    func faces(under opening: ShellOpening) -> [(face: FlowDomain.Face, areaMM2: Double)] {
        let (long, short): (Double, Double) =
            switch opening.passage.shape {
            case .fissure(let length, let width): (length, width)
            case .tube(let diameter): (diameter * Double.pi.squareRoot() / 2, diameter * Double.pi.squareRoot() / 2)
            }
        let near = faces.filter { length($0.localMM - opening.localMM) < long / 2 + 4 * grid.cellMM }
        guard
            let centre = near.min(by: { length($0.localMM - opening.localMM) < length($1.localMM - opening.localMM) })
        else { return [] }
        let n = centre.normal
        let candidates = near.filter { dot($0.normal, n) > 0.3 && abs($0.normal[$0.face.axis]) > 0.5 }
        guard !candidates.isEmpty else { return [] }
        var along = opening.direction - n * dot(opening.direction, n)
        if length(along) < 1e-3 { along = cross(n, abs(n.z) < 0.9 ? [0, 0, 1] : [1, 0, 0]) }
        along = normalised(along)
        let across = cross(n, along)
        let step = grid.cellMM / 6
        let (rows, columns) = (max(Int(long / step), 4), max(Int(short / step), 4))
        let area = opening.passage.areaMM2 / Double(rows * columns)
        var found: [(face: FlowDomain.Face, areaMM2: Double)] = []
        for row in 0..<rows {
            for column in 0..<columns {
                let u = ((Double(row) + 0.5) / Double(rows) - 0.5) * long
                let v = ((Double(column) + 0.5) / Double(columns) - 0.5) * short
                let point = opening.localMM + along * u + across * v
                var best = candidates[0]
                var least = Double.infinity
                for candidate in candidates {
                    let d = candidate.localMM - point
                    // Depth counts less than place: the sampled plane leaves a curved wall.
                    let away = dot(d, n)
                    let distance = dot(d, d) - 0.75 * away * away
                    if distance < least { (best, least) = (candidate, distance) }
                }
                found.append((best.face, area))
            }
        }
        return found
    }
}
