// The surface of a vertebral body as three charts: the side wall and the two endplates.
import Domain
import Foundation
import Imaging

/// The charted surface of one body: the mask's edge, or the middle of the shell (`movedToShell`).
struct BodySurface {
    let wall: SurfaceChart
    let superior: SurfaceChart
    let inferior: SurfaceChart

    /// Frame z from the middle of the inferior to the middle of the superior endplate: medians over the charts.
    var heightRange: ClosedRange<Double> {
        func middle(_ chart: SurfaceChart) -> Double {
            let heights = chart.indices(where: { _ in true }).map { Float(chart.points[$0].z) }
            return heights.isEmpty ? 0 : Double(median(of: heights))
        }
        let bottom = middle(inferior)
        return bottom...max(middle(superior), bottom + BodySurface.pitchMM)
    }

    /// Names the sides of the wall.
    var sides: BodySides { BodySides(around: wall.indices(where: { _ in true }).map { wall.points[$0] }) }

    init(wall: SurfaceChart, superior: SurfaceChart, inferior: SurfaceChart) {
        self.wall = wall
        self.superior = superior
        self.inferior = inferior
    }

    /// - Throws: `MorphometryError.frameOutsideBody`.
    init(_ field: BodyField, level: VertebralLevel) throws {
        guard field.holds(.zero) else { throw MorphometryError.frameOutsideBody(level: level) }
        superior = endplate(of: field, side: .superior)
        inferior = endplate(of: field, side: .inferior)
        wall = sideWall(of: field)
    }

    /// Millimetres between chart points (docs/cortex.md: 0.5 mm).
    static let pitchMM = 0.5
}

/// The endplate over the plane of the frame: columns go from right to left, rows from posterior to anterior.
private func endplate(of field: BodyField, side: SurfaceChart.Side) -> SurfaceChart {
    let pitch = BodySurface.pitchMM
    let columns = Int(((field.upperMM.x - field.lowerMM.x) / pitch).rounded(.up)) + 1
    let rows = Int(((field.upperMM.y - field.lowerMM.y) / pitch).rounded(.up)) + 1
    let sign: Double = side == .superior ? 1 : -1
    let reach = side == .superior ? field.upperMM.z : -field.lowerMM.z
    var height = [Float](repeating: 0, count: columns * rows)
    var found = [Bool](repeating: false, count: columns * rows)
    for row in 0..<rows {
        for column in 0..<columns {
            let x = field.lowerMM.x + Double(column) * pitch
            let y = field.lowerMM.y + Double(row) * pitch
            guard
                let distance = field.lastExit(from: [x, y, 0], along: [0, 0, sign], reachMM: reach)
            else { continue }
            height[row * columns + column] = Float(distance)
            found[row * columns + column] = true
        }
    }
    let smooth = ChartField(columns: columns, rows: rows, wraps: false).gaussian(
        height, where: found, sigma: Float(smoothingMM / pitch))
    var chart = SurfaceChart(
        side: side, columns: columns, rows: rows, pitchMM: pitch, wraps: false,
        points: [SIMD3<Double>](repeating: .zero, count: columns * rows),
        normals: [SIMD3<Double>](repeating: [0, 0, sign], count: columns * rows), isValid: found)
    for row in 0..<rows {
        for column in 0..<columns {
            let i = row * columns + column
            chart.points[i] = [
                field.lowerMM.x + Double(column) * pitch, field.lowerMM.y + Double(row) * pitch,
                sign * Double(smooth[i]),
            ]
        }
    }
    chart.deriveNormals()
    return chart
}

/// The side wall: columns go round the body at equal arc steps of the mid-height contour, starting at the left and
/// turning to the front; rows go from caudal to cranial.
private func sideWall(of field: BodyField) -> SurfaceChart {
    let pitch = BodySurface.pitchMM
    let angles = equalArcAngles(of: field, pitchMM: pitch)
    let columns = angles.count
    let rows = Int(((field.upperMM.z - field.lowerMM.z) / pitch).rounded(.up)) + 1
    let reach = reachInPlane(of: field)
    var radius = [Float](repeating: 0, count: columns * rows)
    var found = [Bool](repeating: false, count: columns * rows)
    for row in 0..<rows {
        let z = field.lowerMM.z + Double(row) * pitch
        for (column, angle) in angles.enumerated() {
            guard let distance = field.lastExit(from: [0, 0, z], along: angle, reachMM: reach) else { continue }
            radius[row * columns + column] = Float(distance)
            found[row * columns + column] = true
        }
    }
    let smooth = ChartField(columns: columns, rows: rows, wraps: true).gaussian(
        radius, where: found, sigma: Float(smoothingMM / pitch))
    var chart = SurfaceChart(
        side: .wall, columns: columns, rows: rows, pitchMM: pitch, wraps: true,
        points: [SIMD3<Double>](repeating: .zero, count: columns * rows),
        normals: [SIMD3<Double>](repeating: .zero, count: columns * rows), isValid: found)
    for row in 0..<rows {
        let z = field.lowerMM.z + Double(row) * pitch
        for column in 0..<columns {
            let i = row * columns + column
            chart.points[i] = angles[column] * Double(smooth[i]) + [0, 0, z]
        }
    }
    chart.deriveNormals()
    return chart
}

/// Unit vectors in the plane of the frame whose rays meet the mid-height contour at equal arc steps of about `pitchMM`.
private func equalArcAngles(of field: BodyField, pitchMM: Double) -> [SIMD3<Double>] {
    let fine = 720
    let reach = reachInPlane(of: field)
    let rays = (0..<fine).map { direction(2 * .pi * Double($0) / Double(fine)) }
    var last = 1.0
    let contour = rays.map { ray in
        last = field.lastExit(from: .zero, along: ray, reachMM: reach) ?? last
        return ray * last
    }
    var arc = [0.0]
    for i in 0..<fine { arc.append(arc[i] + length(contour[(i + 1) % fine] - contour[i])) }
    let total = arc[fine]
    let columns = max(Int((total / pitchMM).rounded()), 16)
    var segment = 0
    return (0..<columns).map { column in
        let target = total * Double(column) / Double(columns)
        while segment < fine - 1, arc[segment + 1] < target { segment += 1 }
        let step = max(arc[segment + 1] - arc[segment], .leastNonzeroMagnitude)
        return direction(2 * .pi * (Double(segment) + (target - arc[segment]) / step) / Double(fine))
    }
}

private func direction(_ angle: Double) -> SIMD3<Double> { [cos(angle), sin(angle), 0] }

private func reachInPlane(of field: BodyField) -> Double {
    let x = max(field.upperMM.x, -field.lowerMM.x)
    let y = max(field.upperMM.y, -field.lowerMM.y)
    return (x * x + y * y).squareRoot()
}

/// Gaussian smoothing of the charted mask surface (our choice: keeps endplate concavities, takes off the rest of the staircase).
private let smoothingMM = 1.0
