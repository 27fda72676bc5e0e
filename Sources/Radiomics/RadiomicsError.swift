// Why no features could be computed from an image and a mask.
import Domain

/// What is wrong with an image, a mask or the settings.
package enum RadiomicsError: Fault, Equatable {
    /// Image and mask differ in the named property.
    case gridMismatch(property: String)
    case regionEmpty
    /// The region is too small to have a shape or a texture.
    case regionTooSmall(voxels: Int, extendedAxes: Int)
    /// A voxel inside the region is not a finite number.
    case voxelNotFinite
    case binWidthInvalid(Double)
    case spacingInvalid(Double)
    case tooManyLevels(levels: Double, binWidth: Double)
    case binCountInvalid(Int)
    /// Grey values that should serve as grey levels are fractions or below 1.
    case valuesNotLevels
    /// Grey values that should be counted one by one are fractions.
    case valuesNotWhole
    /// A setting of an IBSI filter that is unknown, missing or does not suit the image.
    case filterInvalid(setting: String, reason: String)

    /// More grey levels than this take longer than a quarter of a minute (our choice; CT at 25 HU has some 50).
    static let levelLimit = 1024

    package var code: FaultCode {
        switch self {
        case .gridMismatch: .maskGridMismatch
        case .regionEmpty, .regionTooSmall: .maskLabelAbsent
        case .voxelNotFinite: .imageNotFinite
        case .filterInvalid, .binWidthInvalid, .spacingInvalid, .tooManyLevels, .binCountInvalid, .valuesNotLevels,
            .valuesNotWhole:
            .parameterInvalid
        }
    }

    package var detail: String {
        switch self {
        case .gridMismatch(let property): "The mask's \(property) differs from the image's."
        case .regionEmpty: "The region holds no voxel on the grid on which features are computed."
        case .regionTooSmall(let voxels, let axes):
            "The region has \(voxels) voxel(s) and extends along \(axes) axis/axes; at least 2 of both are needed."
        case .voxelNotFinite: "A voxel inside the region is not a finite number."
        case .binWidthInvalid(let width): "binWidth is \(width); it must be a number above 0."
        case .spacingInvalid(let spacing): "The spacing to resample to is \(spacing) mm; it must be 0 or more."
        case .tooManyLevels(let levels, let width):
            "binWidth \(width) splits the region into \(levels) grey levels; at most \(Self.levelLimit) are computed."
        case .binCountInvalid(let count): "binCount is \(count); it must be 1 to \(Self.levelLimit)."
        case .valuesNotLevels: "Without discretisation grey values are grey levels, but some are below 1 or not whole."
        case .valuesNotWhole: "Without discretisation whole grey values are counted, but some are not whole."
        case .filterInvalid(let setting, let reason): "The filter's setting \"\(setting)\": \(reason)."
        }
    }

    package var fix: String {
        switch self {
        case .gridMismatch: "Draw the mask on the image's own grid, or resample it there first."
        case .regionEmpty: "Give a label that occurs in the mask."
        case .regionTooSmall: "Give a larger region, or resample to a finer grid."
        case .voxelNotFinite: "Replace NaN and infinite voxels before computing features."
        case .binWidthInvalid: "Give a positive bin width; 25 HU is usual for CT."
        case .spacingInvalid: "Give positive millimetres, or 0 to keep an axis."
        case .tooManyLevels: "Give a larger bin width; 25 HU is usual for CT."
        case .binCountInvalid: "Give a number of bins; 32 is usual."
        case .valuesNotLevels, .valuesNotWhole: "Give a bin width or a number of bins, or round the grey values."
        case .filterInvalid: "Correct the setting in the parameter file, or resample the image to isotropic voxels."
        }
    }

    package var subject: String? {
        switch self {
        case .binWidthInvalid, .tooManyLevels: "binWidth"
        case .spacingInvalid: "resampledPixelSpacing"
        case .binCountInvalid: "binCount"
        case .filterInvalid(let setting, _): "filter.\(setting)"
        default: nil
        }
    }
}
