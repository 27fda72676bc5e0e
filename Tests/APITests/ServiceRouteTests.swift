// Probes, metrics, the catalog, and what every answer carries.
import API
import Domain
import Foundation
import HTTP
import Store
import Testing

@Suite struct ServiceRouteTests {
    let service: TestService

    init() throws { service = try TestService() }

    @Test func `health is constant`() throws {
        #expect(try service.send("GET", "/healthz").text == #"{"status":"ok"}"#)
    }

    @Test func `readiness asks the store and the worker`() throws {
        let ready = try service.send("GET", "/readyz")
        #expect(ready.status == 200)
        #expect(ready.json["ready"] as? Bool == true)
        let idle = try TestService(workerFault: "stopped").send("GET", "/readyz")
        #expect(idle.status == 503)
        #expect(idle.json["checks"] as? [String: String] == ["store": "ok", "worker": "stopped", "models": "ok"])
        let young = try TestService(modelsFault: "verifying").send("GET", "/readyz")
        #expect(young.status == 503)
        #expect((young.json["checks"] as? [String: String])?["models"] == "verifying")
    }

    @Test func `the catalog lists analyses with their parameters`() throws {
        let items = try service.send("GET", "/v1/analyses").json["items"] as? [[String: Any]]
        #expect(items?.first?["name"] as? String == "digital-biopsy")
        let parameters = items?.first?["parameters"] as? [[String: Any]]
        #expect(parameters?.first?["defaultValue"] as? Bool == false)
    }

    @Test func `every series exists before the first request, and counts`() throws {
        let before = try service.send("GET", "/metrics").text
        for route in RouteName.allCases {
            let labels = "{method=\"\(route.method)\",route=\"\(route.path)\",status=\"2xx\"}"
            #expect(before.contains("osteon_http_requests_total\(labels) 0\n"))
        }
        for state in JobState.allCases { #expect(before.contains("osteon_jobs{state=\"\(state.rawValue)\"} 0\n")) }
        for code in FaultCode.allCases {
            for family in ["osteon_problems_total", "osteon_jobs_failed"] {
                #expect(before.contains("\(family){code=\"\(code.rawValue)\"} 0\n"))
            }
        }
        for state in ["waiting", "delivered", "abandoned"] {
            #expect(before.contains("osteon_deliveries{state=\"\(state)\"} 0\n"))
        }
        #expect(before.contains("osteon_queue_oldest_age_seconds 0\n"))
        #expect(before.contains("osteon_audits{kind=\"bland-altman\"} 0\n"))
        #expect(before.contains("osteon_job_stage_duration_seconds_count{stage=\"decode\"} 0\n"))
        _ = try service.addJob()
        let claimed = try #require(try service.store.jobs.claim(worker: "test", leaseSeconds: 60))
        let fault = FaultRecord(code: .segmentationFailed, detail: "No bone.", fix: "Send bone.")
        try service.store.jobs.fail(claimed.lease, fault, retryable: false)
        _ = try service.addJob()
        _ = try service.send("GET", "/nowhere")
        let after = try service.send("GET", "/metrics").text
        #expect(after.contains("osteon_jobs{state=\"queued\"} 1\n"))
        #expect(after.contains("osteon_queue_depth 1\n"))
        #expect(after.contains("osteon_jobs_failed{code=\"segmentation-failed\"} 1\n"))
        #expect(after.contains("osteon_problems_total{code=\"route-not-found\"} 1\n"))
        #expect(after.contains("osteon_upload_bytes_total 10\n"))
        #expect(after.contains("{method=\"POST\",route=\"/v1/studies\",status=\"2xx\"} 2\n"))
        #expect(after.contains("{method=\"other\",route=\"none\",status=\"4xx\"} 1\n"))
    }

    @Test(arguments: ["TRACE", "QUERY", "PUT", "PATCH", "BREW"])
    func `a method that a resource does not take is answered with those that it takes`(method: String) throws {
        let answer = try service.send(method, "/v1/jobs")
        #expect(answer.status == 405)
        #expect(answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST")
        #expect(try answer.problem().code == .methodNotAllowed)
    }

    @Test func `an unknown path is a problem too`() throws {
        #expect(try service.send("GET", "/v2").problem().code == .routeNotFound)
    }

    @Test func `every answer carries the request's id and the security fields`() throws {
        for (method, target) in [
            ("GET", "/healthz"), ("GET", "/none"), ("OPTIONS", "/v1/jobs"), ("POST", "/v1/studies"),
        ] {
            let answer = try service.send(method, target)
            #expect(answer.headers["X-Request-Id"]?.isEmpty == false)
            #expect(answer.headers["X-Content-Type-Options"] == "nosniff")
            #expect(answer.headers["Cache-Control"] != nil)
        }
        let own = try service.send("GET", "/none", headers: ["X-Request-Id": "trace-7"])
        #expect(own.headers["X-Request-Id"] == "trace-7")
        #expect(try own.problem().instance == "urn:osteon:request:trace-7")
        let odd = try service.send("GET", "/healthz", headers: ["X-Request-Id": "a b"])
        #expect(odd.headers["X-Request-Id"] != "a b")
    }

    @Test(arguments: [400, 408, 413, 414, 416, 417, 431, 500, 501, 503, 505])
    func `what breaks HTTP is answered as a problem`(status: Int) throws {
        let answer = try Answer(service.responder.problem(status: status, detail: "Broken."))
        #expect(answer.status == status)
        let problem = try answer.problem()
        #expect(problem.detail == "Broken.")
        #expect(ErrorTable[problem.code].status / 100 == status / 100)
    }
}
