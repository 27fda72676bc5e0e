// How long things are kept.

/// Ages in seconds at which things are deleted; nil keeps them.
package struct RetentionPolicy: Hashable, Sendable {
    /// Of a study with everything that belongs to it, since its upload or the last end of a job on it.
    package var studies: Double?
    /// Of a job with its results, since it ended.
    package var results: Double?
    /// Of the objects of a study that a PACS pushed, since the last of them came.
    package var pushed: Double?
    /// Of notices and deliveries, since they ended.
    package var notices: Double?

    package init(studies: Double? = nil, results: Double? = nil, pushed: Double? = nil, notices: Double? = nil) {
        self.studies = studies
        self.results = results
        self.pushed = pushed
        self.notices = notices
    }

    /// The setting for a kind, as `osteon serve` calls it, and its value.
    func rule(for kind: Erasure.Kind) -> (name: String, seconds: Double?) {
        switch kind {
        case .study: ("keep-studies", studies)
        case .results: ("keep-results", results)
        case .pushed: ("keep-pushed", pushed)
        case .notices: ("keep-notices", notices)
        }
    }
}

/// Something whose time is over.
package struct Expired: Hashable, Sendable {
    package let kind: Erasure.Kind
    /// Id or Study Instance UID; nil for all notices and deliveries together.
    package let subject: String?
    /// What its age is counted from; of many things the oldest.
    package let since: String
    /// How many things it is.
    package let count: Int
}
