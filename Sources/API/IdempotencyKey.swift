// How a client says that a request is the same as one before.
import HTTP

enum IdempotencyKey {
    /// The request's `Idempotency-Key`: 1 to 200 visible ASCII characters (our choice); nil where there is none.
    /// - Throws: `request-malformed`.
    ///
    /// Two owners may choose the same: what is stored has the caller's owner before it, parted by a character that no field can hold.
    static func of(_ exchange: Exchange) throws -> String? {
        guard let key = exchange.request.headers["Idempotency-Key"] else { return nil }
        guard (1...200).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw APIFault.malformed(
                subject: "Idempotency-Key", detail: "The Idempotency-Key is empty, too long or has odd characters.",
                fix: "Use 1 to 200 visible ASCII characters, e.g. a UUID.")
        }
        let kept = exchange.pseudonyms?.request(key) ?? key
        return exchange.caller.owner.map { $0 + "\n" + kept } ?? kept
    }
}
