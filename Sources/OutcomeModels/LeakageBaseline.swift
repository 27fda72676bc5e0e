// How often cement leaks before anything is known of the vertebra: the rates that the model starts from.
import Foundation

/// The kinds of leakage, after Yeom 2003 (10.1302/0301-620x.85b1.13026); the raw value is the type's Roman number.
package enum LeakageOutcome: String, Sendable, Codable, CaseIterable {
    case any
    case segmentalVein = "I"
    case corticalDefect = "II"
    case disc = "III"
    case canal = "IV"

    package static var types: [LeakageOutcome] { [.segmentalVein, .corticalDefect, .disc, .canal] }

    package var definition: String {
        switch self {
        case .any: "Cement anywhere outside the vertebral body."
        case .segmentalVein: "Along a segmental vein, beside the vertebra (Yeom S)."
        case .corticalDefect: "Through a defect of the lateral or anterior wall into the soft tissue (Yeom C)."
        case .disc: "Through an endplate into the disc."
        case .canal: "Into the spinal canal: along the basivertebral vein (Yeom B) or through the posterior wall."
        }
    }
}

/// A rate for one procedure, with the way in which leakage was looked for in its source.
struct LeakageBaseline: Sendable {
    let rate: PublishedRate
    let ascertainment: LeakageAscertainment

    /// The rate of an outcome for a procedure and an ascertainment.
    ///
    /// Types are published for one ascertainment only; for another the odds move as those of any leakage do.
    static func rate(
        of outcome: LeakageOutcome, _ procedure: AugmentationProcedure, _ ascertainment: LeakageAscertainment
    ) -> PublishedRate {
        guard outcome != .any else { return anyLeakage(procedure, ascertainment) }
        let published = type(outcome, procedure)
        guard published.ascertainment != ascertainment else { return published.rate }
        let shift =
            logit(anyLeakage(procedure, ascertainment).value)
            - logit(anyLeakage(procedure, published.ascertainment).value)
        return PublishedRate(
            value: sigmoid(logit(published.rate.value) + shift),
            grade: published.rate.grade == .unverified ? .unverified : .derived,
            source:
                "\(published.rate.source); odds moved from \(published.ascertainment.rawValue) to \(ascertainment.rawValue) as for any leakage"
        )
    }

    private static func anyLeakage(
        _ procedure: AugmentationProcedure, _ ascertainment: LeakageAscertainment
    ) -> PublishedRate {
        switch (procedure, ascertainment) {
        case (.vertebroplasty, .mixed): pooled(0.36)
        case (.kyphoplasty, .mixed): pooled(0.18)
        case (.vertebroplasty, .ct):
            PublishedRate(
                value: 0.75, grade: .readInAbstract,
                source:
                    "between 77.7 % (Ding 2016, 10.1007/s00586-015-3923-0) and 73.1 % (Sun 2018, 10.1016/j.wneu.2018.03.050)"
            )
        case (.kyphoplasty, .ct):
            // No PKP cohort with CT: the odds ratio of CT to mixed in PVP is carried over.
            PublishedRate(
                value: sigmoid(logit(0.18) + logit(0.75) - logit(0.36)), grade: .derived,
                source: "no cohort found: PKP 18 % with the odds ratio of CT to mixed ascertainment in PVP")
        case (.vertebroplasty, .radiograph):
            PublishedRate(
                value: (604.0 + 150) / (2689 + 374), grade: .derived,
                source:
                    "604/2689 (Zhang 2022, Chin J Trauma 38:396) and 150/374 (Deng 2023, 10.1186/s12893-023-01959-y); ascertainment not stated, taken as radiographs"
            )
        case (.kyphoplasty, .radiograph):
            PublishedRate(
                value: (77.0 + 36) / (370 + 297), grade: .derived,
                source:
                    "77/370 (Chen, Kunshan) and 36/297 (Chin J Trauma 2022(6):531); ascertainment not stated, taken as radiographs"
            )
        }
    }

    private static func pooled(_ value: Double) -> PublishedRate {
        PublishedRate(
            value: value, grade: .readInPaper,
            source: "meta-analysis 2024 of 3392 vertebrae, J Orthop Surg Res, PMC11745741")
    }

    /// PVP cohorts that tell types apart look with CT (stated for one of them); the PKP cohorts count as mixed.
    private static func type(_ outcome: LeakageOutcome, _ procedure: AugmentationProcedure) -> LeakageBaseline {
        switch procedure {
        case .vertebroplasty: LeakageBaseline(rate: vertebroplastyRate(outcome), ascertainment: .ct)
        case .kyphoplasty: LeakageBaseline(rate: kyphoplastyRate(outcome), ascertainment: .mixed)
        }
    }

    private static let zhang = "344 vertebrae, Zhang K 2021, 10.1186/s13018-021-02337-1"

    private static func vertebroplastyRate(_ outcome: LeakageOutcome) -> PublishedRate {
        switch outcome {
        case .any: anyLeakage(.vertebroplasty, .ct)
        case .segmentalVein: PublishedRate(value: 0.343, grade: .readInAbstract, source: zhang)
        case .corticalDefect:
            // 24.4 % of all defects less the disc's part: a prior, not a count.
            PublishedRate(value: 0.15, grade: .unverified, source: "24.4 % (\(zhang)) less leaks into the disc")
        case .disc:
            PublishedRate(
                value: 54.0 / 234, grade: .readInAbstract,
                source: "54/234 bodies (intradiscal leakage during PVP, MR findings); 6.5 to 16.5 % in PMC8449924")
        case .canal: PublishedRate(value: 0.285, grade: .readInAbstract, source: zhang)
        }
    }

    private static func kyphoplastyRate(_ outcome: LeakageOutcome) -> PublishedRate {
        switch outcome {
        case .any: anyLeakage(.kyphoplasty, .mixed)
        case .segmentalVein: PublishedRate(value: 5.0 / 370, grade: .readInAbstract, source: "5/370, Chen, Kunshan")
        case .corticalDefect:
            PublishedRate(
                value: 52.0 / 370 - 21.0 / 270, grade: .derived,
                source: "52/370 defects of any wall (Chen, Kunshan) less 21/270 into the disc (Wang 2014)")
        case .disc:
            PublishedRate(
                value: 21.0 / 270, grade: .readInAbstract,
                source:
                    "21/270, Wang 2014, 10.3760/cma.j.issn.0253-2352.2014.04.005; 32.1 % of 109 with a cleft (Fan 2022, 10.3389/fsurg.2022.1005220)"
            )
        case .canal:
            PublishedRate(
                value: (9.0 + 42) / (370 + 270), grade: .derived,
                source: "9/370 (Chen, Kunshan) and 42/270 (Wang 2014) along the basivertebral vein")
        }
    }
}

func logit(_ p: Double) -> Double { log(p / (1 - p)) }

func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
