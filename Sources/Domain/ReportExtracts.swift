// Parts of a report that are served by themselves. Each repeats the disclaimer and the provenance, so that none travels alone.

/// The risk sections of a report.
package struct RiskExtract: Codable, Sendable {
    package var schema = "osteon.risk/2"
    package var disclaimer = Report.disclaimerText
    package var analysis: AnalysisName
    package var study: StudyReference
    package var vertebrae: [Entry]
    package var provenance: Provenance

    /// One vertebra's risk and recommendation; what is absent is named in `omissions`.
    package struct Entry: Codable, Sendable {
        package var level: VertebralLevel
        package var risk: RiskSection?
        package var recommendation: RecommendationSection?
        package var omissions: [Omission]
    }

    package init(_ report: Report) {
        analysis = report.analysis
        study = report.study
        provenance = report.provenance
        vertebrae = report.vertebrae.map {
            Entry(level: $0.level, risk: $0.risk, recommendation: $0.recommendation, omissions: $0.omissions)
        }
    }
}

/// The leakage maps of a report, with the gaps behind them.
package struct LeakageMapExtract: Codable, Sendable {
    package var schema = "osteon.leakage-map/2"
    package var disclaimer = Report.disclaimerText
    package var analysis: AnalysisName
    package var study: StudyReference
    package var vertebrae: [Entry]
    package var provenance: Provenance

    /// One vertebra's map; absent when its cortex could not be read, which `omissions` then says.
    package struct Entry: Codable, Sendable {
        package var level: VertebralLevel
        package var leakageMap: LeakageMapSection?
        /// What was simulated for it; absent for a geometric map.
        package var rehearsal: RehearsalSection?
        package var cortex: CortexSection?
        package var omissions: [Omission]
    }

    package init(_ report: Report) {
        analysis = report.analysis
        study = report.study
        provenance = report.provenance
        vertebrae = report.vertebrae.map {
            Entry(
                level: $0.level, leakageMap: $0.leakageMap, rehearsal: $0.rehearsal, cortex: $0.morphometry?.cortex,
                omissions: $0.omissions)
        }
    }
}
