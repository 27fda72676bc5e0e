// SIGTERM and SIGINT, taken by the main thread.
import Foundation

/// Holds the stop signals back from every thread started later, so that the main thread can wait for one.
struct StopSignals {
    private var signals = sigset_t()

    /// Blocks SIGTERM and SIGINT for this thread and all that it starts. Call before any other thread exists.
    init() {
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Returns when one of the signals arrives, with its name.
    func wait() -> String {
        var set = signals
        var number: Int32 = 0
        while sigwait(&set, &number) != 0 {}
        return number == SIGINT ? "SIGINT" : "SIGTERM"
    }
}
