// What the API is given because it cannot see a voxel: reading what was uploaded, and checking requests against it.
import Domain
import Foundation

/// The work on uploads that needs more than bytes. The executable wires it to the reading and computing modules.
/// Every closure is called on a connection's thread, from many at once, and may block.
package struct StudyIntake: Sendable {
    /// Finds out what an uploaded file holds. Throws any `Fault`.
    package var inspect: @Sendable (URL) throws -> StudyContents
    /// Reads a DICOM object that came by itself, its pixels left out. Throws any `Fault`.
    package var readInstance: @Sendable (URL) throws -> InstanceHeader
    /// Whether two files hold the same DICOM data set, whatever their file meta information (PS3.10 §7.1) says. Throws any `Fault`.
    package var haveSameDataSet: @Sendable (URL, URL) throws -> Bool
    /// Reads an uploaded label map and checks its grid against a series: its label values, ascending, without 0. Throws any `Fault`.
    package var inspectMask: @Sendable (_ mask: URL, _ series: SeriesSummary) throws -> [Int]
    /// Checks a request against a study, as far as that goes without computing: parameters, seeds, labels. Throws any `Fault`.
    package var check:
        @Sendable (_ request: AnalysisRequest, _ contents: StudyContents, _ study: StudySource, _ maskLabels: [Int]?)
            throws ->
            Void
    /// The analyses that can be asked for.
    package var analyses: [AnalysisDescription]
    /// How patients' names are kept out; nil keeps everything as it came.
    package var pseudonyms: Pseudonymisation?

    package init(
        inspect: @escaping @Sendable (URL) throws -> StudyContents,
        readInstance: @escaping @Sendable (URL) throws -> InstanceHeader,
        haveSameDataSet: @escaping @Sendable (URL, URL) throws -> Bool,
        inspectMask: @escaping @Sendable (URL, SeriesSummary) throws -> [Int],
        check: @escaping @Sendable (AnalysisRequest, StudyContents, StudySource, [Int]?) throws -> Void,
        analyses: [AnalysisDescription]
    ) {
        self.inspect = inspect
        self.readInstance = readInstance
        self.haveSameDataSet = haveSameDataSet
        self.inspectMask = inspectMask
        self.check = check
        self.analyses = analyses
    }

    /// - Throws: `analysis-unknown`.
    @discardableResult func requireAnalysis(_ name: String) throws -> AnalysisDescription {
        guard let found = analyses.first(where: { $0.name == name }) else {
            throw APIFault.analysisUnknown(name: name, known: analyses.map(\.name))
        }
        return found
    }

    /// Whether a request names vertebrae just when its analysis asks for them.
    /// - Throws: `analysis-unknown`, `target-missing`, `request-malformed`.
    func requireTargets(_ request: AnalysisRequest) throws {
        switch try requireAnalysis(request.analysis).targets {
        case .required:
            guard !request.targets.isEmpty else { throw APIFault.targetMissing(subject: "targets") }
        case .optional:
            // A label map without targets says nothing.
            guard !request.targets.isEmpty || request.mask == nil else {
                throw APIFault.targetMissing(subject: "targets")
            }
        case .none:
            guard request.targets.isEmpty, request.mask == nil else {
                throw APIFault.malformed(
                    subject: request.targets.isEmpty ? "mask" : "targets",
                    detail:
                        "'\(request.analysis)' finds the vertebrae itself: it takes neither targets nor a label map.",
                    fix: "Leave them out.")
            }
        }
    }
}

extension StudyContents {
    /// The series of an id, or the chosen one for nil.
    /// - Throws: `series-unknown`; why the series cannot be analysed, where it cannot.
    func series(_ id: String?) throws -> SeriesSummary {
        let id = id ?? chosenSeries
        guard let series = series.first(where: { $0.id == id }) else {
            throw APIFault.seriesUnknown(name: id, known: series.map(\.id))
        }
        if let fault = series.unusable { throw fault }
        return series
    }
}
