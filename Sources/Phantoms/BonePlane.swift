// One plane through all vertebrae: which bone is nearest at each point, and what it is made of there.
import Imaging

/// A regular grid of points in an axial plane of the patient.
struct PlaneGrid {
    var width: Int
    var height: Int
    /// LPS of the first point; z is the plane's.
    var originMM: SIMD3<Double>
    /// Distance between points along x and y.
    var stepMM: SIMD2<Double>
}

/// Bone on a plane, row by row. Buffers are reused from plane to plane.
struct BonePlane {
    let width: Int
    let height: Int
    /// Width of the ramps that stand for partial volume: the size of a sample.
    let ramp: Float
    /// Distance to the surface of the nearest bone, negative inside; `far` where no bone is near.
    private(set) var surface: [Float]
    /// Distance to the body of that bone.
    private(set) var body: [Float]
    /// Index of that bone.
    private(set) var owner: [UInt8]
    /// HU of the shell with what is missing of it taken out, HU of the marrow, thickness of the shell.
    private(set) var shellHU: [Float]
    private(set) var marrowHU: [Float]
    private(set) var thickness: [Float]
    /// Distance to the second nearest bone.
    private var second: [Float]
    /// Rows that may hold bone.
    private(set) var rows = 0..<0

    static let far: Float = 1000
    /// Room kept between two vertebrae (facet joints), as in a cartilage gap of 0.3–1.8 mm.
    private static let jointGap: Float = 0.8
    /// Points are first tried in runs of this many.
    private static let run = 8

    init(width: Int, height: Int, ramp: Float) {
        self.width = width
        self.height = height
        self.ramp = ramp
        let count = width * height
        surface = [Float](repeating: Self.far, count: count)
        body = surface
        second = surface
        owner = [UInt8](repeating: 0, count: count)
        shellHU = [Float](repeating: 0, count: count)
        marrowHU = shellHU
        thickness = shellHU
    }

    /// Fills the plane.
    mutating func draw(_ bones: [PlacedVertebra], cortexHU: Float, on grid: PlaneGrid) {
        clear()
        for (index, bone) in bones.enumerated() {
            draw(bone, index: UInt8(index), cortexHU: cortexHU, on: grid)
        }
        separate()
    }

    private mutating func clear() {
        for y in rows {
            for i in y * width..<(y + 1) * width {
                surface[i] = Self.far
                second[i] = Self.far
                body[i] = Self.far
            }
        }
        rows = 0..<0
    }

    private mutating func draw(_ bone: PlacedVertebra, index: UInt8, cortexHU: Float, on grid: PlaneGrid) {
        let shape = bone.shape
        let frame = bone.frame
        let (centre, half) = shape.box
        let start = SIMD3<Float>(frame.local(grid.originMM))
        let alongX = SIMD3<Float>([frame.x.x, frame.y.x, frame.z.x] * grid.stepMM.x)
        let alongY = SIMD3<Float>([frame.x.y, frame.y.y, frame.z.y] * grid.stepMM.y)
        let reach = Float(grid.stepMM.x) * Float(Self.run) / 2
        let limit = half + reach

        for y in 0..<height {
            let row = start + alongY * Float(y)
            var touched = false
            var x = 0
            while x < width {
                let end = min(x + Self.run, width)
                let middle = row + alongX * (Float(x + end - 1) / 2)
                let away = middle - centre
                if abs(away.x) < limit.x, abs(away.y) < limit.y, abs(away.z) < limit.z {
                    let near = shape.sample(middle)
                    // Distances are first-order: 1.3 covers how much faster than distance they may change.
                    let change = 1.3 * reach + 0.4
                    if near.surface < change + 0.8 {
                        touched = true
                        let uniform = near.surface < -(change + 2 * near.shell) ? near : nil
                        fill(x..<end, y, shape, row, alongX, index, cortexHU, uniform)
                    }
                }
                x = end
            }
            if touched { rows = rows.isEmpty ? y..<y + 1 : min(rows.lowerBound, y)..<max(rows.upperBound, y + 1) }
        }
    }

    /// One run of points; `uniform` where all of them lie deep in the marrow.
    @inline(__always)
    private mutating func fill(
        _ columns: Range<Int>, _ y: Int, _ shape: VertebraShape, _ row: SIMD3<Float>, _ alongX: SIMD3<Float>,
        _ index: UInt8, _ cortexHU: Float, _ uniform: VertebraShape.Sample?
    ) {
        for x in columns {
            let p = row + alongX * Float(x)
            let sample = uniform ?? shape.sample(p)
            let i = y * width + x
            if sample.surface >= surface[i] {
                second[i] = min(second[i], sample.surface)
                continue
            }
            second[i] = surface[i]
            surface[i] = sample.surface
            body[i] = sample.body
            owner[i] = index
            thickness[i] = sample.shell
            if sample.surface < ramp {
                let missing = shape.missingShell(p, ramp: ramp)
                let filling = (shape.marrowHU + VertebraShape.softTissueHU) / 2
                shellHU[i] = cortexHU + missing * (filling - cortexHU)
                marrowHU[i] = shape.marrow(p, inBody: sample.body < 0, ramp: ramp)
            }
        }
    }

    /// Moves the surfaces of two vertebrae apart where they would touch.
    private mutating func separate() {
        for y in rows {
            for i in y * width..<(y + 1) * width where surface[i] < 2 {
                surface[i] = max(surface[i], (surface[i] - second[i] + Self.jointGap) / 2)
            }
        }
    }
}
