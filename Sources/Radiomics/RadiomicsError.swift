// Why no features could be computed from an image and a mask.
import Domain
import Foundation

/// What is wrong with an image, a mask or the settings.
package enum RadiomicsError: Fault, Equatable {
    /// Image and mask differ in the named property.
    case gridMismatch(property: String, by: String = "")
    case regionEmpty
    /// A label that the mask does not have.
    case labelAbsent(Int, present: [Int])
    /// No voxel of the label is left on the grid on which features are computed.
    case labelLost(Int)
    /// The box around the region leaves the image by this many voxels.
    case regionOutside(label: Int, voxels: Double)
    /// The region is too small to have a shape or a texture.
    case regionTooSmall(voxels: Int, extendedAxes: Int, neededAxes: Int = 2)
    /// The region is not larger than `minimumROISize`.
    case regionTooFew(voxels: Int, minimum: Int)
    case resegmentRangeInvalid(Int)
    case resegmentationEmpty(label: Int, voxels: Int)
    /// A voxel inside the region is not a finite number.
    case voxelNotFinite
    /// An image of one value has no z-scores.
    case imageFlat
    case binWidthInvalid(Double)
    case binCountInvalid(Int)
    case spacingInvalid(Double)
    /// Resampling would make more voxels than fit in memory.
    case gridTooLarge(voxels: Double)
    /// No voxel is left of a region of the ibsi mode after its resegmentation.
    case intensityMaskEmpty
    case tooManyLevels(levels: Double, binWidth: Double)
    case featureUnknown(String, featureClass: String)
    case waveletUnknown(String)
    /// Grey values that should serve as grey levels are fractions or below 1.
    case valuesNotLevels
    /// Grey values that should be counted one by one are fractions.
    case valuesNotWhole
    /// A setting of an IBSI filter that is unknown, missing or does not suit the image.
    case filterInvalid(setting: String, reason: String)

    /// Bins beyond this number are refused (our choice; CT at 25 HU has some 50).
    static let binLimit = 65_536
    /// More grey levels than this take longer than a quarter of a minute in the ibsi mode (our choice).
    static let levelLimit = 1024

    /// More voxels than this are four gigabytes in each copy (our choice).
    static let voxelLimit = 5e8

    package var code: FaultCode {
        switch self {
        case .gridMismatch, .regionOutside: .maskGridMismatch
        case .regionEmpty, .labelAbsent, .labelLost, .regionTooSmall, .regionTooFew, .resegmentationEmpty,
            .intensityMaskEmpty:
            .maskLabelAbsent
        case .voxelNotFinite: .imageNotFinite
        case .binWidthInvalid, .binCountInvalid, .spacingInvalid, .gridTooLarge, .tooManyLevels, .resegmentRangeInvalid,
            .featureUnknown, .waveletUnknown, .imageFlat, .valuesNotLevels, .valuesNotWhole, .filterInvalid:
            .parameterInvalid
        }
    }

    package var detail: String {
        switch self {
        case .gridMismatch(let property, let difference):
            "The mask's \(property) differs from the image's" + (difference.isEmpty ? "." : " (\(difference)).")
        case .regionEmpty: "The region holds no voxel on the grid on which features are computed."
        case .labelAbsent(let label, let present):
            "Label \(label) does not occur in the mask, which holds "
                + (present.isEmpty
                    ? "nothing but 0." : present.prefix(20).map(String.init).joined(separator: ", ") + ".")
        case .labelLost(let label): "Label \(label) holds no voxel on the grid on which features are computed."
        case .regionOutside(let label, let voxels): "Label \(label) reaches \(voxels) voxels beyond the image."
        case .regionTooSmall(let voxels, let axes, let needed):
            "The region has \(voxels) voxel(s) and extends along \(axes) axis/axes; \(needed) axes are needed."
        case .regionTooFew(let voxels, let minimum):
            "The region has \(voxels) voxels; more than \(minimum) are asked for."
        case .resegmentRangeInvalid(let count): "resegmentRange has \(count) thresholds; it must have 1 or 2."
        case .resegmentationEmpty(let label, let voxels):
            "Only \(voxels) voxel(s) of label \(label) lie within resegmentRange; at least 2 are needed."
        case .voxelNotFinite: "A voxel that the region depends on is not a finite number."
        case .imageFlat: "Every voxel of the image has the same value, so that it cannot be normalised."
        case .binWidthInvalid(let width): "binWidth is \(width); it must be a number above 0."
        case .binCountInvalid(let count):
            "binCount is \(count); it must be 1 to \(Self.binLimit), in the ibsi mode to \(Self.levelLimit)."
        case .spacingInvalid(let spacing): "The spacing to resample to is \(spacing) mm; it must be 0 or more."
        case .gridTooLarge(let voxels):
            "Resampling would make \(String(format: "%.3g", voxels)) voxels around the region; at most \(Int(Self.voxelLimit)) are computed."
        case .intensityMaskEmpty: "No voxel of the region is left after intensityRange and outlierSigma."
        case .tooManyLevels(let levels, let width):
            "binWidth \(width) splits the region into \(levels) grey levels; at most \(Self.binLimit) are computed, in the "
                + "ibsi mode \(Self.levelLimit)."
        case .featureUnknown(let name, let featureClass): "The class \(featureClass) has no feature \(name)."
        case .waveletUnknown(let name): "There is no wavelet called \(name)."
        case .valuesNotLevels: "Without discretisation grey values are grey levels, but some are below 1 or not whole."
        case .valuesNotWhole: "Without discretisation whole grey values are counted, but some are not whole."
        case .filterInvalid(let setting, let reason): "The filter's setting \"\(setting)\": \(reason)."
        }
    }

    package var fix: String {
        switch self {
        case .gridMismatch: "Draw the mask on the image's own grid, or set correctMask to resample it."
        case .regionEmpty, .labelAbsent: "Give a label that occurs in the mask."
        case .labelLost: "Give a larger region, or resample to a finer grid."
        case .regionOutside: "Draw the region inside the image."
        case .regionTooSmall, .regionTooFew: "Give a larger region, or resample to a finer grid."
        case .resegmentRangeInvalid: "Give a lower threshold, or a lower and an upper one."
        case .resegmentationEmpty: "Give a wider resegmentRange."
        case .voxelNotFinite: "Replace NaN and infinite voxels before computing features."
        case .imageFlat: "Set normalize to false, or give another image."
        case .binWidthInvalid: "Give a positive bin width; 25 HU is usual for CT."
        case .binCountInvalid: "Give a number of bins; 32 is usual."
        case .spacingInvalid: "Give positive millimetres, or 0 to keep an axis."
        case .gridTooLarge: "Give a larger spacing in millimetres."
        case .intensityMaskEmpty: "Give a wider intensityRange."
        case .tooManyLevels: "Give a larger bin width; 25 HU is usual for CT."
        case .featureUnknown: "Leave the list empty to compute every feature of the class."
        case .waveletUnknown: "Give a name as PyWavelets writes it: coif1, db4, sym8, haar."
        case .valuesNotLevels, .valuesNotWhole: "Give a bin width or a number of bins, or round the grey values."
        case .filterInvalid: "Correct the setting in the parameter file, or resample the image to isotropic voxels."
        }
    }

    package var subject: String? {
        switch self {
        case .binWidthInvalid, .tooManyLevels: "binWidth"
        case .binCountInvalid: "binCount"
        case .spacingInvalid, .gridTooLarge: "resampledPixelSpacing"
        case .intensityMaskEmpty: "intensityRange"
        case .labelAbsent, .labelLost: "label"
        case .regionTooFew: "minimumROISize"
        case .resegmentRangeInvalid, .resegmentationEmpty: "resegmentRange"
        case .featureUnknown: "featureClass"
        case .waveletUnknown: "wavelet"
        case .imageFlat: "normalize"
        case .filterInvalid(let setting, _): "filter.\(setting)"
        default: nil
        }
    }
}
