// A request that breaks HTTP, and how it is answered.

/// Why a request cannot be served: the status to answer and a sentence that says what was wrong.
struct ProtocolFault: Error {
    let status: Int
    let detail: String

    init(_ status: Int, _ detail: String) {
        self.status = status
        self.detail = detail
    }
}
