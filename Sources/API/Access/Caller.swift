// Who sends a request, and what is shown to them.
import Domain
import HTTP
import Store

/// The key that a request came with.
struct Caller: Sendable {
    /// Nil where nobody ever made a key, and on routes that are open to everybody.
    let key: ServiceKey?

    static let anybody = Caller(key: nil)

    /// Whose the things are that the caller makes.
    var owner: String? { key?.owner }

    /// Whose things the caller sees; nil is everybody's.
    var sees: String? { key.flatMap { $0.may(.admin) ? nil : $0.owner } }

    /// Whether a thing of this owner is shown to the caller.
    func maySee(owner: String?) -> Bool { sees == nil || sees == owner }

    /// - Throws: `scope-missing`.
    func require(_ scope: AccessScope) throws {
        if let key, !key.may(scope) { throw APIFault.scopeMissing(scope) }
    }
}

/// Whether a thing is an owner's.
struct OwnershipQuestion: Hashable, Sendable {
    let thing: OwnedThing
    let owner: String
}

extension Service {
    /// Lets nobody at another owner's thing: it is answered as one that is not there, so that nobody learns that it is.
    /// - Throws: `fault`.
    func requireOwn(_ thing: OwnedThing, _ caller: Caller, else fault: @autoclosure () -> StoreError) throws {
        guard let owner = caller.sees else { return }
        let isOwn = try owned.value(OwnershipQuestion(thing: thing, owner: owner), version: store.version) {
            try store.ownership.isOwn(thing, of: owner)
        }
        guard isOwn else { throw fault() }
    }

    /// The same for whatever the path of a request names. Searches below a study and pushes to one are left to the store, which filters
    /// the ones and refuses the others.
    func requireOwn(_ route: RouteName?, _ path: RouteParameters, _ caller: Caller) throws {
        guard caller.sees != nil else { return }
        let (study, job, audit, uid) = (path["studyID"], path["jobID"], path["auditID"], path["studyUID"])
        if !study.isEmpty { try requireOwn(.study(study), caller, else: .studyNotFound(id: study.shortened)) }
        if !job.isEmpty { try requireOwn(.job(job), caller, else: .jobNotFound(id: job.shortened)) }
        if !audit.isEmpty { try requireOwn(.audit(audit), caller, else: .auditNotFound(id: audit.shortened)) }
        let delivery = path["deliveryID"]
        if !delivery.isEmpty {
            try requireOwn(.delivery(delivery), caller, else: .deliveryNotFound(id: delivery.shortened))
        }
        let notice = path["noticeID"]
        if !notice.isEmpty { try requireOwn(.notice(notice), caller, else: .noticeNotFound(id: notice.shortened)) }
        let workitem = path["workitemUID"]
        if !workitem.isEmpty {
            try requireOwn(.workitem(workitem), caller, else: .workitemNotFound(uid: workitem.shortened))
        }
        guard !uid.isEmpty else { return }
        switch route {
        case .storeStudyInstances, .searchStudySeries, .searchStudyInstances, .searchSeriesInstances: break
        case .getArrival, .deleteArrival, .completeArrival:
            try requireOwn(.arrival(uid), caller, else: .studyNotFound(id: uid))
        default: try requireOwn(.arrival(uid), caller, else: .instanceNotFound(InstanceScope(study: uid)))
        }
    }
}
