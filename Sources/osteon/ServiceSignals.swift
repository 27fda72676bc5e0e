// SIGTERM, SIGINT and SIGHUP, taken by the main thread.
import Foundation

/// Holds the signals to an administrator's service back from every thread started later, so that the main thread can wait for them.
struct ServiceSignals {
    private var signals = sigset_t()

    /// Blocks SIGTERM, SIGINT and SIGHUP for this thread and all that it starts. Call before any other thread exists.
    init() {
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGHUP)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Returns when the service is to stop, with the signal's name.
    /// - Parameter reload: called at each SIGHUP until then.
    func waitForStop(_ reload: () -> Void = {}) -> String {
        var set = signals
        while true {
            var number: Int32 = 0
            guard sigwait(&set, &number) == 0 else { continue }
            guard number == SIGHUP else { return number == SIGINT ? "SIGINT" : "SIGTERM" }
            reload()
        }
    }
}
