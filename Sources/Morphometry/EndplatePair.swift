// The two endplates as height maps over the plane of the frame, and the heights between them.
import Domain
import Imaging

/// Outer faces of the superior and inferior endplates.
struct EndplatePair {
    private let superior: SurfaceChart
    private let inferior: SurfaceChart
    private let superiorZ: [Float]
    private let inferiorZ: [Float]

    /// - Parameter surface: at the shell when `edge` is `image`, at the mask's edge otherwise.
    init(_ surface: BodySurface, edge: BodyHeights.Edge, frame: VertebralFrame, volume: Volume, blur: ScannerBlur) {
        superior = surface.superior
        inferior = surface.inferior
        func face(_ chart: SurfaceChart) -> [Float] {
            switch edge {
            case .image: outerFace(chart, frame: frame, volume: volume, blur: blur)
            case .mask: chart.points.map { Float($0.z) }
            }
        }
        superiorZ = face(superior)
        inferiorZ = face(inferior)
    }

    /// Frame z of the two outer faces above a place in the plane of the frame; nil beyond an endplate.
    func faces(x: Double, y: Double) -> (superior: Double, inferior: Double)? {
        guard let top = sample(superior, superiorZ, x, y), let bottom = sample(inferior, inferiorZ, x, y) else {
            return nil
        }
        return (top, bottom)
    }

    /// Bilinear reading of a height map; nil unless all four points are on the endplate.
    private func sample(_ chart: SurfaceChart, _ z: [Float], _ x: Double, _ y: Double) -> Double? {
        let column = (x - chart.points[0].x) / chart.pitchMM
        let row = (y - chart.points[0].y) / chart.pitchMM
        guard column >= 0, row >= 0, column < Double(chart.columns - 1), row < Double(chart.rows - 1) else {
            return nil
        }
        let c = Int(column)
        let r = Int(row)
        let i = r * chart.columns + c
        let corners = [i, i + 1, i + chart.columns, i + chart.columns + 1]
        guard corners.allSatisfy({ chart.isValid[$0] }) else { return nil }
        let fx = column - Double(c)
        let fy = row - Double(r)
        let near = Double(z[corners[0]]) * (1 - fx) + Double(z[corners[1]]) * fx
        let far = Double(z[corners[2]]) * (1 - fx) + Double(z[corners[3]]) * fx
        return near * (1 - fy) + far * fy
    }
}

/// Frame z of the outer face of the shell under each chart point: middle of the fitted layer plus half its equivalent thickness.
private func outerFace(
    _ chart: SurfaceChart, frame: VertebralFrame, volume: Volume, blur: ScannerBlur
) -> [Float] {
    let layer = CortexLayer(chart, frame: frame, volume: volume, blur: blur)
    let isFlat = chart.indices(where: { abs(chart.normals[$0].z) > 0.7 })
    guard !isFlat.isEmpty else { return chart.points.map { Float($0.z) } }
    let thickness = median(of: isFlat.map { Float(layer.equivalentThicknessMM(at: $0)) })
    var face = chart.points.map { Float($0.z) }
    for i in isFlat { face[i] += (layer.placeMM[i] + thickness / 2) / Float(chart.normals[i].z) }
    return face
}
