// Where the shell lies under a chart: the layer fit's place on each normal, made smooth.
import Domain
import Imaging

/// A search for the shell along the normals of a chart.
struct ShellSearch {
    /// Candidate places of the shell's middle along the outward normal, evenly spaced, millimetres.
    let placesMM: [Double]
    /// The median takes every `medianStep`-th point of a square of `2 medianRadius + 1` points.
    let medianRadius: Int
    let medianStep: Int
    let sigmaMM: Float

    /// Finds a mask's surface that lies off the shell, bulges over gaps included: a wide range, made very smooth (our choice).
    static let rough = ShellSearch(
        placesMM: Array(stride(from: -3.0, through: 2.1, by: 0.3)), medianRadius: 8, medianStep: 2, sigmaMM: 1.5)
    /// Follows the shell closely (docs/cortex.md: ±1.2 mm, median of 9 × 9 points, 0.75 mm).
    static let fine = ShellSearch(
        placesMM: Array(stride(from: -1.2, through: 1.2, by: 0.2)), medianRadius: 4, medianStep: 1, sigmaMM: 0.75)

    /// The shell's place under each chart point, millimetres. A free fit inside a gap runs off to the nearest bright
    /// trabecula: the median and the smoothing take it back.
    func places(
        _ chart: SurfaceChart, profiles: [Float], frame: VertebralFrame, sliceNormal: SIMD3<Double>, blur: ScannerBlur
    ) -> [Float] {
        let bank = ModelBank(chart, frame: frame, sliceNormal: sliceNormal, blur: blur, placesMM: placesMM)
        var place = [Float](repeating: 0, count: chart.count)
        var found = [Bool](repeating: false, count: chart.count)
        let n = LayerModel.samplesMM.count
        profiles.withUnsafeBufferPointer { samples in
            for i in 0..<chart.count where chart.isValid[i] {
                let profile = UnsafeBufferPointer(rebasing: samples[i * n..<(i + 1) * n])
                guard let best = bank.best(profile, point: i) else { continue }
                place[i] = best.placeMM
                found[i] = true
            }
        }
        let field = ChartField(columns: chart.columns, rows: chart.rows, wraps: chart.wraps)
        place = field.median(place, where: found, radius: medianRadius, step: medianStep)
        return field.gaussian(place, where: chart.isValid, sigma: sigmaMM / Float(chart.pitchMM))
    }
}

extension BodySurface {
    /// The surface moved from the mask's edge to the middle of the shell in the image, roughly.
    func movedToShell(frame: VertebralFrame, volume: Volume, blur: ScannerBlur) -> BodySurface {
        func moved(_ chart: SurfaceChart) -> SurfaceChart {
            let places = ShellSearch.rough.places(
                chart, profiles: CortexLayer.profiles(chart, frame: frame, volume: volume), frame: frame,
                sliceNormal: volume.geometry.zAxis, blur: blur)
            return chart.shifted(byMM: places)
        }
        return BodySurface(wall: moved(wall), superior: moved(superior), inferior: moved(inferior))
    }
}

/// The layer models of a chart, one for each class of blur that its normals meet.
struct ModelBank {
    private let models: [LayerModel]
    private let modelOf: [Int]

    init(
        _ chart: SurfaceChart, frame: VertebralFrame, sliceNormal: SIMD3<Double>, blur: ScannerBlur,
        placesMM: [Double]
    ) {
        let axis: SIMD3<Double> = [dot(frame.x, sliceNormal), dot(frame.y, sliceNormal), dot(frame.z, sliceNormal)]
        let classes = Self.classes
        models = (0...classes).map {
            LayerModel(sigmaMM: blur.sigma(axialShare: Double($0) / Double(classes)), placesMM: placesMM)
        }
        modelOf = chart.normals.map { min(Int((abs(dot($0, axis)) * Double(classes)).rounded()), classes) }
    }

    /// The place with the least residual among fits whose layer is brighter than the mean of its sides; nil where none is.
    func best(_ profile: UnsafeBufferPointer<Float>, point: Int) -> (placeMM: Float, residual: Float)? {
        let model = models[modelOf[point]]
        var best: (placeMM: Float, residual: Float)?
        for place in model.placesMM.indices {
            let fit = model.fit(profile, place: place)
            guard fit.layer > (fit.outside + fit.inside) / 2, fit.residual < best?.residual ?? .infinity else {
                continue
            }
            best = (Float(model.placesMM[place]), fit.residual)
        }
        return best
    }

    /// The fit at any place: between the two candidate places around it, linearly.
    func fit(_ profile: UnsafeBufferPointer<Float>, point: Int, at place: Float) -> LayerModel.Fit {
        let model = models[modelOf[point]]
        let position = (Double(place) - model.placesMM[0]) / (model.placesMM[1] - model.placesMM[0])
        let lower = min(max(Int(position), 0), model.placesMM.count - 2)
        let share = Float(min(max(position - Double(lower), 0), 1))
        let a = model.fit(profile, place: lower)
        let b = model.fit(profile, place: lower + 1)
        return LayerModel.Fit(
            outside: a.outside + share * (b.outside - a.outside), layer: a.layer + share * (b.layer - a.layer),
            inside: a.inside + share * (b.inside - a.inside), residual: min(a.residual, b.residual))
    }

    private static let classes = 10
}
