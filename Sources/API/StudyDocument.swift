// Studies and label maps as clients see them.
import Domain
import Foundation

/// `Study` of openapi.yaml.
package struct StudyDocument: Codable, Hashable, Sendable {
    package struct Links: Codable, Hashable, Sendable {
        package var `self`: String
        package var content: String
        package var masks: String
    }

    package var id: String
    package var sha256: String
    package var byteCount: Int
    package var createdAt: Date
    package var format: StudyContents.Format
    package var series: [SeriesSummary]
    package var chosenSeries: String
    package var warnings: [String]
    package var links: Links

    package init(_ study: Study) {
        let place = Place.study(study.id)
        id = study.id
        sha256 = study.sha256
        byteCount = study.byteCount
        createdAt = study.createdAt
        format = study.contents.format
        series = study.contents.series
        chosenSeries = study.contents.chosenSeries
        warnings = study.contents.warnings
        links = Links(self: place, content: place + "/content", masks: place + "/masks")
    }
}

/// `Mask` of openapi.yaml.
package struct MaskDocument: Codable, Hashable, Sendable {
    package var id: String
    package var study: String
    package var sha256: String
    package var byteCount: Int
    package var labelValues: [Int]
    package var createdAt: Date

    package init(_ mask: Mask) {
        id = mask.id
        study = mask.studyID
        sha256 = mask.sha256
        byteCount = mask.byteCount
        labelValues = mask.labelValues
        createdAt = mask.createdAt
    }
}

/// The paths of stored things.
enum Place {
    static func study(_ id: String) -> String { "/v1/studies/" + id }
    static func mask(_ id: String, of study: String) -> String { "/v1/studies/\(study)/masks/\(id)" }
    static func arrival(_ studyUID: String) -> String { "/v1/arrivals/" + studyUID }
    static func job(_ id: String) -> String { "/v1/jobs/" + id }
}
