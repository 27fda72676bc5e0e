// Measurements and risk as a structured report: Comprehensive 3D SR (PS3.3 A.35.13) by template TID 1500 of PS3.16.
import Domain
import ImagingIO

/// One measurement group (TID 1411) for each vertebra that has a segment.
struct MeasurementReport {
    private let segments: [NamedSegment]
    private let report: Report
    private let features: FeaturesReport?
    private let source: SourceSeries
    private let identity: ResultIdentity

    init(_ segments: [NamedSegment], of content: ResultContent) {
        self.segments = segments
        report = content.report
        features = content.features
        source = content.source
        identity = content.identity
    }

    var file: [UInt8] {
        var data = ResultKind.report.dataSet(of: source, identity)
        data.add(.completionFlag, .CS, "COMPLETE")
        data.add(.verificationFlag, .CS, "UNVERIFIED")
        data.add(.referencedPerformedStep, items: [])
        data.add(.performedProcedureCode, items: [])
        data.add(.requestedProcedureEvidence, items: [evidence])
        root.addAsRoot(to: &data)
        return data.file
    }

    /// The objects that the content refers to (PS3.3 C.17.2): the segmentation, and the images that it was made of.
    private var evidence: DICOMDataSet {
        let series = [
            (ResultKind.segmentation.seriesUID(identity), [ResultKind.segmentation.reference(identity)]),
            (source.seriesUID, source.slices.map(\.object)),
        ]
        return .item { study in
            study.add(.studyInstanceUID, .UI, source.studyUID)
            study.add(
                .referencedSeries,
                items: series.map { uid, objects in
                    .item {
                        $0.add(.seriesInstanceUID, .UI, uid)
                        $0.add(.referencedSOP, items: objects.map { object in .item { $0.add(reference: object) } })
                    }
                })
        }
    }

    private var root: ContentItem {
        .container(
            nil, CodedConcept("126000", "DCM", "Imaging Measurement Report"), template: "1500",
            [
                .code(
                    .hasConceptModifier, CodedConcept("121049", "DCM", "Language of Content Item and Descendants"),
                    CodedConcept("en", "RFC5646", "English"))
            ] + observer + [
                .code(
                    .hasConceptModifier, CodedConcept("121058", "DCM", "Procedure reported"),
                    CodedConcept("25045-6", "LN", "CT unspecified body region")),
                .container(
                    .contains, CodedConcept("126010", "DCM", "Imaging Measurements"), template: nil,
                    segments.map(group)),
                .container(
                    .contains, CodedConcept("C0034375", "UMLS", "Qualitative Evaluations"), template: nil,
                    remarks),
            ])
    }

    /// TID 1001, 1002, 1004: a program observed.
    private var observer: [ContentItem] {
        [
            .code(
                .hasObservationContext, CodedConcept("121005", "DCM", "Observer Type"),
                CodedConcept("121007", "DCM", "Device")),
            .uid(
                .hasObservationContext, CodedConcept("121012", "DCM", "Device Observer UID"),
                DICOMUID.derived(from: "osteon/device")),
            .text(.hasObservationContext, CodedConcept("121013", "DCM", "Device Observer Name"), "Osteon"),
            .text(
                .hasObservationContext, CodedConcept("121015", "DCM", "Device Observer Model Name"),
                "Osteon \(SoftwareVersion.current)"),
        ]
    }

    private func group(_ segment: NamedSegment) -> ContentItem {
        let vertebra = report.vertebrae.first { $0.level.labelValue == segment.label }
        let found = report.spine?.vertebrae.first { $0.labelValue == Int(segment.label) }
        let measured =
            vertebra.map { ReportedNumber.all(of: $0, report.analysis) }
            ?? found.map { ReportedNumber.all(of: $0, report.analysis) } ?? []
        let radiomics = vertebra.flatMap { body in features.map { ReportedNumber.features(of: body.level, in: $0) } }
        return .container(
            .contains, CodedConcept("125007", "DCM", "Measurement Group"), template: "1411",
            [
                .text(
                    .hasObservationContext, CodedConcept("112039", "DCM", "Tracking Identifier"), segment.name),
                .uid(
                    .hasObservationContext, CodedConcept("112040", "DCM", "Tracking Unique Identifier"),
                    segment.trackingUID(identity)),
                .code(.contains, CodedConcept("121071", "DCM", "Finding"), .vertebra(nil)),
                .segment(
                    .contains, CodedConcept("121191", "DCM", "Referenced Segment"),
                    ResultKind.segmentation.reference(identity), number: segment.number),
                .uid(
                    .contains, CodedConcept("121232", "DCM", "Source series for segmentation"), source.seriesUID),
                .code(
                    .hasConceptModifier, CodedConcept("363698007", "SCT", "Finding Site"),
                    .vertebra(segment.level)),
            ] + (measured + (radiomics ?? [])).map(item)
                + (segment.review.verdict.map {
                    Self.remark("Outline \(([$0] + segment.review.reasons).joined(separator: "; "))")
                }.map { [$0] } ?? [])
                + (vertebra?.omissions.map { Self.remark("Not computed: \($0.item): \($0.reason)") } ?? []))
    }

    private func item(_ number: ReportedNumber) -> ContentItem {
        let algorithm = number.algorithm
        let about: [(code: String, meaning: String, text: String)] = [
            ("111001", "Algorithm Name", algorithm.name), ("111003", "Algorithm Version", algorithm.version),
            ("111002", "Algorithm Parameters", algorithm.definition),
        ]
        let ends = [
            ("interval95Lower", "Lower end of the 95 % interval"),
            ("interval95Upper", "Upper end of the 95 % interval"),
        ]
        let interval = number.interval.map { values in
            zip(ends, values).map { end, value in
                ContentItem.number(.hasProperties, .own(end.0, end.1), value, number.unit, [])
            }
        }
        return .number(
            .contains, number.concept, number.value, number.unit,
            about.filter { !$0.text.isEmpty }.map {
                .text(.hasConceptModifier, CodedConcept($0.code, "DCM", $0.meaning), $0.text)
            } + (interval ?? []))
    }

    /// What a reader must know of all numbers: what they are not, and what is not there.
    private var remarks: [ContentItem] {
        let limits = report.vertebrae.lazy.compactMap(\.risk?.limits).first ?? []
        return [Self.remark(report.disclaimer)] + limits.map(Self.remark)
            + report.omissions.map { Self.remark("Not computed: \($0.item): \($0.reason)") }
    }

    private static func remark(_ text: String) -> ContentItem {
        .text(.contains, CodedConcept("121106", "DCM", "Comment"), text)
    }
}
