// PyRadiomics parameter files (YAML), read as they are.
import Domain
import Foundation
import Yams

/// A parameter file of PyRadiomics 3.0.1 ("Customizing the Extraction"): `imageType`, `featureClass`, `setting`.
package struct ParameterFile: Sendable, Hashable {
    package var settings: RadiomicsSettings
    /// What the file asks for and is not computed: `shape2D` without `force2D`, features that PyRadiomics
    /// names and does not compute either.
    package var omissions: [Omission]

    /// - Parameters:
    ///   - yaml: the text of the file; JSON is YAML too.
    ///   - name: how messages call the file.
    /// - Throws: `ParameterFileError` naming the file and the key.
    package init(yaml: String, name: String) throws(ParameterFileError) {
        do {
            self = try Self.parse(yaml)
        } catch {
            throw ParameterFileError(file: name, flaw: error)
        }
    }

    private init(settings: RadiomicsSettings, omissions: [Omission]) {
        self.settings = settings
        self.omissions = omissions
    }

    private static func parse(_ yaml: String) throws(ParameterFlaw) -> ParameterFile {
        let sections = try ParameterNode.root(yaml).entries(known: [
            "setting", "imageType", "featureClass", "voxelSetting",
        ])
        if sections.contains(where: { $0.key == "voxelSetting" }) { throw .voxelBased }
        func section(_ name: String) -> ParameterNode? { sections.first { $0.key == name }?.value }

        var file = ParameterFile(settings: RadiomicsSettings(), omissions: [])
        var common = ImageSettings(.original)
        if let section = section("setting"), !section.isNull {
            try ParameterKey.apply(section, to: &file.settings, and: &common)
        }
        file.settings.images = [common]
        if let section = section("imageType") { try file.readImages(section, common) }
        file.settings.shape2DDimension = common.texture.force2DDimension
        try file.readFeatures(section("featureClass"), isFlat: common.texture.force2D)
        return file
    }

    private mutating func readImages(_ section: ParameterNode, _ common: ImageSettings) throws(ParameterFlaw) {
        let entries = try section.entries(known: ImageType.allCases.map(\.rawValue))
        guard !entries.isEmpty else { return }  // as with no section: the original image
        var images: [ImageSettings] = []
        for (key, value) in entries {
            guard let type = ImageType(rawValue: key) else { continue }
            var image = common
            image.type = type
            var unused = settings  // what concerns the whole extraction has no effect here, in PyRadiomics too
            try ParameterKey.apply(value, to: &unused, and: &image)
            images.append(image)
        }
        settings.images = images
    }
}
