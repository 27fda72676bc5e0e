// Damaged input never ends the process and never hangs: thousands of files with bytes changed, moved or cut away.
import Domain
import Foundation
import Imaging
import Testing

@testable import ImagingIO

struct RobustnessTests {
    /// xorshift64: the same damage on every run.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    private func damaged(_ bytes: [UInt8], _ dice: inout Dice) -> [UInt8] {
        var bytes = bytes
        switch Int.random(in: 0..<4, using: &dice) {
        case 0: bytes.removeLast(Int.random(in: 1..<bytes.count, using: &dice))
        case 1:  // a run of equal bytes, where lengths and tags are
            let start = Int.random(in: 0..<bytes.count, using: &dice)
            let value = [UInt8](arrayLiteral: 0, 0xFF, 0x7F, 0x80).randomElement(using: &dice) ?? 0
            for i in start..<min(start + 4, bytes.count) { bytes[i] = value }
        case 2:  // a piece left out
            let start = Int.random(in: 0..<bytes.count, using: &dice)
            bytes.removeSubrange(start..<min(start + Int.random(in: 1...40, using: &dice), bytes.count))
        default:
            for _ in 0..<Int.random(in: 1...8, using: &dice) {
                bytes[Int.random(in: 0..<bytes.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
            }
        }
        return bytes
    }

    /// Inspects and reads; only faults may come out.
    private func survive(_ url: URL) throws {
        do {
            let contents = try StudyFile.inspect(url)
            _ = try StudyFile.readVolume(url)
            _ = try StudyFile.probe(.file(url), contents: contents, series: nil, at: [.zero], radiusMM: 3)
        } catch let fault as any Fault {
            #expect(!fault.detail.isEmpty && !fault.fix.isEmpty)
        }
    }

    @Test(arguments: ["zip of DICOM", "NIfTI", "gzip NIfTI"])
    func `damaged files give faults, nothing worse`(kind: String) throws {
        let folder = try Folder()
        let whole: [UInt8] =
            switch kind {
            case "NIfTI": NIfTIFile().encoded
            case "gzip NIfTI": try NIfTIFile().zipped
            default: [UInt8](try Data(contentsOf: folder.zip(dicomFiles(smallScan()))))
            }
        var dice = Dice(state: 2_026)
        for _ in 0..<1_000 { try survive(folder.file("damaged", damaged(whole, &dice))) }
    }

    @Test(
        .enabled(if: isInstalled("dcmcjpls"), "DCMTK's tools are not installed"),
        arguments: [
            "dcmconv +te", "dcmconv +ti", "dcmconv +tb", "dcmconv +td", "dcmcrle", "dcmcjpeg +e1", "dcmcjpls +el",
        ])
    func `damaged slices in sound zips give faults, nothing worse`(recoding: String) throws {
        let folder = try Folder()
        var files = dicomFiles(smallScan(size: Index3(x: 16, y: 12, z: 3)))
        let words = recoding.split(separator: " ").map(String.init)
        for index in files.indices {
            let plain = try folder.file("plain", files[index].bytes)
            let target = folder.url.appendingPathComponent("recoded")
            _ = try run(words[0], words[1...] + [plain.path, target.path])
            files[index].bytes = [UInt8](try Data(contentsOf: target))
        }
        var dice = Dice(state: 7)
        for _ in 0..<300 {
            var broken = files
            broken[1].bytes = damaged(files[1].bytes, &dice)
            try survive(folder.zip(broken))
        }
    }
}
