// What can go wrong with stored things.
import Domain
import Foundation
import GRDB

/// A failure of the store, or a request that what is stored does not allow.
package enum StoreError: Fault, Hashable {
    /// The disk of the data folder is full, or its quota is used up.
    case full(operation: String)
    /// The disk of the data folder has turned read-only, as Linux does with one that errs.
    case readOnly(operation: String)
    /// Another server owns the data folder.
    case folderInUse(path: String)
    /// The database was written by a newer version of Osteon.
    case schemaNewer(path: String)
    /// A folder to be written by `osteon backup` or `osteon restore` holds something.
    case notEmpty(path: String)
    /// The data folder was begun in the other mode, or under another key.
    case pseudonymModeDiffers(PseudonymMismatch)
    /// A copy of a data folder, or what it is made of, is not whole.
    case backupDamaged(path: String, flaw: String)
    /// A system call failed.
    case system(operation: String, errno: Int32)
    /// Another process held the database for longer than one waits for it.
    case busy
    /// SQLite failed for another reason than these.
    case database(resultCode: Int32, message: String)
    case studyNotFound(id: String)
    /// No DICOM object of this study, series and UID is kept.
    case instanceNotFound(InstanceScope)
    case maskNotFound(id: String)
    case jobNotFound(id: String)
    case auditNotFound(id: String)
    case deliveryNotFound(id: String)
    case noticeNotFound(id: String)
    case workitemNotFound(uid: String)
    case workitemExists(uid: String)
    case workitemConflict(WorkitemConflict)
    /// The study cannot be deleted while a worker reads it.
    case studyInUse(id: String, job: String)
    /// The job is done or has failed, so it cannot be cancelled.
    case jobFinished(id: String, state: JobState)
    /// The idempotency key was used for a different request.
    case idempotencyConflict(job: String)
    /// The idempotency key was used for a different audit.
    case auditKeyReused(audit: String)
    /// The idempotency key was used for a different outcome.
    case outcomeKeyReused(job: String, level: VertebralLevel, version: Int)
    case outcomeNotFound(job: String)
    /// The vertebra has an outcome, and the new one does not say why it corrects it.
    case outcomeExists(level: VertebralLevel, version: Int)
    /// The outcome is not, or no longer, the one that the client looked at; nil where there is none.
    case outcomeChanged(level: VertebralLevel, version: Int?)
    case queueFull(limit: Int)
    /// The pushed study belongs to another owner.
    case ownerDiffers
    /// The name of a key is or was taken.
    case keyExists(name: String)
    case keyNotFound(name: String)
    case keyRevoked(name: String)
    /// The job was given to another worker, or ended, since this lease was issued.
    case leaseLost(job: String)

    package var code: FaultCode {
        switch self {
        case .full: .storageFull
        case .readOnly: .storageReadOnly
        case .busy: .serviceBusy
        case .folderInUse, .schemaNewer, .notEmpty, .pseudonymModeDiffers, .backupDamaged, .system, .database:
            .internalFault
        case .studyNotFound: .studyNotFound
        case .instanceNotFound: .instanceNotFound
        case .maskNotFound: .maskNotFound
        case .jobNotFound: .jobNotFound
        case .auditNotFound: .auditNotFound
        case .deliveryNotFound: .deliveryNotFound
        case .noticeNotFound: .noticeNotFound
        case .workitemNotFound: .workitemNotFound
        case .workitemExists: .workitemExists
        case .workitemConflict: .workitemConflict
        case .studyInUse: .studyInUse
        case .jobFinished: .jobFinished
        case .idempotencyConflict, .auditKeyReused, .outcomeKeyReused: .idempotencyConflict
        case .outcomeNotFound: .outcomeNotFound
        case .outcomeExists: .outcomeExists
        case .outcomeChanged: .preconditionFailed
        case .queueFull: .queueFull
        case .ownerDiffers: .ownerDiffers
        case .keyExists, .keyNotFound, .keyRevoked: .parameterInvalid
        case .leaseLost: .jobAbandoned
        }
    }

    package var detail: String {
        switch self {
        case .full(let operation): "The disk of the data folder is full (\(operation))."
        case .readOnly(let operation): "The disk of the data folder is read-only (\(operation))."
        case .folderInUse(let path): "Another running server owns the data folder \(path)."
        case .schemaNewer(let path): "The database \(path) was written by a newer version of Osteon."
        case .notEmpty(let path): "The folder \(path) is not empty."
        case .pseudonymModeDiffers(.keyMissing): "The data folder is pseudonymised, and no key was given."
        case .pseudonymModeDiffers(.keyDiffers): "The data folder is pseudonymised under another key."
        case .pseudonymModeDiffers(.namesKept): "The data folder holds studies or audits that were kept as they came."
        case .backupDamaged(let path, let flaw): "The folder \(path) is not whole: \(flaw)."
        case .system(let operation, let errno): "\(operation) failed: \(String(cString: strerror(errno))) (\(errno))."
        case .busy: "Another process holds the database of the data folder."
        case .database(let resultCode, let message): "The database failed: \(message) (SQLite code \(resultCode))."
        case .studyNotFound(let id): "There is no study \(id)."
        case .instanceNotFound: "No DICOM object of this path is kept."
        case .maskNotFound(let id): "The study has no mask \(id)."
        case .jobNotFound(let id): "There is no job \(id)."
        case .auditNotFound(let id): "There is no audit \(id)."
        case .deliveryNotFound(let id): "There is no delivery \(id)."
        case .noticeNotFound(let id): "There is no notice \(id)."
        case .workitemNotFound(let uid): "There is no workitem \(uid)."
        case .workitemExists(let uid): "There is a workitem \(uid) already."
        case .workitemConflict(let conflict): conflict.warning
        case .studyInUse(let id, let job): "The study \(id) is being read by job \(job), which is running."
        case .jobFinished(let id, let state): "The job \(id) is already \(state.rawValue)."
        case .idempotencyConflict(let job): "The Idempotency-Key was used for another request, job \(job)."
        case .auditKeyReused(let audit): "The Idempotency-Key was used for another request, audit \(audit)."
        case .outcomeKeyReused(let job, let level, let version):
            "The Idempotency-Key was used for another request, version \(version) of the outcome of \(level.rawValue) in job \(job)."
        case .outcomeNotFound(let job): "There is no such outcome of job \(job)."
        case .outcomeExists(let level, let version):
            "The outcome of \(level.rawValue) was told already, in version \(version); a correction says why it is one."
        case .outcomeChanged(let level, let version?):
            "The outcome of \(level.rawValue) is now version \(version), not the one that If-Match names."
        case .outcomeChanged(let level, nil): "There is no outcome of \(level.rawValue) yet that If-Match could name."
        case .queueFull(let limit): "The queue is full: \(limit) jobs are waiting, the limit."
        case .ownerDiffers: "A study of these objects is kept already, and belongs to another owner."
        case .keyExists(let name): "A key named \(name) is there, or was."
        case .keyNotFound(let name): "There is no key named \(name)."
        case .keyRevoked(let name): "The key \(name) was revoked."
        case .leaseLost(let job): "The lease on job \(job) was lost to another worker, or the job has ended."
        }
    }

    package var fix: String {
        switch self {
        case .full: "Free space on the server's disk, for example by deleting studies, then send the request again."
        case .readOnly:
            "See the log of the server's kernel for why, check the disk, mount it writable again and restart the service where it was unmounted; then send the request again."
        case .folderInUse: "Stop the other server, or give this one its own folder with --data."
        case .notEmpty: "Name a folder that is not there yet, or an empty one; nothing is ever written over."
        case .pseudonymModeDiffers(.namesKept): "Begin a new data folder for the pseudonymised mode."
        case .pseudonymModeDiffers: "Start with --pseudonymise and the key that the folder was begun with."
        case .backupDamaged: "Use another copy; 'osteon restore' checks every byte before anything is served from it."
        case .schemaNewer: "Run the version of Osteon that wrote it, or a later one."
        case .busy: "Send the request again; on the server, look for a program that has opened osteon.sqlite."
        case .system, .database: "Check the server's disk and its log, then send the request again."
        case .studyNotFound: "Post the study first, or list the studies to find its id."
        case .instanceNotFound: "Search /dicom-web/studies for what is kept."
        case .maskNotFound: "Upload the mask to this study first, or list its masks to find the id."
        case .jobNotFound: "List the jobs to find its id."
        case .auditNotFound: "List the audits to find its id."
        case .deliveryNotFound: "List the deliveries to find its id."
        case .noticeNotFound: "List the notices to find its id."
        case .workitemNotFound: "Search /dicom-web/workitems for those that there are."
        case .workitemExists: "Use another UID, or none to have one made."
        case .workitemConflict(let conflict): conflict.fix
        case .studyInUse: "Cancel the job or wait until it has ended, then delete the study."
        case .jobFinished: "Fetch its result, or post a new job."
        case .outcomeNotFound: "Post the outcome first, or ask without level and version for those that there are."
        case .outcomeExists: "Add the field reason to correct it, or fetch it to see what was told."
        case .outcomeChanged: "Fetch the outcome, look at it, and send the correction with its ETag."
        case .idempotencyConflict, .auditKeyReused, .outcomeKeyReused:
            "Use a new Idempotency-Key for each different request."
        case .queueFull: "Wait until jobs have finished, then send the request again."
        case .ownerDiffers: "Send them with a key of that owner, or with an admin's."
        case .keyExists: "Use a name that no key ever had; to replace a secret use 'osteon keys rotate'."
        case .keyNotFound: "See 'osteon keys list' for those that there are."
        case .keyRevoked: "Make a new key; a revoked one stays so."
        case .leaseLost: "Nothing is to be done: the job's new holder, or its end, decides."
        }
    }

    package var subject: String? {
        switch self {
        case .studyNotFound: "study"
        case .maskNotFound: "mask"
        case .idempotencyConflict, .auditKeyReused, .outcomeKeyReused: "Idempotency-Key"
        case .outcomeExists: "reason"
        case .outcomeChanged: "If-Match"
        default: nil
        }
    }

    /// The error of a system call that just failed; a full disk, a used-up quota and a read-only disk have their own cases.
    static func lastSystemError(_ operation: String) -> StoreError {
        switch errno {
        case ENOSPC, EDQUOT: .full(operation: operation)
        case EROFS: .readOnly(operation: operation)
        case let code: .system(operation: operation, errno: code)
        }
    }

    /// Runs `body` with SQLite's errors told in this enum's terms. A shared-memory file that cannot grow is how SQLite
    /// reports a full disk before its first write to the log.
    static func translating<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as DatabaseError {
            switch error.extendedResultCode {
            case .SQLITE_FULL, .SQLITE_IOERR_SHMSIZE: throw StoreError.full(operation: "writing the database")
            case _ where error.resultCode == .SQLITE_BUSY: throw StoreError.busy
            default:
                throw StoreError.database(
                    resultCode: error.extendedResultCode.rawValue, message: error.message ?? "no message")
            }
        }
    }
}
