// PyRadiomics' `diagnostics_` columns: versions, settings, and what describes images and masks.
import Domain
import Imaging

/// The diagnostics of one region, named and ordered as PyRadiomics' command writes them.
///
/// Hashes are SHA-256 of the files (PyRadiomics: SHA-1 of the voxels); versions of Python libraries have no counterpart.
package struct RegionDiagnostics: Sendable {
    package private(set) var columns: [FeatureTable.Cell] = []

    /// - Parameters:
    ///   - settings: `RadiomicsConfiguration.described`.
    ///   - images: `RadiomicsConfiguration.describedImages`.
    ///   - imageSHA256: of the image's file; `maskSHA256` of the mask's.
    package init(
        settings: [(key: String, value: String)], images: [(key: String, value: String)], _ region: LabelFeatures,
        imageSHA256: String, maskSHA256: String
    ) {
        add("Versions_Osteon", SoftwareVersion.current)
        add("Configuration_Settings", Self.mapping(settings))
        add("Configuration_EnabledImageTypes", Self.mapping(images))
        add("Image-original_Hash", imageSHA256)
        add("Image-original_Dimensionality", "3D")
        if let provenance = region.provenance { add("Image-original", provenance.originalImage) }
        add("Mask-original_Hash", maskSHA256)
        guard let provenance = region.provenance else { return }
        add("Mask-original", provenance.originalMask)
        if let image = provenance.interpolatedImage { add("Image-interpolated", image) }
        if let mask = provenance.interpolatedMask { add("Mask-interpolated", mask) }
        if let mask = provenance.resegmentedMask { add("Mask-resegmented", mask) }
    }

    private mutating func add(_ name: String, _ value: String) { columns.append(("diagnostics_" + name, value)) }

    private mutating func add(_ name: String, _ image: ImageFigures) {
        add(name + "_Spacing", Self.tuple(image.spacingMM))
        add(name + "_Size", Self.tuple(image.size))
        add(name + "_Mean", "\(image.mean)")
        add(name + "_Minimum", "\(image.minimum)")
        add(name + "_Maximum", "\(image.maximum)")
    }

    private mutating func add(_ name: String, _ mask: MaskFigures) {
        add(name + "_Spacing", Self.tuple(mask.spacingMM))
        add(name + "_Size", Self.tuple(mask.size))
        let (low, size) = (mask.box.lower, mask.box.size)
        add(name + "_BoundingBox", "(\(low.x), \(low.y), \(low.z), \(size.x), \(size.y), \(size.z))")
        add(name + "_VoxelNum", "\(mask.voxels)")
        add(name + "_VolumeNum", "\(mask.parts)")
        add(name + "_CenterOfMassIndex", Self.tuple(mask.centreIndex))
        add(name + "_CenterOfMass", Self.tuple(mask.centreMM))
        guard let mean = mask.mean, let minimum = mask.minimum, let maximum = mask.maximum else { return }
        add(name + "_Mean", "\(mean)")
        add(name + "_Minimum", "\(minimum)")
        add(name + "_Maximum", "\(maximum)")
    }

    private static func tuple(_ v: SIMD3<Double>) -> String { "(\(v.x), \(v.y), \(v.z))" }
    private static func tuple(_ v: Index3) -> String { "(\(v.x), \(v.y), \(v.z))" }

    private static func mapping(_ entries: [(key: String, value: String)]) -> String {
        "{" + entries.map { "'\($0.key)': \($0.value)" }.joined(separator: ", ") + "}"
    }
}
