// models.lock: only the listed bytes become a network.
import Foundation
import NeuralNetworks
import Testing

@Suite struct ModelsLockTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
        "osteon-lock-\(UUID().uuidString)")
    private let file = safetensors([("x", Tensor([2], [3, 4]))])

    private func lock(name: String = "tiny", file: String = "tiny.safetensors", sha256: String) throws -> ModelsLock {
        let text = """
            {"models": [{"name": "\(name)", "version": "1", "file": "\(file)", "sha256": "\(sha256)",
             "bytes": \(self.file.count), "licence": "CC0", "origin": "this test"}]}
            """
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try self.file.write(to: folder.appendingPathComponent("tiny.safetensors"))
        let path = folder.appendingPathComponent("models.lock")
        try Data(text.utf8).write(to: path)
        return try ModelsLock(reading: path)
    }

    @Test func `SHA-256 is that of FIPS 180-4`() {
        // The standard's example "abc".
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(ModelsLock.sha256(Data("abc".utf8)) == digest)
    }

    @Test func `a file with the listed hash is read`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let lock = try lock(sha256: try #require(ModelsLock.sha256(file)))
        #expect(try lock.weights(of: "tiny", in: folder).tensor("x", [2]) == [3, 4])
    }

    @Test func `a file with another hash is refused, with both hashes`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let wrong = String(repeating: "0", count: 64)
        let found = try #require(ModelsLock.sha256(file))
        let lock = try lock(sha256: wrong)
        #expect(throws: NeuralNetworkError.modelChanged(name: "tiny", expectedSHA256: wrong, foundSHA256: found)) {
            try lock.weights(of: "tiny", in: folder)
        }
    }

    @Test func `an unknown model is refused with the names that are known`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let lock = try lock(sha256: "")
        #expect(throws: NeuralNetworkError.modelUnknown(name: "huge", known: ["tiny"])) {
            try lock.weights(of: "huge", in: folder)
        }
    }

    @Test func `a lock that names a file outside its folder is refused`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(throws: NeuralNetworkError.lockDamaged(reason: "the file of model tiny is not a plain file name")) {
            _ = try lock(file: "../tiny.safetensors", sha256: "")
        }
    }

    @Test func `a missing file is named`() {
        #expect(
            throws: NeuralNetworkError.weightsUnreadable(file: "none", reason: "the file cannot be opened or mapped")
        ) {
            try Weights(mapping: folder.appendingPathComponent("none"))
        }
    }
}
