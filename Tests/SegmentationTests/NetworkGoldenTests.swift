// The shipped networks against PyTorch's answers with the same weights.
import Foundation
import NeuralNetworks
import Testing

@testable import Segmentation

/// A shipped network, by its file in `deploy/models` and in Golden.
private struct Shipped: CustomTestStringConvertible {
    let name: String
    let plan: UNetPlan

    var testDescription: String { name }
}

@Suite struct NetworkGoldenTests {
    private struct Row {
        let place: [Int]
        let channels: [Float]
    }

    private func rows(_ name: String) throws -> [Row] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Golden/\(name).csv")
        // A line of origin, a line of names.
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst(2).map { line in
            let fields = line.split(separator: ",")
            return Row(
                place: fields.prefix(3).compactMap { Int($0) }, channels: fields.dropFirst(3).compactMap { Float($0) })
        }
    }

    /// The picture of `training/segmentation/export.py`; each further input is the first, turned over and damped.
    private func picture(_ inputs: Int, _ depth: Int, _ height: Int, _ width: Int) -> Tensor {
        var values: [Float] = []
        for input in 0..<inputs {
            let factor = pow(Float(-0.3), Float(input))
            for z in 0..<depth {
                for y in 0..<height {
                    for x in 0..<width {
                        let (z, y, x) = (Float(z), Float(y), Float(x))
                        let wave = 1.5 * sin(0.31 * z + 0.2) * cos(0.23 * y) + 0.8 * sin(0.4 * x + 0.1 * z) + 0.3
                        values.append(factor * wave)
                    }
                }
            }
        }
        return Tensor([1, inputs, depth, height, width], values)
    }

    @Test(arguments: [
        Shipped(name: "osteon-locator", plan: SpineLocator.plan),
        Shipped(name: "osteon-outliner", plan: VertebraOutliner.plan),
    ]) private func `the shipped weights give what PyTorch gives`(shipped: Shipped) throws {
        let (depth, height, width) = (24, 32, 40)
        let plan = shipped.plan
        let network = try PlainConvUNet(try ShippedNetworks.weights(shipped.name), plan)
        let output = try network(
            picture(plan.channels, depth, height, width), try ShippedNetworks.execution())
        #expect(output.shape == [1, plan.classes, depth, height, width])
        let rows = try rows(shipped.name)
        #expect(rows.count == 5 * 6 * 8)
        var greatest: Float = 0
        for row in rows {
            try #require(row.place.count == 3 && row.channels.count == plan.classes)
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
