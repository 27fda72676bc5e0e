// What the gap detector found on phantoms of known truth, for the limits that a report states.

/// One row of the table in docs/cortex.md.
package struct MeasuredSensitivity {
    let pixelMM: Double
    let sliceMM: Double
    /// Gaps found of those planted, by width in millimetres.
    let found: [(widthMM: Double, found: Int, planted: Int)]
    let alarmsPer60CM2: Double
    /// The same with the texture *uneven*, all fine or all coarse scans together: seeds 51000–51059.
    var alarmsOnUnevenPer60CM2: Double { pixelMM <= 0.5 && sliceMM <= 1 ? 0.98 : 0.22 }

    /// Phantoms of seeds 50032–50231, textures plain and strong (docs/cortex.md).
    static let table: [MeasuredSensitivity] = [
        row(0.5, 0.6, [49, 50, 50], of: 50, 0), row(0.5, 1.0, [46, 50, 50], of: 50, 0),
        row(0.5, 1.5, [31, 49, 50], of: 50, 0.42), row(1.0, 0.6, [28, 50, 50], of: 50, 0.04),
        row(1.0, 1.0, [10, 50, 51], of: 52, 0.28), row(1.0, 1.5, [3, 47, 49], of: 52, 0.29),
    ]

    /// The row of the next coarser scan; nil where none was measured.
    static func of(pixelMM: Double, sliceMM: Double) -> MeasuredSensitivity? {
        table.first { pixelMM <= $0.pixelMM + 0.02 && sliceMM <= $0.sliceMM + 0.02 }
    }

    /// The row in words.
    var sentence: String {
        let counts = found.map { "\($0.widthMM) mm wide \($0.found) of \($0.planted)" }
        return """
            On simulated vertebrae with \(pixelMM) mm pixels and \(sliceMM) mm slices, gaps of known place and 4 to 8 mm length were \
            found as follows: \(counts.joined(separator: ", ")); \(alarmsPer60CM2) false alarms per 60 cm² of shell. Where the shell was as \
            uneven as on the one real scan compared, there were \(alarmsOnUnevenPer60CM2).
            """
    }

    /// How far gap detection falls above the thickest slices on which it is offered.
    package static let onThickSlices = """
        on simulated vertebrae with 3 mm slices and 0.5 mm pixels 13 of 18 gaps of 2 mm were found, with 4.65 false alarms per 60 cm² \
        of shell (docs/cortex.md).
        """

    private static func row(
        _ pixelMM: Double, _ sliceMM: Double, _ found: [Int], of planted: Int, _ alarms: Double
    ) -> MeasuredSensitivity {
        MeasuredSensitivity(
            pixelMM: pixelMM, sliceMM: sliceMM,
            found: zip([1.0, 2.0, 3.0], found).map { ($0, $1, planted) }, alarmsPer60CM2: alarms)
    }
}
