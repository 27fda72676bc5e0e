// One random phantom through the cortex mapper: what was planted, what was found, what a plain threshold finds.
import Domain
import Imaging
import Phantoms

@testable import Morphometry

/// The phantoms of a trial: one per seed, cycling through cells and textures.
struct ShellTrial {
    static let widthsMM = [0.5, 1.0, 2.0, 3.0]
    static let cells: [Cell] = [0.5, 1.0].flatMap { pixel in
        [0.6, 1.0, 1.5].map { Cell(pixelMM: pixel, sliceMM: $0) }
    }
    /// The boundary of the segmentation errs by this much, changing over 5 mm (our choice, after the spread between readers).
    static let segmentation = ErringSegmentation(boundarySDMM: 0.35, grainMM: 5)

    struct Cell: Hashable, CustomStringConvertible {
        var pixelMM: Double
        var sliceMM: Double

        var description: String { "\(pixelMM), \(sliceMM)" }
    }

    var cell: Cell
    var texture: PhantomRecipe.ShellTexture
    var recipe: PhantomRecipe

    /// Every fourth dozen of seeds is intact; the others carry two gaps of each width.
    ///
    /// - Parameters:
    ///   - cell: instead of the seed's own.
    ///   - texture: instead of the seed's own, which is plain or strong.
    init(seed: UInt64, cell: Cell? = nil, texture: PhantomRecipe.ShellTexture? = nil) {
        let cell = cell ?? Self.cells[Int(seed % 6)]
        self.texture = texture ?? (seed / 6 % 2 == 0 ? .plain : .strong)
        let isIntact = seed / 12 % 4 == 3
        recipe = .shell(
            seed: seed, pixelMM: cell.pixelMM, sliceMM: cell.sliceMM, texture: self.texture,
            gapWidthsMM: isIntact ? [] : Self.widthsMM + Self.widthsMM)
        self.cell = cell
    }

    /// What one method found on one phantom.
    struct Score {
        /// For each planted gap its width and whether it was found.
        var planted: [(widthMM: Double, wall: BodyWall, isFound: Bool)] = []
        var falseAlarms = 0
    }

    struct Outcome {
        var map: CortexMap
        var cortex: Score
        /// Highest HU on the normal below 250 and 300 HU.
        var naive: [Score]

        var readableMM2: Double { map.walls.reduce(0) { $0 + $1.analysedAreaMM2 } }
    }

    /// Nil when the recipe's vertebra is not in the scan.
    func run() throws -> Outcome? {
        let phantom = try PhantomBuilder.build(recipe)
        let level = recipe.levels[0]
        guard let truth = phantom.truth.vertebra(level),
            let vertebra = try Self.segmentation.vertebra(level, of: recipe, on: phantom.volume.geometry)
        else { return nil }
        let map = try CortexMapper.mapAnyway(
            vertebra, in: phantom.volume, ScanGrid(phantom.volume, sliceThicknessMM: nil))
        let lesions = truth.lesions.filter { $0.kind == .corticalGap }
        let naive = try NaiveThreshold(vertebra, in: phantom.volume)
        return Outcome(
            map: map, cortex: Self.score(map.gaps.map(\.centroidMM), lesions),
            naive: [250, 300].map { Self.score(naive.centroidsMM(belowHU: $0), lesions) })
    }

    /// Measured mass over the mass that the recipe puts there, for each side.
    func massRatios(_ walls: [CortexMap.WallSummary]) -> [(wall: BodyWall, ratio: Double)] {
        walls.map { summary in
            let thickness = recipe.cortexThicknessMM * (summary.wall.isEndplate ? 1.3 : 1)
            // Soft tissue outside: 60 HU.
            return (summary.wall, summary.massHUMM / (thickness * (recipe.cortexHU - (recipe.trabecularHU + 60) / 2)))
        }
    }

    /// A find counts for a gap when it lies within 1.5 mm of the open patch (our choice); one that lies at none is an alarm.
    private static func score(_ finds: [PointMM], _ lesions: [LesionTruth]) -> Score {
        var score = Score()
        for lesion in lesions {
            score.planted.append(
                (lesion.widthMM ?? 0, lesion.wall ?? .anterior, finds.contains { isAt($0, lesion) }))
        }
        score.falseAlarms = finds.filter { find in !lesions.contains { isAt(find, $0) } }.count
        return score
    }

    static func isAt(_ point: PointMM, _ lesion: LesionTruth) -> Bool {
        guard let centre = lesion.centroidLPSMM, let along = lesion.directionLPS, let width = lesion.widthMM,
            let length = lesion.lengthMM
        else { return false }
        let offset = point - centre
        let share = min(max(dot(offset, along), -length / 2), length / 2)
        return Imaging.length(offset - along * share) <= width / 2 + 1.5
    }
}

/// The plain method: connected places of the readable shell where the highest HU on the normal stays below a threshold.
struct NaiveThreshold {
    private var charts: [(chart: SurfaceChart, isReadable: [Bool], peakHU: [Float])] = []
    private let frame: VertebralFrame

    init(_ vertebra: Vertebra, in volume: Volume) throws {
        frame = vertebra.frame
        let blur = ScannerBlur(spacingMM: volume.geometry.spacingMM, sliceThicknessMM: nil)
        let surface = try BodySurface(try BodyField(vertebra), level: vertebra.level).movedToShell(
            frame: frame, volume: volume, blur: blur)
        let shell = ReadableShell(surface, vertebra: vertebra, volume: volume)
        for (chart, isReadable) in [
            (surface.wall, shell.wall), (surface.superior, shell.superior), (surface.inferior, shell.inferior),
        ] {
            let profiles = CortexLayer.profiles(chart, frame: frame, volume: volume)
            let n = LayerModel.samplesMM.count
            // Within 2 mm of the shell: beyond lies other bone.
            let near = LayerModel.samplesMM.indices.filter { abs(LayerModel.samplesMM[$0]) <= 2 }
            charts.append(
                (
                    chart, isReadable,
                    (0..<chart.count).map { i in near.reduce(-1000) { max($0, profiles[i * n + $1]) } }
                ))
        }
    }

    /// Centres of groups of at least three points, as the mapper asks for.
    func centroidsMM(belowHU threshold: Float) -> [PointMM] {
        charts.flatMap { chart, isReadable, peakHU in
            let field = ChartField(columns: chart.columns, rows: chart.rows, wraps: chart.wraps)
            return field.components((0..<chart.count).map { isReadable[$0] && peakHU[$0] < threshold })
                .filter { $0.count >= 3 }
                .map { group in
                    frame.point(group.reduce(SIMD3.zero) { $0 + chart.points[$1] } / Double(group.count))
                }
        }
    }
}
