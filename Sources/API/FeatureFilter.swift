// `image_type` and `class` of `/features`: the part of a job's features that a client wants.
import Domain

/// Which features are wanted; each condition that is given must hold.
struct FeatureFilter {
    private let imageType: String?
    private let featureClass: String?

    static let parameters = ["image_type", "class"]

    /// nil where the query filters nothing.
    init?(_ query: QueryReader) {
        (imageType, featureClass) = (query["image_type"], query["class"])
        if imageType == nil, featureClass == nil { return nil }
    }

    /// - Throws: `parameter-invalid` for an image type or a class that no feature of the report has.
    func applied(to report: FeaturesReport) throws -> FeaturesReport {
        let names = report.vertebrae.flatMap { $0.features }.map { NameParts($0.name) }
        if let imageType {
            try require(imageType, "image_type", among: names.flatMap { [$0.imageType, $0.family] })
        }
        if let featureClass { try require(featureClass, "class", among: names.map(\.featureClass)) }
        var part = report
        for index in part.vertebrae.indices {
            part.vertebrae[index].features.removeAll { feature in
                let name = NameParts(feature.name)
                let isOfImage = imageType.map { name.imageType == $0 || name.family == $0 } ?? true
                return !isOfImage || !(featureClass.map { name.featureClass == $0 } ?? true)
            }
        }
        return part
    }

    private func require(_ value: String, _ parameter: String, among found: [String]) throws {
        let known = Set(found)
        guard !known.isEmpty, !known.contains(value) else { return }
        throw FaultRecord(
            code: .parameterInvalid,
            detail: "The query parameter \(parameter) is \(value.quoted), which no feature of the job has.",
            fix: "Use one of \(known.sorted().joined(separator: ", ")).", subject: parameter)
    }
}

/// A feature's name taken apart: `wavelet-LLH_glszm_ZonePercentage`.
private struct NameParts {
    /// `wavelet-LLH`
    let imageType: String
    /// `wavelet`
    let family: String
    /// `glszm`
    let featureClass: String

    init(_ name: String) {
        let parts = name.split(separator: "_", maxSplits: 2)
        imageType = String(parts.first ?? "")
        family = String(imageType.prefix { $0 != "-" })
        featureClass = parts.count > 1 ? String(parts[1]) : ""
    }
}
