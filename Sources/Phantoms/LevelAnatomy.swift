// How large each vertebra is, and how it varies between people.
import Domain
import Foundation

/// Mean adult sizes of one level, millimetres and degrees.
///
/// Ranges from Clouthier 2023, J Biomech 146:111421 (L2–L5): body depth 29.5–42.0, height 23.5–32.4, width 39.4–58.8, canal
/// 13.0–20.4 × 21.5–31.8, spinous process 43–61. The single means inside these, and all thoracic ones, are our choice.
struct LevelAnatomy {
    var body: BodyShape.Dimensions
    var arch: ArchShape.Dimensions
    /// Height of the disc above, at its middle.
    var discAboveMM: Double
    /// Forward lean of the vertebra in a relaxed lying spine; the middle lumbar vertebra is level.
    var leanDegrees: Double

    static let supported: [VertebralLevel] = [.T9, .T10, .T11, .T12, .L1, .L2, .L3, .L4, .L5, .S1]

    /// One row of the table: width, depth, anterior and posterior height, canal depth and width, pedicle width and height,
    /// transverse and spinous reach, spinous drop, disc above, lean.
    private static let table: [VertebralLevel: [Double]] = [
        .T9: [32, 29.5, 20.5, 21.5, 14.5, 17.5, 6.5, 13, 30, 46, 38, 4.5, -4],
        .T10: [34, 30, 21.5, 22.5, 14.5, 17.5, 7, 14, 28, 46, 32, 5, -8],
        .T11: [37, 31, 22.5, 23.5, 15, 19, 8, 15.5, 25, 45, 24, 5.5, -12],
        .T12: [40, 32, 24.5, 26, 16, 22, 8, 15.5, 24, 45, 16, 6.5, -14],
        .L1: [43, 33, 26, 27.5, 16.5, 23, 8, 15, 36, 49, 10, 7.5, -13],
        .L2: [45.5, 34.5, 27, 27.8, 16.3, 23.5, 8.5, 15, 40, 52, 9, 8.5, -8],
        .L3: [48, 35.5, 27.6, 27.6, 16, 24, 9.5, 14.5, 44, 53, 8, 9.5, 0],
        .L4: [50.5, 36, 27.6, 26.6, 16.5, 25, 11.5, 14.5, 42, 51, 9, 10.5, 10],
        .L5: [53, 36, 28.3, 25, 17.5, 27, 14.5, 14, 42, 46, 12, 11, 22],
        .S1: [52, 34, 29, 22, 17, 29, 17, 16, 44, 38, 20, 10, 42],
    ]

    /// The mean anatomy of a level, varied by the subject's own size and proportions.
    init(level: VertebralLevel, subjectScale: Double, random: inout RandomSource) {
        let row = Self.table[level] ?? []
        // Independent variation of 2.5 % per measure (our choice; keeps every measure within the published range).
        let m = row.enumerated().map { index, mean in
            let spread = min(max(random.normal(), -2), 2)
            return index < 10 ? mean * subjectScale * (1 + 0.025 * spread) : mean + 0.03 * abs(mean) * spread
        }
        body = BodyShape.Dimensions(
            widthMM: m[0], depthMM: m[1], anteriorHeightMM: m[2], posteriorHeightMM: m[3],
            superiorCupMM: random.uniform(1.0...2.2), inferiorCupMM: random.uniform(1.4...2.8),
            posteriorHollowMM: level >= .L5 ? 0.8 : random.uniform(1.5...3.0),
            waistFraction: random.uniform(0.07...0.14))
        arch = ArchShape.Dimensions(
            canalDepthMM: m[4], canalWidthMM: m[5], pedicleWidthMM: m[6], pedicleHeightMM: m[7],
            transverseReachMM: m[8], spinousReachMM: m[9], spinousDropDegrees: m[10])
        discAboveMM = m[11]
        leanDegrees = m[12]
    }
}
