// Which of several forms a client wants (RFC 9110 §12.5.1).
import Foundation
import HTTP

/// The `Accept` field of a request. Without one, everything is acceptable.
struct Accept {
    private struct Range {
        let type: Substring
        let subtype: Substring
        let quality: Double

        /// nil for what is no media range.
        init?(_ text: String) {
            let parts = text.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
            let names = (parts.first ?? "").split(separator: "/", omittingEmptySubsequences: false)
            guard names.count == 2 else { return nil }
            (type, subtype) = (names[0], names[1])
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }
            quality = weight.flatMap { Double($0.dropFirst(2)) } ?? 1
        }

        /// 0 where it does not match; the more exact, the more.
        func precision(for mediaType: String) -> Int {
            let names = mediaType.prefix { $0 != ";" }.split(separator: "/")
            if names.count == 2, names[0] == type, names[1] == subtype { return 3 }
            if names.first == type, subtype == "*" { return 2 }
            return type == "*" && subtype == "*" ? 1 : 0
        }
    }
    private let ranges: [Range]

    init(_ headers: HTTPHeaders) {
        ranges = headers.list("Accept").compactMap { Range($0) }
    }

    /// The offer that the client likes best, the first of equals; nil when it takes none.
    func best(of offers: [String]) -> String? {
        guard !ranges.isEmpty else { return offers.first }
        var best: (offer: String, quality: Double)?
        for offer in offers {
            let match = ranges.map { (range: $0, precision: $0.precision(for: offer)) }.max {
                $0.precision < $1.precision
            }
            guard let match, match.precision > 0, match.range.quality > (best?.quality ?? 0) else { continue }
            best = (offer, match.range.quality)
        }
        return best?.offer
    }
}
