// Bone through the scanner: fine planes across one slice's profile, blurred and added to its soft tissue.
import Domain
import Imaging

/// Draws bone on fine planes and adds, blurred, how it differs from the soft tissue that was painted in its place.
struct BoneSlab {
    private let bones: [PlacedVertebra]
    private let cortexHU: Float
    private let grid: PlaneGrid
    /// Heights of the fine planes relative to the slice's centre; equal weights make the box profile.
    private let offsetsMM: [Double]
    private var plane: BonePlane
    private var blur: PlaneBlur
    private var difference: [Float]

    /// Samples are at most this far apart (our choice: under half of the usual blur; a ramp stands for what is finer).
    private static let coarsestSampleMM = 0.36

    init(_ recipe: PhantomRecipe, _ layout: SpineLayout, _ geometry: Geometry) {
        let spacing = recipe.spacingMM
        func parts(_ length: Double) -> Int { max(Int((length / Self.coarsestSampleMM).rounded(.up)), 1) }
        let nx = parts(spacing.x)
        let ny = parts(spacing.y)
        let step: SIMD2<Double> = [spacing.x / Double(nx), spacing.y / Double(ny)]
        blur = PlaneBlur(
            across: BlurKernel(fwhmMM: recipe.blurFWHMMM, sampleMM: step.x, subdivision: nx),
            down: BlurKernel(fwhmMM: recipe.blurFWHMMM, sampleMM: step.y, subdivision: ny), width: geometry.size.x,
            height: geometry.size.y)
        let first = geometry.originMM
        grid = PlaneGrid(
            width: blur.samples.width, height: blur.samples.height,
            originMM: [
                first.x - (Double(nx - 1) / 2 + Double(blur.across.padding)) * step.x,
                first.y - (Double(ny - 1) / 2 + Double(blur.down.padding)) * step.y, 0,
            ], stepMM: step)
        let profile = recipe.sliceThicknessMM ?? spacing.z
        // Planes as far apart as samples within them: the ramp that stands for partial volume then fits every direction. A ramp
        // of another width than the sampling loses or gains up to 6 % of a thin shell.
        let inPlane = max(step.x, step.y)
        let nz = max(Int((profile / inPlane).rounded()), 1)
        offsetsMM = (0..<nz).map { ((Double($0) + 0.5) / Double(nz) - 0.5) * profile }
        bones = layout.bones
        cortexHU = Float(recipe.cortexHU)
        plane = BonePlane(
            width: grid.width, height: grid.height, ramp: Float(inPlane))
        difference = [Float](repeating: 0, count: grid.width * grid.height)
    }

    /// Adds the bone of the slice at height `z` to its soft tissue.
    mutating func add(to slice: UnsafeMutableBufferPointer<Float>, z: Double) {
        let soft = Array(slice)
        for offset in offsetsMM {
            var here = grid
            here.originMM.z = z + offset
            plane.draw(bones, cortexHU: cortexHU, on: here)
            guard !plane.rows.isEmpty else { continue }
            subtract(soft)
            difference.withUnsafeBufferPointer {
                blur.add($0, touched: plane.rows, weight: 1 / Float(offsetsMM.count), to: slice)
            }
        }
    }

    /// Sets `difference` to bone less soft tissue, weighted with the share of each sample that bone takes.
    private mutating func subtract(_ soft: [Float]) {
        let width = grid.width
        let ramp = plane.ramp
        for y in plane.rows {
            let softRow = min(max((y - blur.down.padding) / blur.down.subdivision, 0), blur.pixels.height - 1)
            for x in 0..<width {
                let i = y * width + x
                let surface = plane.surface[i]
                guard surface < ramp / 2 else {
                    difference[i] = 0
                    continue
                }
                let softColumn = min(max((x - blur.across.padding) / blur.across.subdivision, 0), blur.pixels.width - 1)
                let background = soft[softRow * blur.pixels.width + softColumn]
                let bone = min(0.5 - surface / ramp, 1)
                let marrow = min(max(0.5 - (surface + plane.thickness[i]) / ramp, 0), 1)
                difference[i] = (bone - marrow) * plane.shellHU[i] + marrow * plane.marrowHU[i] - bone * background
            }
        }
    }
}
