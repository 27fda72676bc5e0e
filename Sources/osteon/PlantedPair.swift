// What the report says of one vertebra beside what was planted in it.
import Audits
import Domain
import Phantoms

/// One quantity of one vertebra, measured and planted.
struct PlantedPair {
    let quantity: PlantedQuantity
    /// nil where the report has no such number.
    let measured: Double?
    let truth: Double

    /// Every quantity that the phantom's recipe fixes for a vertebra.
    static func pairs(_ found: VertebraReport?, _ planted: VertebraTruth) -> [PlantedPair] {
        var pairs: [PlantedPair] = []
        func add(_ quantity: PlantedQuantity, _ truth: Double?) {
            guard let truth else { return }
            pairs.append(PlantedPair(quantity: quantity, measured: found?.measured(quantity.rawValue), truth: truth))
        }
        add(.anteriorHeight, planted.anteriorHeightMM)
        add(.middleHeight, planted.middleHeightMM)
        add(.posteriorHeight, planted.posteriorHeightMM)
        add(.bodyVolume, planted.bodyVolumeML)
        add(.trabecularMean, planted.trabecularHU)
        add(.wedgeAngle, planted.superiorTiltDegrees - planted.inferiorTiltDegrees)
        add(.posteriorWallBulge, planted.posteriorBulgeMM)
        add(.canalDepth, planted.canalDepthMM)
        if let cleft = planted.lesions.first(where: { $0.kind == .cleft }), let volume = cleft.volumeML {
            pairs.append(
                PlantedPair(
                    quantity: cleft.content == .gas ? .gasCleftVolume : .fluidCleftVolume,
                    measured: found?.morphometry?.cleft?.volumeML, truth: volume))
        }
        if let foramen = planted.lesions.first(where: { $0.kind == .basivertebralForamen }),
            let width = foramen.widthMM, let height = foramen.heightMM
        {
            let seen = found?.morphometry?.basivertebralForamen
            pairs.append(PlantedPair(quantity: .foramenWidth, measured: seen?.widthMM, truth: width))
            pairs.append(PlantedPair(quantity: .foramenHeight, measured: seen?.heightMM, truth: height))
        }
        return pairs
    }
}

extension VertebraReport {
    /// A measurement of the morphometry by its name.
    func measured(_ name: String) -> Double? { morphometry?.measurements.first { $0.name == name }?.value }
}
