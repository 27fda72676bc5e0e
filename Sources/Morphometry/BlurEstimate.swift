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

    /// The same with a layer as thick as it fits best: for shells thicker than the blur, on which a thin layer answers with too wide
    /// a blur. Leans on the shell's assumed HU.
    func fittedToThickness(
        of surface: BodySurface, shell: ReadableShell, frame: VertebralFrame, volume: Volume
    ) -> ScannerBlur {
        func residual(_ chart: SurfaceChart, _ isReadable: [Bool], _ blur: ScannerBlur) -> Float? {
            ShellThickness(
                chart, frame: frame, volume: volume, blur: blur, layerHU: Double(CortexLayer.compactBoneHU)
            ).medianResidual(at: isReadable.indices.filter { isReadable[$0] })
        }
        let inPlane = Self.bestScale { residual(surface.wall, shell.wall, scaled(inPlane: $0, axial: 1)) }
        let wall = scaled(inPlane: inPlane, axial: 1)
        let axial = Self.bestScale { scale in
            let both = [(surface.superior, shell.superior), (surface.inferior, shell.inferior)].compactMap {
                residual($0, $1, wall.scaled(inPlane: 1, axial: scale))
            }
            return both.isEmpty ? nil : both.reduce(0, +) / Float(both.count)
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
