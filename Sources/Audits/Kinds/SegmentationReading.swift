// The paragraph under a segmentation audit.

/// Says in plain words what overlap and distances show and what they do not.
struct SegmentationReading {
    let metrics: [String]
    let sections: [AuditSection]

    var text: String {
        let all = sections[0]
        var parts = metrics.compactMap { name -> String? in
            guard let mean = all["\(name).mean"], let value = mean.valueText,
                let median = all["\(name).median"]?.valueText, let worst = all["\(name).worst"],
                let low = worst.valueText
            else { return nil }
            let interval = mean.intervalText.map { " (\($0))" } ?? ""
            return "\(name) is \(value)\(interval) on average, median \(median), worst \(low) (\(worst.method))."
        }
        parts.insert("On \(all.count) cases:", at: 0)
        let missing = sections.dropFirst().filter { $0.reason != nil }.map(\.name)
        if !missing.isEmpty { parts.append("Not judged: \(missing.joined(separator: ", ")).") }
        parts.append(
            "A mean hides failures, so look at the worst case; overlap favours large structures, and none of this says whether "
                + "what is measured on the segmentation is right.")
        return parts.joined(separator: " ")
    }
}
