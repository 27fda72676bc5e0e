// A hospital's dashboard in a real browser: a page of another site that polls, follows and draws.
import Foundation
import HTTP
import Synchronization
import Testing

/// Not the wrapper on the PATH, which would be ended in its stead.
private let browser = "/usr/lib/chromium/chromium-headless-shell"

/// The dashboard's own site: hands out its page, and hears what the page saw.
private final class Dashboard: Sendable {
    private let server: HTTPServer
    private let heard: Heard
    let port: Int

    private final class Heard: Sendable {
        let page = Mutex("")
        let verdicts = Mutex<[String]>([])
    }

    init() throws {
        let heard = Heard()
        self.heard = heard
        server = HTTPServer { router in
            router.add("GET", "/") { _, _ in
                HTTPResponse(status: 200, contentType: "text/html; charset=utf-8", text: heard.page.withLock { $0 })
            }
            router.add("POST", "/verdict") { request, _ in
                let body = (try? request.body.readAll(limit: 1 << 16)) ?? []
                heard.verdicts.withLock { $0.append(String(decoding: body, as: UTF8.self)) }
                return HTTPResponse(status: 204)
            }
        }
        port = try server.start()
    }

    deinit { server.stop() }

    /// What a dashboard does: asks for a job with a key, follows its events, and draws an audit's plot.
    func show(service: String, key: String, job: String, plot: String) {
        let page = """
            <!doctype html><script>
            const headers = {Authorization: "Bearer \(key)"};
            const ask = path => fetch("\(service)" + path, {headers});
            (async () => {
                let seen;
                try {
                    const answer = await ask("\(job)");
                    const state = (await answer.json()).state;
                    const events = await (await ask("\(job)/events")).text();
                    const picture = new Image();
                    picture.src = URL.createObjectURL(await (await ask("\(plot)")).blob());
                    await picture.decode();
                    const later = await fetch("\(service)\(job)", {headers: {...headers, "If-None-Match": answer.headers.get("ETag")}});
                    seen = [state, answer.headers.get("X-Request-Id") !== null, events.includes("event: state"),
                            picture.naturalWidth > 100, later.status].join(" ");
                } catch (error) { seen = error.name; }
                await fetch("/verdict", {method: "POST", body: location.hostname + ": " + seen});
            })();
            </script>
            """
        heard.page.withLock { $0 = page }
    }

    /// Opens the page as a site of this name, and waits for what it saw.
    func verdict(as host: String) throws -> String {
        let profile = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-page-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: profile) }
        let window = try TalkingProgram(
            URL(fileURLWithPath: browser),
            [
                "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--user-data-dir=\(profile.path)",
                "http://\(host):\(port)/",
            ])
        let mine = { [heard] in heard.verdicts.withLock { $0.first { $0.hasPrefix(host + ": ") } } }
        try waitUntil("the page at \(host) says what it saw") { mine() != nil }
        return try withExtendedLifetime(window) { try #require(mine()) }
    }
}

@Suite(
    .enabled(
        if: FileManager.default.isExecutableFile(atPath: browser),
        "chromium-headless-shell is not installed: run deploy/setup --with-tests"))
struct BrowserTests {
    @Test func `a page of the site that is named polls, follows and draws; the same page of another gets nothing`()
        throws
    {
        let dashboard = try Dashboard()
        let server = try RunningServer(arguments: ["--cors-origin", "http://127.0.0.1:\(dashboard.port)"])
        let secret = try server.addKey("dashboard", ["upload", "read", "audit"])
        let patient = try Patient.shared.get()
        let key = RunningServer.bearer(secret)
        let job = try #require(
            try server.client.send(
                "POST",
                "/v1/studies" + patient.query(1, runs: 2) + "&set=deepFeatures=none", headers: key,
                body: patient.study)["location"])
        try waitUntil("the job is done", seconds: 120) {
            try server.client.send("GET", job, headers: key).json["state"] as? String == "done"
        }
        let table = "osteon (mm),caliper (mm)\n25.1,24.8\n27.3,27.0\n22.8,23.1\n30.2,29.6\n26.4,26.5\n"
        let audit = try #require(
            try server.client.send(
                "POST", "/v1/audits/bland-altman", headers: key.merging(["Content-Type": "text/csv"]) { $1 },
                body: Data(table.utf8))["location"])
        dashboard.show(
            service: "http://127.0.0.1:\(server.client.port)", key: secret, job: job, plot: audit + "/plot.svg")
        #expect(try dashboard.verdict(as: "127.0.0.1") == "127.0.0.1: done true true true 304")
        #expect(try dashboard.verdict(as: "localhost") == "localhost: TypeError")
    }
}
