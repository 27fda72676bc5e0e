// A digest that grows as bytes arrive.
import CSystem
import Foundation

/// An incremental SHA-256 (FIPS 180-4) by libcrypto.
package final class SHA256 {
    private let state: OpaquePointer

    /// - Throws: `StoreError.system` when libcrypto has no memory.
    init() throws {
        guard let state = csystem_sha256_new() else {
            throw StoreError.system(operation: "SHA-256", errno: ENOMEM)
        }
        self.state = state
    }

    deinit { csystem_sha256_free(state) }

    func update(_ bytes: UnsafeRawBufferPointer) throws {
        guard csystem_sha256_update(state, bytes.baseAddress, bytes.count) == 1 else {
            throw StoreError.system(operation: "SHA-256", errno: EINVAL)
        }
    }

    /// The digest as 64 lower-case hexadecimal digits. Call once.
    func finish() throws -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        guard csystem_sha256_finish(state, &digest) == 1 else {
            throw StoreError.system(operation: "SHA-256", errno: EINVAL)
        }
        return digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// The digest of some bytes as 64 lower-case hexadecimal digits.
    package static func digest(of bytes: [UInt8]) throws -> String {
        let hash = try SHA256()
        try bytes.withUnsafeBytes { try hash.update($0) }
        return try hash.finish()
    }

    /// The same in one call of libcrypto: for what every request needs.
    static func text(of bytes: [UInt8]) throws -> String {
        var digits = [UInt8](repeating: 0, count: 64)
        guard csystem_sha256_text(bytes, bytes.count, &digits) == 1 else {
            throw StoreError.system(operation: "SHA-256", errno: EINVAL)
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// The digest of a file as 64 lower-case hexadecimal digits, read piece by piece.
    /// - Throws: what Foundation throws for a file that cannot be read.
    package static func digest(of file: URL) throws -> String {
        let handle = try FileHandle(forReadingFrom: file)
        defer { try? handle.close() }
        let hash = try SHA256()
        while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
            try piece.withUnsafeBytes { try hash.update($0) }
        }
        return try hash.finish()
    }
}
