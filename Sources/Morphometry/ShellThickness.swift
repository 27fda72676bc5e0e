// Equivalent thickness of the shell, normal by normal.
import Domain
import Imaging

/// Fits the thickness of a shell of known density on normals of a chart.
struct ShellThickness {
    private let chart: SurfaceChart
    private let frame: VertebralFrame
    private let volume: Volume
    private let blur: ScannerBlur
    private let layerHU: Double

    init(_ chart: SurfaceChart, frame: VertebralFrame, volume: Volume, blur: ScannerBlur, layerHU: Double) {
        self.chart = chart
        self.frame = frame
        self.volume = volume
        self.blur = blur
        self.layerHU = layerHU
    }

    /// Fits on some points, evenly taken from `points`; those where no layer stands out are left out.
    func fits(at points: [Int], atMost count: Int) -> [ThicknessModel.Fit] {
        let every = max(points.count / count, 1)
        let chosen = stride(from: 0, to: points.count, by: every).map { points[$0] }
        var sample = chart
        sample.isValid = [Bool](repeating: false, count: chart.count)
        for i in chosen { sample.isValid[i] = true }
        let profiles = CortexLayer.profiles(sample, frame: frame, volume: volume)
        let sliceNormal = volume.geometry.zAxis
        let axis: SIMD3<Double> = [dot(frame.x, sliceNormal), dot(frame.y, sliceNormal), dot(frame.z, sliceNormal)]
        let n = LayerModel.samplesMM.count
        var models: [Int: ThicknessModel] = [:]
        return profiles.withUnsafeBufferPointer { samples in
            chosen.compactMap { i in
                let tilt = Int((abs(dot(chart.normals[i], axis)) * Double(Self.classes)).rounded())
                let model =
                    models[tilt]
                    ?? ThicknessModel(
                        sigmaMM: blur.sigma(axialShare: Double(tilt) / Double(Self.classes)), layerHU: layerHU)
                models[tilt] = model
                return model.fit(UnsafeBufferPointer(rebasing: samples[i * n..<(i + 1) * n]))
            }
        }
    }

    /// The median residual of some 80 fits; nil with fewer than 20.
    func medianResidual(at points: [Int]) -> Float? {
        guard points.count >= 20 else { return nil }
        let residuals = fits(at: points, atMost: 80).map(\.residual)
        return residuals.count < 20 ? nil : median(of: residuals)
    }

    /// Classes of tilt against the slices, each with its own blur.
    private static let classes = 10
}
