// How many files and connections this process may hold open.
import Foundation

/// Shells and service managers start processes with room for 1,024 descriptors, which is fewer than the connections that are served.
enum DescriptorLimit {
    /// Takes as many as the system allows without asking, at most 65,536 (our choice).
    static func raise() {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, 65_536))
        setrlimit(resource, &limit)
    }
}
