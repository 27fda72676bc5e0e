// The cortical shell on one chart: where it lies and how much of it there is.
import Domain
import Imaging

/// The layer model fitted on the normals of a chart. Arrays follow the chart.
struct CortexLayer {
    /// Where the middle of the shell lies along the outward normal from the charted mask surface, millimetres, smoothed.
    let placeMM: [Float]
    /// How much the shell stands out, HU times millimetres; cortical mass per area.
    let massHUMM: [Float]
    /// Fitted tissue on the two sides, HU.
    let outsideHU: [Float]
    let insideHU: [Float]

    /// Thickness of a shell of compact bone with the same mass, millimetres.
    func equivalentThicknessMM(at i: Int) -> Double {
        let contrast = Double(Self.compactBoneHU) - Double(outsideHU[i] + insideHU[i]) / 2
        return max(Double(massHUMM[i]) / contrast, 0)
    }

    /// HU of compact bone that turns mass into equivalent thickness (our choice; real vertebral shells are porous, so their own
    /// HU is lower and their real thickness is larger).
    static let compactBoneHU: Float = 1200

    init(_ chart: SurfaceChart, frame: VertebralFrame, volume: Volume, blur: ScannerBlur) {
        let profiles = Self.profiles(chart, frame: frame, volume: volume)
        let bank = ModelBank(chart, frame: frame, sliceNormal: volume.geometry.zAxis, blur: blur)
        let field = ChartField(columns: chart.columns, rows: chart.rows, wraps: chart.wraps)
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
        // A free fit inside a gap runs off to the nearest bright trabecula: the place is smoothed before the mass is read.
        place = field.median(place, where: found, radius: Self.medianRadius)
        place = field.gaussian(place, where: chart.isValid, sigma: Self.placeSigmaMM / Float(chart.pitchMM))
        var mass = [Float](repeating: 0, count: chart.count)
        var outside = mass
        var inside = mass
        profiles.withUnsafeBufferPointer { samples in
            for i in 0..<chart.count where chart.isValid[i] {
                let profile = UnsafeBufferPointer(rebasing: samples[i * n..<(i + 1) * n])
                let fit = bank.fit(profile, point: i, at: place[i])
                mass[i] = fit.massHUMM
                outside[i] = fit.outside
                inside[i] = fit.inside
            }
        }
        placeMM = place
        massHUMM = mass
        outsideHU = outside
        insideHU = inside
    }

    /// The median over about 80 readable normals of the least residual of the layer fit; nil with fewer than 20.
    static func medianResidual(
        _ chart: SurfaceChart, where isReadable: [Bool], frame: VertebralFrame, volume: Volume, blur: ScannerBlur
    ) -> Float? {
        let readable = isReadable.indices.filter { isReadable[$0] }
        guard readable.count >= 20 else { return nil }
        var sample = chart
        sample.isValid = [Bool](repeating: false, count: chart.count)
        let chosen = stride(from: 0, to: readable.count, by: max(readable.count / 80, 1)).map { readable[$0] }
        for i in chosen { sample.isValid[i] = true }
        let profiles = Self.profiles(sample, frame: frame, volume: volume)
        let bank = ModelBank(chart, frame: frame, sliceNormal: volume.geometry.zAxis, blur: blur)
        let n = LayerModel.samplesMM.count
        let residuals = profiles.withUnsafeBufferPointer { samples in
            chosen.compactMap { i in
                bank.best(UnsafeBufferPointer(rebasing: samples[i * n..<(i + 1) * n]), point: i)?.residual
            }
        }
        return residuals.isEmpty ? nil : median(of: residuals)
    }

    /// 9 × 9 points and 0.75 mm (flow-and-cortex prototype).
    private static let medianRadius = 4
    private static let placeSigmaMM: Float = 0.75

    /// HU on the normals, `LayerModel.samplesMM` after one another for each chart point.
    static func profiles(_ chart: SurfaceChart, frame: VertebralFrame, volume: Volume) -> [Float] {
        let offsets = LayerModel.samplesMM
        var result = [Float](repeating: 0, count: chart.count * offsets.count)
        let geometry = volume.geometry
        for i in 0..<chart.count where chart.isValid[i] {
            let start = frame.point(chart.points[i])
            let end = frame.point(chart.points[i] + chart.normals[i])
            let index = geometry.index(of: start)
            let step = geometry.index(of: end) - index
            for (k, offset) in offsets.enumerated() {
                result[i * offsets.count + k] = volume.value(atIndex: index + step * offset)
            }
        }
        return result
    }
}

/// The layer models of a chart, one for each class of blur that its normals meet.
private struct ModelBank {
    private let models: [LayerModel]
    private let modelOf: [Int]

    init(_ chart: SurfaceChart, frame: VertebralFrame, sliceNormal: SIMD3<Double>, blur: ScannerBlur) {
        let axis = SIMD3<Double>([
            dot(frame.x, sliceNormal), dot(frame.y, sliceNormal), dot(frame.z, sliceNormal),
        ])
        let classes = Self.classes
        models = (0...classes).map {
            LayerModel(sigmaMM: blur.sigma(axialShare: Double($0) / Double(classes)), placesMM: Self.placesMM)
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
        let position = (Double(place) - model.placesMM[0]) / Self.placeStepMM
        let lower = min(max(Int(position), 0), model.placesMM.count - 2)
        let share = Float(min(max(position - Double(lower), 0), 1))
        let a = model.fit(profile, place: lower)
        let b = model.fit(profile, place: lower + 1)
        return LayerModel.Fit(
            outside: a.outside + share * (b.outside - a.outside), layer: a.layer + share * (b.layer - a.layer),
            inside: a.inside + share * (b.inside - a.inside), residual: min(a.residual, b.residual))
    }

    private static let classes = 10
    private static let placeStepMM = 0.2
    /// The shell is looked for within 1.6 mm of the mask's surface (our choice: four standard deviations of its error).
    private static let placesMM: [Double] = Array(stride(from: -1.6, through: 1.6, by: placeStepMM))
}
