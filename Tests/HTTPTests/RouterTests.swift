// Which route answers which path.
import HTTP
import Testing

private func router() -> Router {
    var router = Router(
        notFound: { HTTPResponse(status: 404, text: "no \($0.path)") },
        methodNotAllowed: { HTTPResponse(status: 405, text: "\($0.method) not in \($1.joined(separator: " "))") })
    for (method, template) in [
        ("GET", "/"), ("POST", "/v1/jobs"), ("GET", "/v1/jobs/{id}"), ("DELETE", "/v1/jobs/{id}"),
        ("GET", "/v1/jobs/{id}/report"), ("GET", "/v1/jobs/newest"), ("GET", "/v1/{kind}/newest/{part}"),
    ] {
        router.add(method, template) { _, parameters in
            HTTPResponse(
                status: 200, text: "\(template) \(parameters["id"]) \(parameters["kind"]) \(parameters["part"])")
        }
    }
    return router
}

private func answer(_ method: String, _ target: String) throws -> (status: Int, text: String, allow: String?) {
    let request = try #require(HTTPRequest(method: method, target: target))
    let response = router().respond(to: request)
    guard case .bytes(let bytes) = response.body else { return (response.status, "", response.headers["Allow"]) }
    return (response.status, String(decoding: bytes, as: UTF8.self), response.headers["Allow"])
}

@Suite struct RouterTests {
    @Test(arguments: [
        ("/", "/   "), ("/?a=b", "/   "), ("/v1/jobs/5", "/v1/jobs/{id} 5  "), ("/v1/jobs/5/", "/v1/jobs/{id} 5  "),
        ("/v1/jobs/a%20b%2Fc/report", "/v1/jobs/{id}/report a b/c  "), ("/v1/jobs/newest", "/v1/jobs/newest   "),
        ("/v1/jobs/newest/report", "/v1/jobs/{id}/report newest  "),
        ("/v1/jobs/newest/risk", "/v1/{kind}/newest/{part}  jobs risk"),
    ])
    func `a path finds its route, literals before parameters, and goes back where a literal leads nowhere`(
        target: String, text: String
    ) throws {
        let found = try answer("GET", target)
        #expect(found.status == 200 && found.text == text)
    }

    @Test(arguments: ["/v1", "/v1/jobs//report", "/v1/jobs/5/report/6", "/v1/jobs/5//", "//", "/V1/jobs/5", "/v2/x"])
    func `a path without a route is given to notFound`(target: String) throws {
        let found = try answer("GET", target)
        #expect(found.status == 404 && found.text == "no \(target)")
    }

    @Test func `another method of a known path is 405 with the methods that there are`() throws {
        let put = try answer("PUT", "/v1/jobs/5")
        #expect(put.status == 405 && put.allow == "DELETE, GET, HEAD, OPTIONS")
        #expect(put.text == "PUT not in DELETE GET HEAD OPTIONS")
        let get = try answer("GET", "/v1/jobs/")
        #expect(get.status == 405 && get.allow == "OPTIONS, POST")
    }

    @Test func `HEAD falls to GET, and OPTIONS tells the methods`() throws {
        let head = try answer("HEAD", "/v1/jobs/5")
        #expect(head.status == 200)
        let options = try answer("OPTIONS", "/v1/jobs")
        #expect(options.status == 204 && options.allow == "OPTIONS, POST")
        let all = try answer("OPTIONS", "*")
        #expect(all.status == 204 && all.allow == "DELETE, GET, HEAD, OPTIONS, POST")
        let unknown = try answer("OPTIONS", "/nowhere")
        #expect(unknown.status == 404)
    }

    @Test func `the routes can be listed`() {
        #expect(router().routes.count == 7)
        #expect(router().routes[1].method == "POST" && router().routes[1].template == "/v1/jobs")
    }

    @Test func `a query is form-decoded, in order, with repeated and bare names`() throws {
        let request = try #require(HTTPRequest(method: "GET", target: "/a?x=1+2&y=%C3%BC%2B&x=3&z&&=4"))
        #expect(request.query.map(\.name) == ["x", "y", "x", "z", ""])
        #expect(request.query.map(\.value) == ["1 2", "ü+", "3", "", "4"])
        #expect(request.queryValue("x") == "1 2" && request.queryValue("none") == nil)
    }

    @Test func `header names have no case, and setting replaces every field of a name in place`() {
        var headers: HTTPHeaders = ["A": "1", "b": "2", "a": "3", "c": "4", "A": "5", "a": "6"]
        #expect(headers["B"] == "2" && headers.all("A") == ["1", "3", "5", "6"])
        headers["a"] = "7"
        #expect(headers.map(\.value) == ["7", "2", "4"])
        headers.append("B", "x , y,,z")
        #expect(headers.list("b") == ["2", "x", "y", "z"])
        headers["B"] = nil
        #expect(headers.count == 2)
    }
}
