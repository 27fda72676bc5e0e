// Every kind of bad input, over a real socket: the right status and code, the fault named, nothing kept.
import Domain
import Foundation
import Imaging
import ImagingIO
import Testing

/// One bad upload, and how it must be refused.
private struct BadUpload: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let status: Int
    let codes: Set<FaultCode>
    /// A word that detail or subject must hold: the file, tag or field at fault.
    let names: String
    var query = ""
    let body: @Sendable () throws -> Data

    init(
        _ description: String, _ status: Int, _ codes: FaultCode..., names: String, query: String = "",
        body: @escaping @Sendable () throws -> Data
    ) {
        testDescription = description
        self.status = status
        self.codes = Set(codes)
        self.names = names
        self.query = query
        self.body = body
    }
}

private let analysis = "?analysis=digital-biopsy&seed="

@Suite(.serialized) struct BadInputTests {
    private let server: RunningServer

    init() throws { server = try RunningServer(arguments: ["--max-upload-mb", "2"]) }

    private static let uploads: [BadUpload] = [
        BadUpload("an empty body", 400, .emptyBody, names: "body") { Data() },
        BadUpload("text", 415, .unrecognisedFormat, names: "DICOM") { Data("Dear radiologist, …".utf8) },
        BadUpload("an empty zip", 422, .archiveEmpty, names: "zip") { ZipBytes().data },
        BadUpload("an encrypted zip", 422, .archiveEncrypted, names: "IM1.dcm") {
            ZipBytes(isEncrypted: true, entries: [("IM1.dcm", DICOMBytes().data)]).data
        },
        BadUpload("a zip bomb", 413, .archiveTooLarge, names: "bomb") { try deflatedZip("bomb", bytes: 64 << 20) },
        BadUpload("a zip with ../", 422, .archiveUnsafePath, names: "../evil.dcm") {
            ZipBytes(entries: [("../evil.dcm", DICOMBytes().data)]).data
        },
        BadUpload("a truncated zip", 422, .archiveDamaged, names: "zip") {
            DICOMBytes.series(count: 4).dropLast(300)
        },
        BadUpload("a truncated DICOM file", 422, .dicomDamaged, names: "DICOM") {
            DICOMBytes().data.dropLast(100)
        },
        BadUpload("a truncated nii.gz", 422, .niftiTruncated, .niftiDamaged, .archiveDamaged, names: "gzip") {
            try packedNIfTI().dropLast(40)
        },
        BadUpload("a two-dimensional NIfTI", 422, .niftiNotThreeDimensional, names: "16 x 16 voxels") {
            NIfTIBytes(size: [16, 16], value: 40).data
        },
        BadUpload("a four-dimensional NIfTI", 422, .niftiNotThreeDimensional, names: "8 x 8 x 8 x 3 voxels") {
            NIfTIBytes(size: [8, 8, 8, 3], value: 40).data
        },
        BadUpload("a NIfTI of NaN", 422, .imageNotFinite, names: "NaN") { NIfTIBytes(value: .nan).data },
        BadUpload("a NIfTI of absurd spacing", 422, .niftiSpacingImplausible, names: "spacing") {
            NIfTIBytes(spacingMM: [1e9, 1, 1], value: 40).data
        },
        BadUpload("a NIfTI larger than its data", 422, .niftiTruncated, names: "3996 of 4096") {
            NIfTIBytes(value: 40, missingVoxels: 100).data
        },
        BadUpload("a DICOM file without pixels", 422, .dicomWithoutPixels, names: "(7FE0,0010)") {
            DICOMBytes(hasPixels: false).data
        },
        BadUpload("DICOM in colour", 422, .dicomNotGreyscale, names: "(0028,0004)") {
            DICOMBytes.series(count: 4) { $0.samplesPerPixel = 3 }
        },
        BadUpload("slices of mixed sizes", 422, .seriesSizesDiffer, names: "IM0002.dcm") {
            DICOMBytes.series(count: 4) { if $0.slice == 2 { $0.rows = 8 } }
        },
        BadUpload("MR for a CT analysis", 422, .modalityNotCT, names: "(0008,0060)", query: analysis + "8,8,8:L1") {
            DICOMBytes.series(count: 16) { $0.modality = "MR" }
        },
        BadUpload("a seed outside the image", 422, .seedOutsideImage, names: "L1", query: analysis + "500,8,8:L1") {
            DICOMBytes.series(count: 16)
        },
        BadUpload("a seed in air", 422, .seedNotInBone, names: "L1", query: analysis + "8,8,8:L1") {
            DICOMBytes.series(count: 16)
        },
        BadUpload("an unknown level", 422, .levelUnknown, names: "L7", query: analysis + "8,8,8:L7") {
            DICOMBytes.series(count: 16)
        },
        BadUpload(
            "an unknown analysis", 422, .analysisUnknown, names: "palmistry", query: "?analysis=palmistry&seed=8,8,8:L1"
        ) { DICOMBytes.series(count: 16) },
        BadUpload("a body beyond the limit", 413, .bodyTooLarge, names: "2000000") { Data(count: 2_000_001) },
    ]

    @Test(arguments: uploads)
    private func `a bad upload is refused by name and leaves nothing`(upload: BadUpload) throws {
        let reply = try server.client.send("POST", "/v1/studies" + upload.query, body: upload.body())
        try expectProblem(reply, upload.status, upload.codes, names: upload.names)
        try server.expectNothingKept()
    }

    @Test func `a label map on another grid is refused, alone and with its study`() throws {
        let study = DICOMBytes.series(count: 16)
        let mask = NIfTIBytes(size: [16, 16, 15], datatype: 4, value: 20).data
        let both = try server.client.send(
            "POST", "/v1/studies?analysis=digital-biopsy&label=20:L1",
            headers: ["Content-Type": "multipart/form-data; boundary=b"], body: form(["file": study, "mask": mask]))
        try expectProblem(both, 422, [.maskGridMismatch], names: "16")
        try server.expectNothingKept()

        let kept = try server.client.send("POST", "/v1/studies", body: study)
        #expect(kept.status == 201)
        let place = try #require(kept["location"])
        let alone = try server.client.send("POST", place + "/masks", body: mask)
        try expectProblem(alone, 422, [.maskGridMismatch], names: "16")
        #expect(server.keptFiles.count == 1)
    }

    @Test(arguments: [true, false])
    func `a body cut in the middle leaves nothing`(waits: Bool) throws {
        let study = DICOMBytes.series(count: 16)
        let reply = try server.client.sendCut(
            "/v1/studies", announced: study.count, part: study.prefix(study.count / 2), waits: waits)
        if let reply { try expectProblem(reply, 400, [.bodyIncomplete], names: String(study.count / 2)) }
        try server.expectNothingKept()
        #expect(try server.client.send("GET", "/healthz").status == 200)
    }

    @Test func `a chunked body beyond the limit is stopped where it passes the limit`() throws {
        let chunk =
            Data("\(String(2_500_000, radix: 16))\r\n".utf8) + Data(count: 2_500_000) + Data("\r\n0\r\n\r\n".utf8)
        let reply = try server.client.send(
            "POST", "/v1/studies", headers: ["Transfer-Encoding": "chunked"], framed: chunk)
        try expectProblem(reply, 413, [.bodyTooLarge], names: "2000000")
        try server.expectNothingKept()
    }
}

/// Holds an answer to the form of a problem.
func expectProblem(
    _ reply: HTTPClient.Reply, _ status: Int, _ codes: Set<FaultCode>, names: String,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    #expect(reply.status == status, "\(reply.text)", sourceLocation: sourceLocation)
    #expect(reply["content-type"] == "application/problem+json", sourceLocation: sourceLocation)
    let code = (reply.json["code"] as? String).flatMap(FaultCode.init)
    #expect(code.map(codes.contains) == true, "\(reply.text)", sourceLocation: sourceLocation)
    let texts = ["detail", "subject"].compactMap { reply.json[$0] as? String }.joined(separator: " ")
    #expect(texts.contains(names), "\(reply.text)", sourceLocation: sourceLocation)
    #expect((reply.json["fix"] as? String)?.isEmpty == false, sourceLocation: sourceLocation)
}

/// A multipart/form-data body with the boundary `b`.
func form(_ parts: [String: Data]) -> Data {
    var body = Data()
    for (name, content) in parts.sorted(by: { $0.key < $1.key }) {
        body += Data("--b\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"f\"\r\n\r\n".utf8)
        body += content + Data("\r\n".utf8)
    }
    return body + Data("--b--\r\n".utf8)
}

/// A NIfTI file as gzip, with values that do not pack to nothing.
private func packedNIfTI() throws -> Data {
    let size = Index3(x: 16, y: 16, z: 16)
    let geometry = Geometry(
        size: size, spacingMM: [1, 1, 1], originMM: [0, 0, 0], xAxis: [1, 0, 0], yAxis: [0, 1, 0], zAxis: [0, 0, 1])
    let volume = Volume(geometry: geometry, voxels: (0..<size.count).map { Float($0 &* 7919 % 1000) })
    return try inTemporaryFile("image.nii.gz") { try NIfTIWriter.write(volume, to: $0) }
}

private func deflatedZip(_ name: String, bytes: Int) throws -> Data {
    try inTemporaryFile("bomb.zip") { file in
        let zip = try ZipWriter(file)
        try zip.add(name, [UInt8](repeating: 0, count: bytes))
        try zip.finish()
    }
}

/// The bytes that `make` writes.
func inTemporaryFile(_ name: String, _ make: (URL) throws -> Void) throws -> Data {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent(name)
    try make(file)
    return try Data(contentsOf: file)
}
