// The filters of IBSI 2 on tiny images whose responses are known, and their settings.
import Foundation
import Imaging
import Testing

@testable import Radiomics

private func line(_ values: [Double], spacingMM: SIMD3<Double> = [1, 1, 1]) -> GreyImage {
    GreyImage(size: Index3(x: values.count, y: 1, z: 1), spacingMM: spacingMM, values: values)
}

private func impulse(_ edge: Int) -> GreyImage {
    var values = [Double](repeating: 0, count: edge * edge * edge)
    values[values.count / 2] = 1
    return GreyImage(size: Index3(x: edge, y: edge, z: edge), spacingMM: [1, 1, 1], values: values)
}

private func decode(_ yaml: String) throws -> IBSIFilter { try IBSIFilter(yaml: yaml) }

struct IBSIFilterTests {
    @Test func `a boundary condition says what stands beside the image`() {
        #expect(BoundaryCondition.zero.sources(length: 3, reach: 2) == [-1, -1, 0, 1, 2, -1, -1])
        #expect(BoundaryCondition.nearest.sources(length: 3, reach: 2) == [0, 0, 0, 1, 2, 2, 2])
        #expect(BoundaryCondition.periodic.sources(length: 3, reach: 4) == [2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0])
        #expect(BoundaryCondition.mirror.sources(length: 3, reach: 4) == [2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0])
    }

    @Test func `a convolution turns the kernel round`() {
        let image = line([0, 0, 1, 0, 0])
        let response = AxisConvolution(axis: 0, kernel: [1, 2, 3], boundary: .zero)(image)
        #expect(response.values == [0, 1, 2, 3, 0])
        // An even kernel is centred on the weight behind its middle.
        let even = AxisConvolution(axis: 0, kernel: [5, 7], boundary: .zero)(image)
        #expect(even.values == [0, 5, 7, 0, 0])
    }

    @Test func `convolution along y and z is convolution along x of the turned image`() {
        let kernel: [Double] = [1, 2, 4]
        for (axis, step) in [(0, 1), (1, 5), (2, 25)] {
            let response = AxisConvolution(axis: axis, kernel: kernel, boundary: .mirror)(impulse(5))
            #expect((-1...1).map { response.values[62 + $0 * step] } == kernel)
            #expect(response.values.reduce(0, +) == 7)
        }
    }

    @Test(arguments: [1, 2, 3, 4, 8, 15, 17, 34, 60, 97, 143])
    func `the Fourier transform of any length equals its definition`(_ length: Int) {
        let lines = 3
        let values = (0..<length * lines).map { Double($0 * $0 % 23) - 7 }
        let other = (0..<length * lines).map { Double($0 * 5 % 19) - 3 }
        var (real, imaginary) = (values, other)
        FourierTransform(length: length).forward(&real, &imaginary, lines: lines)
        for k in 0..<length {
            for line in 0..<lines {
                var (a, b) = (0.0, 0.0)
                for j in 0..<length {
                    let angle = -2 * Double.pi * Double(j * k % length) / Double(length)
                    let (x, y) = (values[j * lines + line], other[j * lines + line])
                    a += x * cos(angle) - y * sin(angle)
                    b += x * sin(angle) + y * cos(angle)
                }
                // Rounding of sums of up to 143 terms below 20.
                #expect(abs(real[k * lines + line] - a) < 1e-10)
                #expect(abs(imaginary[k * lines + line] - b) < 1e-10)
            }
        }
    }

    @Test func `an inverse transform gives the image back`() {
        let size = Index3(x: 7, y: 6, z: 17)
        let values = (0..<size.count).map { Double($0 * 7 % 31) }
        var grid = FourierGrid(real: values, size: size)
        grid.transform(along: 0..<3)
        grid.inverseTransform(along: 0..<3)
        // Rounding of values up to 30.
        #expect(zip(grid.real, values).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test func `right-angle rotations are 4 in the plane and 24 in space`() {
        let (a, b, c): ([Double], [Double], [Double]) = ([1, 2, 4], [1, 3, 9], [1, 5, 8])
        #expect(SeparableFilter(axes: [[a], [b]], boundary: .zero).rotations.count == 4)
        #expect(SeparableFilter(axes: [[a], [b], [c]], boundary: .zero).rotations.count == 24)
        // Symmetric kernels look the same after half a turn: only their order counts.
        let (s, t): ([Double], [Double]) = ([1, 2, 1], [1, 4, 1])
        #expect(SeparableFilter(axes: [[s], [s], [t]], boundary: .zero).rotations.count == 3)
    }

    @Test func `pooling over rotations makes the response to a point symmetric`() throws {
        let response = try decode("{type: wavelet, wavelet: db2, band: LHL, boundary: zero}").filtered(impulse(9))
        for (x, y, z) in [(1, 2, 3), (2, 1, 0), (3, 3, 1)] {
            func value(_ x: Int, _ y: Int, _ z: Int) -> Double { response.values[((z + 4) * 9 + y + 4) * 9 + x + 4] }
            // A quarter turn about z, and one about x; sums of up to 24 responses below 1 in another order.
            #expect(abs(value(x, y, z) - value(-y, x, z)) < 1e-14)
            #expect(abs(value(x, y, z) - value(x, -z, y)) < 1e-14)
        }
    }

    @Test func `the Laplacian of a parabola is its curvature`() throws {
        let squares = (-20...20).map { Double($0 * $0) }
        let values = squares.flatMap { y in squares.map { x in x + 3 * y } }
        let image = GreyImage(size: Index3(x: 41, y: 41, z: 1), spacingMM: [1, 1, 5], values: values)
        let response = try decode("{type: log, sigmaMM: 2, truncation: 6, dimensions: 2}").filtered(image)
        // ∂²/∂x² + ∂²/∂y² = 2 + 6; cut off at 6 σ.
        #expect(abs(response.values[20 * 41 + 20] - 8) < 1e-4)
    }

    @Test func `the Gabor modulus of a point is the Gaussian envelope`() throws {
        let response = try decode(
            "{type: gabor, sigmaMM: 2, lambdaMM: 3, gamma: 0.5, boundary: zero, dimensions: 2}"
        ).filtered(impulse(9))
        let slice = Array(response.values[4 * 81..<5 * 81])
        // exp(−x²/2σ²) along the wave, exp(−γ²y²/2σ²) across it.
        #expect(abs(slice[4 * 9 + 7] - exp(-9.0 / 8)) < 1e-12)
        #expect(abs(slice[6 * 9 + 4] - exp(-0.25 * 4 / 8)) < 1e-12)
    }

    @Test func `a band-pass wavelet removes what is constant`() throws {
        let flat = GreyImage(
            size: Index3(x: 9, y: 7, z: 5), spacingMM: [1, 1, 1], values: .init(repeating: 40, count: 315))
        let response = try decode("{type: simoncelli, level: 1}").filtered(flat)
        #expect(response.values.allSatisfy { abs($0) < 1e-10 })
    }

    @Test func `features are those of the response map when a filter is set`() throws {
        let geometry = Geometry(size: Index3(x: 7, y: 7, z: 7), spacingMM: [1, 1, 1])
        let voxels = impulse(7).values.map { Float(27 * $0) }
        let centre = (0..<343).map { place in [place % 7, place / 7 % 7, place / 49].allSatisfy { 2...4 ~= $0 } }
        let settings = IBSISettings(
            intensityRange: 0...30, filter: try decode("{type: mean, support: 3}"), discretisation: .binCount(4),
            families: [.statistics])
        let features = try IBSIExtractor.extract(
            Volume(geometry: geometry, voxels: voxels), VoxelMask(geometry: geometry, voxels: centre),
            settings: settings)
        // The point of 27 is spread evenly over the 27 voxels of the region.
        let values = Dictionary(uniqueKeysWithValues: features.map { ($0.name, $0.value) })
        #expect(values["mean_intensity_statistics_minimum"] == 1)
        #expect(values["mean_intensity_statistics_maximum"] == 1)
    }

    @Test func `settings survive being written and read`() throws {
        let filter = try decode(
            "{type: gabor, sigmaMM: 5, lambdaMM: 2, gamma: 1.5, thetaStepDegrees: 22.5, pooling: max}")
        #expect(filter.ibsiID == "Q88H")
        let again = try JSONDecoder().decode(IBSIFilter.self, from: JSONEncoder().encode(filter))
        #expect(again == filter)
    }

    @Test(arguments: [
        ("{type: mean, support: 5, sigmaMM: 3}", "sigmaMM"), ("{type: median}", "type"), ("{support: 5}", "type"),
        ("{type: log}", "sigmaMM"), ("{type: mean, support: five}", "support"),
        ("{type: mean, support: 3, boundary: wrap}", "boundary"),
    ])
    func `a wrong setting is named`(_ yaml: String, _ setting: String) {
        let error = #expect(throws: RadiomicsError.self) { try decode(yaml) }
        #expect(error?.subject == "filter.\(setting)")
    }

    @Test(arguments: [
        ("{type: mean, support: 4}", "support"), ("{type: laws, kernels: L5Q5}", "kernels"),
        ("{type: laws, kernels: L5}", "kernels"), ("{type: wavelet, wavelet: db99, band: LL}", "wavelet"),
        ("{type: wavelet, wavelet: db2, band: LM}", "band"), ("{type: simoncelli, level: 0}", "level"),
        ("{type: log, sigmaMM: -1}", "sigmaMM"), ("{type: log, sigmaMM: 2}", "dimensions"),
        ("{type: simoncelli, rieszOrder: [0, 0, 0]}", "rieszOrder"),
        ("{type: gabor, sigmaMM: 2, lambdaMM: 1, gamma: 0}", "gamma"),
    ])
    func `a setting that does not suit is named`(_ yaml: String, _ setting: String) throws {
        let filter = try decode(yaml)
        let error = #expect(throws: RadiomicsError.self) {
            try filter.filtered(line([1, 2, 3], spacingMM: [1, 1, 3]))
        }
        #expect(error?.subject == "filter.\(setting)")
    }
}
