// More clients than the server, or the process, has room for.
import Glibc
import HTTP
import Testing

private let get = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"

@Suite struct LoadTests {
    @Test func `a connection too many gets 503 with Retry-After at once, and room is made when one ends`() throws {
        try withServer({
            $0.maximumConnections = 3
            $0.roomAfterSeconds = .infinity
        }) { server in
            var clients = try (0..<3).map { _ in try server.client() }
            for client in clients {
                let answer = try client.exchange(get)
                #expect(answer.status == 200)
            }
            let refused = try server.answer(get)
            #expect(refused.status == 503 && refused["Retry-After"] == "1" && refused["Connection"] == "close")
            #expect(server.server.counters.rejectedConnections == 1)
            clients.removeLast()
            #expect(eventually { server.server.counters.openConnections == 2 })
            let served = try server.answer(get)
            #expect(served.status == 200)
        }
    }

    @Test func `slow and idle connections make room for others, and those that are served do not`() throws {
        try withServer(
            {
                $0.maximumConnections = 3
                $0.roomAfterSeconds = 0
            },
            routes: { router, observed, gate in
                router.add("GET", "/slow") { _, _ in
                    observed.note("slow")
                    gate.pass()
                    return HTTPResponse(status: 200, text: "slow")
                }
            }
        ) { server in
            let served = try server.client()
            try served.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(server.observed.waits(for: "slow"))
            let sluggish = try (0..<20).map { _ in try server.client() }
            for client in sluggish { try client.send("GET /hello HTTP/1.1\r\nHost: ") }
            let other = try server.answer(get)
            #expect(other.status == 200)
            #expect(server.server.counters.rejectedConnections == 0)
            let isDropped = try sluggish[0].isClosed()
            #expect(isDropped)
            server.gate.open()
            let answer = try served.readResponse()
            #expect(answer.text == "slow")
        }
    }

    @Test func `when descriptors run out the server drops what it cannot take and serves again once some are free`()
        async
    {
        // In a process of its own: the limit would hit every other test.
        await #expect(processExitsWith: .success) {
            try withServer { server in
                let kept = try server.client()
                let before = try kept.exchange(get)
                #expect(before.status == 200)
                let clients = try (0..<20).map { _ in try RawClient() }
                let last = try RawClient()
                try limitDescriptors()
                var filler: [Int32] = []
                while case let descriptor = open("/dev/null", O_RDONLY), descriptor >= 0 { filler.append(descriptor) }
                // An accept that waits took its descriptor beforehand: it may serve one more connection.
                try last.connect(port: server.port)
                let wasServed = (try? last.exchange(get)) != nil
                for client in clients {
                    try client.connect(port: server.port)
                    let isDropped = try client.isClosed()
                    #expect(isDropped)
                }
                #expect(eventually { server.server.counters.rejectedConnections == (wasServed ? 20 : 21) })
                let onKept = try kept.exchange(get)
                #expect(onKept.status == 200)
                for descriptor in filler { close(descriptor) }
                let after = try server.answer(get)
                #expect(after.status == 200)
            }
        }
    }

    @Test func `connections that are turned away take no room from others`() throws {
        try withServer({
            $0.maximumConnections = 1
            $0.roomAfterSeconds = .infinity
            $0.lingerSeconds = 5
        }) { server in
            let first = try server.client()
            let served = try first.exchange(get)
            #expect(served.status == 200)
            let turnedAway = try (0..<5).map { _ in try server.client() }
            for client in turnedAway {
                let answer = try client.exchange(get)
                #expect(answer.status == 503)
            }
            first.reset()
            // The others still linger.
            #expect(eventually { server.server.counters.openConnections == 5 })
            let next = try server.answer(get)
            #expect(next.status == 200)
        }
    }

    @Test func `stopping works while no descriptor is left`() async {
        await #expect(processExitsWith: .success) {
            try withServer({ $0.drainSeconds = 300 }) { server in
                let client = try RawClient()
                try limitDescriptors()
                while open("/dev/null", O_RDONLY) >= 0 {}
                // Takes the descriptor that a waiting accept had: the next one finds none.
                try client.connect(port: server.port)
                _ = try? client.exchange(get)
                let start = ContinuousClock.now
                server.server.stop()
                // Not the time to drain, which only a connection that is not closed takes.
                #expect(ContinuousClock.now - start < .seconds(150))
            }
        }
    }

    @Test func `two hundred connections at once are all served`() throws {
        try withServer { server in
            let clients = try (0..<200).map { _ in try server.client() }
            for client in clients { try client.send(get) }
            for client in clients {
                let answer = try client.readResponse()
                #expect(answer.text == "hello, world")
            }
            #expect(server.server.counters.openConnections == 200)
        }
    }

    @Test func `the counters tell what was done`() throws {
        try withServer { server in
            let requests = [get, "GET /missing HTTP/1.1\r\nHost: a\r\n\r\n", "BREW / HTTP/1.1\r\n\r\n"]
            for request in requests {
                _ = try server.answer(request)
            }
            #expect(eventually { server.server.counters.openConnections == 0 })
            let counters = server.server.counters
            #expect(counters.requests == 3 && counters.requestsByStatusClass == [0, 1, 0, 1, 1])
            #expect(counters.acceptedConnections == 3 && counters.rejectedConnections == 0)
            #expect(counters.bytesReceived == requests.joined().utf8.count)
            #expect(counters.bytesSent > 300)
        }
    }
}

/// Leaves this process about sixteen more descriptors than are open now.
private func limitDescriptors() throws {
    let next = open("/dev/null", O_RDONLY)
    close(next)
    var limit = rlimit(rlim_cur: rlim_t(next) + 16, rlim_max: rlim_t(next) + 16)
    try #require(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
}
