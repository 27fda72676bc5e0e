// Class scores of a network as probabilities.
import Foundation
import NeuralNetworks

extension Tensor {
    /// Softmax over the first `classes` channels of [1, channels, Z, Y, X], channel by channel.
    func probabilities(classes: Int) -> [[Float]] {
        let places = values.count / shape[1]
        var likely = Array(repeating: [Float](repeating: 0, count: places), count: classes)
        var sums = [Float](repeating: 0, count: places)
        var tops = [Float](repeating: -.infinity, count: places)
        values.withUnsafeBufferPointer { scores in
            for c in 0..<classes {
                for i in 0..<places { tops[i] = max(tops[i], scores[c * places + i]) }
            }
            for c in 0..<classes {
                likely[c].withUnsafeMutableBufferPointer { p in
                    for i in 0..<places {
                        p[i] = exp(scores[c * places + i] - tops[i])
                        sums[i] += p[i]
                    }
                }
            }
        }
        for c in 0..<classes {
            likely[c].withUnsafeMutableBufferPointer { p in for i in 0..<places { p[i] /= sums[i] } }
        }
        return likely
    }
}
