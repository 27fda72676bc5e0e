// What can be planted in a phantom: each lesion with its place and size.
import Domain

/// A patch without cortical shell: shell of that place is replaced by marrow and soft tissue in equal parts.
package struct PlantedGap: Codable, Hashable, Sendable {
    package var level: VertebralLevel
    package var wall: BodyWall
    /// Direction of the patch's centre from the body's centre in the axial plane: 0 = patient's left, 90 = anterior,
    /// 180 = right, 270 = posterior. nil takes the middle of the wall (endplates: anterior).
    package var angleDegrees: Double?
    /// Walls: height of the centre, −1 (inferior endplate) … 1 (superior). Endplates: distance from the axis, 0 … 1 (rim).
    package var position: Double
    /// Across and along the patch, measured on the surface, ≥ 0.5 mm.
    package var widthMM: Double
    package var lengthMM: Double
    /// Turn of the long side: 0 = along the vertebra's height (endplates: front to back), 90 = across it.
    package var turnDegrees: Double

    package init(
        level: VertebralLevel, wall: BodyWall, angleDegrees: Double? = nil, position: Double = 0,
        widthMM: Double = 2,
        lengthMM: Double = 6, turnDegrees: Double = 0
    ) {
        self.level = level
        self.wall = wall
        self.angleDegrees = angleDegrees
        self.position = position
        self.widthMM = widthMM
        self.lengthMM = lengthMM
        self.turnDegrees = turnDegrees
    }

    package init(from decoder: any Decoder) throws {
        let c = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            level: try c.decode(VertebralLevel.self, forKey: .level),
            wall: try c.decode(BodyWall.self, forKey: .wall),
            angleDegrees: try c.decodeIfPresent(Double.self, forKey: .angleDegrees),
            position: try c.decode(.position, default: 0), widthMM: try c.decode(.widthMM, default: 2),
            lengthMM: try c.decode(.lengthMM, default: 6), turnDegrees: try c.decode(.turnDegrees, default: 0))
    }
}

/// A cavity in the marrow, filled with gas or fluid: a flat ellipsoid.
package struct Cleft: Codable, Hashable, Sendable {
    package enum Content: String, Codable, Sendable { case gas, fluid }

    package var level: VertebralLevel
    package var content: Content
    /// Full lengths along the vertebra's x (right–left), y (back–front) and z (height).
    package var sizeMM: SIMD3<Double>
    /// Centre as a fraction of half the body's width, depth and height, −1 … 1 each.
    package var position: SIMD3<Double>

    package init(
        level: VertebralLevel, content: Content = .gas, sizeMM: SIMD3<Double> = [18, 10, 3.5],
        position: SIMD3<Double> = [0, 0.35, 0.45]
    ) {
        self.level = level
        self.content = content
        self.sizeMM = sizeMM
        self.position = position
    }

    package init(from decoder: any Decoder) throws {
        let c = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            level: try c.decode(VertebralLevel.self, forKey: .level), content: try c.decode(.content, default: .gas),
            sizeMM: try c.decode(.sizeMM, default: [18, 10, 3.5]),
            position: try c.decode(.position, default: [0, 0.35, 0.45]))
    }
}

/// The opening of the basivertebral vein in the middle of the posterior wall, and its channel into the body.
package struct BasivertebralForamen: Codable, Hashable, Sendable {
    package var level: VertebralLevel
    package var widthMM: Double
    package var heightMM: Double
    /// Channel depth as a fraction of the body's depth; 0.12–0.22 in Tzika 2021, 10.1007/s00276-021-02690-0.
    package var depthFraction: Double

    package init(level: VertebralLevel, widthMM: Double = 6, heightMM: Double = 5, depthFraction: Double = 0.17) {
        self.level = level
        self.widthMM = widthMM
        self.heightMM = heightMM
        self.depthFraction = depthFraction
    }

    package init(from decoder: any Decoder) throws {
        let c = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            level: try c.decode(VertebralLevel.self, forKey: .level), widthMM: try c.decode(.widthMM, default: 6),
            heightMM: try c.decode(.heightMM, default: 5), depthFraction: try c.decode(.depthFraction, default: 0.17))
    }
}

/// A fracture that changes the body's shape.
package struct Collapse: Codable, Hashable, Sendable {
    package enum Shape: String, Codable, Sendable {
        /// The anterior height is lost.
        case wedge
        /// The middle height is lost, through both endplates.
        case biconcave
        /// The whole height is lost.
        case crush
    }

    package var level: VertebralLevel
    package var shape: Shape
    /// Part of the rim-plane height that is lost at the place the shape names, 0 … 0.7.
    package var lossFraction: Double
    /// How far the posterior wall is pushed back in the midline, above mid-height, mm: 0 … 8.
    package var bulgeMM: Double

    package init(level: VertebralLevel, shape: Shape, lossFraction: Double, bulgeMM: Double = 0) {
        self.level = level
        self.shape = shape
        self.lossFraction = lossFraction
        self.bulgeMM = bulgeMM
    }

    package init(from decoder: any Decoder) throws {
        let c = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            level: try c.decode(VertebralLevel.self, forKey: .level), shape: try c.decode(Shape.self, forKey: .shape),
            lossFraction: try c.decode(Double.self, forKey: .lossFraction),
            bulgeMM: try c.decode(.bulgeMM, default: 0))
    }
}

/// One planted lesion. In JSON an object with `kind` and the fields of its kind.
package enum Lesion: Codable, Hashable, Sendable {
    case corticalGap(PlantedGap)
    case cleft(Cleft)
    case basivertebralForamen(BasivertebralForamen)
    case collapse(Collapse)

    package var level: VertebralLevel {
        switch self {
        case .corticalGap(let gap): gap.level
        case .cleft(let cleft): cleft.level
        case .basivertebralForamen(let foramen): foramen.level
        case .collapse(let collapse): collapse.level
        }
    }

    /// The value of `kind`.
    package enum Kind: String, Codable, CaseIterable, Sendable {
        case corticalGap = "cortical-gap"
        case cleft
        case basivertebralForamen = "basivertebral-foramen"
        case collapse
    }

    private enum Key: String, CodingKey { case kind }

    package init(from decoder: any Decoder) throws {
        switch try decoder.container(keyedBy: Key.self).decode(Kind.self, forKey: .kind) {
        case .corticalGap: self = .corticalGap(try PlantedGap(from: decoder))
        case .cleft: self = .cleft(try Cleft(from: decoder))
        case .basivertebralForamen: self = .basivertebralForamen(try BasivertebralForamen(from: decoder))
        case .collapse: self = .collapse(try Collapse(from: decoder))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .corticalGap(let gap):
            try container.encode(Kind.corticalGap, forKey: .kind)
            try gap.encode(to: encoder)
        case .cleft(let cleft):
            try container.encode(Kind.cleft, forKey: .kind)
            try cleft.encode(to: encoder)
        case .basivertebralForamen(let foramen):
            try container.encode(Kind.basivertebralForamen, forKey: .kind)
            try foramen.encode(to: encoder)
        case .collapse(let collapse):
            try container.encode(Kind.collapse, forKey: .kind)
            try collapse.encode(to: encoder)
        }
    }
}

extension KeyedDecodingContainer {
    /// The value of a key, or a default where the key is absent.
    func decode<Value: Decodable>(_ key: Key, default value: Value) throws -> Value {
        try decodeIfPresent(Value.self, forKey: key) ?? value
    }
}
