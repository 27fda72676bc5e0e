// What counts as kept, and when a delivery is tried again.
import Domain
import Foundation
import HTTP
import Testing

@testable import Delivery

@Suite struct StowAnswerTests {
    private func check(_ status: Int, _ body: String, sent: Int = 2) throws {
        try StowAnswerReader.check(status: status, body: Array(body.utf8), sent: sent)
    }

    private static let two = #"{"00081199":{"vr":"SQ","Value":[{},{}]}}"#
    private static let one = #"{"00081199":{"vr":"SQ","Value":[{}]}}"#
    private static func refused(_ reason: Int) -> String {
        #"{"00081198":{"vr":"SQ","Value":[{"00081197":{"vr":"US","Value":[\#(reason)]}}]},"00081199":{"vr":"SQ","Value":[{}]}}"#
    }

    @Test(arguments: [
        (200, two), (200, ""), (200, "<NativeDicomModel/>"), (200, "{}"), (202, two), (202, refused(273)),
        (409, refused(273)),
    ])
    func `everything is kept`(status: Int, body: String) throws {
        try check(status, body)
    }

    @Test(arguments: [
        (200, one), (200, #"{"00081199":{"vr":"SQ"}}"#), (200, "<html>Log in</html>"), (200, refused(49152)), (202, ""),
        (202, one), (202, refused(272)), (204, ""), (301, ""), (400, ""),
        (409, refused(272)), (500, two), (503, ""),
    ])
    func `not everything is kept, or nobody says so`(status: Int, body: String) {
        #expect(throws: DeliveryError.self) { try check(status, body) }
    }

    @Test func `a refusal names status, count and reason`() {
        #expect {
            try check(202, Self.refused(272))
        } throws: {
            ($0 as? DeliveryError)?.detail == "The PACS answered 202 and keeps 1 of 2 objects, reason 110H."
        }
    }

    @Test func `waits double up to the longest`() {
        let backoff = DeliveryBackoff()
        #expect((1...4).map(backoff.seconds) == [1, 2, 4, 8])
        #expect(backoff.seconds(afterAttempt: 1000) == 300)
    }

    @Test(arguments: ["https://pacs/dicom-web", "ftp://pacs", "http://", "http://user:word@pacs/", "http://pacs/?a=b"])
    func `other URLs than plain http are refused with a reason`(url: String) {
        #expect(throws: DeliveryError.addressUnusable) { try DeliveryDestination(url: url) }
    }

    @Test(arguments: [
        ("http://127.0.0.1:8042/dicom-web/", "http://127.0.0.1:8042/dicom-web/studies"),
        ("http://pacs", "http://pacs/studies"), ("http://[::1]:80/rs", "http://[::1]/rs/studies"),
    ])
    func `objects go to the studies of the root`(url: String, place: String) throws {
        #expect(try DeliveryDestination(url: url).address.description == place)
    }
}
