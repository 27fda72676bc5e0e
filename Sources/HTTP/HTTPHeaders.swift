// The fields of a request or response, in order, with names compared without case.

/// Header fields in the order in which they came or were set. Names are compared without regard to ASCII case (RFC 9110
/// §5.1).
package struct HTTPHeaders: Sendable, Equatable, ExpressibleByDictionaryLiteral, Sequence {
    private var fields: [(name: String, value: String)] = []

    package init() {}

    package init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { (name: $0.0, value: $0.1) }
    }

    /// The first value under a name, nil when there is none. Setting replaces every field of that name; setting nil
    /// removes them.
    package subscript(name: String) -> String? {
        get {
            for field in fields where field.name.equalsIgnoringCase(name) { return field.value }
            return nil
        }
        set {
            let place = fields.firstIndex { $0.name.equalsIgnoringCase(name) }
            guard let newValue else {
                fields.removeAll { $0.name.equalsIgnoringCase(name) }
                return
            }
            guard let place else {
                fields.append((name: name, value: newValue))
                return
            }
            fields[place] = (name: name, value: newValue)
            for later in fields.indices.dropFirst(place + 1).reversed()
            where fields[later].name.equalsIgnoringCase(name) {
                fields.remove(at: later)
            }
        }
    }

    /// Every value under a name, in order.
    package func all(_ name: String) -> [String] {
        fields.compactMap { $0.name.equalsIgnoringCase(name) ? $0.value : nil }
    }

    /// Adds a field behind those already there, also when the name is taken.
    package mutating func append(_ name: String, _ value: String) {
        fields.append((name: name, value: value))
    }

    /// The members of a comma-separated list under a name, over all its fields, trimmed, without empty ones (RFC 9110
    /// §5.6.1). Not for fields whose members may hold quoted commas.
    package func list(_ name: String) -> [String] {
        var members: [String] = []
        for value in all(name) {
            for member in value.utf8.split(separator: UInt8(ascii: ",")) {
                let trimmed = String(Substring(member)).trimmedOfBlanks
                if !trimmed.isEmpty { members.append(trimmed) }
            }
        }
        return members
    }

    package var count: Int { fields.count }

    package func makeIterator() -> IndexingIterator<[(name: String, value: String)]> { fields.makeIterator() }

    package static func == (a: HTTPHeaders, b: HTTPHeaders) -> Bool {
        a.fields.elementsEqual(b.fields) { $0.name.equalsIgnoringCase($1.name) && $0.value == $1.value }
    }
}

extension String {
    /// Whether both are the same when ASCII letters are compared without case.
    func equalsIgnoringCase(_ other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        if self == other { return true }
        var (mine, others) = (utf8.makeIterator(), other.utf8.makeIterator())
        while let a = mine.next(), let b = others.next() {
            guard a.lowercasedASCII == b.lowercasedASCII else { return false }
        }
        return true
    }

    /// Without spaces and tabs at either end.
    var trimmedOfBlanks: String {
        var bytes = utf8[...]
        while let first = bytes.first, first.isBlank { bytes.removeFirst() }
        while let last = bytes.last, last.isBlank { bytes.removeLast() }
        return String(Substring(bytes))
    }
}
