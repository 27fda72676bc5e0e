// A phantom's vertebra as its truth has it, and the shell's openings as truth or as the cortex map sees them.
import Domain
import Foundation
import Imaging
import Morphometry
import Phantoms

@testable import CementFlow

/// One vertebra of a phantom, by its truth.
struct RehearsedBody {
    let vertebra: Vertebra
    let volume: Volume
    let truth: VertebraTruth
    /// Of the planted gap's long side: 0 upright (endplates: front to back), 90 across.
    private let turnDegrees: Double

    /// - Parameter boundaryErrorMM: standard deviation of the mask's error along its surface; 0 takes the true mask.
    init(_ phantom: Phantom, _ level: VertebralLevel, boundaryErrorMM: Double = 0, seed: UInt64 = 1) throws {
        guard let truth = phantom.truth.vertebra(level) else { throw NoSuchLevel() }
        self.truth = truth
        volume = phantom.volume
        turnDegrees =
            phantom.truth.recipe.lesions.compactMap { lesion -> Double? in
                if case .corticalGap(let gap) = lesion, gap.level == level { return gap.turnDegrees }
                return nil
            }.first ?? 0
        let label = level.labelValue
        let parts = zip(phantom.labels.labels, phantom.bodies.labels).map { whole, body -> UInt16 in
            if body == label { return Vertebra.Part.body.rawValue }
            return whole == label ? Vertebra.Part.posteriorElements.rawValue : 0
        }
        var map = LabelMap(geometry: phantom.labels.geometry, labels: parts)
        if boundaryErrorMM > 0 { map.shiftBody(byMM: boundaryErrorMM, seed: seed, frame: truth.frame) }
        vertebra = Vertebra(
            level: level, parts: map, lowerIndex: Index3(x: 0, y: 0, z: 0), frame: truth.frame, origin: .mask,
            isWhole: true)
    }

    struct NoSuchLevel: Error {}

    private func direction(on wall: BodyWall, at place: SIMD3<Double>) -> SIMD3<Double> {
        let normal: SIMD3<Double> = wall.isEndplate ? [0, 0, 1] : normalised([place.x, place.y, 0])
        let upright: SIMD3<Double> = wall.isEndplate ? [0, 1, 0] : [0, 0, 1]
        let turn = turnDegrees * .pi / 180
        return upright * cos(turn) + cross(normal, upright) * sin(turn)
    }

    /// The gaps that were planted, as a cortex map without error would have them.
    func trueCortex() -> CortexMap {
        let gaps = truth.lesions.filter { $0.kind == .corticalGap }.compactMap { lesion -> CorticalGap? in
            guard let centre = lesion.centroidLPSMM, let wall = lesion.wall, let width = lesion.widthMM,
                let length = lesion.lengthMM, let quadrant = lesion.quadrant, let third = lesion.third
            else { return nil }
            return CorticalGap(
                wall: wall, centroidMM: centre, localMM: vertebra.frame.local(centre),
                direction: direction(on: wall, at: vertebra.frame.local(centre)), quadrant: quadrant, third: third,
                areaMM2: width * length, widthMM: width, lengthMM: length, score: 20, deficit: 1, confidence: 1)
        }
        return CortexMap(
            gaps: gaps, suspects: [], foramina: [], walls: [], readableAreaMM2: [:],
            settings: CortexMap.Settings(
                pixelMM: 0.7, sliceMM: 1, sliceSpacingMM: 1,
                blur: ScannerBlur(spacingMM: volume.geometry.spacingMM, sliceThicknessMM: 1), noiseHU: 20,
                scoreThreshold: 6, deficitThreshold: 0.5, smallestClaimedWidthMM: 1))
    }
}

extension LabelMap {
    /// Moves the body's surface in and out by a smooth random field over directions.
    fileprivate mutating func shiftBody(byMM deviation: Double, seed: UInt64, frame: VertebralFrame) {
        var random = RehearsalGenerator(seed: seed, run: 77)
        let shift = SurfaceShift(standardDeviationMM: deviation) { random.normal() }
        let body = mask(of: Vertebra.Part.body.rawValue)
        let inside = body.depthMM()
        let outside = body.distanceMM()
        for i in labels.indices where abs(inside.voxels[i]) < 4 && outside.voxels[i] < 4 {
            let x = i % geometry.size.x
            let y = i / geometry.size.x % geometry.size.y
            let z = i / (geometry.size.x * geometry.size.y)
            let direction = normalised(frame.local(geometry.point(at: Index3(x: x, y: y, z: z))))
            let depth = Double(body.voxels[i] ? inside.voxels[i] : -outside.voxels[i])
            let isIn = depth + shift.outwardsMM(direction) > 0
            if isIn { labels[i] = Vertebra.Part.body.rawValue }
            if !isIn, labels[i] == Vertebra.Part.body.rawValue { labels[i] = 0 }
        }
    }
}
