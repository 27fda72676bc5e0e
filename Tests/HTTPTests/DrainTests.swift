// Stopping in good order.
import Dispatch
import HTTP
import Testing

private let get = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
private let slow = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"

@Suite struct DrainTests {
    /// A time to drain that a test would only take if something were waited for; half of it is the bound for "at once".
    private static let longDrainSeconds = 300.0

    private func addSlow(_ router: inout Router, observed: Observed, gate: Gate) {
        router.add("GET", "/slow") { _, _ in
            observed.note("slow")
            gate.pass()
            return HTTPResponse(status: 200, text: "slow but whole")
        }
    }

    private func seconds(_ work: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try work()
        return (ContinuousClock.now - start) / .seconds(1)
    }

    @Test func `stopping closes idle and silent connections at once and refuses new ones`() throws {
        try withServer({ $0.drainSeconds = Self.longDrainSeconds }) { server in
            let idle = try server.client()
            let answer = try idle.exchange(get)
            #expect(answer.status == 200)
            let silent = try server.client()
            #expect(eventually { server.server.counters.openConnections == 2 })
            #expect(seconds { server.server.stop() } < Self.longDrainSeconds / 2)
            let closed = [try idle.isClosed(), try silent.isClosed()]
            #expect(closed == [true, true])
            #expect(throws: ClientError.self) { try server.client() }
            #expect(server.server.counters.openConnections == 0)
        }
    }

    @Test func `a request in flight is finished, told to close, and waited for`() throws {
        try withServer({ $0.drainSeconds = Self.longDrainSeconds }, routes: addSlow) { server in
            let client = try server.client()
            try client.send(slow)
            #expect(server.observed.waits(for: "slow"))
            let stopped = DispatchGroup()
            DispatchQueue.global().async(group: stopped) { server.server.stop() }
            #expect(eventually { (try? server.client()) == nil })
            #expect(stopped.wait(timeout: .now()) == .timedOut)
            server.gate.open()
            let answer = try client.readResponse()
            #expect(answer.text == "slow but whole" && answer["Connection"] == "close")
            #expect(stopped.wait(timeout: .now() + Self.longDrainSeconds / 2) == .success)
        }
    }

    @Test func `a request that does not end is cut after the time to drain`() throws {
        try withServer({ $0.drainSeconds = 0.3 }) { server in
            let client = try server.client()
            try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhello")
            #expect(eventually { server.server.counters.bytesReceived > 50 })
            #expect(seconds { server.server.stop() } > 0.2)
            #expect(server.server.counters.openConnections == 0)
            #expect(server.observed.all == ["cut(receivedBytes: 5)"])
        }
    }

    @Test func `an event stream ends when the server stops`() throws {
        try withServer(
            { $0.drainSeconds = Self.longDrainSeconds },
            routes: { router, observed, _ in
                router.add("GET", "/events") { _, _ in
                    EventStream.response { events in
                        try events.send(ServerSentEvent(data: "first"))
                        while try events.wait(seconds: 60) {}
                        observed.note("ended")
                    }
                }
            }
        ) { server in
            let client = try server.client()
            try client.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try client.read(through: "data: first\n\n")
            #expect(seconds { server.server.stop() } < Self.longDrainSeconds / 2)
            #expect(server.observed.all == ["ended"])
            let end = try client.readToEnd()
            #expect(end.hasSuffix("0\r\n\r\n"))
        }
    }

    @Test func `stopping twice, or without a start, does nothing`() throws {
        try withServer({ $0.drainSeconds = Self.longDrainSeconds }) { server in
            server.server.stop()
            #expect(seconds { server.server.stop() } < Self.longDrainSeconds / 2)
        }
    }
}
