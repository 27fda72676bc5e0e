// Very many damaged inputs, one after the other, that can be gone on with where they were broken off.
import Foundation

/// A numbered series of cases. Each case depends on its number alone, so that it can be run again by itself.
///
/// Environment: `OSTEON_FUZZ_ROUNDS` is how many cases there are; with `OSTEON_FUZZ_STATE`, a folder, the number of the case that is
/// running is kept in a file there, and the next run goes on with it: after a crash the case that crashed comes first.
package struct FuzzRun {
    private let name: String
    private let rounds: Int
    private let state: URL?

    /// By how much the process may grow after the first quarter of the cases; our choice: above what allocators and SQLite keep for
    /// themselves, far below what a leak of one input in each case would be.
    private static let growthBytes = 48 << 20

    /// What was found besides a crash, which shows by itself.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(_ description: String) { self.description = description }
    }

    /// - Parameter normally: cases where the environment says nothing.
    package init(_ name: String, normally: Int) {
        let environment = ProcessInfo.processInfo.environment
        self.name = name
        rounds = environment["OSTEON_FUZZ_ROUNDS"].flatMap(Int.init) ?? normally
        state = environment["OSTEON_FUZZ_STATE"].map { URL(fileURLWithPath: $0).appendingPathComponent(name) }
    }

    /// Runs the cases. The process should be their own, for its memory is looked at.
    /// - Throws: what a case throws, with its number; `Failure` where memory grew.
    package func forEach(_ run: (inout Dice) throws -> Void) throws {
        let first = state.flatMap { try? String(contentsOf: $0, encoding: .utf8) }.flatMap { Int($0) } ?? 0
        let note = try openNote()
        defer { if note >= 0 { close(note) } }
        var early: Int?
        for number in first..<max(first, rounds) {
            write(number, to: note)
            var dice = Dice(seed: UInt64(number))
            do {
                try run(&dice)
            } catch {
                throw Failure("case \(number) of \(name): \(error)")
            }
            if number == first + (rounds - first) / 4 { early = Self.residentBytes }
        }
        write(rounds, to: note)
        guard first < rounds, let early, let late = Self.residentBytes else { return }
        print(
            "\(name): cases \(first)..<\(rounds), resident after a quarter \(early >> 20) MiB, at the end \(late >> 20) MiB"
        )
        guard late - early <= Self.growthBytes else {
            throw Failure("\(name): memory grew from \(early >> 20) to \(late >> 20) MiB")
        }
    }

    private func openNote() throws -> Int32 {
        guard let state else { return -1 }
        try FileManager.default.createDirectory(
            at: state.deletingLastPathComponent(), withIntermediateDirectories: true)
        return open(state.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    }

    /// In the file before the case begins: whatever ends the process leaves it there.
    private func write(_ number: Int, to note: Int32) {
        guard note >= 0 else { return }
        let text = Array(String(number).utf8)
        pwrite(note, text, text.count, 0)
        ftruncate(note, off_t(text.count))
    }

    /// The second number of `/proc/self/statm` (proc(5)).
    private static var residentBytes: Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let numbers = text.split(separator: " ")
        return numbers.count > 1 ? Int(numbers[1]).map { $0 * sysconf(Int32(_SC_PAGESIZE)) } : nil
    }
}
