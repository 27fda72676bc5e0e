// Every image filter against PyRadiomics, ITK and PyWavelets.
import Foundation
import Imaging
import ImagingIO
import ReferenceData
import Testing

@testable import Radiomics

/// The image that `Golden/filters.csv` was made from; its first lines give the formula.
private let image: GreyImage = {
    let size = Index3(x: 9, y: 8, z: 7)
    var values: [Double] = []
    for z in 0..<size.z {
        for y in 0..<size.y {
            for x in 0..<size.x {
                let pattern = (37 * x + 91 * y + 53 * z + 7 * x * y + 11 * y * z) % 401 / 3
                values.append(Double(pattern + 12 * x - 9 * y + 15 * z - 120))
            }
        }
    }
    return GreyImage(size: size, spacingMM: [0.7, 0.9, 1.25], values: values)
}()

private struct Golden {
    /// Values at single voxels by their offset, and the sum of squares of the whole image.
    var voxels: [Int: Double] = [:]
    var sumOfSquares: Double?

    static func read() throws -> [String: Golden] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Golden/filters.csv")
        var images: [String: Golden] = [:]
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") where !line.hasPrefix("#") {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            guard let value = Double(fields[4]) else { continue }
            let name = String(fields[0])
            if let x = Int(fields[1]), let y = Int(fields[2]), let z = Int(fields[3]) {
                images[name, default: Golden()].voxels[(z * 8 + y) * 9 + x] = value
            } else {
                images[name, default: Golden()].sumOfSquares = value
            }
        }
        return images
    }
}

/// Filters that repeat the other tool's arithmetic step by step are equal to the last bit (`relative` 0); logarithms, exponentials
/// and long sums differ between libraries by some units in the last place.
private func expectEqual(
    _ filtered: GreyImage?, _ name: String, relative: Double = 0, _ location: SourceLocation = #_sourceLocation
) throws {
    let golden = try #require(try Golden.read()[name], "\(name)", sourceLocation: location)
    let values = try #require(filtered, "\(name)", sourceLocation: location).values
    for (voxel, expected) in golden.voxels {
        let difference = abs(values[voxel] - expected)
        #expect(
            difference <= relative * abs(expected), "\(name) \(voxel): \(values[voxel]), not \(expected)",
            sourceLocation: location)
    }
    if let expected = golden.sumOfSquares {
        let sum = values.reduce(0) { $0 + $1 * $1 }
        #expect(
            abs(sum - expected) <= 1e-12 * expected, "\(name): Σx² \(sum), not \(expected)", sourceLocation: location)
    }
}

struct FilterTests {
    @Test func `the Laplacian of Gaussian equals ITK's to the last bit`() throws {
        for sigma in [1.0, 2.5] {
            let filter = LaplacianOfGaussian(sigmaMM: sigma)
            try expectEqual(filter.filtered(image), filter.name)
        }
    }

    @Test func `the Laplacian of Gaussian skips an image that is too small for it`() {
        // y has 8 voxels of 0.9 mm and x 9 of 0.7 mm: ⌈5.7/0.7⌉ + 1 = 10 is more than 9; ⌈5.4/0.7⌉ + 1 = 9 is not.
        #expect(LaplacianOfGaussian(sigmaMM: 5.7).filtered(image) == nil)
        #expect(LaplacianOfGaussian(sigmaMM: 5.4).filtered(image) != nil)
        let flat = GreyImage(size: Index3(x: 9, y: 9, z: 3), spacingMM: [1, 1, 1], values: image.values)
        #expect(LaplacianOfGaussian(sigmaMM: 1).filtered(flat) == nil)
    }

    @Test func `the gradient equals ITK's to the last bit, per millimetre and per voxel`() throws {
        try expectEqual(GradientMagnitude().filtered(image), "gradient")
        try expectEqual(GradientMagnitude(usesSpacing: false).filtered(image), "gradient per voxel")
    }

    @Test func `wavelet bands equal those of PyWavelets to the last bit`() throws {
        let bands = try #require(Wavelet()).filtered(image)
        #expect(bands.map(\.band) == ["LLH", "LHL", "LHH", "HLL", "HLH", "HHL", "HHH", "LLL"].map { "wavelet-\($0)" })
        for (band, filtered) in bands { try expectEqual(filtered, band) }
    }

    @Test(arguments: [
        ("haar", 1, 0), ("db4", 1, 0), ("sym5", 1, 0), ("bior2.4", 1, 0), ("rbio3.1", 1, 0), ("coif1", 2, 0),
        ("coif1", 1, 1),
    ])
    func `other wavelets, levels and first levels equal PyWavelets`(_ name: String, _ level: Int, _ start: Int) throws {
        let golden = try Golden.read()
        var compared = 0
        for (band, filtered) in try #require(Wavelet(name: name, startLevel: start, level: level)).filtered(image) {
            let key = "\(name) start \(start) level \(level) \(band)"
            guard golden[key] != nil else { continue }
            try expectEqual(filtered, key)
            compared += 1
        }
        #expect(compared == 2 * level + 1)
    }

    @Test func `wavelets of an image in single precision are computed in single precision`() throws {
        for (band, filtered) in try #require(Wavelet(isSingle: true)).filtered(image)
        where "LLH HHH".contains(band.suffix(3)) {
            try expectEqual(filtered, "single \(band)")
        }
    }

    @Test func `an unknown wavelet is refused, and every known one keeps a constant image constant`() throws {
        #expect(Wavelet(name: "db21") == nil)
        #expect(WaveletBank.names.count == 76)
        let flat = GreyImage(
            size: Index3(x: 4, y: 4, z: 4), spacingMM: [1, 1, 1], values: Array(repeating: 10, count: 64))
        for name in WaveletBank.names {
            // A low-pass gain of √2 along each of three axes, a high-pass gain of 0. The taps of dmey, which is cut off, miss
            // these sums by 1.1e-3: times 10, times √2 for either other axis, that is 0.022.
            let tolerance = name == "dmey" ? 0.03 : 1e-8
            for (band, filtered) in try #require(Wavelet(name: name)).filtered(flat) {
                let expected = band == "wavelet-LLL" ? 10 * 2 * 2.0.squareRoot() : 0
                #expect(filtered.values.allSatisfy { abs($0 - expected) < tolerance }, "\(name) \(band)")
            }
        }
    }

    @Test(arguments: PointwiseFilter.allCases)
    func `maps of grey values equal PyRadiomics`(_ filter: PointwiseFilter) throws {
        let maximum = image.values.reduce(0) { max($0, abs($1)) }
        // Logarithm and exponential of two libraries differ by a few units in the last place.
        try expectEqual(filter.filtered(image, maximumMagnitude: maximum), filter.name, relative: 1e-15 * 4)
    }

    @Test func `maps that are undefined on an image of zeros give none`() {
        let zeros = GreyImage(size: Index3(x: 2, y: 2, z: 1), spacingMM: [1, 1, 1], values: [0, 0, 0, 0])
        #expect(PointwiseFilter.squareroot.filtered(zeros, maximumMagnitude: 0)?.values == [0, 0, 0, 0])
        for filter in [PointwiseFilter.square, .logarithm, .exponential] {
            #expect(filter.filtered(zeros, maximumMagnitude: 0) == nil)
        }
    }

    @Test func `local binary patterns equal PyRadiomics`() throws {
        let region = image.values.indices.filter { i in
            (1...7).contains(i % 9) && (1...6).contains(i / 9 % 8) && (1...5).contains(i / 72)
        }
        let patterns = LocalBinaryPattern3D().filtered(image, voxels: region, storedAs: .int16)
        #expect(patterns.map(\.name) == ["lbp-3D-m1", "lbp-3D-m2", "lbp-3D-k"])
        // Sums over 42 samples in another order.
        for (name, filtered) in patterns { try expectEqual(filtered, name, relative: 1e-12) }
    }
}

private let vertebra = "radiomics/vertebra/intermediate_hu_full"

@Suite(.enabled(if: ReferenceData.has(vertebra), Comment(rawValue: ReferenceData.absent)))
struct FilterReferenceTests {
    private func read(_ name: String) throws -> (image: GreyImage, voxels: [Float]) {
        let volume = try StudyFile.readVolume(ReferenceData.url("\(vertebra)/\(name).nii.gz")).volume
        let geometry = volume.geometry
        let image = GreyImage(
            size: geometry.size, spacingMM: geometry.spacingMM, values: volume.voxels.map { Double($0) })
        return (image, volume.voxels)
    }

    @Test func `LoG, gradient and wavelet images of a vertebra equal PyRadiomics' in every voxel`() throws {
        let resampled = try read("resampled_image").image
        var images: [(String, GreyImage)] = [("gradient", GradientMagnitude().filtered(resampled))]
        for sigma in [1.0, 3, 5] {
            let filter = LaplacianOfGaussian(sigmaMM: sigma)
            images.append((filter.name, try #require(filter.filtered(resampled))))
        }
        images += try #require(Wavelet()).filtered(resampled).map { ($0.band, $0.image) }
        for (name, filtered) in images {
            // The reader keeps single precision, in which LoG and gradient are stored anyway.
            #expect(filtered.values.map { Float($0) } == (try read(name).voxels), "\(name)")
        }
    }
}
