// Every key under `setting`: its type, its range, and where its value goes.
import Imaging

/// A key of a parameter file (PyRadiomics 3.0.1, "Customizing the Extraction").
struct ParameterKey: Sendable {
    typealias Read =
        @Sendable (ParameterNode, inout RadiomicsSettings, inout ImageSettings) throws(ParameterFlaw) -> Void

    let name: String
    /// Whether `null` is a value; otherwise it is refused.
    let allowsNull: Bool
    let read: Read

    init(_ name: String, allowsNull: Bool = false, _ read: @escaping Read) {
        self.name = name
        self.allowsNull = allowsNull
        self.read = read
    }

    /// Applies a section of keys.
    static func apply(
        _ section: ParameterNode, to settings: inout RadiomicsSettings, and image: inout ImageSettings
    ) throws(ParameterFlaw) {
        for (name, value) in try section.entries(known: all.map(\.name)) {
            guard let key = all.first(where: { $0.name == name }) else { continue }
            guard key.allowsNull || !value.isNull else { throw .null(path: value.path) }
            try key.read(value, &settings, &image)
        }
    }

    static let all = extraction + region + texture + filters + withoutEffect

    /// Largest whole number of a key without an upper bound (our choice).
    private static let large = Int(Int32.max)

    private static let extraction: [ParameterKey] = [
        ParameterKey("normalize", allowsNull: true) { value, settings, _ throws(ParameterFlaw) in
            settings.normalize = try value.flag()
        },
        ParameterKey("normalizeScale") { value, settings, _ throws(ParameterFlaw) in
            settings.normalizeScale = try value.number(above: 0)
        },
        ParameterKey("removeOutliers", allowsNull: true) { value, settings, _ throws(ParameterFlaw) in
            settings.removeOutliers = value.isNull ? nil : try value.number(above: 0)
        },
        ParameterKey("resampledPixelSpacing", allowsNull: true) { value, settings, _ throws(ParameterFlaw) in
            settings.resampledSpacingMM = value.isNull ? nil : try spacing(value)
        },
        ParameterKey("interpolator", allowsNull: true) { value, settings, _ throws(ParameterFlaw) in
            settings.interpolator = value.isNull ? nil : try interpolator(value)
        },
        ParameterKey("padDistance") { value, settings, _ throws(ParameterFlaw) in
            settings.padDistance = try value.wholeNumber(0...large)
        },
        ParameterKey("preCrop", allowsNull: true) { value, settings, _ throws(ParameterFlaw) in
            settings.preCrop = try value.flag()
        },
        ParameterKey("additionalInfo", allowsNull: true) { value, settings, _ throws(ParameterFlaw) in
            settings.additionalInfo = try value.flag()
        },
    ]

    private static let region: [ParameterKey] = [
        ParameterKey("label") { value, settings, _ throws(ParameterFlaw) in
            settings.label = try value.wholeNumber(1...large)
        },
        ParameterKey("correctMask", allowsNull: true) { value, settings, _ throws(ParameterFlaw) in
            settings.correctMask = try value.flag()
        },
        ParameterKey("geometryTolerance", allowsNull: true) { value, settings, _ throws(ParameterFlaw) in
            settings.geometryTolerance = value.isNull ? nil : try value.number(above: 0)
        },
        ParameterKey("minimumROIDimensions") { value, settings, _ throws(ParameterFlaw) in
            settings.minimumROIDimensions = try value.wholeNumber(1...3)
        },
        ParameterKey("minimumROISize", allowsNull: true) { value, settings, _ throws(ParameterFlaw) in
            settings.minimumROISize = value.isNull ? nil : try value.wholeNumber(1...large)
        },
        ParameterKey("resegmentRange", allowsNull: true) { value, settings, _ throws(ParameterFlaw) in
            settings.resegmentRange = value.isNull ? nil : try thresholds(value)
        },
        ParameterKey("resegmentMode") { value, settings, _ throws(ParameterFlaw) in
            let mode = try value.choice(RadiomicsSettings.ResegmentMode.allCases.map(\.rawValue))
            settings.resegmentMode = .init(rawValue: mode) ?? .absolute
        },
        ParameterKey("resegmentShape", allowsNull: true) { value, settings, _ throws(ParameterFlaw) in
            settings.resegmentShape = try value.flag()
        },
    ]

    private static let texture: [ParameterKey] = [
        ParameterKey("binWidth") { value, _, image throws(ParameterFlaw) in
            image.texture.binWidth = try value.number(above: 0)
        },
        ParameterKey("binCount", allowsNull: true) { value, _, image throws(ParameterFlaw) in
            image.texture.binCount = value.isNull ? nil : try value.wholeNumber(1...large)
        },
        ParameterKey("voxelArrayShift") { value, _, image throws(ParameterFlaw) in
            image.texture.voxelArrayShift = try value.wholeNumber(-large...large)
        },
        ParameterKey("distances") { value, _, image throws(ParameterFlaw) in
            let distances = try value.list().map { item throws(ParameterFlaw) in try item.wholeNumber(1...large) }
            guard !distances.isEmpty else {
                throw .value(path: value.path, found: "empty", needed: "a list, such as [1]")
            }
            image.texture.distances = distances
        },
        ParameterKey("symmetricalGLCM", allowsNull: true) { value, _, image throws(ParameterFlaw) in
            image.texture.symmetricalGLCM = try value.flag()
        },
        ParameterKey("weightingNorm", allowsNull: true) { value, _, image throws(ParameterFlaw) in
            image.texture.weightingNorm =
                value.isNull
                ? nil : .init(rawValue: try value.choice(TextureSettings.WeightingNorm.allCases.map(\.rawValue)))
        },
        ParameterKey("gldm_a") { value, _, image throws(ParameterFlaw) in
            image.texture.gldmA = try value.wholeNumber(0...large)
        },
        ParameterKey("force2D", allowsNull: true) { value, _, image throws(ParameterFlaw) in
            image.texture.force2D = try value.flag()
        },
        ParameterKey("force2Ddimension") { value, _, image throws(ParameterFlaw) in
            image.texture.force2DDimension = try value.wholeNumber(0...2)
        },
    ]

    private static let filters: [ParameterKey] = [
        ParameterKey("sigma") { value, _, image throws(ParameterFlaw) in
            let widths = try value.list()
            image.filter.sigmaMM = try widths.map { item throws(ParameterFlaw) in try item.number(above: 0) }
            image.filter.wholeSigmaMM = Set(zip(widths, image.filter.sigmaMM).filter { $0.0.isWholeNumber }.map(\.1))
        },
        ParameterKey("wavelet") { value, _, image throws(ParameterFlaw) in
            image.filter.wavelet = try value.choice(WaveletBank.names)
        },
        ParameterKey("start_level") { value, _, image throws(ParameterFlaw) in
            image.filter.waveletStartLevel = try value.wholeNumber(0...large)
        },
        ParameterKey("level") { value, _, image throws(ParameterFlaw) in
            image.filter.waveletLevels = try value.wholeNumber(1...large)
        },
        ParameterKey("gradientUseSpacing", allowsNull: true) { value, _, image throws(ParameterFlaw) in
            image.filter.gradientUsesSpacing = try value.flag()
        },
        ParameterKey("lbp2DRadius") { value, _, image throws(ParameterFlaw) in
            image.filter.lbp2DRadius = try value.number(above: 0)
        },
        ParameterKey("lbp2DSamples") { value, _, image throws(ParameterFlaw) in
            image.filter.lbp2DSamples = try value.wholeNumber(1...31)  // a pattern is a 32-bit number
        },
        ParameterKey("lbp2DMethod") { value, _, image throws(ParameterFlaw) in
            let method = try value.choice(FilterSettings.PatternMethod.allCases.map(\.rawValue))
            image.filter.lbp2DMethod = .init(rawValue: method) ?? .uniform
        },
        ParameterKey("lbp3DLevels") { value, _, image throws(ParameterFlaw) in
            image.filter.lbp3DLevels = try value.wholeNumber(1...large)
        },
        ParameterKey("lbp3DIcosphereRadius") { value, _, image throws(ParameterFlaw) in
            image.filter.lbp3DIcosphereRadius = try value.number(above: 0)
        },
        ParameterKey("lbp3DIcosphereSubdivision") { value, _, image throws(ParameterFlaw) in
            image.filter.lbp3DIcosphereSubdivision = try value.wholeNumber(0...large)
        },
    ]

    /// Checked and passed over: masks here have one channel.
    private static let withoutEffect: [ParameterKey] = [
        ParameterKey("label_channel", allowsNull: true) { value, _, _ throws(ParameterFlaw) in
            if !value.isNull { _ = try value.wholeNumber(0...large) }
        }
    ]

    private static func spacing(_ value: ParameterNode) throws(ParameterFlaw) -> SIMD3<Double> {
        let list = try value.list().map { item throws(ParameterFlaw) in try item.number(atLeast: 0) }
        guard list.count == 3 else {
            throw .value(path: value.path, found: "\(list.count) numbers", needed: "three, for x, y and z")
        }
        return [list[0], list[1], list[2]]
    }

    private static func thresholds(_ value: ParameterNode) throws(ParameterFlaw) -> [Double] {
        let list = try value.list().map { item throws(ParameterFlaw) in try item.number() }
        guard (1...2).contains(list.count) else {
            throw .value(path: value.path, found: "\(list.count) numbers", needed: "one or two thresholds")
        }
        return list
    }

    /// Those of SimpleITK that PyRadiomics takes and Osteon does not compute; numbers 4 to 10.
    private static let otherInterpolators =
        ["sitkGaussian", "sitkLabelGaussian"]
        + ["Hamming", "Cosine", "Welch", "Lanczos", "Blackman"].map { "sitk\($0)WindowedSinc" }

    /// By SimpleITK's name or number.
    private static func interpolator(
        _ value: ParameterNode
    ) throws(ParameterFlaw) -> RadiomicsSettings.Interpolator {
        let numbered: [String: RadiomicsSettings.Interpolator] = ["1": .nearestNeighbor, "2": .linear, "3": .bSpline]
        let names = RadiomicsSettings.Interpolator.allCases.map(\.rawValue)
        let name = try value.choice(names + otherInterpolators + (1...10).map(String.init))
        guard let known = numbered[name] ?? RadiomicsSettings.Interpolator(rawValue: name) else {
            throw .notComputed(name, path: value.path, instead: names.joined(separator: ", "))
        }
        return known
    }
}
