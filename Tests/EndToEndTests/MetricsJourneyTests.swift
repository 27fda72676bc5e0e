// The figures, looked at by Prometheus' own tool.
import Foundation
import Testing

private let promtool = "/usr/bin/promtool"

@Suite struct MetricsJourneyTests {
    @Test(
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: promtool),
            "promtool is not installed: run deploy/setup --with-tests"))
    func `promtool finds nothing to say of the metrics, before the first request and after`() throws {
        let server = try RunningServer()
        for _ in 0..<2 {
            let metrics = try server.client.send("GET", "/metrics")
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("metrics-\(UUID().uuidString)")
            try metrics.body.write(to: file)
            defer { try? FileManager.default.removeItem(at: file) }
            let check = try Command.run(
                ["-c", "'\(promtool)' check metrics < '\(file.path)'"], program: "/bin/sh")
            #expect(check.status == 0 && check.errors.isEmpty, "\(check.errors)")
            _ = try server.client.send("GET", "/nowhere")
        }
    }
}
