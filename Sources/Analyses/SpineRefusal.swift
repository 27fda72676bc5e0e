// What the search of the spine refuses: values that are no Hounsfield units, and places that only look like vertebrae from afar.
import Imaging
import Segmentation

enum SpineRefusal {
    /// Every CT of a trunk shows more fat and air than this share; measured were 28 % and more. Our choice.
    private static let leastFatShare = 0.001

    /// A file that names no modality (NIfTI) must hold values that can be Hounsfield units.
    ///
    /// - Throws: `AnalysisError.notHounsfield`.
    static func check(_ volume: Volume, modality: String?) throws(AnalysisError) {
        guard modality == nil else { return }
        let range = ValueRange(volume)
        guard range.fatShare < leastFatShare else { return }
        throw .notHounsfield(lowest: range.lowest, highest: range.highest)
    }

    /// Something must have a body: a leg, too, can line up.
    ///
    /// - Throws: `SegmentationError.noSpine`.
    static func check(_ found: FoundSpine) throws(SegmentationError) {
        guard found.vertebrae.allSatisfy({ $0.shape == nil }) else { return }
        // Reasons are sentences; this one ends within another.
        let reason = found.vertebrae.first?.review.reasons.first?.dropLast() ?? "nothing was seen there"
        throw .noSpine(
            finding:
                "\(found.vertebrae.count) places look like vertebrae from afar, and none could be outlined. The uppermost: \(reason)"
        )
    }
}
