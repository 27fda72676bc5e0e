// The report of an automatic segmentation: every vertebra that was found, what it is called and why.

/// All vertebrae of a scan.
package struct SpineSection: Codable, Sendable {
    /// Cranial to caudal.
    package var vertebrae: [SpineVertebra]
    /// What each anchor said of the levels.
    package var anchors: [SpineAnchor]
    /// Why vertebrae have no level, and what else was odd.
    package var notes: [String]

    package init(vertebrae: [SpineVertebra], anchors: [SpineAnchor], notes: [String]) {
        self.vertebrae = vertebrae
        self.anchors = anchors
        self.notes = notes
    }
}

/// One vertebra that was found.
package struct SpineVertebra: Codable, Sendable {
    /// A level, or `unknown-1`, `unknown-2`, ….
    package var name: String
    /// Absent where the scan does not tell it.
    package var level: VertebralLevel?
    /// 0…1: which anchors agreed, not a measured probability; 0 without a level.
    package var levelConfidence: Double
    /// The value of this vertebra in `segmentation.nii.gz` and `bodies.nii.gz`.
    package var labelValue: Int
    /// Centre of the body, LPS millimetres.
    package var bodyCentreLPSMM: [Double]
    /// Absent, with what follows, where no plausible body was found.
    package var bodyVolumeML: Double?
    package var vertebraVolumeML: Double?
    package var isWhole: Bool?
    package var frame: FrameAxes?
    /// What of it has a label of its own; absent where it was not divided.
    package var parts: [PartSection]?
    /// 0…1: what the review thinks of it; 1 where nothing speaks against it.
    package var score: Double
    /// `accepted` or `needs-review`.
    package var verdict: String
    /// Why it needs review.
    package var reasons: [String]

    package init(
        name: String, level: VertebralLevel?, levelConfidence: Double, labelValue: Int, bodyCentreLPSMM: [Double],
        bodyVolumeML: Double?, vertebraVolumeML: Double?, isWhole: Bool?, frame: FrameAxes?, score: Double,
        verdict: String, reasons: [String]
    ) {
        self.name = name
        self.level = level
        self.levelConfidence = levelConfidence
        self.labelValue = labelValue
        self.bodyCentreLPSMM = bodyCentreLPSMM
        self.bodyVolumeML = bodyVolumeML
        self.vertebraVolumeML = vertebraVolumeML
        self.isWhole = isWhole
        self.frame = frame
        self.score = score
        self.verdict = verdict
        self.reasons = reasons
    }
}

/// What one anchor said.
package struct SpineAnchor: Codable, Sendable {
    /// `request`, `sacrum` or `ribs`.
    package var anchor: String
    /// What was seen, in words.
    package var finding: String
    /// The level that follows for the vertebra of which the finding speaks.
    package var level: VertebralLevel

    package init(anchor: String, finding: String, level: VertebralLevel) {
        self.anchor = anchor
        self.finding = finding
        self.level = level
    }
}
