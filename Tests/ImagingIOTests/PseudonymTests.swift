// Pseudonyms, and files written again with them.
import Domain
import Foundation
import Imaging
import Testing

@testable import ImagingIO

@Suite struct PseudonymTests {
    private let pseudonyms: Pseudonyms
    private let other: Pseudonyms
    private let folder: Folder

    init() throws {
        pseudonyms = try #require(Pseudonyms(key: "0123456789abcdef0123456789abcdef"))
        other = try #require(Pseudonyms(key: "0123456789abcdef0123456789abcdeF"))
        folder = try Folder()
    }

    @Test func `a UID has the same pseudonym for ever, and that stands for itself`() {
        let uid = pseudonyms.uid("1.2.840.113619.2.55.3")
        // Computed with Python's hmac: stored studies depend on it.
        #expect(uid == "2.25.228622637395873713709413331229687355888")
        #expect(InstanceHeader.isUID(uid) && uid.utf8.count <= 64)
        #expect(pseudonyms.uid(uid) == uid)
        #expect(other.uid("1.2.840.113619.2.55.3") != uid && other.uid(uid) != uid)
        #expect(!pseudonyms.isOwn(uid: "2.25.1") && !pseudonyms.isOwn(uid: "2.25.") && !pseudonyms.isOwn(uid: "1.2.3"))
        let many = Set((0..<10_000).map { pseudonyms.uid("1.2.\($0)") })
        #expect(many.count == 10_000 && many.allSatisfy(pseudonyms.isOwn(uid:)))
    }

    @Test func `a text has sixteen characters in its place, by its kind, and none where there is none`() {
        let patient = pseudonyms.text(.patient, "12345678")
        #expect(patient == "PFDIGI7DKTGNYRJM")
        #expect(patient.wholeMatch(of: /P[A-Z2-7]{15}/) != nil)
        #expect(pseudonyms.text(.patient, patient) == patient)
        #expect(pseudonyms.text(.accession, "12345678") != patient)
        #expect(other.text(.patient, "12345678") != patient)
        #expect(pseudonyms.text(.patient, "") == "")
        #expect(Pseudonyms(key: "0123456789abcdef0123456789abcde") == nil)
        #expect(pseudonyms.fingerprint != other.fingerprint && pseudonyms.fingerprint.utf8.count == 64)
    }

    private func rewritten(_ bytes: [UInt8], _ name: String) throws -> URL {
        let target = folder.url.appendingPathComponent(name + ".out")
        _ = try PseudonymousFile(pseudonyms).write(instance: folder.file(name, bytes), to: target)
        return target
    }

    @Test func `the voxels of a series are the same, its UIDs throughout others, and a second time changes nothing`()
        throws
    {
        let scan = smallScan()
        let files = dicomFiles(scan, seed: "names") { slice, _ in
            slice.add(DICOMTag(0x0010, 0x0010), .PN, "Doe^Jane")
            slice.add(DICOMTag(0x0009, 0x0010), .LO, "PRIVATE")
        }
        let once = try files.map { try rewritten($0.bytes, $0.name) }
        let source = StudySource.instances(once.enumerated().map { .init(name: "\($0)", file: $1) })
        let read = try StudyFile.readVolume(source)
        #expect(read.volume.voxels == scan.voxels)
        #expect(read.volume.geometry == scan.geometry)
        let headers = try once.map { try InstanceFile.readHeader($0) }
        #expect(Set(headers.map(\.studyUID)).count == 1 && Set(headers.map(\.sopUID)).count == files.count)
        #expect(headers.allSatisfy { pseudonyms.isOwn(uid: $0.studyUID) && pseudonyms.isOwn(uid: $0.sopUID) })
        for (file, header) in zip(once, headers) {
            #expect(!header.metadata.contains("Doe") && !header.metadata.contains("PRIVATE"))
            #expect(header.metadata.contains("113100"))
            let twice = try rewritten(Array(Data(contentsOf: file)), "again")
            #expect(try Data(contentsOf: twice) == Data(contentsOf: file))
        }
    }

    @Test func `objects that are no CT images keep no content`() throws {
        let report = dicomFiles(smallScan()) { slice, _ in
            slice.add(.sopClassUID, .UI, "1.2.840.10008.5.1.4.1.1.7")
            slice.add(DICOMTag(0x0040, 0xA730), items: [])
        }
        let target = folder.url.appendingPathComponent("out")
        let keepsPixels = try PseudonymousFile(pseudonyms).write(
            instance: folder.file("sc", report[0].bytes), to: target)
        #expect(!keepsPixels)
        let header = try InstanceFile.readHeader(target)
        #expect(header.sopClassUID == "1.2.840.10008.5.1.4.1.1.7" && !header.metadata.contains("0040A730"))
        #expect(fault { try StudyFile.inspect(target) }?.code == .dicomWithoutPixels)
    }

    @Test func `files of a zip go by numbers, and what is neither CT nor NIfTI stays out`() throws {
        let files = dicomFiles(smallScan())
        let letter = (name: "DOE_JANE/letter.txt", bytes: Array("Dear Jane Doe".utf8))
        let zip = try folder.zip([letter] + files.map { ("DOE_JANE/\($0.name)", $0.bytes) })
        let target = folder.url.appendingPathComponent("out.zip")
        let leftOut = try PseudonymousFile(pseudonyms).write(upload: zip, isMask: false, to: target)
        #expect(leftOut == ["1 file(s) were not kept: 00001 (neither DICOM nor NIfTI)."])
        #expect(try ZipReader(target).entries.map(\.name) == ["00002.dcm", "00003.dcm", "00004.dcm", "00005.dcm"])
        #expect(try StudyFile.readVolume(target).volume.voxels == smallScan().voxels)
        let only = try folder.zip([letter], "letter.zip")
        let refused = fault { try PseudonymousFile(pseudonyms).write(upload: only, isMask: false, to: target) }
        #expect(refused?.code == .unrecognisedFormat && refused?.detail.contains("DOE") == false)
        let damaged = try folder.zip([("DOE/1.dcm", Array(files[0].bytes.dropLast(99)))], "damaged.zip")
        let named = fault { try PseudonymousFile(pseudonyms).write(upload: damaged, isMask: false, to: target) }
        #expect(named?.code == .dicomDamaged && named?.detail.contains("DOE") == false)
        #expect(named?.detail.contains("00001") == true)
    }

    @Test(arguments: [false, true])
    func `a NIfTI file keeps its voxels and place, and no text`(isZipped: Bool) throws {
        let source = folder.url.appendingPathComponent(isZipped ? "a.nii.gz" : "a.nii")
        try NIfTIWriter.write(smallScan(), to: source)
        var bytes = Array(try Data(contentsOf: source))
        if !isZipped {
            for (place, letter) in "Doe^Jane".utf8.enumerated() {
                (bytes[148 + place], bytes[228 + place], bytes[328 + place], bytes[4 + place]) =
                    (letter, letter, letter, letter)
            }
            bytes += Array("Doe^Jane".utf8)
        }
        let named = try folder.file("named.nii", bytes)
        let target = folder.url.appendingPathComponent("out.nii")
        _ = try PseudonymousFile(pseudonyms).write(upload: named, isMask: false, to: target)
        let read = try StudyFile.readVolume(target).volume
        let geometry = try StudyFile.readVolume(source).volume.geometry
        #expect(read.voxels == smallScan().voxels && read.geometry == geometry)
        let kept = try Data(contentsOf: target)
        #expect(kept.range(of: Data("Doe".utf8)) == nil && (isZipped || kept.count == bytes.count - 8))
    }

    @Test func `headers that lie about their size end nothing`() throws {
        let source = folder.url.appendingPathComponent("a.nii")
        try NIfTIWriter.write(smallScan(), to: source)
        let sound = Array(try Data(contentsOf: source))
        for place in [40, 42, 44, 72, 108] {
            for value in [UInt8(0), 0x7F, 0x80, 0xFF] {
                var bytes = sound
                for offset in 0..<4 { bytes[place + offset] = value }
                let target = folder.url.appendingPathComponent("out-\(place)-\(value)")
                _ = try PseudonymousFile(pseudonyms).write(upload: folder.file("b", bytes), isMask: false, to: target)
                #expect(try Data(contentsOf: target).count <= bytes.count)
            }
        }
    }
}
