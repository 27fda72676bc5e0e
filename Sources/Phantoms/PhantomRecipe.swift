// Everything that decides what a phantom looks like.
import Domain

/// The recipe of one phantom. The same recipe gives the same voxels, bit for bit. In JSON every field may be left out.
package struct PhantomRecipe: Codable, Hashable, Sendable {
    /// Decides the subject's anatomy, textures and noise.
    package var seed: UInt64
    /// The vertebrae with truth, cranial to caudal, consecutive, within T10…L5. One more at each end is drawn without truth.
    package var levels: [VertebralLevel]
    /// Distance between voxel centres along x (left), y (posterior), z (superior).
    package var spacingMM: SIMD3<Double>
    /// Field of view along x and y; along z it holds the levels and `marginMM`.
    package var fieldOfViewMM: SIMD2<Double>
    /// What is imaged above the highest and below the lowest body.
    package var marginMM: Double
    /// Mean thickness of the shell of the side walls. Endplates are 1.3 times as thick (our choice).
    package var cortexThicknessMM: Double
    /// Relative SD of the shell's thickness over some 3 mm.
    package var cortexThicknessVariation: Double
    /// Relative SD of the shell's thickness over some 1 mm, in addition.
    package var cortexFineVariation: Double
    /// Thickness of the shell of the posterior elements.
    package var archThicknessMM: Double
    package var cortexHU: Double
    /// Mean trabecular HU of all bodies, and of single levels where they differ.
    package var trabecularHU: Double
    package var trabecularHUByLevel: [String: Double]
    /// SD of the trabecular texture before the scanner's blur.
    package var textureSDHU: Double
    /// Texture grain: the spacing of its random lattice.
    package var textureGrainMM: Double
    /// In-plane Gaussian blur of the scanner, full width at half maximum. Below about 1.1 pixels the image aliases, as a scanner's
    /// does: the mass of a 0.3 mm wall then varies by up to 15 % with its place between pixels.
    package var blurFWHMMM: Double
    /// Width of the box-shaped slice profile; nil takes the slice spacing.
    package var sliceThicknessMM: Double?
    package var noiseSDHU: Double
    /// In-plane correlation of the noise: SD of the Gaussian that filters it, in pixels.
    package var noiseGrainPixels: Double
    /// Scales the sagittal curvature: 0 straight, 1 mean, 1.5 strong.
    package var curvature: Double
    /// Side bend from the lowest to the highest level.
    package var scoliosisDegrees: Double
    /// Body size relative to the mean; nil draws it from the seed (0.95–1.07).
    package var subjectScale: Double?
    /// HU of the aorta and caval vein; 42 is native blood.
    package var bloodHU: Double
    package var bowelGas: Bool
    package var lesions: [Lesion]

    package init(seed: UInt64 = 1, levels: [VertebralLevel] = [.L1, .L2, .L3, .L4, .L5], lesions: [Lesion] = []) {
        self.seed = seed
        self.levels = levels
        self.lesions = lesions
        spacingMM = [0.7, 0.7, 1.0]
        fieldOfViewMM = [160, 140]
        marginMM = 14
        cortexThicknessMM = 0.45
        cortexThicknessVariation = 0.15
        cortexFineVariation = 0
        archThicknessMM = 1.0
        cortexHU = 1200
        trabecularHU = 130
        trabecularHUByLevel = [:]
        textureSDHU = 25
        textureGrainMM = 1.0
        blurFWHMMM = 0.85
        sliceThicknessMM = nil
        noiseSDHU = 15
        noiseGrainPixels = 0.6
        curvature = 1
        scoliosisDegrees = 0
        subjectScale = nil
        bloodHU = 42
        bowelGas = true
    }

    package init(from decoder: any Decoder) throws {
        let c = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        seed = try c.decode(.seed, default: seed)
        levels = try c.decode(.levels, default: levels)
        spacingMM = try c.decode(.spacingMM, default: spacingMM)
        fieldOfViewMM = try c.decode(.fieldOfViewMM, default: fieldOfViewMM)
        marginMM = try c.decode(.marginMM, default: marginMM)
        cortexThicknessMM = try c.decode(.cortexThicknessMM, default: cortexThicknessMM)
        cortexThicknessVariation = try c.decode(.cortexThicknessVariation, default: cortexThicknessVariation)
        cortexFineVariation = try c.decode(.cortexFineVariation, default: cortexFineVariation)
        archThicknessMM = try c.decode(.archThicknessMM, default: archThicknessMM)
        cortexHU = try c.decode(.cortexHU, default: cortexHU)
        trabecularHU = try c.decode(.trabecularHU, default: trabecularHU)
        trabecularHUByLevel = try c.decode(.trabecularHUByLevel, default: trabecularHUByLevel)
        textureSDHU = try c.decode(.textureSDHU, default: textureSDHU)
        textureGrainMM = try c.decode(.textureGrainMM, default: textureGrainMM)
        blurFWHMMM = try c.decode(.blurFWHMMM, default: blurFWHMMM)
        sliceThicknessMM = try c.decodeIfPresent(Double.self, forKey: .sliceThicknessMM)
        noiseSDHU = try c.decode(.noiseSDHU, default: noiseSDHU)
        noiseGrainPixels = try c.decode(.noiseGrainPixels, default: noiseGrainPixels)
        curvature = try c.decode(.curvature, default: curvature)
        scoliosisDegrees = try c.decode(.scoliosisDegrees, default: scoliosisDegrees)
        subjectScale = try c.decodeIfPresent(Double.self, forKey: .subjectScale)
        bloodHU = try c.decode(.bloodHU, default: bloodHU)
        bowelGas = try c.decode(.bowelGas, default: bowelGas)
        lesions = try c.decode(.lesions, default: lesions)
    }

    /// The trabecular HU of a level.
    package func trabecularHU(of level: VertebralLevel) -> Double {
        trabecularHUByLevel[level.rawValue] ?? trabecularHU
    }
}
