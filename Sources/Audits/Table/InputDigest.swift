// What ties a report to its input.
import CSystem
import Foundation

/// SHA-256 (FIPS 180-4) of bytes, as 64 lower-case hexadecimal digits; nil where libcrypto has no memory.
enum InputDigest {
    static func sha256(_ data: Data) -> String? {
        var digits = [UInt8](repeating: 0, count: 64)
        let isHashed = data.withUnsafeBytes { csystem_sha256_text($0.baseAddress, $0.count, &digits) == 1 }
        return isHashed ? String(decoding: digits, as: UTF8.self) : nil
    }
}
