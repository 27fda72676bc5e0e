// Embeddings of regions.
import DeepFeatures
import Domain
import Foundation
import Imaging
import NeuralNetworks
import Testing

@Suite struct EncoderTests {
    private func encoder(_ name: String, _ network: String) throws -> Encoder {
        try ModelsFolder(goldenWeights(name), network: network).encoder()
    }

    // 1e-4: the tolerance of whole networks.
    @Test(arguments: [("resnet3d", golden.resNet, 16), ("vit3d", golden.visionTransformer, 12)])
    func `a region's embedding is PyTorch's of the same region`(name: String, network: String, length: Int) throws {
        let encoder = try encoder(name, network)
        #expect(encoder.embeddingLength == length)
        let expected = try Weights(goldenWeights(name)).tensor("golden", [length])
        let found = try encoder.embeddings(of: [Scan.region], in: Scan.volume, execution())[0].get()
        #expect(found.values.count == length && zip(found.values, expected).allSatisfy { abs($0 - $1) < 1e-4 })
        #expect(found.box == IndexBox(lower: Index3(x: 1, y: 2, z: 1), size: Index3(x: 17, y: 14, z: 13)))
    }

    @Test(arguments: [("resnet3d", golden.resNet), ("vit3d", golden.visionTransformer)])
    func `the bits are the same in any company, on any number of threads, in every run`(
        name: String, network: String
    ) throws {
        let encoder = try encoder(name, network)
        let regions = (0..<6).map { IndexBox(lower: Index3(x: 2 + $0, y: 4, z: 3), size: Index3(x: 9, y: 8, z: 9)) }
        let alone = try regions.map { try encoder.embeddings(of: [$0], in: Scan.volume, execution())[0].get() }
        #expect(Set(alone.map(\.values)).count == 6)
        for threads in [1, 2] {
            let together = try encoder.embeddings(of: regions, in: Scan.volume, execution(threads: threads))
            #expect(try together.map { try $0.get() } == alone)
        }
    }

    @Test func `a region that cannot be used does not take the others with it`() throws {
        let encoder = try encoder("resnet3d", golden.resNet)
        let larger = IndexBox(lower: Index3(x: 1, y: 1, z: 1), size: Index3(x: 90, y: 3, z: 3))
        let found = try encoder.embeddings(of: [larger, Scan.region], in: Scan.volume, execution())
        #expect(found[0] == .failure(.regionOutsideImage(box: larger, imageSize: Scan.size)))
        #expect(try found[1] == encoder.embeddings(of: [Scan.region], in: Scan.volume, execution())[0])
        #expect(try encoder.embeddings(of: [], in: Scan.volume, execution()).isEmpty)
    }

    @Test func `weights that overflow give no embedding`() throws {
        // The last 16 numbers of the file are PyTorch's embedding; of the others every seventh becomes an infinity.
        var weights = try goldenWeights("resnet3d")
        for place in stride(from: weights.count - 20_000, to: weights.count - 64, by: 14) {
            (weights[place], weights[place + 1]) = (0x00, 0x7c)
        }
        let encoder = try ModelsFolder(weights, network: golden.resNet).encoder()
        let found = try encoder.embeddings(of: [Scan.region], in: Scan.volume, execution())[0]
        guard case .failure(.embeddingNotFinite("tiny", let count)) = found else {
            Issue.record("\(found)")
            return
        }
        #expect(count > 0)
    }

    @Test func `a cancelled embedding stops`() throws {
        let cancellation = Cancellation()
        cancellation.cancel()
        let encoder = try encoder("vit3d", golden.visionTransformer)
        let execution = Execution(threads: 1, kernels: try Kernels.best(), cancellation: cancellation)
        #expect(throws: FaultRecord.self) { try encoder.embeddings(of: [Scan.region], in: Scan.volume, execution) }
    }
}
