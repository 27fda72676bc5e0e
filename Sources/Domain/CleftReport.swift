// Clefts and the basivertebral foramen in a vertebra's report.

/// A cavity of gas or fluid inside the body.
package struct CleftSection: Codable, Sendable {
    /// `gas`, `fluid` or `mixed`.
    package var form: String
    package var volumeML: Double
    package var gasVolumeML: Double
    /// Full lengths along the principal axes, longest first, and those axes as unit vectors in LPS.
    package var extentMM: [Double]
    package var axesLPS: [[Double]]
    package var centreLPSMM: [Double]
    /// How far the image speaks for a cleft, 0…1 (our choice).
    package var confidence: Double
    /// Nearest first.
    package var contacts: [CleftContactSection]

    package init(
        form: String, volumeML: Double, gasVolumeML: Double, extentMM: [Double], axesLPS: [[Double]],
        centreLPSMM: [Double], confidence: Double, contacts: [CleftContactSection]
    ) {
        self.form = form
        self.volumeML = volumeML
        self.gasVolumeML = gasVolumeML
        self.extentMM = extentMM
        self.axesLPS = axesLPS
        self.centreLPSMM = centreLPSMM
        self.confidence = confidence
        self.contacts = contacts
    }
}

/// How a cleft lies to a gap, an endplate, the posterior wall or the foramen.
package struct CleftContactSection: Codable, Sendable {
    package var what: String
    package var distanceMM: Double
    /// How open the way is, 0…1; 1 where the cleft reaches it.
    package var connection: Double

    package init(what: String, distanceMM: Double, connection: Double) {
        self.what = what
        self.distanceMM = distanceMM
        self.connection = connection
    }
}

/// The opening of the basivertebral vein in the posterior wall.
package struct ForamenSection: Codable, Sendable {
    package var widthMM: Double
    package var heightMM: Double
    /// Absent where the marrow is as thin as the canal's content.
    package var depthMM: Double?
    package var centreLPSMM: [Double]
    package var hasSign: Bool
    package var signRule: String
    package var confidence: Double

    package init(
        widthMM: Double, heightMM: Double, depthMM: Double?, centreLPSMM: [Double], hasSign: Bool, signRule: String,
        confidence: Double
    ) {
        self.widthMM = widthMM
        self.heightMM = heightMM
        self.depthMM = depthMM
        self.centreLPSMM = centreLPSMM
        self.hasSign = hasSign
        self.signRule = signRule
        self.confidence = confidence
    }
}
