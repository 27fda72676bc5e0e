// What senders are told, and settings that cannot be.
import Delivery
import Domain
import Foundation
import Glibc
import Logging
import Testing

@testable import Gateway

@Suite struct GatewayTests {
    private func settings(_ titles: [String] = ["OSTEON"], port: UInt16 = 1) throws -> GatewaySettings {
        let destination = try DeliveryDestination(url: "http://127.0.0.1:1/dicom-web/")
        return GatewaySettings(
            port: port, destinations: Dictionary(uniqueKeysWithValues: titles.map { ($0, destination) }),
            folder: FileManager.default.temporaryDirectory)
    }

    private func refusal(_ status: Int) -> DeliveryError { .refused(status: status, kept: 0, of: 1, reason: nil) }

    @Test func `a sender is told to come again where that may help, and not where it cannot`() {
        let statuses = [413, 429, 503, 507, 401, 403, 400, 409, 500].map { DIMSEStatus(refusal($0)) }
        #expect(
            statuses == [
                .outOfResources, .outOfResources, .outOfResources, .outOfResources, .notAuthorised, .notAuthorised,
                .cannotUnderstand, .cannotUnderstand, .processingFailure,
            ])
        #expect(DIMSEStatus(.unreachable("")) == .outOfResources)
        #expect(DIMSEStatus.mayPass(.unreachable("")) && DIMSEStatus.mayPass(refusal(503)))
        #expect(!DIMSEStatus.mayPass(refusal(507)) && !DIMSEStatus.mayPass(refusal(400)))
    }

    @Test func `titles and addresses that are none are named`() throws {
        #expect(throws: GatewayError.noTitle) { try settings([]).check() }
        for title in ["", "SEVENTEEN_LETTERS", "BACK\\SLASH", " SPACE", "MÜNCHEN"] {
            #expect(throws: GatewayError.titleUnusable(title)) { try settings([title]).check() }
        }
        var wrong = try settings(["CT ROOM 1"])
        #expect(throws: Never.self) { try wrong.check() }
        wrong.peers = ["pacs.example.org"]
        #expect(throws: GatewayError.addressUnusable("pacs.example.org")) { try wrong.check() }
    }

    @Test func `a port that is taken is named, and nothing is left behind`() throws {
        let taken = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(taken) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
                _ = bind(taken, general, size)
                _ = listen(taken, 1)
                _ = getsockname(taken, general, &size)
            }
            return UInt16(bigEndian: pointer.pointee.sin_port)
        }
        var settings = try settings(port: port)
        settings.folder = settings.folder.appendingPathComponent("gateway-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: settings.folder) }
        let error = #expect(throws: GatewayError.self) {
            try DIMSEGateway(settings, logger: Logger(label: "test")).stop()
        }
        guard case .portUnusable(port, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: settings.folder.path).isEmpty)
    }
}
