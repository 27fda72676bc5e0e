// The charted shell of one body in its scan: surface, readable places and blur, ready for the layer fits.
import Domain
import Imaging

/// How coarse a scan is.
struct ScanGrid {
    /// The larger pixel side, and the slice thickness or spacing, whichever is larger; millimetres.
    let pixelMM: Double
    let sliceMM: Double

    var coarsestMM: Double { max(pixelMM, sliceMM) }

    init(_ volume: Volume, sliceThicknessMM: Double?) {
        let spacing = volume.geometry.spacingMM
        pixelMM = max(spacing.x, spacing.y)
        sliceMM = max(sliceThicknessMM ?? spacing.z, spacing.z)
    }
}

/// One chart with its layer fit.
struct FittedChart {
    let surface: SurfaceChart
    let layer: CortexLayer
    let isReadable: [Bool]
}

/// The three charts of one body's shell, moved to the shell in the image.
struct ChartedShell {
    struct Chart {
        let surface: SurfaceChart
        let isReadable: [Bool]
    }

    let surface: BodySurface
    let charts: [Chart]
    /// Names the sides of the wall.
    let sides: BodySides
    /// The scan's blur by thin layers, for mass and gaps.
    let blur: ScannerBlur
    /// The scan's blur by layers of any thickness, for the thickness.
    private let thicknessBlur: ScannerBlur
    private let frame: VertebralFrame
    private let volume: Volume

    /// - Throws: `MorphometryError`.
    init(_ vertebra: Vertebra, in volume: Volume, _ grid: ScanGrid) throws {
        try vertebra.requireInside(volume)
        frame = vertebra.frame
        self.volume = volume
        let nominal = ScannerBlur(spacingMM: volume.geometry.spacingMM, sliceThicknessMM: grid.sliceMM)
        surface = try BodySurface(try BodyField(vertebra), level: vertebra.level).movedToShell(
            frame: frame, volume: volume, blur: nominal)
        sides = surface.sides
        let shell = ReadableShell(surface, vertebra: vertebra, volume: volume)
        charts = [
            Chart(surface: surface.wall, isReadable: shell.wall),
            Chart(surface: surface.superior, isReadable: shell.superior),
            Chart(surface: surface.inferior, isReadable: shell.inferior),
        ]
        blur = nominal.fitted(to: surface, shell: shell, frame: frame, volume: volume)
        thicknessBlur = nominal.fittedToThickness(of: surface, shell: shell, frame: frame, volume: volume)
    }

    /// The layer fit of a chart, and where it may be read: on the chart's readable shell where soft tissue lies outside of the layer
    /// and marrow inside.
    func fitted(_ chart: Chart) -> FittedChart {
        let surface = chart.surface
        let layer = CortexLayer(surface, frame: frame, volume: volume, blur: blur)
        let isForeign = chart.isReadable.indices.map { chart.isReadable[$0] && !layer.liesBetweenSoftTissues(at: $0) }
        let field = ChartField(columns: surface.columns, rows: surface.rows, wraps: surface.wraps)
        let nearForeign = field.dilated(isForeign, radius: Self.foreignMarginMM / surface.pitchMM)
        return FittedChart(
            surface: surface, layer: layer, isReadable: zip(chart.isReadable, nearForeign).map { $0 && !$1 })
    }

    /// A margin round places that are no layer between soft tissues: the reach of the fit's smoothed place (our choice).
    private static let foreignMarginMM = 1.5

    /// The readable area of each side on a chart, mm², lung and other bone beside it included.
    func readableAreaMM2(of chart: Chart) -> [BodyWall: Double] {
        var area: [BodyWall: Double] = [:]
        for i in 0..<chart.surface.count where chart.isReadable[i] {
            area[chart.surface.wall(at: chart.surface.points[i], of: sides), default: 0] +=
                chart.surface.pitchMM * chart.surface.pitchMM
        }
        return area
    }

    /// Mass and thickness of each side of the body on a chart.
    func summaries(_ chart: FittedChart) -> [CortexMap.WallSummary] {
        let thickness = ShellThickness(
            chart.surface, frame: frame, volume: volume, blur: thicknessBlur,
            layerHU: Double(CortexLayer.compactBoneHU))
        var points: [BodyWall: [Int]] = [:]
        for i in 0..<chart.surface.count where chart.isReadable[i] {
            points[chart.surface.wall(at: chart.surface.points[i], of: sides), default: []].append(i)
        }
        return BodyWall.allCases.compactMap { wall in
            guard let indices = points[wall] else { return nil }
            let fits = thickness.fits(at: indices, atMost: Self.normalsPerWall)
            return CortexMap.WallSummary(
                wall: wall, massHUMM: Double(median(of: indices.map { chart.layer.massHUMM[$0] })),
                equivalentThicknessMM: fits.isEmpty ? 0 : Double(median(of: fits.map { Float($0.thicknessMM) })),
                analysedAreaMM2: Double(indices.count) * chart.surface.pitchMM * chart.surface.pitchMM)
        }
    }

    /// Normals of one side on which the thickness is fitted: their median then errs by a tenth of what one does.
    private static let normalsPerWall = 120
}
