// What can go wrong with a job apart from its computation.
import Domain

/// Faults that the worker pool writes into jobs.
package enum WorkerError: Fault, Hashable {
    case deadline(seconds: Double)
    /// The computation threw something that is not a `Fault`; only its type is told, for its text may name what it should not.
    case unexpected(type: String)

    package var code: FaultCode {
        switch self {
        case .deadline: .jobDeadline
        case .unexpected: .internalFault
        }
    }

    package var detail: String {
        switch self {
        case .deadline(let seconds): "The job ran longer than the \(Int(seconds.rounded(.up))) s that a job may take."
        case .unexpected(let type): "The analysis stopped with an unexpected error (\(type))."
        }
    }

    package var fix: String {
        switch self {
        case .deadline: "Ask for fewer targets in one job, or have the server's job deadline raised."
        case .unexpected: "Post the job again; if it fails again, report the job's id to the operator."
        }
    }

    /// The fault that a job failed with, as it is stored.
    static func fault(of error: any Error) -> any Fault {
        (error as? any Fault) ?? WorkerError.unexpected(type: "\(type(of: error))")
    }

    /// True when the same job may succeed later: the server was at fault, not the input or the request.
    static func mayPass(_ fault: any Fault) -> Bool {
        [.storageFull, .storageReadOnly, .internalFault].contains(fault.code)
    }
}
