// schemathesis, which makes requests from openapi.yaml and holds the answers against it.
import Foundation
import ReferenceData
import Testing

@Suite(.enabled(if: TestPython.has("schemathesis"), TestPython.absent("schemathesis")))
struct SchemathesisTests {
    /// Some eight thousand requests of every route but STOW-RS, the same ones each time.
    @Test func `answers keep to openapi.yaml, and so does what is refused`() throws {
        let server = try RunningServer()
        let run = try TalkingProgram(
            TestPython.program("schemathesis"),
            [
                "--no-color", "--config-file", TestPython.script("schemathesis.toml"),
                "run", ReferenceData.packageRoot.appendingPathComponent("openapi.yaml").path,
                "--url", "http://127.0.0.1:\(server.client.port)",
                "--phases", "examples,coverage,fuzzing", "--max-examples", "5", "--seed", "1",
                "--generation-database", "none",
            ])
        let status = run.end()
        #expect(status == 0, "\(run.words.suffix(6000))")
        #expect(run.words.contains(#/[0-9]{4,} generated, [0-9]{4,} passed/#), "\(run.words.suffix(2000))")
    }
}
