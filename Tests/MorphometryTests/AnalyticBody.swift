// A vertebral body whose every measure is known by hand: an elliptic cylinder with a thin blurred shell.
import Domain
import Foundation
import Imaging

/// An elliptic cylinder, 40 mm wide and 32 mm deep, whose upper endplate may slope from back to front.
struct AnalyticBody {
    var halfWidthMM = 20.0
    var halfDepthMM = 16.0
    /// Height on the axis.
    var heightMM = 26.0
    /// Fall of the upper endplate per millimetre forwards.
    var wedgeSlope = 0.0
    /// How far the posterior wall is pushed back at the frame's origin height, falling off within some 6 mm.
    var bulgeMM = 0.0
    var shellMM = 0.5
    var shellHU = 1200.0
    var insideHU = 140.0
    var outsideHU = 40.0
    var blurSigmaMM = 0.5
    var spacingMM: SIMD3<Double> = [1, 1, 1]
    /// The frame; turned against the grid so that nothing lies on voxel borders by chance.
    var frame: VertebralFrame = {
        let z = normalised([0.03, -0.12, 1])
        let y = normalised(cross(z, normalised(cross([0, -1, 0], z))))
        return VertebralFrame(originMM: [1.3, -2.2, 0.7], x: cross(y, z), y: y, z: z)
    }()
    /// A hole in the shell: true for frame points whose shell is gone.
    var hole: (@Sendable (SIMD3<Double>) -> Bool)?

    /// Signed distance to the nearest face, millimetres, negative inside (the ellipse's to first order).
    func distance(_ place: SIMD3<Double>) -> Double {
        var p = place
        if bulgeMM > 0, p.y < 0 { p.y += bulgeMM * exp(-(p.x * p.x + p.z * p.z) / 36) }
        let u = SIMD2(p.x / halfWidthMM, p.y / halfDepthMM)
        let r = (u.x * u.x + u.y * u.y).squareRoot()
        let gradient = SIMD2(u.x / halfWidthMM, u.y / halfDepthMM)
        let steepness = (gradient.x * gradient.x + gradient.y * gradient.y).squareRoot()
        let side = r > 0.01 ? (r - 1) * r / steepness : -halfDepthMM
        let top = (p.z - heightMM / 2 + wedgeSlope * p.y) / (1 + wedgeSlope * wedgeSlope).squareRoot()
        return max(side, top, -heightMM / 2 - p.z)
    }

    func heightMM(atDepthShare share: Double) -> Double { heightMM - wedgeSlope * (2 * share - 1) * halfDepthMM }

    /// Volume of the cylinder, mL: a slope takes away in front what it adds behind.
    var volumeML: Double { .pi * halfWidthMM * halfDepthMM * heightMM / 1000 }

    private func hounsfield(_ p: SIMD3<Double>) -> Double {
        profileHU(distanceMM: distance(p), isHole: hole?(p) == true)
    }

    /// The blurred value at a signed distance from the outer face.
    func profileHU(distanceMM d: Double, isHole: Bool = false) -> Double {
        func below(_ edge: Double) -> Double { 0.5 * erfc((d - edge) / (blurSigmaMM * 2.0.squareRoot())) }
        let inner = below(-shellMM)
        let outer = below(0)
        let shell = isHole ? (insideHU + outsideHU) / 2 : shellHU
        return insideHU * inner + shell * (outer - inner) + outsideHU * (1 - outer)
    }

    /// The scan, and the body marked by the voxel-centre rule.
    func scanned(as level: VertebralLevel = .L2) -> (volume: Volume, vertebra: Vertebra) {
        let size = Index3(
            x: Int(64 / spacingMM.x), y: Int(56 / spacingMM.y), z: Int((heightMM + 26) / spacingMM.z))
        let geometry = Geometry(
            size: size, spacingMM: spacingMM,
            originMM: SIMD3(Double(size.x), Double(size.y), Double(size.z)) * spacingMM * -0.5 + frame.originMM)
        var volume = Volume(geometry: geometry, filledWith: 0)
        var parts = LabelMap(geometry: geometry)
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x {
                    let local = frame.local(geometry.point(at: Index3(x: x, y: y, z: z)))
                    volume[x, y, z] = Float(hounsfield(local))
                    if distance(local) < 0 { parts[x, y, z] = Vertebra.Part.body.rawValue }
                }
            }
        }
        let vertebra = Vertebra(
            level: level, parts: parts, lowerIndex: Index3(x: 0, y: 0, z: 0), frame: frame, origin: .mask, isWhole: true
        )
        return (volume, vertebra)
    }
}
