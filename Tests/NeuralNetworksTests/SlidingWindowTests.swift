// Sliding windows: networks whose blended answer is known.
import NeuralNetworks
import Testing

@Suite struct SlidingWindowTests {
    private func predict(
        _ window: SlidingWindow, _ volume: Tensor, _ network: (Tensor) throws -> Tensor
    ) throws -> [Tensor] {
        var planes: [Tensor] = []
        try window(volume, network: network) { number, plane in
            #expect(number == planes.count)
            planes.append(plane)
        }
        return planes
    }

    @Test(arguments: [[9, 14, 11], [4, 6, 8], [3, 2, 5], [4, 13, 8], [21, 6, 3]])
    func `a network that changes nothing returns the volume`(extents: [Int]) throws {
        let volume = picture([1, 2] + extents)
        for mirrored in [[], [2], [0, 1, 2]] {
            let planes = try predict(SlidingWindow(patch: [4, 6, 8], mirrored: mirrored), volume) { $0 }
            #expect(planes.count == extents[0])
            let places = extents[1] * extents[2]
            for (z, plane) in planes.enumerated() {
                #expect(plane.shape == [1, 2] + extents.dropFirst())
                for c in 0..<2 {
                    let start = (c * extents[0] + z) * places
                    let pairs = zip(
                        plane.values[c * places..<(c + 1) * places], volume.values[start..<(start + places)])
                    // Blending divides a weighted sum by the sum of weights: rounding only.
                    #expect(pairs.allSatisfy { abs($0 - $1) < 1e-6 })
                }
            }
        }
    }

    @Test func `patches overlap by half and end with the volume`() throws {
        // One axis of 10 by patches of 4: steps of at most 2, evenly over the last start, 6: 0, 2, 4, 6.
        var corners = 0
        _ = try predict(SlidingWindow(patch: [4, 4, 4]), Tensor(zeros: [1, 1, 10, 4, 4])) {
            corners += 1; return $0
        }
        #expect(corners == 4)
    }

    @Test func `a place is answered mostly by the patch that it is central to`() throws {
        // The network numbers its calls: 0 for the patch at 0..<8, 1 for the one at 4..<12.
        var calls: Float = 0
        let planes = try predict(SlidingWindow(patch: [8, 1, 1]), Tensor(zeros: [1, 1, 12, 1, 1])) { patch in
            defer { calls += 1 }
            return Tensor(patch.shape, [Float](repeating: calls, count: patch.values.count))
        }
        // Centres are at 4 and 8, a standard deviation is 1: at 6 both weigh the same; at 5 they weigh e^(-1/2) to e^(-9/2).
        let answers = planes.map { $0.values[0] }
        #expect(answers[0] == 0 && answers[11] == 1)
        #expect(abs(answers[6] - 0.5) < 1e-6)
        #expect(abs(answers[5] - 1 / (1 + 54.59815)) < 1e-6)
    }

    @Test func `mirrored copies are averaged`() throws {
        // The network answers with its patch's first place; mirroring along the width makes that the last one.
        let volume = Tensor([1, 1, 1, 1, 2], [1, 5])
        let planes = try predict(SlidingWindow(patch: [1, 1, 2], mirrored: [2]), volume) {
            Tensor($0.shape, [Float](repeating: $0.values[0], count: 2))
        }
        #expect(planes.map(\.values) == [[3, 3]])
    }
}
