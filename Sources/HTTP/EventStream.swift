// Server-sent events (WHATWG HTML §9.2) on top of a stream response.

/// One event as a browser's EventSource takes it.
package struct ServerSentEvent: Sendable {
    /// Comes back as `Last-Event-ID` when the client connects again.
    package var id: String?
    /// The event's name; `message` where nil.
    package var name: String?
    /// May have several lines.
    package var data: String

    package init(id: String? = nil, name: String? = nil, data: String) {
        self.id = id
        self.name = name
        self.data = data
    }

    /// The lines of the event and the empty line that ends it.
    var text: String {
        var text = ""
        if let id { text += "id: \(Self.oneLine(id))\n" }
        if let name { text += "event: \(Self.oneLine(name))\n" }
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: Self.endsLine) {
            text += "data: \(line)\n"
        }
        return text + "\n"
    }

    private static func oneLine(_ text: String) -> String { text.filter { !endsLine($0) && $0 != "\0" } }

    /// The line ends of the standard; other separators, such as U+2028, belong to the text.
    private static func endsLine(_ character: Character) -> Bool {
        character == "\n" || character == "\r" || character == "\r\n"
    }
}

/// Sends events while a response's closure runs. Used by that closure's thread only.
///
/// ```swift
/// EventStream.response { events in
///     repeat {
///         let job = try store.job(id)
///         try events.send(ServerSentEvent(name: "progress", data: json(job)))
///         if job.isFinished { return }
///     } while try events.wait(seconds: 0.25)
/// }
/// ```
package final class EventStream {
    private let writer: HTTPStreamWriter
    private let heartbeatSeconds: Double
    private var lastSent = Monotonic.now()

    private init(writer: HTTPStreamWriter, heartbeatSeconds: Double) {
        self.writer = writer
        self.heartbeatSeconds = heartbeatSeconds
    }

    /// A response with status 200 that stays open until `make` returns or throws.
    /// - Parameter heartbeatSeconds: after this long without an event a comment is sent, so that proxies keep the
    ///   connection.
    package static func response(
        heartbeatSeconds: Double = 15, _ make: @escaping @Sendable (EventStream) throws -> Void
    ) -> HTTPResponse {
        let headers: HTTPHeaders = [
            "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no",
        ]
        return HTTPResponse(
            status: 200, headers: headers,
            body: .stream { writer in try make(EventStream(writer: writer, heartbeatSeconds: heartbeatSeconds)) })
    }

    /// Sends an event at once. - Throws: `HTTPStreamError` when the client is gone; let it out of the closure.
    package func send(_ event: ServerSentEvent) throws(HTTPStreamError) {
        try writer.write(event.text)
        lastSent = Monotonic.now()
    }

    /// Waits, and sends heartbeats when they are due.
    /// - Returns: false, at once, when the client is gone or the server is being stopped: return from the closure then.
    package func wait(seconds: Double) throws(HTTPStreamError) -> Bool {
        let end = Monotonic.now() + seconds
        while true {
            let now = Monotonic.now()
            if now >= lastSent + heartbeatSeconds {
                try writer.write(": still here\n\n")
                lastSent = now
            }
            guard now < end else { return writer.isOpen }
            guard writer.wait(seconds: min(end, lastSent + heartbeatSeconds) - now) else { return false }
        }
    }
}
