// What can be wrong with a NIfTI file.
import Domain

/// A flaw of a NIfTI file, fields called as in nifti1.h.
package enum NIfTIFlaw: Error, Hashable {
    case noHeader
    /// The header half of an .hdr/.img pair.
    case halfOfPair
    case dimensions([Int])
    case notThreeDimensional(sides: [Int])
    case tooManyVoxels(sides: [Int], limit: Int)
    case datatypeUnsupported(Int, name: String)
    case bitsPerVoxel(Int, datatype: String, needed: Int)
    case dataOffset(Double)
    case lengthUnit(Int)
    case orientationAbsent
    case orientationNotFinite
    /// The cosine between two axes.
    case sheared(cosine: Double)
    case spacing(mm: Double, possible: ClosedRange<Double>)
    case truncated(voxels: Int, of: Int, sides: [Int])
    case gzipEndsEarly(afterBytes: Int)
    case gzipDamaged(afterBytes: Int)
    /// More bytes than the header says, counted up to `limit`.
    case surplus(bytes: Int, limit: Int)
    case notFinite(voxels: Int, of: Int)

    var code: FaultCode {
        switch self {
        case .noHeader, .halfOfPair, .dimensions, .bitsPerVoxel, .dataOffset, .lengthUnit, .gzipDamaged, .surplus:
            .niftiDamaged
        case .notThreeDimensional: .niftiNotThreeDimensional
        case .tooManyVoxels: .imageTooLarge
        case .datatypeUnsupported: .niftiDatatypeUnsupported
        case .orientationAbsent, .orientationNotFinite, .sheared: .niftiOrientationUnusable
        case .spacing: .niftiSpacingImplausible
        case .truncated, .gzipEndsEarly: .niftiTruncated
        case .notFinite: .imageNotFinite
        }
    }

    func detail(of file: String) -> String {
        switch self {
        case .noHeader: "The header of \(file) is not NIfTI-1 or NIfTI-2."
        case .halfOfPair: "\(file): it is the header half of an .hdr/.img pair."
        case .dimensions(let values): "\(file): dim is \(values)."
        case .notThreeDimensional(let sides):
            "\(file): the image is \(sides.timesText) voxels, not three-dimensional."
        case .tooManyVoxels(let sides, let limit):
            "\(file): the image is \(sides.timesText) voxels, \(limit) are allowed."
        case .datatypeUnsupported(let code, let name): "\(file): datatype \(code) (\(name))."
        case .bitsPerVoxel(let bits, let datatype, let needed):
            "\(file): bitpix is \(bits), datatype \(datatype) needs \(needed)."
        case .dataOffset(let offset): "\(file): vox_offset is \(offset)."
        case .lengthUnit(let code): "\(file): xyzt_units names an unknown unit of length (\(code))."
        case .orientationAbsent:
            "\(file): sform_code and qform_code are both 0, so left and right are unknown."
        case .orientationNotFinite: "\(file): the orientation holds NaN or infinity."
        case .sheared(let cosine): "\(file): the axes are sheared (cosine \(cosine.text(4)) between two of them)."
        case .spacing(let mm, let possible):
            "\(file): a voxel spacing is \(mm.text(4)) mm; \(possible.lowerBound) to \(possible.upperBound) mm are possible."
        case .truncated(let voxels, let all, let sides):
            "\(file) ends after \(voxels) of \(all) voxels (\(sides.timesText))."
        case .gzipEndsEarly(let count): "The gzip data of \(file) ends too early after \(count) unpacked bytes."
        case .gzipDamaged(let count): "The gzip data of \(file) is damaged after \(count) unpacked bytes."
        case .surplus(let count, let limit):
            "\(file) holds \(count > limit ? "over " : "")\(min(count, limit)) bytes more than its header says."
        case .notFinite(let voxels, let all):
            "\(voxels == all ? "All \(all)" : "\(voxels) of \(all)") voxels of \(file) are NaN or infinite."
        }
    }

    var fix: String {
        switch self {
        case .noHeader, .dimensions, .bitsPerVoxel, .dataOffset, .orientationNotFinite, .surplus:
            "Convert the image again."
        case .halfOfPair: "Convert it to one .nii or .nii.gz file."
        case .notThreeDimensional: "Send one three-dimensional volume."
        case .tooManyVoxels: "Crop the image to the spine."
        case .datatypeUnsupported: "Convert the voxels to int16 or float32."
        case .lengthUnit: "Use millimetres."
        case .orientationAbsent: "Write the image with its orientation (sform or qform)."
        case .sheared: "Resample the image onto a rectangular grid."
        case .spacing: "Correct pixdim and the orientation matrix."
        case .truncated, .gzipEndsEarly, .gzipDamaged: "Send the whole file again."
        case .notFinite: "Fill them with a number (air is -1000 HU) and send the image again."
        }
    }
}
