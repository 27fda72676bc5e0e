// The paragraph under a reliability audit.

/// Says in plain words what the coefficients show and what they do not.
struct ReliabilityReading {
    let grid: ReadingGrid
    let sections: [AuditSection]
    let isCategorical: Bool

    var text: String {
        let all = sections[0]
        let parts = isCategorical ? [categories(all)] : [intraclass(all), concordance(all), repeats(all), gauge(all)]
        return (parts + [size, groups, limits]).compactMap { $0 }.joined(separator: " ")
    }

    private var raters: String { "\(grid.raterNames.count) rater\(grid.raterNames.count == 1 ? "" : "s")" }

    private func intraclass(_ all: AuditSection) -> String? {
        guard let icc = all["ICC(2,1)-generalized"] ?? all["ICC(2,1)"] ?? all["ICC(1,1)"], let value = icc.valueText
        else { return nil }
        let basis = "On \(grid.subjectNames.count) subjects and \(raters), \(icc.name.prefix { $0 != "-" }) is \(value)"
        guard let lower = icc.lower, let upper = icc.upper, let ends = icc.intervalText else {
            return "\(basis), without an interval."
        }
        let (low, high) = (Self.grade(lower), Self.grade(upper))
        let grade = low == high ? low : "\(low) to \(high)"
        return
            "\(basis) (\(ends)): \(grade) reliability of a single reading by the "
            + "bands of Koo and Li (2016), judged by the interval."
    }

    /// Koo & Li, J Chiropr Med 2016;15:155.
    private static func grade(_ icc: Double) -> String {
        switch icc {
        case ..<0.5: "poor"
        case ..<0.75: "moderate"
        case ..<0.9: "good"
        default: "excellent"
        }
    }

    private func concordance(_ all: AuditSection) -> String? {
        guard let ccc = all["ccc"]?.value, let r = all["pearson"]?.value else { return nil }
        let gap = r - ccc
        guard gap > 0.02 else {
            return "Lin's concordance is \(Figure.text(ccc, decimals: 3)), Pearson's r \(Figure.text(r, decimals: 3))."
        }
        return
            "Lin's concordance, \(Figure.text(ccc, decimals: 3)), is below Pearson's r, \(Figure.text(r, decimals: 3)): the raters go together but "
            + "differ in level or scale."
    }

    private func repeats(_ all: AuditSection) -> String? {
        guard let figure = all["repeatabilityCoefficient"], let value = figure.value else { return nil }
        return
            "Two readings of one subject by one rater differ by less than \(Figure.text(value, unit: figure.unit)) in 95 of "
            + "100 cases."
    }

    private func gauge(_ all: AuditSection) -> String? {
        guard let percent = all["gaugePercent"]?.value else { return nil }
        return
            "The gauge makes \(Figure.text(percent)) % of the total SD; above 30 % it is unfit by AIAG's rule, below 10 % fit."
    }

    private func categories(_ all: AuditSection) -> String? {
        guard let kappa = all["kappa"], let value = kappa.valueText, let observed = all["observedAgreement"]?.value
        else {
            return nil
        }
        let interval = kappa.intervalText.map { " (\($0))" } ?? ""
        return
            "On \(grid.subjectNames.count) subjects, \(raters) agree in \(Figure.percent(observed)) and, beyond chance, with "
            + "kappa \(value)\(interval). Kappa depends on how common the categories are: compare it only between "
            + "samples alike in that."
    }

    private var size: String? {
        // Our choice of where to warn; Koo & Li ask for 30 subjects and 3 raters.
        grid.subjectNames.count < 30 ? "Fewer than 30 subjects make wide intervals." : nil
    }

    private var groups: String? {
        let missing = sections.dropFirst().filter { $0.reason != nil }.map(\.name)
        return missing.isEmpty ? nil : "Not judged: \(missing.joined(separator: ", "))."
    }

    private var limits: String {
        isCategorical
            ? "Agreement is not correctness: raters can be wrong together."
            : "A coefficient grows with the spread of the subjects: it says nothing of the size of errors, which limits of "
                + "agreement show, nor of accuracy."
    }
}
