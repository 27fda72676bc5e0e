// The door for PACS without DICOMweb: takes C-STORE, passes each object on by STOW-RS, and answers once it is kept there.
import CDIMSE
import Delivery
import Foundation
import Logging

/// Keeps nothing itself: a sender is told of success when the service has said that the object is safe, and of failure otherwise. So rules,
/// owners, limits and the access trail are those of the service.
package final class DIMSEGateway {
    private let server: OpaquePointer
    /// The server's threads have it as their context.
    private let passage: Passage
    private let folder: URL

    /// Listens; returns once it does.
    /// - Throws: `GatewayError`.
    package init(_ settings: GatewaySettings, logger: Logger) throws(GatewayError) {
        try settings.check()
        // Of its own, so that what a crash left behind is nobody's.
        folder = settings.folder.appendingPathComponent("osteon-dimse-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .folderUnusable(folder.path)
        }
        passage = Passage(settings, logger)
        do {
            server = try Self.start(settings, folder, passage)
        } catch {
            try? FileManager.default.removeItem(at: folder)
            throw error
        }
    }

    /// Takes no more associations and returns when those that run have ended. Call once, last.
    package func stop() {
        cdimse_stop(server)
        try? FileManager.default.removeItem(at: folder)
    }

    private static func start(
        _ settings: GatewaySettings, _ folder: URL, _ passage: Passage
    ) throws(GatewayError) -> OpaquePointer {
        var given = cdimse_settings()
        given.port = settings.port
        given.associations = settings.associations
        given.idleSeconds = UInt32(clamping: settings.idleSeconds)
        given.objectBytes = UInt64(clamping: settings.objectBytes)
        given.context = Unmanaged.passUnretained(passage).toOpaque()
        given.store = { context, peer, path in
            guard let passage = Passage.of(context), let peer = Peer(peer), let path else {
                return DIMSEStatus.processingFailure.rawValue
            }
            return passage.pass(URL(fileURLWithPath: String(cString: path)), from: peer).rawValue
        }
        given.note = { context, peer, event, detail in
            guard let passage = Passage.of(context), let peer = Peer(peer) else { return }
            passage.note(event, detail.map { String(cString: $0) } ?? "", of: peer)
        }
        let texts = LentTexts()
        (given.calledTitles, given.calledTitleCount) = texts.lend(settings.destinations.keys.sorted())
        (given.callingTitles, given.callingTitleCount) = texts.lend(settings.callingTitles)
        (given.peers, given.peerCount) = texts.lend(settings.peers)
        given.folder = texts.lend([folder.path]).0?.pointee
        var message = [CChar](repeating: 0, count: 200)
        let started = withExtendedLifetime(texts) { cdimse_start(&given, &message, message.count) }
        guard let started else {
            let reason = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            throw .portUnusable(port: settings.port, reason: reason)
        }
        return started
    }
}

/// Zero-terminated copies of texts, which C may read as long as this lives.
private final class LentTexts {
    private var copies: [UnsafeMutablePointer<CChar>?] = []
    private var lists: [UnsafeMutablePointer<UnsafePointer<CChar>?>] = []

    func lend(_ texts: [String]) -> (UnsafePointer<UnsafePointer<CChar>?>?, Int) {
        let list = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(capacity: max(1, texts.count))
        for (index, text) in texts.enumerated() {
            let copy = strdup(text)
            copies.append(copy)
            (list + index).initialize(to: UnsafePointer(copy))
        }
        lists.append(list)
        return (UnsafePointer(list), texts.count)
    }

    deinit {
        copies.forEach { free($0) }
        lists.forEach { $0.deallocate() }
    }
}

/// Who has an association.
struct Peer: Sendable {
    let callingTitle: String
    let calledTitle: String
    let address: String

    init?(_ peer: UnsafePointer<cdimse_peer>?) {
        guard let peer = peer?.pointee else { return nil }
        callingTitle = String(cString: peer.callingTitle)
        calledTitle = String(cString: peer.calledTitle)
        address = String(cString: peer.address)
    }

    var metadata: Logger.Metadata {
        ["calling": "\(callingTitle)", "called": "\(calledTitle)", "address": "\(address)"]
    }
}
