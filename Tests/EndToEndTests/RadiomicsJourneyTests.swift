// Radiomics over a real socket: equal to the command line on the exported files, and every bad request refused by name.
import Domain
import Foundation
import Imaging
import ImagingIO
import Phantoms
import Testing

@Suite(.serialized) struct RadiomicsJourneyTests {
    private let server: RunningServer
    private let patient: Patient

    init() throws {
        server = try RunningServer()
        patient = try Patient.shared.get()
    }

    /// Posts a study, and a job on it with these parameters.
    private func post(
        _ study: Data, levels: Int = 1, parameters: [String: Any] = [:]
    ) throws -> HTTPClient.Reply {
        let kept = try server.client.send("POST", "/v1/studies", body: study)
        let targets = patient.seeds.prefix(levels).map { seed -> [String: Any] in
            let parts = seed.dropFirst("seed=".count).split(separator: ":")
            return ["level": String(parts[1]), "seedLPSMM": parts[0].split(separator: ",").compactMap { Double($0) }]
        }
        let body: [String: Any] = [
            "study": kept.json["id"] ?? "", "analysis": "digital-biopsy", "targets": targets,
            "parameters": parameters.merging(["rehearsalRuns": 0]) { $1 },
        ]
        return try server.client.send(
            "POST", "/v1/jobs", headers: ["Content-Type": "application/json"],
            body: JSONSerialization.data(withJSONObject: body))
    }

    private func finish(_ accepted: HTTPClient.Reply) throws -> String {
        #expect(accepted.status == 202, "\(accepted.text)")
        let place = try #require(accepted["location"])
        let job = try server.waitForJob(place, ["done", "failed"])
        try #require(job["state"] as? String == "done", "\(job)")
        return place
    }

    /// The table of `osteon radiomics` on these files.
    private func commandLineTable(image: Data, mask: Data, parameters: String) throws -> [[String: String]] {
        let text = try inTemporaryFile("features.csv") { output in
            let folder = output.deletingLastPathComponent()
            let (imageFile, maskFile) = (
                folder.appendingPathComponent("image.nii.gz"), folder.appendingPathComponent("mask.nii.gz")
            )
            try image.write(to: imageFile)
            try mask.write(to: maskFile)
            let process = Process()
            process.executableURL = RunningServer.program
            process.arguments = [
                "radiomics", "--params", parameters, "--image", imageFile.path, "--mask", maskFile.path, "--label",
                "all", "--output", output.path,
            ]
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0)
        }
        return rows(String(decoding: text, as: UTF8.self))
    }

    private func expectEqual(
        _ place: String, image: Data, parameters: String, features: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let mask = try server.client.send("GET", place + "/segmentation?part=body")
        let ours = rows(try server.client.send("GET", place + "/features?format=csv").text)
        let theirs = try commandLineTable(image: image, mask: mask.body, parameters: parameters)
        #expect(ours.count == 3 && theirs.count == 3, sourceLocation: sourceLocation)
        let hashes: Set = ["diagnostics_Image-original_Hash"]
        for (row, expected) in zip(ours, theirs) {
            let values = row.filter { !["Image", "Mask", "Level"].contains($0.key) && !hashes.contains($0.key) }
            #expect(values.keys.count { !$0.hasPrefix("diagnostics_") } == features + 1, sourceLocation: sourceLocation)
            let different = values.filter { expected[$0.key] != $0.value }.map {
                "\($0.key): \($0.value), not \(expected[$0.key] ?? "absent")"
            }
            #expect(different.isEmpty, "\(different.sorted().prefix(5))", sourceLocation: sourceLocation)
        }
        let json = try server.client.send("GET", place + "/features").json
        let inputs = json["inputSHA256"] as? [String: String]
        #expect(
            "\"\(inputs?["mask"] ?? "")\"" == mask["etag"], "the mask's hash is its tag", sourceLocation: sourceLocation
        )
        #expect(ours[0]["diagnostics_Mask-original_Hash"] == inputs?["mask"], sourceLocation: sourceLocation)
    }

    @Test func `a NIfTI study has the features that the command line finds in its files, to the last digit`() throws {
        let standard = try finish(try post(patient.study, levels: 3))
        try expectEqual(standard, image: patient.study, parameters: "ge2025", features: 1223)
        let other = try finish(try post(patient.study, levels: 3, parameters: ["radiomics": "hu_original"]))
        try expectEqual(other, image: patient.study, parameters: "hu_original", features: 107)
    }

    @Test func `a DICOM study has the features of its conversion to NIfTI`() throws {
        let volume = try withTemporaryFile("image.nii.gz", patient.study) { try StudyFile.readVolume($0).volume }
        let zip = try inTemporaryFile("series.zip") { file in
            let archive = try ZipWriter(file)
            try DICOMSeriesWriter.write(
                volume,
                description: DICOMSeriesDescription(
                    seed: "radiomics", studyDescription: "test", seriesDescription: "test", sliceThicknessMM: 1.5),
                to: archive)
            try archive.finish()
        }
        let place = try finish(try post(zip, levels: 3))
        let converted = try withTemporaryFile("series.zip", zip) { file in
            let decoded = try StudyFile.readVolume(file)
            return try inTemporaryFile("image.nii.gz") { try NIfTIWriter.write(decoded.volume, to: $0) }
        }
        try expectEqual(place, image: converted, parameters: "ge2025", features: 1223)
    }

    @Test func `features carry identifiers, the method and the region, or the reason for their absence`() throws {
        let place = try finish(
            try post(patient.study, parameters: ["radiomics": ["featureClass": ["shape": NSNull()]]]))
        let json = try server.client.send("GET", place + "/features").json
        #expect(json["schema"] as? String == "osteon.features/2")
        let method = json["method"] as? [String: Any]
        #expect(method?["configuration"] as? String == "parameter file")
        #expect((method?["settings"] as? [String: String])?["binWidth"] == "25")
        let entry = try #require((json["vertebrae"] as? [[String: Any]])?.first)
        let features = entry["features"] as? [[String: Any]] ?? []
        #expect(features.count == 14)
        #expect(features.contains { $0["ibsiID"] as? String == "RNU0" && $0["value"] is Double })
        let region = entry["region"] as? [String: Any]
        #expect((region?["boundingBox"] as? [Int])?.count == 6)
        #expect((region?["voxelCount"] as? Int ?? 0) > 1000)

        let none = try finish(try post(patient.study, parameters: ["radiomics": "none"]))
        let empty = try server.client.send("GET", none + "/features").json
        let omissions = (empty["vertebrae"] as? [[String: Any]])?.first?["omissions"] as? [[String: String]]
        #expect(omissions?.first?["item"] == "radiomics")
        #expect(omissions?.first?["reason"]?.contains("none") == true)
    }

    private static let refused: [(radiomics: any Sendable, subject: String, word: String)] = [
        ("ge1999", "parameters.radiomics", "ge1999"),
        (["setting": ["binWidth": 0]], "parameters.radiomics.setting.binWidth", "'0'"),
        (["setting": ["bindWidth": 25]], "parameters.radiomics.setting.bindWidth", "'bindWidth'"),
        ("setting: {binWidth: -1}", "parameters.radiomics.setting.binWidth", "'-1'"),
        ("imageType: {Sobel: {}}", "parameters.radiomics.imageType.Sobel", "'Sobel'"),
        ("setting: {resampledPixelSpacing: [1e-4, 1, 1]}", "parameters.radiomics.setting.resampledPixelSpacing", "mm"),
        (true, "parameters.radiomics", "text"),
    ]

    @Test(arguments: refused.indices)
    func `a bad request for radiomics is refused by its key, and queues nothing`(index: Int) throws {
        let (radiomics, subject, word) = Self.refused[index]
        let reply = try post(patient.study, parameters: ["radiomics": radiomics])
        try expectProblem(reply, 422, [.parameterInvalid], names: word)
        #expect(reply.json["subject"] as? String == subject)
        #expect((try server.client.send("GET", "/v1/jobs").json["items"] as? [Any])?.isEmpty == true)
    }

    @Test func `settings that radiomics had before are refused as unknown, with those that there are`() throws {
        let reply = try post(patient.study, parameters: ["binWidth": 25])
        try expectProblem(reply, 422, [.parameterInvalid], names: "binWidth")
        #expect((reply.json["fix"] as? String)?.contains("radiomics") == true)
    }
}

/// The rows of a CSV (RFC 4180) by column.
private func rows(_ text: String) -> [[String: String]] {
    let lines = text.split(separator: "\n").map { line -> [String] in
        var cells = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: cells.append("")
            default: cells[cells.count - 1].append(character)
            }
        }
        return cells
    }
    guard let header = lines.first else { return [] }
    return lines.dropFirst().map { Dictionary(zip(header, $0), uniquingKeysWith: { first, _ in first }) }
}

/// What `use` makes of a file with these bytes.
func withTemporaryFile<Value>(_ name: String, _ bytes: Data, _ use: (URL) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent(name)
    try bytes.write(to: file)
    return try use(file)
}
