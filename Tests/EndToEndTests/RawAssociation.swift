// An association that does not go on as it should: the bytes of PS3.8 by hand.
import Foundation
import Fuzzing
import Glibc

/// Accepted when made, for CT images in implicit VR little endian as context 1.
final class RawAssociation {
    private let descriptor: Int32

    enum Failure: Error { case notConnected, notAccepted }

    private static let instanceUID = "1.2.3.4"

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
        send(AssociationBytes.request())
        guard read(atMost: 1).first == 2 else { throw Failure.notAccepted }
    }

    deinit { close(descriptor) }

    /// Asks for C-STORE and sends the beginning of a data set that says there is more.
    func beginStoring() {
        send(AssociationBytes.store(Self.instanceUID))
        send(AssociationBytes.dataSet(Self.instanceUID, isLast: false))
    }

    /// Whether the other side ends it: reads until it does.
    func isEnded() -> Bool {
        while true {
            let bytes = read(atMost: 1024)
            if bytes.isEmpty { return true }
        }
    }

    private func send(_ bytes: [UInt8]) { _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

    private func read(atMost count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let received = recv(descriptor, &bytes, count, 0)
        return Array(bytes.prefix(max(0, received)))
    }
}
