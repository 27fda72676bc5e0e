// What is known about a vertebra and its treatment before cement is injected.

/// How the vertebra is augmented.
package enum AugmentationProcedure: String, Sendable, Codable, CaseIterable {
    /// Percutaneous vertebroplasty.
    case vertebroplasty = "PVP"
    /// Percutaneous kyphoplasty: a balloon first makes a cavity.
    case kyphoplasty = "PKP"
}

/// How leakage was looked for in the cohorts that the baseline comes from: CT finds far more than radiographs.
package enum LeakageAscertainment: String, Sendable, Codable, CaseIterable {
    case ct = "CT"
    case radiograph
    /// Pooled over studies of both kinds.
    case mixed
}

/// What is known of a yes-or-no finding.
package enum Knowledge: Sendable, Hashable {
    /// Detected in the image with this probability, 0…1; `how` names the detector in a few words.
    case measured(probability: Double, how: String)
    /// Said by a person.
    case stated(Bool)
    /// Not known: the model averages over its prevalence.
    case unknown

    /// That at least one of several findings is present, taking them as independent; unknown when any of them is unknown
    /// and none is certain.
    package static func any(of findings: [Knowledge], how: String) -> Knowledge {
        var noneProbability = 1.0
        var isUnknown = false
        for finding in findings {
            switch finding {
            case .measured(let probability, _): noneProbability *= 1 - probability
            case .stated(let isPresent): noneProbability *= isPresent ? 0 : 1
            case .unknown: isUnknown = true
            }
        }
        return isUnknown && noneProbability > 0 ? .unknown : .measured(probability: 1 - noneProbability, how: how)
    }
}

/// A finding that the image can show.
package enum LeakageFinding: String, Sendable, CaseIterable {
    case corticalDisruption = "cortical disruption, any wall"
    case lateralOrAnteriorGap = "gap in the lateral or anterior wall"
    case posteriorWallGap = "gap in the posterior wall"
    case superiorEndplateGap = "gap in the superior endplate"
    case inferiorEndplateGap = "gap in the inferior endplate"
    case intravertebralCleft = "intravertebral cleft"
    case cleftReachesForamen = "cleft reaches the basivertebral foramen"
    case basivertebralForamenSign = "basivertebral foramen sign"
}

/// Everything that the evidence model takes. Whatever is left `unknown` or nil is averaged over, and the result says so.
package struct LeakagePredictors: Sendable {
    package var procedure: AugmentationProcedure
    package var ascertainment: LeakageAscertainment
    /// Findings not listed are unknown.
    package var findings: [LeakageFinding: Knowledge]
    /// True for low-viscosity cement, false for high; nil when not decided.
    package var isLowViscosityCement: Bool?
    /// Planned cement, mL; nil when not decided.
    package var cementVolumeML: Double?
    /// Planned cement on the side of the puncture as a part of the body's volume, 0…1; nil when not decided.
    package var punctureSideVolumeFraction: Double?

    package init(
        procedure: AugmentationProcedure, ascertainment: LeakageAscertainment,
        findings: [LeakageFinding: Knowledge] = [:], isLowViscosityCement: Bool? = nil, cementVolumeML: Double? = nil,
        punctureSideVolumeFraction: Double? = nil
    ) {
        self.procedure = procedure
        self.ascertainment = ascertainment
        self.findings = findings
        self.isLowViscosityCement = isLowViscosityCement
        self.cementVolumeML = cementVolumeML
        self.punctureSideVolumeFraction = punctureSideVolumeFraction
    }

    func knowledge(of finding: LeakageFinding) -> Knowledge { findings[finding] ?? .unknown }

    /// The probability with which the model takes a finding as present.
    func probability(of finding: LeakageFinding) -> Double {
        switch knowledge(of: finding) {
        case .measured(let probability, _): probability
        case .stated(let isPresent): isPresent ? 1 : 0
        case .unknown: finding.prevalence.value
        }
    }
}

extension LeakageFinding {
    /// What is known of a finding that was looked for in a part of the places where it can be: in the rest it is taken to be as likely
    /// as its prevalence, in proportion to that rest (our choice).
    ///
    /// - Parameters:
    ///   - probability: with which it was seen in that part, 0…1.
    ///   - share: that part, 0…1.
    package func measured(_ probability: Double, inShare share: Double, how: String) -> Knowledge {
        let unseen = (1 - probability) * (1 - share) * prevalence.value
        return .measured(
            probability: probability + unseen, how: "\(how), \(Int((100 * share).rounded())) % of the place read")
    }

    /// How often the finding is met among treated vertebrae. Definitions differ between studies: these are weak.
    var prevalence: PublishedRate {
        switch self {
        case .corticalDisruption: PublishedRate(value: 0.35, grade: .unverified, source: "our prior; no source found")
        case .lateralOrAnteriorGap: PublishedRate(value: 0.20, grade: .unverified, source: "our prior; no source found")
        case .posteriorWallGap: PublishedRate(value: 0.15, grade: .unverified, source: "our prior; no source found")
        case .superiorEndplateGap, .inferiorEndplateGap:
            // 179 of 234 bodies had one or both: 1 − (1 − q)² = 0.765.
            PublishedRate(
                value: 1 - (55.0 / 234).squareRoot(), grade: .derived,
                source:
                    "179/234 bodies with a disrupted endplate (intradiscal leakage during PVP, MR findings), halves independent"
            )
        case .intravertebralCleft:
            // Between 8.3 % (50/600, unilateral PKP) and 26.7 % (72/270 PKP, Wang 2014).
            PublishedRate(
                value: 0.20, grade: .derived, source: "8 to 27 % in PKP cohorts; 70 % in one: depends on definition")
        case .cleftReachesForamen:
            PublishedRate(value: 0.30, grade: .unverified, source: "our prior among clefts; no source found")
        case .basivertebralForamenSign:
            PublishedRate(value: 0.30, grade: .unverified, source: "our prior; no source found")
        }
    }
}
