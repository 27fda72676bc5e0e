// The scan's blur, read off the shell itself.
import Imaging

extension ScannerBlur {
    /// Scales the blur in plane by the wall's profiles and across slices by the endplates' profiles: the scale with the
    /// smallest median residual of the layer fit (docs/cortex.md: good to about 10 %).
    func fitted(to surface: BodySurface, shell: ReadableShell, frame: VertebralFrame, volume: Volume) -> ScannerBlur {
        let inPlane = Self.bestScale { scale in
            CortexLayer.medianResidual(
                surface.wall, where: shell.wall, frame: frame, volume: volume, blur: scaled(inPlane: scale, axial: 1))
        }
        let wall = scaled(inPlane: inPlane, axial: 1)
        let axial = Self.bestScale { scale in
            CortexLayer.medianResidual(
                surface.superior, where: shell.superior, frame: frame, volume: volume,
                blur: wall.scaled(inPlane: 1, axial: scale))
        }
        return wall.scaled(inPlane: 1, axial: axial)
    }

    /// The least of seven scales, refined by a parabola through it and its neighbours; 1 where nothing could be fitted.
    private static func bestScale(_ residual: (Double) -> Float?) -> Double {
        let step = 0.5 / 6
        let scales = (0..<7).map { 0.75 + Double($0) * step }
        let misses = scales.map { residual($0) }
        guard let best = misses.indices.min(by: { misses[$0] ?? .infinity < misses[$1] ?? .infinity }),
            let here = misses[best]
        else { return 1 }
        guard best > 0, best < 6, let before = misses[best - 1], let after = misses[best + 1] else {
            return scales[best]
        }
        let bend = Double(before - 2 * here + after)
        return bend > 0 ? scales[best] + step * Double(before - after) / (2 * bend) : scales[best]
    }
}
