// What the DIMSE gateway listens to, and where it passes objects on to.
import Delivery
import Foundation

/// Who may send, how much, and to whom it goes.
package struct GatewaySettings: Sendable {
    /// 1…65535.
    package var port: UInt16
    /// By the title that is called: the STOW-RS service, with the key that is the sender there.
    package var destinations: [String: DeliveryDestination]
    /// Titles that may call; none lets all.
    package var callingTitles: [String] = []
    /// IPv4 addresses that may connect.
    package var peers = ["127.0.0.1"]
    /// Associations that are served at once; others wait until one ends.
    package var associations = 8
    /// Seconds that a peer may say nothing before its association is aborted.
    package var idleSeconds = 60
    /// Bytes that one object may have; an association that sends more is aborted.
    package var objectBytes = 2_000_000_000
    /// Seconds for which an object is offered to a service that is busy or away, before the sender is told to come again.
    package var retrySeconds = 20.0
    /// Objects are here from their first byte to their acknowledgement.
    package var folder: URL

    package init(port: UInt16, destinations: [String: DeliveryDestination], folder: URL) {
        self.port = port
        self.destinations = destinations
        self.folder = folder
    }

    /// - Throws: `GatewayError` for a title or an address that is none.
    func check() throws(GatewayError) {
        guard !destinations.isEmpty else { throw .noTitle }
        for title in destinations.keys.sorted() + callingTitles where !Self.isTitle(title) {
            throw .titleUnusable(title)
        }
        for peer in peers where !Self.isAddress(peer) { throw .addressUnusable(peer) }
    }

    /// AE (PS3.5 6.2): 1 to 16 characters of ASCII without backslash and control characters, spaces at the ends without meaning.
    private static func isTitle(_ text: String) -> Bool {
        (1...16).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != 0x5C }
            && text.first != " " && text.last != " "
    }

    private static func isAddress(_ text: String) -> Bool {
        var address = in_addr()
        return inet_pton(AF_INET, text, &address) == 1
    }
}
