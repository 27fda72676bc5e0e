// The shipped network against PyTorch's answer with the same weights.
import Foundation
import NeuralNetworks
import Testing

@testable import Segmentation

@Suite struct LocatorGoldenTests {
    private struct Row {
        let place: [Int]
        let channels: [Float]
    }

    private func rows() throws -> [Row] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Golden/osteon-locator.csv")
        // A line of origin, a line of names.
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst(2).map { line in
            let fields = line.split(separator: ",")
            return Row(
                place: fields.prefix(3).compactMap { Int($0) }, channels: fields.dropFirst(3).compactMap { Float($0) })
        }
    }

    /// The picture of `training/segmentation/export.py`.
    private func picture(_ depth: Int, _ height: Int, _ width: Int) -> Tensor {
        var values: [Float] = []
        for z in 0..<depth {
            for y in 0..<height {
                for x in 0..<width {
                    let (z, y, x) = (Float(z), Float(y), Float(x))
                    values.append(1.5 * sin(0.31 * z + 0.2) * cos(0.23 * y) + 0.8 * sin(0.4 * x + 0.1 * z) + 0.3)
                }
            }
        }
        return Tensor([1, 1, depth, height, width], values)
    }

    @Test func `the shipped weights give what PyTorch gives`() throws {
        let (depth, height, width) = (24, 32, 40)
        let network = try PlainConvUNet(try ShippedLocator.weights(), SpineLocator.plan)
        let output = try network(picture(depth, height, width), try ShippedLocator.execution())
        #expect(output.shape == [1, SpineMaps.channelCount, depth, height, width])
        let rows = try rows()
        #expect(rows.count == 5 * 6 * 8)
        var greatest: Float = 0
        for row in rows {
            try #require(row.place.count == 3 && row.channels.count == SpineMaps.channelCount)
            for (channel, expected) in row.channels.enumerated() {
                let i = ((channel * depth + row.place[0]) * height + row.place[1]) * width + row.place[2]
                let difference = abs(output.values[i] - expected) / max(1, abs(expected))
                // A NaN must not pass.
                greatest = difference.isNaN ? .infinity : max(greatest, difference)
            }
        }
        // The file keeps five digits; sums of some thousand products in another order differ by less.
        #expect(greatest < 5e-4, "\(greatest)")
    }
}
