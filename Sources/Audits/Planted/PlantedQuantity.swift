// What is measured of a phantom and known of it.

/// A quantity that the service measures and a phantom's recipe fixes.
package enum PlantedQuantity: String, Codable, CaseIterable, Sendable {
    case anteriorHeight, middleHeight, posteriorHeight, bodyVolume, trabecularMean, wedgeAngle, sagittalCobb,
        coronalCobb
    case posteriorWallBulge, canalDepth, gasCleftVolume, fluidCleftVolume, foramenWidth, foramenHeight

    package var label: String {
        switch self {
        case .anteriorHeight: "Anterior height"
        case .middleHeight: "Middle height"
        case .posteriorHeight: "Posterior height"
        case .bodyVolume: "Body volume"
        case .trabecularMean: "Trabecular bone"
        case .wedgeAngle: "Wedge angle"
        case .sagittalCobb: "Cobb angle, sagittal"
        case .coronalCobb: "Cobb angle, coronal"
        case .posteriorWallBulge: "Posterior-wall bulge"
        case .canalDepth: "Canal depth"
        case .gasCleftVolume: "Cleft of gas"
        case .fluidCleftVolume: "Cleft of fluid"
        case .foramenWidth: "Foramen width"
        case .foramenHeight: "Foramen height"
        }
    }

    package var unit: String {
        switch self {
        case .anteriorHeight, .middleHeight, .posteriorHeight, .posteriorWallBulge, .canalDepth, .foramenWidth,
            .foramenHeight:
            "mm"
        case .bodyVolume, .gasCleftVolume, .fluidCleftVolume: "mL"
        case .trabecularMean: "HU"
        case .wedgeAngle, .sagittalCobb, .coronalCobb: "degrees"
        }
    }
}

/// One number that was measured beside the one that was planted.
package struct PlantedMeasurement: Codable, Hashable, Sendable {
    package let quantity: PlantedQuantity
    /// The seed of the phantom.
    package let phantom: UInt64
    /// The level, or first and last level of an angle.
    package let level: String
    package let measured: Double
    package let truth: Double

    package init(quantity: PlantedQuantity, phantom: UInt64, level: String, measured: Double, truth: Double) {
        self.quantity = quantity
        self.phantom = phantom
        self.level = level
        self.measured = measured
        self.truth = truth
    }
}

/// A number that should have been measured and was not.
package struct PlantedOmission: Codable, Hashable, Sendable {
    package let quantity: PlantedQuantity
    package let phantom: UInt64
    package let level: String
    package let reason: String

    package init(quantity: PlantedQuantity, phantom: UInt64, level: String, reason: String) {
        self.quantity = quantity
        self.phantom = phantom
        self.level = level
        self.reason = reason
    }
}
