// What the benchmarks print and measure with.
import Foundation

/// A table row.
func row(_ cells: Any...) {
    let texts = cells.map { cell -> String in
        guard let number = cell as? Double else { return "\(cell)" }
        if number != 0, abs(number) < 1e-3 { return String(format: "%.0e", number) }
        return String(format: abs(number) < 10 ? "%.3g" : "%.4g", number)
    }
    print("| " + texts.joined(separator: " | ") + " |")
    fflush(nil)
}

func timed<Value>(_ work: () throws -> Value) rethrows -> (Value, Double) {
    let start = cpuSeconds(CLOCK_THREAD_CPUTIME_ID)
    let value = try work()
    return (value, cpuSeconds(CLOCK_THREAD_CPUTIME_ID) - start)
}

func cpuSeconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// A goal and whether it is met, as a table cell.
func goal(_ text: String, _ isMet: Bool) -> String { "goal \(text): \(isMet ? "met" : "MISSED")" }

/// Least, middle and greatest.
func spread(_ values: [Int]) -> String {
    let sorted = values.sorted()
    guard let least = sorted.first, let most = sorted.last else { return "none" }
    return "\(least), \(sorted[sorted.count / 2]), \(most)"
}

/// Lets the highest resident memory count from here on (Linux).
func resetPeak() { try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8) }

/// Highest resident memory of this process since `resetPeak` (Linux).
func peakMB() -> Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return (Double(line.split(separator: " ").dropFirst().first ?? "") ?? .nan) / 1024
}

func mean(_ values: [Int]) -> Double { Double(values.reduce(0, +)) / Double(max(values.count, 1)) }
