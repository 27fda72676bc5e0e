// What an API key may do.

/// The scopes of API keys. The raw value is what commands, problems and the database call it.
package enum AccessScope: String, Codable, CaseIterable, Sendable {
    /// Put studies, objects and outcomes in, start and cancel work on them, delete them again.
    case upload
    /// See studies, jobs, results and audits.
    case read
    /// See the access trail, which names everybody's requests.
    case audit
    /// Everything, of every owner.
    case admin
}
