// The network that looks at one vertebra at a time, at 1.5 mm, and says what is its own.
import Domain
import Foundation
import Imaging
import NeuralNetworks

/// A U-Net that was trained on generated anatomy (docs/segmentation.md).
///
/// Its inputs are the picture, a bell round the vertebra's own centre, and bells round the other vertebrae's centres.
package struct VertebraOutliner: Sendable {
    private let network: PlainConvUNet
    private let execution: Execution
    /// How many threads it computes on.
    var threads: Int { execution.threads }

    static let plan = UNetPlan(
        channels: 3, classes: VertebraView.Structure.allCases.count,
        stages: SpineLocator.plan.stages, decoderBlocks: 1, isNormalised: false)

    static let spacingMM = 1.5
    /// 96 mm across, 96 to the back, 72 along the body axis, and where the box's middle lies from the body's centre: those of the training.
    static let size = Index3(x: 64, y: 64, z: 48)
    static let middleMM: SIMD3<Double> = [0, 22.5, -6]
    private static let bellMM = 8.0
    private static let airHU: Float = -1_000
    /// Source voxels round the box, for the smoothing before thinning.
    private static let rim = 3
    /// A first look may move a centre this far: no further than from the rim of a body to its middle. Our choice.
    private static let greatestMoveMM = 8.0
    /// A centre is looked at until it moves less than this, millimetres, and so often at most. Our choice: steps shrink by half and more.
    private static let restMM = 1.0
    private static let mostLooks = 4

    /// - Throws: `NeuralNetworkError` where a tensor is missing or misshapen.
    package init(_ weights: Weights, _ execution: Execution) throws {
        network = try PlainConvUNet(weights, Self.plan)
        self.execution = execution
    }

    /// A view of each vertebra. The first looks mend the centres, the last, with its mirror image, is kept.
    ///
    /// - Parameters:
    ///   - centres: of the bodies, cranial to caudal.
    ///   - others: centres of what is no vertebra to be looked at, S1.
    ///   - glanced: those that are seen once, for the sake of the others.
    ///   - progress: receives the done share, 0…1.
    /// - Throws: a cancellation.
    func views(
        of volume: Volume, centres: [PointMM], others: [PointMM], glanced: Set<Int> = [], progress: (Double) -> Void
    ) throws -> [VertebraView] {
        let mended = try mended(volume, centres, others, glanced) { progress($0 / 3) }
        return try centres.indices.map { i in
            let view = try view(of: volume, mended, i, others, isAveraged: !glanced.contains(i))
            progress((1 + 2 * Double(i + 1) / Double(centres.count)) / 3)
            return view
        }
    }

    /// The centres of the bodies that are seen, looked at again where they moved: a neighbour that stood wrong draws the others along.
    private func mended(
        _ volume: Volume, _ centres: [PointMM], _ others: [PointMM], _ glanced: Set<Int>, progress: (Double) -> Void
    ) throws -> [PointMM] {
        var mended = centres
        var restless = centres.indices.filter { !glanced.contains($0) }
        for look in 0..<Self.mostLooks where !restless.isEmpty {
            let known = mended
            for i in restless {
                let body = try view(of: volume, known, i, others, isAveraged: false).body
                if let body, body.volumeML >= VertebraView.leastML,
                    length(body.centreMM - centres[i]) <= Self.greatestMoveMM
                {
                    mended[i] = body.centreMM
                }
                if look == 0 { progress(Double(i + 1) / Double(centres.count)) }
            }
            restless = restless.filter { length(mended[$0] - known[$0]) > Self.restMM }
        }
        return mended
    }

    private func view(
        of volume: Volume, _ centres: [PointMM], _ i: Int, _ others: [PointMM], isAveraged: Bool
    ) throws -> VertebraView {
        let rivals = centres.indices.filter { $0 != i }.map { centres[$0] } + others
        return try view(of: volume, round: centres[i], rivals: rivals, isAveraged: isAveraged)
    }

    /// One look, without the mirror image.
    /// - Throws: a cancellation.
    func glance(at centre: PointMM, rivals: [PointMM], in volume: Volume) throws -> VertebraView {
        try view(of: volume, round: centre, rivals: rivals, isAveraged: false)
    }

    private func view(
        of volume: Volume, round centre: PointMM, rivals: [PointMM], isAveraged: Bool
    ) throws -> VertebraView {
        let geometry = Self.geometry(round: centre)
        let inputs =
            [Self.picture(of: volume, on: geometry)]
            + [[centre], rivals].map { Self.bells(round: $0, on: geometry) }
        var likely = try probabilities(inputs)
        if isAveraged {
            let mirrored = try probabilities(inputs.map(Self.mirrored)).map(Self.mirrored)
            for c in likely.indices {
                for k in likely[c].indices { likely[c][k] = (likely[c][k] + mirrored[c][k]) / 2 }
            }
        }
        return VertebraView(geometry: geometry, probabilities: likely)
    }

    /// Patient axes; voxel centres on multiples of the spacing, so that a centre's last tenths do not move the samples.
    static func geometry(round centre: PointMM) -> Geometry {
        let extent: SIMD3<Double> = [Double(size.x - 1), Double(size.y - 1), Double(size.z - 1)]
        let first = (centre + middleMM) / spacingMM - extent / 2
        return Geometry(
            size: size, spacingMM: SIMD3(repeating: spacingMM),
            originMM: first.rounded(.toNearestOrAwayFromZero) * spacingMM)
    }

    /// The scan on the view's grid, scaled as in the training; axes that are finer are smoothed first. Straight lines between coarser voxels
    /// would blur discs of 2 mm away, a spline keeps them.
    static func picture(of scan: Volume, on geometry: Geometry) -> [Float] {
        let half: SIMD3<Double> = [Double(size.x - 1) / 2, Double(size.y - 1) / 2, Double(size.z - 1) / 2]
        let range = scan.geometry.indexRange(around: [geometry.point(at: half)], marginsMM: half * spacingMM)
        let reach = SIMD3(repeating: Double(rim))
        let box = scan.geometry.voxels(from: range.low - reach, to: range.high + reach)
        let part = scan.cropped(from: box.lower, size: box.size)
        var sigma = SIMD3<Double>.zero
        for axis in 0..<3 { sigma[axis] = max(0, 0.42 * (spacingMM / scan.geometry.spacingMM[axis] - 1)) }
        let smooth = sigma.max() > 0 ? part.smoothed(sigmaVoxels: sigma) : part
        return smooth.resampled(to: geometry, by: .cubicBSpline, outside: airHU).voxels.map {
            min(max(($0 - 100) / 300, -1.7), 4)
        }
    }

    /// The greatest of the bells round the centres at each voxel.
    private static func bells(round centres: [PointMM], on geometry: Geometry) -> [Float] {
        let size = geometry.size
        var whole = [Float](repeating: 0, count: size.count)
        for centre in centres {
            let at = geometry.index(of: centre)
            func profile(_ count: Int, _ middle: Double) -> [Float] {
                (0..<count).map { i in
                    let distance = (Double(i) - middle) * spacingMM / bellMM
                    return Float(exp(-distance * distance / 2))
                }
            }
            let (x, y, z) = (profile(size.x, at.x), profile(size.y, at.y), profile(size.z, at.z))
            var i = 0
            for c in z {
                for b in y {
                    for a in x {
                        whole[i] = max(whole[i], a * b * c)
                        i += 1
                    }
                }
            }
        }
        return whole
    }

    private static func mirrored(_ values: [Float]) -> [Float] {
        var turned = values
        for row in stride(from: 0, to: values.count, by: size.x) { turned[row..<row + size.x].reverse() }
        return turned
    }

    /// Softmax of the network's scores, by `VertebraView.Structure.rawValue`.
    private func probabilities(_ inputs: [[Float]]) throws -> [[Float]] {
        let shape = [1, inputs.count, Self.size.z, Self.size.y, Self.size.x]
        let output = try network(Tensor(shape, inputs.flatMap { $0 }), execution)
        return output.probabilities(classes: Self.plan.classes)
    }
}
