// Damaged associations against the listening gateway: each ends, sound ones go on, and the memory stays where it was.
import Delivery
import Foundation
import Fuzzing
import Glibc
import Logging
import Testing

@testable import Gateway

@Suite struct AssociationFuzzTests {
    @Test func `damaged associations end, a sound one is served after each, and memory stays flat`() async {
        await #expect(processExitsWith: .success) {
            signal(SIGPIPE, SIG_IGN)
            let port = try freePort()
            // Nobody listens there, so that a sound object is offered in vain and refused.
            let destination = try DeliveryDestination(url: "http://127.0.0.1:1/dicom-web/")
            var settings = GatewaySettings(
                port: port, destinations: ["OSTEON": destination], folder: FileManager.default.temporaryDirectory)
            settings.retrySeconds = 0
            settings.idleSeconds = 10
            let gateway = try DIMSEGateway(
                settings, logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() })
            defer { gateway.stop() }
            let echoing = AssociationBytes.request() + AssociationBytes.echo + AssociationBytes.release
            let storing =
                AssociationBytes.request() + AssociationBytes.store("1.2.3.4")
                + AssociationBytes.dataSet("1.2.3.4", isLast: true) + AssociationBytes.release
            let mutation = Mutation(seeds: [echoing, storing], words: ["OSTEON", "1.2.840.10008.1.2", "\\", "\0"])
            try FuzzRun("associations", normally: 200).forEach { dice in
                let answers = try exchange(mutation.next(&dice), port)
                // Accept, reject, release and abort, and P-DATA with answers: nothing else may come.
                guard answers.isEmpty || [2, 3, 4, 6, 7].contains(answers[0]) else {
                    throw FuzzRun.Failure("an answer of type \(answers[0])")
                }
                let sound = try exchange(echoing, port)
                guard sound.first == 2, sound.suffix(10).first == 6 else {
                    throw FuzzRun.Failure("C-ECHO is not answered any more: \(sound.prefix(12))")
                }
            }
        }
    }
}

/// Sends bytes and reads until the other side ends the connection.
/// - Throws: `FuzzRun.Failure` where it cannot be reached, or has not ended it after 30 s.
private func exchange(_ bytes: [UInt8], _ port: UInt16) throws -> [UInt8] {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    // A reset at the end: ports that wait would run out.
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout.size(ofValue: limit)))
    guard withLoopback(port, { connect(descriptor, $0, $1) }) == 0 else {
        throw FuzzRun.Failure("the gateway does not listen any more: \(errno)")
    }
    _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    shutdown(descriptor, Int32(SHUT_WR))
    var answers: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 { answers += buffer[..<count] }
        if count < 0, errno == EAGAIN { throw FuzzRun.Failure("the association has not ended after 30 s") }
        if count <= 0 { return answers }
    }
}

private func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    guard withLoopback(0, { bind(descriptor, $0, $1) }) == 0 else { throw FuzzRun.Failure("no port: \(errno)") }
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    return UInt16(bigEndian: address.sin_port)
}

private func withLoopback(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
}
