// `osteon dimse`: takes C-STORE and C-ECHO for a running service.
import ArgumentParser
import Delivery
import Domain
import Foundation
import Gateway
import Logging

struct DIMSECommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dimse",
        abstract: "Take studies by C-STORE from a PACS without DICOMweb, for a running service.",
        discussion: """
            Passes each object on to 'osteon serve' by STOW-RS and answers the sender once it is kept there. DIMSE has no passwords: who may send is
            decided by address and AE title, and by what the network lets through.

              osteon keys add --name ct-room --scope upload > key.txt
              osteon dimse --ae OSTEON=key.txt --peer 192.0.2.7
              storescu -aec OSTEON 192.0.2.1 11112 image.dcm
            """)

    @Option(help: "Port to listen on, on every address of the machine.")
    var port = 11112

    @Option(help: ArgumentHelp("Root of the service's DICOMweb, http only.", valueName: "url"))
    var to = "http://127.0.0.1:8080/dicom-web/"

    @Option(
        name: .customLong("ae"),
        help: ArgumentHelp(
            "AE title that may be called, and the file whose one line is the API key under which its objects come; repeat for several.",
            valueName: "title[=file]"))
    var titles: [String] = []

    @Option(
        name: .customLong("calling"),
        help: ArgumentHelp("AE title that may call; without any all may. Repeat for several.", valueName: "title"))
    var callingTitles: [String] = []

    @Option(
        name: .customLong("peer"),
        help: ArgumentHelp(
            "IPv4 address that may connect; without any only this machine. Repeat for several.", valueName: "address"))
    var peers: [String] = []

    @Option(help: "Associations that are served at once; others wait until one ends.")
    var associations = 8

    @Option(help: "Seconds that a sender may say nothing before its association is aborted.")
    var idleSeconds = 60

    @Option(name: .customLong("max-object-mb"), help: "Largest object, megabytes.")
    var maxObjectMB = 2000

    @Option(help: "Seconds for which an object is offered to a service that is busy or away.")
    var retrySeconds = 20.0

    @Option(help: ArgumentHelp("Where objects are until the service has them.", valueName: "folder"))
    var spool = FileManager.default.temporaryDirectory.path

    @Option(help: "Least severe log level: trace, debug, info, notice, warning, error.")
    var logLevel: Logger.Level = .info

    func validate() throws {
        guard (1...65535).contains(port) else { throw ValidationError("--port must be from 1 to 65535.") }
        guard (1...100).contains(associations) else { throw ValidationError("--associations must be from 1 to 100.") }
        guard (1...3600).contains(idleSeconds) else { throw ValidationError("--idle-seconds must be from 1 to 3600.") }
        guard maxObjectMB >= 1 else { throw ValidationError("--max-object-mb must be at least 1.") }
        guard (0...600).contains(retrySeconds) else { throw ValidationError("--retry-seconds must be from 0 to 600.") }
    }

    func run() throws {
        let signals = ServiceSignals()
        var logger = Logger(label: "osteon.dimse") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = logLevel
        let settings = try CommandFailure.explaining { try self.settings() }
        let gateway = try CommandFailure.explaining { try DIMSEGateway(settings, logger: logger) }
        print("Osteon takes C-STORE on port \(port) as \(settings.destinations.keys.sorted().joined(separator: ", "))")
        fflush(nil)
        let name = signals.waitForStop()
        logger.info("stopping", metadata: ["signal": "\(name)"])
        gateway.stop()
        logger.info("stopped")
    }

    private func settings() throws -> GatewaySettings {
        var destinations: [String: DeliveryDestination] = [:]
        for title in titles {
            let parts = title.split(separator: "=", maxSplits: 1).map(String.init)
            guard let name = parts.first else { throw CommandFailure("--ae '\(title)' names no AE title.") }
            guard destinations[name] == nil else { throw CommandFailure("--ae names \(name) twice.") }
            let authorization = parts.count == 2 ? try "Bearer " + key(in: parts[1]) : nil
            destinations[name] = try DeliveryDestination(url: to, authorization: authorization)
        }
        var settings = GatewaySettings(
            port: UInt16(port), destinations: destinations, folder: URL(fileURLWithPath: spool, isDirectory: true))
        settings.callingTitles = callingTitles
        if !peers.isEmpty { settings.peers = peers }
        settings.associations = associations
        settings.idleSeconds = idleSeconds
        settings.objectBytes = maxObjectMB * 1_000_000
        settings.retrySeconds = retrySeconds
        return settings
    }

    private func key(in path: String) throws -> String {
        try CommandFailure.requireFile(path)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
