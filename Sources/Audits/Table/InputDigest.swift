// What ties a report to its input.
import CSystem
import Foundation

/// SHA-256 (FIPS 180-4) of bytes, as 64 lower-case hexadecimal digits; nil where libcrypto has no memory.
enum InputDigest {
    static func sha256(_ data: Data) -> String? {
        guard let state = csystem_sha256_new() else { return nil }
        defer { csystem_sha256_free(state) }
        var digest = [UInt8](repeating: 0, count: 32)
        let isHashed = data.withUnsafeBytes { csystem_sha256_update(state, $0.baseAddress, $0.count) == 1 }
        guard isHashed, csystem_sha256_finish(state, &digest) == 1 else { return nil }
        return digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
