// The cortical shell on one chart: where it lies and how much of it there is.
import Domain
import Imaging

/// The layer model fitted on the normals of a chart. Arrays follow the chart.
struct CortexLayer {
    /// Where the middle of the shell lies along the outward normal from the chart, millimetres, smoothed.
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

    /// False where the model of a layer between two soft tissues does not hold: lung or gas outside, whose step of 1000 HU drowns the
    /// layer, or bone beside it (a rib's head, the next endplate over a thin disc, an osteophyte), which takes the layer's mass. On real
    /// thoracic bodies most false deficits lay there (docs/cortex.md).
    func liesBetweenSoftTissues(at i: Int) -> Bool {
        outsideHU[i] > Self.lungHU && outsideHU[i] < Self.boneHU && insideHU[i] < Self.boneHU
    }

    /// Below fat (−120 HU), and above dense marrow; our choices.
    private static let lungHU: Float = -150
    private static let boneHU: Float = 400

    /// HU of compact bone that turns mass into equivalent thickness (our choice; real vertebral shells are porous, so their own
    /// HU is lower and their real thickness is larger).
    static let compactBoneHU: Float = 1200

    init(_ chart: SurfaceChart, frame: VertebralFrame, volume: Volume, blur: ScannerBlur) {
        let profiles = Self.profiles(chart, frame: frame, volume: volume)
        let search = ShellSearch.fine
        let sliceNormal = volume.geometry.zAxis
        let place = search.places(chart, profiles: profiles, frame: frame, sliceNormal: sliceNormal, blur: blur)
        let bank = ModelBank(
            chart, frame: frame, sliceNormal: sliceNormal, blur: blur, placesMM: search.placesMM)
        var mass = [Float](repeating: 0, count: chart.count)
        var outside = mass
        var inside = mass
        let n = LayerModel.samplesMM.count
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
        let bank = ModelBank(
            chart, frame: frame, sliceNormal: volume.geometry.zAxis, blur: blur,
            placesMM: ShellSearch.fine.placesMM)
        let n = LayerModel.samplesMM.count
        let residuals = profiles.withUnsafeBufferPointer { samples in
            chosen.compactMap { i in
                bank.best(UnsafeBufferPointer(rebasing: samples[i * n..<(i + 1) * n]), point: i)?.residual
            }
        }
        return residuals.isEmpty ? nil : median(of: residuals)
    }

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
        fillClefts(&result, of: chart)
        return result
    }

    /// Where the inner side of a profile meets gas, marrow of the chart's median density takes the place of the gas and of what its
    /// blur darkens: the layer stands between two levels, and a cleft close under the shell is none.
    private static func fillClefts(_ profiles: inout [Float], of chart: SurfaceChart) {
        let offsets = LayerModel.samplesMM
        let inner = offsets.indices.filter { offsets[$0] < 0 }
        let starts = (0..<chart.count).filter { chart.isValid[$0] }.map { $0 * offsets.count }
        let gassy = starts.filter { start in inner.contains { profiles[start + $0] < gasHU } }
        guard !gassy.isEmpty else { return }
        let deepest = offsets.indices.filter { offsets[$0] <= deepMM }
        let marrow = median(of: starts.flatMap { start in deepest.map { profiles[start + $0] } })
        for start in gassy {
            for k in inner { profiles[start + k] = max(profiles[start + k], marrow) }
        }
    }

    /// Gas in bone, as `CleftFinder` takes it (our choice).
    private static let gasHU: Float = -200
    /// Samples this deep lie behind the shell's blur (our choice).
    private static let deepMM = -3.0
}
