// From a request's method and path to the closure that answers it.

/// What the path of a request gave for the `{names}` of its route's template.
package struct RouteParameters: Sendable {
    private let names: [String]
    /// In the order of the template.
    package let values: [String]

    init(names: [String], values: [String]) {
        self.names = names
        self.values = values
    }

    /// Of a path that no route has.
    package static let none = RouteParameters(names: [], values: [])

    /// The same names with other values.
    package func replacing(_ value: (_ name: String, _ value: String) -> String) -> RouteParameters {
        RouteParameters(names: names, values: zip(names, values).map(value))
    }

    /// Every value by its name.
    package var named: [String: String] { Dictionary(zip(names, values)) { $1 } }

    /// The value of a name in the template, percent-decoded and never empty; the empty string for a name that the
    /// template has not.
    package subscript(name: String) -> String {
        zip(names, values).first { $0.0 == name }?.1 ?? ""
    }
}

/// A table of routes. Fill it, then give it to the server; it does not change while serving.
///
/// HEAD is answered by the GET route where it has none of its own, OPTIONS by 204 with `Allow`, another method of a
/// known path through `methodNotAllowed` with `Allow` added, and an unknown path through `notFound`. One slash at a
/// path's end makes no difference. A literal segment goes before a parameter.
package struct Router: HTTPResponder {
    package typealias Handler = @Sendable (HTTPRequest, RouteParameters) -> HTTPResponse

    /// One entry of the table, for checks against a specification.
    package struct Route: Sendable, Hashable {
        package let method: String
        package let template: String
    }

    /// Every route, in the order of adding.
    package private(set) var routes: [Route] = []

    private var root = Node()
    private var aliases: [String: [String]] = [:]
    private let notFound: @Sendable (HTTPRequest) -> HTTPResponse
    private let methodNotAllowed: @Sendable (HTTPRequest, _ allowed: [String]) -> HTTPResponse

    private struct Endpoint {
        let names: [String]
        let handler: Handler
    }

    private struct Node {
        var literals: [String: Node] = [:]
        /// At most one node: what a parameter leads to.
        var parameter: [Node] = []
        var endpoints: [String: Endpoint] = [:]
    }

    package init(
        notFound: @escaping @Sendable (HTTPRequest) -> HTTPResponse,
        methodNotAllowed: @escaping @Sendable (HTTPRequest, _ allowed: [String]) -> HTTPResponse
    ) {
        self.notFound = notFound
        self.methodNotAllowed = methodNotAllowed
    }

    /// Adds a route; the same method and path shape again replaces it.
    /// - Parameter template: `/v1/jobs/{id}/report`; a segment in braces takes any one segment that is not empty.
    package mutating func add(_ method: String, _ template: String, _ handler: @escaping Handler) {
        let segments = template.split(separator: "/").map(String.init)
        let names = segments.compactMap(Self.parameterName)
        Self.insert(Endpoint(names: names, handler: handler), method: method, segments: segments[...], in: &root)
        routes.append(Route(method: method, template: template))
    }

    /// Answers every path that begins with `segment` as if it began with `prefix`: the same resources under a second
    /// root, without a redirect. A route of the path itself goes before.
    package mutating func alias(_ segment: String, for prefix: [String]) { aliases[segment] = prefix }

    package func respond(to request: HTTPRequest) -> HTTPResponse {
        if request.path == "*" { return options(Set(routes.map(\.method))) }
        var segments = request.pathSegments[...]
        if let first = segments.first, root.literals[first] == nil, let prefix = aliases[first] {
            segments = (prefix + segments.dropFirst())[...]
        }
        if segments.last == "" { segments.removeLast() }
        guard let (node, values) = Self.find(segments, in: root, values: []) else { return notFound(request) }
        let method = request.method
        if let endpoint = node.endpoints[method] ?? (method == "HEAD" ? node.endpoints["GET"] : nil) {
            return endpoint.handler(request, RouteParameters(names: endpoint.names, values: values))
        }
        if method == "OPTIONS" { return options(Set(node.endpoints.keys)) }
        let allowed = Self.allowed(Set(node.endpoints.keys))
        var response = methodNotAllowed(request, allowed)
        response.headers["Allow"] = allowed.joined(separator: ", ")
        return response
    }

    private func options(_ methods: Set<String>) -> HTTPResponse {
        HTTPResponse(status: 204, headers: ["Allow": Self.allowed(methods).joined(separator: ", ")])
    }

    private static func allowed(_ methods: Set<String>) -> [String] {
        methods.union(methods.contains("GET") ? ["HEAD", "OPTIONS"] : ["OPTIONS"]).sorted()
    }

    private static func parameterName(_ segment: String) -> String? {
        segment.hasPrefix("{") && segment.hasSuffix("}") ? String(segment.dropFirst().dropLast()) : nil
    }

    private static func insert(_ endpoint: Endpoint, method: String, segments: ArraySlice<String>, in node: inout Node)
    {
        guard let segment = segments.first else {
            node.endpoints[method] = endpoint
            return
        }
        if parameterName(segment) == nil {
            insert(
                endpoint, method: method, segments: segments.dropFirst(), in: &node.literals[segment, default: Node()])
        } else {
            if node.parameter.isEmpty { node.parameter.append(Node()) }
            insert(endpoint, method: method, segments: segments.dropFirst(), in: &node.parameter[0])
        }
    }

    /// The node of a path that has a route, literal segments tried first.
    private static func find(
        _ segments: ArraySlice<String>, in node: Node, values: [String]
    ) -> (node: Node, values: [String])? {
        guard let segment = segments.first else { return node.endpoints.isEmpty ? nil : (node, values) }
        let rest = segments.dropFirst()
        if let literal = node.literals[segment], let found = find(rest, in: literal, values: values) { return found }
        guard !segment.isEmpty, let next = node.parameter.first else { return nil }
        return find(rest, in: next, values: values + [segment])
    }
}
