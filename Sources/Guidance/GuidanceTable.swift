// Many simulated injections into one vertebral body, kept so that a needle's next hazard can be read off.
import Domain

/// What `guidance.json` of a finished job holds.
package struct GuidanceDocument: Codable, Sendable, Hashable {
    package var schema = Self.schemaName
    package var disclaimer = Report.disclaimerText
    /// One per vertebra that could be rehearsed, cranial to caudal.
    package var tables: [GuidanceTable]
    /// Vertebrae without a table: the level, and why.
    package var omissions: [Omission]

    package init(tables: [GuidanceTable], omissions: [Omission]) {
        self.tables = tables
        self.omissions = omissions
    }

    package static let schemaName = "osteon.guidance/1"
}

/// Simulated injections into one body, each from another needle tip and with its own draw of what is uncertain.
///
/// Local coordinates are those of the vertebra's frame: x right to left, y posterior to anterior, z caudal to cranial, mm from
/// the centre of the body. The numbers are a model's: never compared with patients.
package struct GuidanceTable: Codable, Sendable, Hashable {
    package var level: VertebralLevel
    package var frame: Frame
    package var outline: BodyOutline
    /// Every place where cement can leave the body.
    package var ways: [Way]
    package var runs: [Run]
    /// One per way: first-leak volumes grow with this power of the distance between tip and way (`DistanceScaling`).
    package var distanceExponents: [Double]
    package var conditions: Conditions

    package init(
        level: VertebralLevel, frame: Frame, outline: BodyOutline, ways: [Way], runs: [Run], conditions: Conditions
    ) {
        distanceExponents = ways.indices.map { DistanceScaling.exponent(of: ways[$0], index: $0, in: runs) }
        self.level = level
        self.frame = frame
        self.outline = outline
        self.ways = ways
        self.runs = runs
        self.conditions = conditions
    }

    /// The vertebra's frame: unit vectors and the body's centre in LPS.
    package struct Frame: Codable, Sendable, Hashable {
        package var originLPSMM: SIMD3<Double>
        package var x: SIMD3<Double>
        package var y: SIMD3<Double>
        package var z: SIMD3<Double>

        package init(originLPSMM: SIMD3<Double>, x: SIMD3<Double>, y: SIMD3<Double>, z: SIMD3<Double>) {
            self.originLPSMM = originLPSMM
            self.x = x
            self.y = y
            self.z = z
        }
    }

    /// One place where cement can leave.
    package struct Way: Codable, Sendable, Hashable {
        /// One of the leakage map's six exits.
        package var exit: String
        /// `gap`, `foramen`, `vein` or `wall` (the intact cortex of a whole side).
        package var passage: Passage
        /// Leakage type I (segmental vein), II (cortical defect), III (disc) or IV (canal).
        package var type: String
        /// What leaked cement meets, in words.
        package var hazard: String
        /// Where it opens; the middle of the side for an intact wall.
        package var localMM: SIMD3<Double>
        /// Unit vector out of the body.
        package var outward: SIMD3<Double>
        /// How likely the opening exists, 0…1.
        package var presence: Double

        package init(
            exit: String, passage: Passage, type: String, hazard: String, localMM: SIMD3<Double>,
            outward: SIMD3<Double>, presence: Double
        ) {
            self.exit = exit
            self.passage = passage
            self.type = type
            self.hazard = hazard
            self.localMM = localMM
            self.outward = outward
            self.presence = presence
        }

        package enum Passage: String, Codable, Sendable { case gap, foramen, vein, wall }
    }

    /// One simulated injection.
    package struct Run: Codable, Sendable, Hashable {
        /// Where the needle's tip lay.
        package var tipMM: SIMD3<Double>
        /// Drawn factors on permeability and viscosity.
        package var permeabilityFactor: Double
        package var viscosityFactor: Double
        /// Volume at which the run ended, mL.
        package var endML: Double
        /// Volume at which the leak through each way passed the threshold, mL; nil where it did not before the end.
        package var firstLeakML: [Double?]

        package init(
            tipMM: SIMD3<Double>, permeabilityFactor: Double, viscosityFactor: Double, endML: Double,
            firstLeakML: [Double?]
        ) {
            self.tipMM = tipMM
            self.permeabilityFactor = permeabilityFactor
            self.viscosityFactor = viscosityFactor
            self.endML = endML
            self.firstLeakML = firstLeakML
        }
    }

    /// What all runs share.
    package struct Conditions: Codable, Sendable, Hashable {
        package var procedure: String
        package var cement: String
        /// Leaked volume that counts as a leak, mL.
        package var leakThresholdML: Double
        /// Edge of the flow solver's cells, mm.
        package var cellMM: Double
        package var seed: UInt64

        package init(procedure: String, cement: String, leakThresholdML: Double, cellMM: Double, seed: UInt64) {
            self.procedure = procedure
            self.cement = cement
            self.leakThresholdML = leakThresholdML
            self.cellMM = cellMM
            self.seed = seed
        }
    }
}

extension GuidanceTable.Frame {
    /// Millimetres along (x, y, z) of the frame from the body's centre.
    func local(_ pointLPS: SIMD3<Double>) -> SIMD3<Double> {
        let d = pointLPS - originLPSMM
        return [(d * x).sum(), (d * y).sum(), (d * z).sum()]
    }

    /// A vector of the frame in LPS.
    func vectorLPS(_ local: SIMD3<Double>) -> SIMD3<Double> { x * local.x + y * local.y + z * local.z }
}
