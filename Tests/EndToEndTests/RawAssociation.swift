// An association that does not go on as it should: the bytes of PS3.8 by hand.
import Foundation
import Glibc

/// Accepted when made, for CT images in implicit VR little endian as context 1.
final class RawAssociation {
    private let descriptor: Int32

    enum Failure: Error { case notConnected, notAccepted }

    private static let image = "1.2.840.10008.5.1.4.1.1.2"

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard connected == 0 else { throw Failure.notConnected }
        func item(_ type: UInt8, _ body: [UInt8]) -> [UInt8] { [type, 0] + Self.big16(body.count) + body }
        func title(_ text: String) -> [UInt8] { Array(text.padding(toLength: 16, withPad: " ", startingAt: 0).utf8) }
        let context = [1, 0, 0, 0] + item(0x30, Array(Self.image.utf8)) + item(0x40, Array("1.2.840.10008.1.2".utf8))
        let user = item(0x51, Self.big32(16_384)) + item(0x52, Array("1.2.3".utf8))
        let body =
            Self.big16(1) + [0, 0] + title("OSTEON") + title("RAW") + [UInt8](repeating: 0, count: 32)
            + item(0x10, Array("1.2.840.10008.3.1.1.1".utf8)) + item(0x20, context) + item(0x50, user)
        send([1, 0] + Self.big32(body.count) + body)
        guard read(atMost: 1).first == 2 else { throw Failure.notAccepted }
    }

    deinit { close(descriptor) }

    /// Asks for C-STORE and sends the beginning of a data set that says there is more.
    func beginStoring() {
        func element(_ element: UInt16, _ value: [UInt8]) -> [UInt8] {
            [0, 0] + Self.little16(element) + Self.little16(UInt16(value.count)) + [0, 0] + value
        }
        func text(_ text: String) -> [UInt8] { Array(text.utf8) + (text.utf8.count % 2 == 1 ? [0] : []) }
        let rest =
            element(0x0002, text(Self.image)) + element(0x0100, [1, 0]) + element(0x0110, [1, 0])
            + element(0x0700, [0, 0]) + element(0x0800, [1, 0]) + element(0x1000, text("1.2.3.4"))
        let command = element(0x0000, Self.little16(UInt16(rest.count)) + [0, 0]) + rest
        sendPart(command, flags: 3)
        sendPart([8, 0, 0x16, 0] + [26, 0, 0, 0] + text(Self.image), flags: 0)
    }

    /// Whether the other side ends it: reads until it does.
    func isEnded() -> Bool {
        while true {
            let bytes = read(atMost: 1024)
            if bytes.isEmpty { return true }
        }
    }

    private func sendPart(_ value: [UInt8], flags: UInt8) {
        let part = Self.big32(value.count + 2) + [1, flags] + value
        send([4, 0] + Self.big32(part.count) + part)
    }

    private func send(_ bytes: [UInt8]) { _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

    private func read(atMost count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let received = recv(descriptor, &bytes, count, 0)
        return Array(bytes.prefix(max(0, received)))
    }

    private static func big16(_ number: Int) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 0xFF)] }
    private static func big32(_ number: Int) -> [UInt8] { big16(number >> 16) + big16(number & 0xFFFF) }
    private static func little16(_ number: UInt16) -> [UInt8] { [UInt8(number & 0xFF), UInt8(number >> 8)] }
}
