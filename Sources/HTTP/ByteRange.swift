// The Range field of a request, against a body of known length (RFC 9110 §14).

enum ByteRange: Equatable {
    /// No range, one that is not understood, or several: the whole body is the answer.
    case whole
    case part(Range<Int>)
    case unsatisfiable

    /// - Parameter field: the value of `Range`: `bytes=a-b`, `bytes=a-` or `bytes=-n`.
    init(_ field: String?, byteCount: Int) {
        self = .whole
        guard let field, field.utf8.count <= 64, String(field.prefix(6)).equalsIgnoringCase("bytes=") else { return }
        let ends = field.utf8.dropFirst(6).split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard ends.count == 2, ends.allSatisfy({ $0.allSatisfy(\.isDigit) }) else { return }
        let first = Int(String(Substring(ends[0])))
        let last = Int(String(Substring(ends[1])))
        switch (first, last) {
        case (let first?, let last?):
            guard first <= last else { return }
            self = first < byteCount ? .part(first..<min(last + 1, byteCount)) : .unsatisfiable
        case (let first?, nil):
            guard ends[1].isEmpty else { return }
            self = first < byteCount ? .part(first..<byteCount) : .unsatisfiable
        case (nil, let suffix?):
            guard ends[0].isEmpty else { return }
            self = suffix > 0 && byteCount > 0 ? .part(max(0, byteCount - suffix)..<byteCount) : .unsatisfiable
        case (nil, nil):
            return
        }
    }
}
