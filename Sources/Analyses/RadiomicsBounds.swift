// How much a parameter file may ask of a service that others use too.
import Domain
import Radiomics

/// Bounds on settings whose cost has no other; all are our choice, far above what papers use.
enum RadiomicsBounds {
    /// Voxels of 0.2 mm: a vertebral body then has some five million.
    private static let leastSpacingMM = 0.2
    private static let mostBorderVoxels = 64
    private static let mostImages = 40
    private static let largestDistance = 4
    private static let mostWaveletLevels = 4
    private static let mostHarmonics = 8
    private static let mostSubdivisions = 4
    private static let largestRadiusVoxels = 16.0

    /// Bytes of a parameter file; PyRadiomics' own examples have six thousand at most.
    private static let mostBytes = 64 * 1024
    /// Characters that may open a list or a mapping. Reading takes stack for each level, and this many levels fit.
    private static let mostOpenings = 250

    /// Why a text is not even read: what it holds could cost without bound. nil where it is harmless.
    static func flaw(ofText text: String) -> FaultRecord? {
        if text.utf8.count > mostBytes {
            return flaw(nil, "the text has \(text.utf8.count) bytes", "at most \(mostBytes)")
        }
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.drop(while: \.isWhitespace).hasPrefix("#") }
        if lines.contains(where: { $0.contains("*") }) {
            return flaw(nil, "the text refers to an anchor with '*'", "written out")
        }
        let openings = lines.reduce(0) { $0 + $1.utf8.count { "[{-?:".utf8.contains($0) } }
        if openings > mostOpenings {
            return flaw(nil, "the text has \(openings) of the characters [ { - ? :", "at most \(mostOpenings)")
        }
        return nil
    }

    /// The first setting that asks for too much; nil where none does.
    static func flaw(of configuration: RadiomicsConfiguration) -> FaultRecord? {
        switch configuration.mode {
        case .pyRadiomics(let settings): flaw(of: settings)
        case .ibsi(let settings):
            settings.filter != nil
                ? flaw("filter", "given, which takes the whole scan", "left out")
                : flaw(ofSpacing: settings.spacingMM, "spacingMM")
        }
    }

    private static func flaw(ofSpacing spacing: SIMD3<Double>?, _ path: String) -> FaultRecord? {
        let sides = spacing.map { [$0.x, $0.y, $0.z] } ?? []
        return sides.first { $0 > 0 && $0 < leastSpacingMM }.flatMap {
            flaw(path, "\($0) mm", "\(leastSpacingMM) mm or more")
        }
    }

    private static func flaw(of settings: RadiomicsSettings) -> FaultRecord? {
        if let flaw = flaw(ofSpacing: settings.resampledSpacingMM, "setting.resampledPixelSpacing") { return flaw }
        if settings.padDistance > mostBorderVoxels {
            return flaw("setting.padDistance", "\(settings.padDistance)", "at most \(mostBorderVoxels)")
        }
        let count = settings.images.reduce(0) { $0 + images(of: $1) }
        if count > mostImages { return flaw("imageType", "\(count) images", "at most \(mostImages)") }
        return settings.images.lazy.compactMap { flaw(of: $0) }.first
    }

    private static func flaw(of image: ImageSettings) -> FaultRecord? {
        let filter = image.filter
        if image.texture.distances.count > largestDistance {
            return flaw(
                "setting.distances", "\(image.texture.distances.count) distances",
                "at most \(largestDistance) distances")
        }
        if let distance = image.texture.distances.first(where: { $0 > largestDistance }) {
            return flaw("setting.distances", "\(distance)", "distances of at most \(largestDistance) voxels")
        }
        switch image.type {
        case .wavelet where filter.waveletStartLevel + filter.waveletLevels > mostWaveletLevels:
            return flaw(
                "imageType.Wavelet.level", "\(filter.waveletStartLevel + filter.waveletLevels) with start_level",
                "at most \(mostWaveletLevels) with start_level")
        case .localBinaryPattern2D where filter.lbp2DRadius > largestRadiusVoxels:
            return flaw(
                "imageType.LBP2D.lbp2DRadius", "\(filter.lbp2DRadius)", "at most \(largestRadiusVoxels) voxels")
        case .localBinaryPattern3D where filter.lbp3DLevels > mostHarmonics:
            return flaw("imageType.LBP3D.lbp3DLevels", "\(filter.lbp3DLevels)", "at most \(mostHarmonics)")
        case .localBinaryPattern3D where filter.lbp3DIcosphereSubdivision > mostSubdivisions:
            return flaw(
                "imageType.LBP3D.lbp3DIcosphereSubdivision", "\(filter.lbp3DIcosphereSubdivision)",
                "at most \(mostSubdivisions)")
        case .localBinaryPattern3D where filter.lbp3DIcosphereRadius > largestRadiusVoxels:
            return flaw(
                "imageType.LBP3D.lbp3DIcosphereRadius", "\(filter.lbp3DIcosphereRadius)",
                "at most \(largestRadiusVoxels) voxels")
        default: return nil
        }
    }

    /// How many images an image type gives.
    private static func images(of image: ImageSettings) -> Int {
        switch image.type {
        case .laplacianOfGaussian: image.filter.sigmaMM.count
        // Seven bands a level and one more, if the levels are few enough to be computed at all.
        case .wavelet: 7 * min(image.filter.waveletLevels, mostWaveletLevels) + 1
        case .localBinaryPattern3D: 2 + min(image.filter.lbp3DLevels, mostHarmonics)
        default: 1
        }
    }

    private static func flaw(_ path: String?, _ found: String, _ needed: String) -> FaultRecord {
        let what = path.map { "\($0) is \(found)" } ?? found
        return FaultRecord(
            code: .parameterInvalid,
            detail: "parameters.\(RadiomicsRequest.setting): \(what); it must be \(needed).",
            fix: "Ask for less, or compute it with 'osteon radiomics' on your own machine.", subject: path)
    }
}
