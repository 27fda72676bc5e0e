// What a recipe can get wrong.
import Domain

/// A recipe that cannot be built.
package enum PhantomFault: Fault, Equatable {
    /// Not consecutive, not cranial to caudal, empty, or outside T10…L5.
    case levelsInvalid([VertebralLevel])
    /// A number outside its range.
    case valueOutOfRange(field: String, value: Double, allowed: ClosedRange<Double>)
    /// A lesion names a level that the phantom does not have.
    case lesionLevelAbsent(VertebralLevel)

    package var code: FaultCode { .parameterInvalid }

    package var detail: String {
        switch self {
        case .levelsInvalid(let levels):
            "The recipe's levels are \(levels.map(\.rawValue).joined(separator: ", "))."
        case .valueOutOfRange(let field, let value, let allowed):
            "The recipe's \(field) is \(value); it may be \(allowed.lowerBound) to \(allowed.upperBound)."
        case .lesionLevelAbsent(let level): "A lesion is planted in \(level.rawValue), which is not one of the levels."
        }
    }

    package var fix: String {
        switch self {
        case .levelsInvalid: "Name consecutive levels from cranial to caudal, within T10 to L5."
        case .valueOutOfRange(let field, _, _): "Set \(field) within its range."
        case .lesionLevelAbsent: "Add the level to levels, or plant the lesion in one of them."
        }
    }

    package var subject: String? {
        switch self {
        case .levelsInvalid: "levels"
        case .valueOutOfRange(let field, _, _): field
        case .lesionLevelAbsent: "lesions"
        }
    }
}

extension PhantomRecipe {
    /// - Throws: `PhantomFault` naming the first field that cannot be built.
    package func validate() throws(PhantomFault) {
        let supported = VertebralLevel.allCases.filter { $0 >= .T10 && $0 <= .L5 }
        guard let first = levels.first, let start = supported.firstIndex(of: first),
            start + levels.count <= supported.count, Array(supported[start..<start + levels.count]) == levels
        else { throw .levelsInvalid(levels) }

        try require("spacingMM", spacingMM.min(), 0.25...6)
        try require("spacingMM", spacingMM.max(), 0.25...6)
        try require("fieldOfViewMM", fieldOfViewMM.min(), 60...500)
        try require("fieldOfViewMM", fieldOfViewMM.max(), 60...500)
        try require("marginMM", marginMM, 0...30)
        try require("cortexThicknessMM", cortexThicknessMM, 0.1...3)
        try require("cortexThicknessVariation", cortexThicknessVariation, 0...0.4)
        try require("cortexFineVariation", cortexFineVariation, 0...0.8)
        try require("archThicknessMM", archThicknessMM, 0.1...3)
        try require("cortexHU", cortexHU, 200...2500)
        for hu in [trabecularHU] + trabecularHUByLevel.values { try require("trabecularHU", hu, -100...600) }
        try require("textureSDHU", textureSDHU, 0...200)
        try require("textureGrainMM", textureGrainMM, 0.3...10)
        try require("blurFWHMMM", blurFWHMMM, 0.4...3)
        try require("sliceThicknessMM", sliceThicknessMM ?? spacingMM.z, 0.25...10)
        try require("noiseSDHU", noiseSDHU, 0...200)
        try require("noiseGrainPixels", noiseGrainPixels, 0...3)
        try require("curvature", curvature, 0...1.6)
        try require("scoliosisDegrees", scoliosisDegrees, -25...25)
        try require("subjectScale", subjectScale ?? 1, 0.85...1.15)
        for lesion in lesions {
            guard levels.contains(lesion.level) else { throw .lesionLevelAbsent(lesion.level) }
            try check(lesion)
        }
    }

    private func check(_ lesion: Lesion) throws(PhantomFault) {
        switch lesion {
        case .corticalGap(let gap):
            try require("widthMM", gap.widthMM, 0.5...20)
            try require("lengthMM", gap.lengthMM, 0.5...20)
            try require("position", gap.position, gap.wall.isEndplate ? 0...0.9 : -0.9...0.9)
        case .cleft(let cleft):
            try require("sizeMM", cleft.sizeMM.min(), 1...30)
            try require("position", cleft.position.max(), -0.9...0.9)
            try require("position", cleft.position.min(), -0.9...0.9)
        case .basivertebralForamen(let foramen):
            try require("widthMM", foramen.widthMM, 1...15)
            try require("heightMM", foramen.heightMM, 1...12)
            try require("depthFraction", foramen.depthFraction, 0.05...0.4)
        case .collapse(let collapse):
            try require("lossFraction", collapse.lossFraction, 0...0.7)
        }
    }

    private func require(_ field: String, _ value: Double, _ allowed: ClosedRange<Double>) throws(PhantomFault) {
        guard allowed.contains(value) else { throw .valueOutOfRange(field: field, value: value, allowed: allowed) }
    }
}
