// What the kernel says about this process.
import Foundation

/// The figures that Prometheus' client libraries report under `process_…`.
struct ProcessFigures {
    let residentBytes: Int?
    let cpuSeconds: Double
    let openDescriptors: Int?

    static func now() -> ProcessFigures {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let times = [usage.ru_utime, usage.ru_stime]
        return ProcessFigures(
            residentBytes: residentPages.map { $0 * sysconf(Int32(_SC_PAGESIZE)) },
            cpuSeconds: times.reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 },
            openDescriptors: try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count)
    }

    /// The second number of `/proc/self/statm` (proc(5)).
    private static var residentPages: Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let numbers = text.split(separator: " ")
        return numbers.count > 1 ? Int(numbers[1]) : nil
    }
}
