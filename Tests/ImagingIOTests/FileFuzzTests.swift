// Damaged uploads of every kind that the service reads: each is read or refused, and the memory stays where it was.
import Domain
import Foundation
import Fuzzing
import Imaging
import ReferenceData
import Testing

@testable import ImagingIO

@Suite struct FileFuzzTests {
    @Test func `damaged DICOM, zip and NIfTI files are read or refused, and memory stays flat`() async {
        await #expect(processExitsWith: .success) {
            let folder = try Folder()
            let kinds = try UploadKind.all(folder)
            let series = try #require(
                try StudyFile.inspect(folder.file("whole", NIfTIFile().encoded)).series.first)
            try FuzzRun("files", normally: 2000).forEach { dice in
                let file = try folder.file("damaged", kinds[dice.below(kinds.count)].next(&dice, folder))
                try read(file, onto: series)
            }
        }
    }

    @Test func `damaged uploads are pseudonymised or refused, and memory stays flat`() async {
        await #expect(processExitsWith: .success) {
            let folder = try Folder()
            let kinds = try UploadKind.all(folder)
            let pseudonyms = try #require(Pseudonyms(key: String(repeating: "0123456789abcdef", count: 4)))
            let rewriter = PseudonymousFile(pseudonyms)
            let target = folder.url.appendingPathComponent("rewritten")
            try FuzzRun("pseudonyms", normally: 500).forEach { dice in
                let file = try folder.file("damaged", kinds[dice.below(kinds.count)].next(&dice, folder))
                try survive { _ = try rewriter.write(instance: file, to: target) }
                try survive { _ = try rewriter.write(upload: file, isMask: dice.below(2) == 0, to: target) }
            }
        }
    }
}

/// Only faults that say something may come out.
private func survive(_ body: () throws -> Void) throws {
    do {
        try body()
    } catch let fault as any Fault {
        guard !fault.detail.isEmpty, !fault.fix.isEmpty else { throw FuzzRun.Failure("a fault without words") }
    }
}

/// All that the service does with an upload that it does not know.
private func read(_ file: URL, onto series: SeriesSummary) throws {
    try survive { _ = try InstanceFile.readHeader(file) }
    try survive { _ = try MaskFile.inspect(file, against: series) }
    try survive {
        let contents = try StudyFile.inspect(file)
        _ = try StudyFile.probe(.file(file), contents: contents, series: nil, at: [.zero], radiusMM: 3)
    }
    try survive { _ = try StudyFile.readVolume(file) }
}

/// How one kind of upload is made and damaged.
private struct UploadKind {
    private let mutation: Mutation
    /// Nil where the damaged bytes are the file; else a zip is made of them and of these.
    private let companions: [(name: String, bytes: [UInt8])]?

    func next(_ dice: inout Dice, _ folder: Folder) throws -> [UInt8] {
        let bytes = mutation.next(&dice)
        guard let companions else { return bytes }
        return [UInt8](try Data(contentsOf: folder.zip(companions + [("damaged.dcm", bytes)])))
    }

    private init(_ seeds: [[UInt8]], in companions: [(name: String, bytes: [UInt8])]? = nil) {
        mutation = Mutation(
            seeds: seeds, words: ["DICM", "UN", "SQ", "OB", "OW", "PK\u{1}\u{2}", "1.2.840.10008.1.2", "n+1\0", "NaN"])
        self.companions = companions
    }

    static func all(_ folder: Folder) throws -> [UploadKind] {
        let slices = dicomFiles(smallScan(size: Index3(x: 16, y: 12, z: 3)))
        let sound = Array(slices.dropFirst())
        let objects = try slices.prefix(1).map(\.bytes) + recoded(slices[0].bytes, folder) + captured()
        var other = NIfTIFile()
        (other.isVersion2, other.isBigEndian, other.sformCode, other.qformCode) = (true, true, 0, 1)
        var real = NIfTIFile()
        (real.datatype, real.bitsPerVoxel, real.data) = (16, 32, [UInt8](repeating: 0x41, count: 96))
        let plain = [NIfTIFile().encoded, other.encoded, real.encoded]
        let zips = try [
            folder.zip(slices), folder.zip([("a/image.nii", plain[0])]),
            folder.zip([("image.nii.gz", NIfTIFile().zipped)]),
        ].map { [UInt8](try Data(contentsOf: $0)) }
        return [
            UploadKind(objects), UploadKind(objects, in: sound), UploadKind(zips), UploadKind(plain),
            UploadKind([try NIfTIFile().zipped, try other.zipped]),
        ]
    }

    /// A slice in every transfer syntax that DCMTK's tools write, where they are installed.
    private static func recoded(_ slice: [UInt8], _ folder: Folder) throws -> [[UInt8]] {
        let source = try folder.file("plain", slice)
        let target = folder.url.appendingPathComponent("recoded")
        return try [
            "dcmconv +te", "dcmconv +ti", "dcmconv +tb", "dcmconv +td", "dcmcrle", "dcmcjpeg +e1", "dcmcjpls +el",
        ].compactMap { command in
            let words = command.split(separator: " ").map(String.init)
            guard let end = try run(words[0], words[1...] + [source.path, target.path]), end.status == 0 else {
                return nil
            }
            return [UInt8](try Data(contentsOf: target))
        }
    }

    /// The objects of a study as a PACS sent it, where the captures are: CT, SEG, SR, Parametric Map, PDF.
    private static func captured() throws -> [[UInt8]] {
        let path = "pacs/orthanc_stow_mixed_study_ct_seg_sr_pm_pdf_8inst.raw"
        guard ReferenceData.has(path) else { return [] }
        let capture = try Data(contentsOf: ReferenceData.url(path))
        return capture.ranges(of: Data("DICM".utf8)).compactMap { mark in
            let end = capture[mark.upperBound...].firstRange(of: Data("\r\n--".utf8))?.lowerBound ?? capture.endIndex
            guard mark.lowerBound >= 128 else { return nil }
            return [UInt8](capture[(mark.lowerBound - 128)..<end])
        }
    }
}
