// Surfaces as a viewer reads them: written by the command, read by another program.
import Domain
import Foundation
import ReferenceData
import Testing

/// The Python that `deploy/setup --with-tests` makes.
private let environment = ReferenceData.packageRoot.appendingPathComponent(".build/test-python")
private let isTrimeshInstalled: Bool = {
    let library = environment.appendingPathComponent("lib").path
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: library)) ?? []
    return versions.contains { FileManager.default.fileExists(atPath: "\(library)/\($0)/site-packages/trimesh") }
}()

/// What `osteon segment` writes for a phantom of three vertebrae.
private let result = Result { () throws -> URL in
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-mesh-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let study = folder.appendingPathComponent("study.nii.gz")
    try Patient.shared.get().study.write(to: study)
    let models = ReferenceData.packageRoot.appendingPathComponent("deploy/models").path
    let command = try Command.run(["segment", study.path, "--output", folder.path, "--models", models, "--stl"])
    try #require(command.status == 0, "\(command.errors)")
    return folder
}

@Suite(.serialized) struct MeshJourneyTests {
    @Test func `each outlined vertebra is a closed STL file of the report's volume`() throws {
        let folder = try result.get()
        let report = try JSONSerialization.jsonObject(
            with: Data(contentsOf: folder.appendingPathComponent("report.json")))
        let spine = (report as? [String: Any])?["spine"] as? [String: Any]
        let found = spine?["vertebrae"] as? [[String: Any]] ?? []
        let outlined = found.filter { $0["vertebraVolumeML"] != nil }
        try #require(!outlined.isEmpty)
        for vertebra in outlined {
            let name = try #require(vertebra["name"] as? String)
            let volume = try #require(vertebra["vertebraVolumeML"] as? Double)
            let triangles = try STLFile(folder.appendingPathComponent("\(name).stl")).triangles
            // A closed surface, by the divergence theorem.
            let enclosed = triangles.reduce(0) { sum, t in
                let cross = SIMD3(
                    t[1].y * t[2].z - t[1].z * t[2].y, t[1].z * t[2].x - t[1].x * t[2].z,
                    t[1].x * t[2].y - t[1].y * t[2].x)
                return sum + (t[0] * cross).sum() / 6
            }
            #expect(abs(enclosed / 1000 / volume - 1) < 0.02, "\(name): \(enclosed / 1000) and \(volume) mL")
            // Every side has another triangle on it, which runs the other way.
            var sides: [[SIMD3<Double>]: Int] = [:]
            for t in triangles {
                for corner in 0..<3 { sides[[t[corner], t[(corner + 1) % 3]], default: 0] += 1 }
            }
            #expect(sides.allSatisfy { sides[[$0.key[1], $0.key[0]]] == $0.value }, "\(name) is open")
        }
    }

    @Test(.enabled(if: isTrimeshInstalled, "trimesh is not there: deploy/setup --with-tests installs it"))
    func `another program reads the same closed surfaces in their places`() throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("mesh_check.py")
        let check = try Command.run(
            [script.path, try result.get().path], program: environment.appendingPathComponent("bin/python").path)
        #expect(check.status == 0, "\(check.output) \(check.errors)")
        #expect(check.output.hasSuffix("surfaces read\n"))
    }
}

/// Binary STL as its definition has it.
private struct STLFile {
    /// Three corners each.
    let triangles: [[SIMD3<Double>]]

    init(_ file: URL) throws {
        let data = try Data(contentsOf: file)
        func word(_ offset: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(data[offset + $1]) << (8 * UInt32($1)) } }
        let count = Int(word(80))
        try #require(data.count == 84 + 50 * count)
        triangles = (0..<count).map { triangle in
            (1...3).map { corner in
                let start = 84 + 50 * triangle + 12 * corner
                return SIMD3((0..<3).map { Double(Float(bitPattern: word(start + 4 * $0))) })
            }
        }
    }
}
