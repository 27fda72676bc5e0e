// Golden numbers from SciPy, and the phantoms that they were computed on.
import Foundation

@testable import Imaging

/// Lines `name, values…` of `Golden/scipy.csv`.
func scipyGolden(_ name: String) throws -> [Double] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/scipy.csv")
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") where line.hasPrefix(name + ",") {
        return line.split(separator: ",").dropFirst().compactMap { Double($0) }
    }
    throw CocoaError(.fileReadCorruptFile)
}

let goldenSize = Index3(x: 7, y: 6, z: 5)

/// A mask on the golden grid from a rule on (x, y, z).
func goldenMask(spacingMM: SIMD3<Double> = [1, 1, 1], _ rule: (Int, Int, Int) -> Bool) -> VoxelMask {
    var mask = VoxelMask(geometry: Geometry(size: goldenSize, spacingMM: spacingMM))
    for z in 0..<goldenSize.z {
        for y in 0..<goldenSize.y { for x in 0..<goldenSize.x { mask[x, y, z] = rule(x, y, z) } }
    }
    return mask
}

/// The golden image: (7x + 13y + 29z + 3xyz) mod 41.
func goldenVolume() -> Volume {
    var volume = Volume(geometry: Geometry(size: goldenSize, spacingMM: [1, 1, 1]), filledWith: 0)
    for z in 0..<goldenSize.z {
        for y in 0..<goldenSize.y {
            for x in 0..<goldenSize.x { volume[x, y, z] = Float((7 * x + 13 * y + 29 * z + 3 * x * y * z) % 41) }
        }
    }
    return volume
}

/// The largest absolute difference; infinite when the counts differ.
func largestDifference(_ values: [Float], _ golden: [Double]) -> Double {
    guard values.count == golden.count else { return .infinity }
    return zip(values, golden).map { abs(Double($0) - $1) }.max() ?? 0
}
