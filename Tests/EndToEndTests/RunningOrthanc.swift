// A real PACS: Debian's Orthanc with its DICOMweb plugin, on a free port of the loopback.
import Foundation
import ReferenceData
import Testing

/// Started when made; stopped and its folder removed when let go.
final class RunningOrthanc {
    let client: HTTPClient
    private let process = Process()
    private let folder: URL

    static let program = "/usr/sbin/Orthanc"
    static let plugin = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so"
    static let isInstalled = [program, plugin].allSatisfy { FileManager.default.fileExists(atPath: $0) }
    static let absent: Comment = "Orthanc is not installed: run deploy/setup --with-tests"

    /// - Parameters:
    ///   - target: the port of the server that it pushes to, as its servers `chunked` and `plain`.
    ///   - port: its own; nil takes a free one.
    ///   - credentials: `Username` and `Password`, or `HttpHeaders`, as its configuration names them.
    init(target: UInt16, port: UInt16? = nil, credentials: [String: Any] = [:]) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("orthanc-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let port = try port ?? Self.freePort()
        client = HTTPClient(port: port)
        let place = "http://127.0.0.1:\(target)/dicom-web/"
        func server(_ settings: [String: Any]) -> [String: Any] {
            ["Url": place, "Timeout": 5].merging(settings) { $1 }.merging(credentials) { $1 }
        }
        let configuration: [String: Any] = [
            "Name": "test", "StorageDirectory": folder.path, "IndexDirectory": folder.path, "HttpPort": Int(port),
            "DicomServerEnabled": false, "RemoteAccessAllowed": false, "AuthenticationEnabled": false,
            "Plugins": [Self.plugin],
            "DicomWeb": [
                "Enable": true, "Root": "/dicom-web/",
                "Servers": [
                    // The upload counts too: an answer that waits for the analysis would come too late.
                    "chunked": server(["ChunkedTransfers": true]), "plain": server(["ChunkedTransfers": false]),
                ],
            ],
        ]
        try start(configuration)
    }

    /// With the sample of `deploy/orthanc`, but for its ports, its folders and its patience.
    /// - Parameters:
    ///   - target: the port of Osteon.
    ///   - port: its own.
    init(sampleFor target: UInt16, port: UInt16) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("orthanc-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        client = HTTPClient(port: port)
        let sample = ReferenceData.packageRoot.appendingPathComponent("deploy/orthanc")
        let text = try String(contentsOf: sample.appendingPathComponent("orthanc.json"), encoding: .utf8)
            .replacing("127.0.0.1:8080", with: "127.0.0.1:\(target)").replacing(
                "/var/lib/orthanc/db", with: folder.path
            )
            .replacing("/etc/orthanc/osteon.lua", with: sample.appendingPathComponent("osteon.lua").path)
        var configuration = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        configuration["HttpPort"] = Int(port)
        configuration["DicomServerEnabled"] = false
        configuration["StableAge"] = 1
        try start(configuration)
    }

    private func start(_ configuration: [String: Any]) throws {
        let file = folder.appendingPathComponent("config.json")
        try JSONSerialization.data(withJSONObject: configuration).write(to: file)
        process.executableURL = URL(fileURLWithPath: Self.program)
        process.arguments = [file.path]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        try waitUntil("Orthanc answers", seconds: 60) { (try? client.send("GET", "/system"))?.status == 200 }
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Keeps DICOM files. - Returns: Orthanc's id of their study.
    func keep(_ files: [Data]) throws -> String {
        var study = ""
        for file in files {
            study = try client.send("POST", "/instances", body: file).json["ParentStudy"] as? String ?? ""
        }
        return study
    }

    /// What it lists under a path, each with all that is known of it.
    func list(_ path: String) throws -> [[String: Any]] {
        let body = try client.send("GET", path + "?expand").body
        return try JSONSerialization.jsonObject(with: body) as? [[String: Any]] ?? []
    }

    /// Pushes a resource by STOW-RS. - Returns: how its job ended.
    func push(_ resource: String, to server: String) throws -> String {
        let wish = try JSONSerialization.data(withJSONObject: ["Resources": [resource], "Synchronous": false])
        let started = try client.send("POST", "/dicom-web/servers/\(server)/stow", body: wish).json
        let id = try #require(started["ID"] as? String)
        var state = ""
        try waitUntil("Orthanc's job ends", seconds: 60) {
            state = try client.send("GET", "/jobs/" + id).json["State"] as? String ?? ""
            return state == "Success" || state == "Failure"
        }
        return state
    }

    /// A port that nobody listens on.
    static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        guard result == 0 else { throw HTTPClient.Failure.socket("bind", errno) }
        return UInt16(bigEndian: address.sin_port)
    }
}
