// `osteon serve`: opens the store, starts the workers and the server, and drains both when told to stop.
import API
import Analyses
import ArgumentParser
import CSystem
import Delivery
import Dispatch
import Domain
import Foundation
import HTTP
import ImagingIO
import Logging
import Store
import Worker

struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve studies, jobs and reports over HTTP.",
        discussion: """
            Prints one line with the address once it listens. SIGTERM and SIGINT drain: requests in flight finish, running jobs go back to
            the queue and are resumed at the next start.

              osteon serve --data ./data
              curl --data-binary @series.zip 'http://127.0.0.1:8080/v1/studies?analysis=digital-biopsy&seed=0.3,3.5,36.5:L1'
              curl http://127.0.0.1:8080/v1/jobs/JOB          state and progress
              curl http://127.0.0.1:8080/v1/jobs/JOB/report   the report

            Each option may also be set in the environment (--max-upload-mb as OSTEON_MAX_UPLOAD_MB) or in the file of --config (max-upload-mb:
            512); the command line goes before the environment, and that before the file.
            """)

    @Option(
        help: ArgumentHelp(
            "YAML file with settings: the names of these options without the hyphens in front.", valueName: "file"))
    var config: String?

    @Option(help: "Address to listen on. Beyond loopback only with API keys: see 'osteon keys'.")
    var host = "127.0.0.1"

    @Option(help: "Port to listen on; 0 takes a free one.")
    var port = 8080

    @OptionGroup var tls: TLSOptions

    @Option(help: "Connections served at once; of those that only wait the oldest make room for more.")
    var connections = HTTPServerConfiguration().maximumConnections

    @Option(help: ArgumentHelp("Folder for the database and the blobs; made if it is not there.", valueName: "folder"))
    var data = "osteon-data"

    @OptionGroup var models: ModelsOption

    @Option(help: "Jobs that run at once; by default one per core.")
    var workers = ProcessInfo.processInfo.activeProcessorCount

    @Option(help: "Jobs that may wait; more are answered with 503.")
    var queueLimit = 256

    @Option(name: .customLong("max-upload-mb"), help: "Largest upload, megabytes.")
    var maxUploadMB = 4096

    @Option(
        help: ArgumentHelp(
            "YAML file that says which analysis a series pushed by DICOMweb starts; without it such series are only kept.",
            valueName: "file"))
    var rules: String?

    @Option(help: "Seconds without a further image after which a pushed series is complete.")
    var quietSeconds = DICOMWebSettings().quietSeconds

    @Option(
        name: .customLong("public-url"),
        help: ArgumentHelp(
            "What clients see before /dicom-web, e.g. https://osteon.example.org; by default URLs are paths.",
            valueName: "url"))
    var publicURL = ""

    @Option(
        name: .customLong("cors-origin"),
        help: ArgumentHelp(
            "Site whose pages may use the service from a browser, e.g. https://viewer.example.org; repeat for several.",
            valueName: "origin"))
    var corsOrigins: [String] = []

    @Option(
        help: ArgumentHelp(
            "Root of the PACS's DICOMweb service, http only: the DICOM results of what pushed series start are sent there.",
            valueName: "url"))
    var deliverTo: String?

    @Option(
        name: .customLong("deliver-result"),
        help: ArgumentHelp(
            "What --deliver-to sends: \(Self.resultNames); repeat for several, without any all. For a PACS that refuses a kind of object.",
            valueName: "name"))
    var deliveredResults: [String] = []

    @Option(
        help: ArgumentHelp(
            "File whose one line is the field Authorization for --deliver-to, e.g. Basic dXNlcjpwYXNz.",
            valueName: "file"))
    var deliverAuthorization: String?

    @Option(
        name: .customLong("webhook"),
        help: ArgumentHelp(
            "URL, http only, that is told by a signed POST when a job or a delivery ends; repeat for several.",
            valueName: "url"))
    var webhooks: [String] = []

    @Option(
        help: ArgumentHelp("File whose one line is the secret that signs for --webhook: whsec_…", valueName: "file"))
    var webhookSecret: String?

    @Option(
        help: ArgumentHelp(
            "File with a secret key, at least 32 characters: whatever names a patient is replaced when it comes, and kept nowhere.",
            valueName: "file"))
    var pseudonymise: String?

    @OptionGroup var retention: RetentionOptions

    @Option(help: "Seconds that one job may take.")
    var jobDeadline = 3600.0

    @Option(help: "Seconds that requests in flight and running jobs get to finish at shutdown.")
    var drain = 20.0

    @Option(help: "Least severe log level: trace, debug, info, notice, warning, error.")
    var logLevel: Logger.Level = .info

    @Option(help: "How the lines of the log look: text, or json for programs.")
    var logFormat = LogFormat.text

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port must be from 0 to 65535.") }
        guard connections >= 1 else { throw ValidationError("--connections must be at least 1.") }
        guard workers >= 1 else { throw ValidationError("--workers must be at least 1.") }
        guard queueLimit >= 1 else { throw ValidationError("--queue-limit must be at least 1.") }
        guard maxUploadMB >= 1 else { throw ValidationError("--max-upload-mb must be at least 1.") }
        guard (0...86400).contains(quietSeconds) else {
            throw ValidationError("--quiet-seconds must be from 0 to 86400.")
        }
        if let wrong = corsOrigins.first(where: { !OriginPolicy.isOrigin($0) }) {
            throw ValidationError("--cors-origin \(wrong) is not of the form https://viewer.example.org.")
        }
        guard jobDeadline > 0, drain >= 0 else {
            throw ValidationError("--job-deadline and --drain cannot be negative.")
        }
        guard deliverTo != nil || deliverAuthorization == nil else {
            throw ValidationError("--deliver-authorization needs --deliver-to.")
        }
        if let wrong = deliveredResults.first(where: { Self.deliverable[$0] == nil }) {
            throw ValidationError("--deliver-result \(wrong) is none of: \(Self.resultNames).")
        }
        try tls.check()
        guard webhooks.isEmpty == (webhookSecret == nil) else {
            throw ValidationError("--webhook and --webhook-secret need each other.")
        }
    }

    func run() throws {
        let signals = ServiceSignals()
        DescriptorLimit.raise()
        csystem_limit_arenas()
        let format = logFormat
        LoggingSystem.bootstrap { label -> any LogHandler in
            switch format {
            case .text: return StreamLogHandler.standardError(label: label)
            case .json: return JSONLogHandler()
            }
        }
        var logger = Logger(label: "osteon")
        logger.logLevel = logLevel

        let destination = try CommandFailure.explaining { try deliveryDestination() }
        let receivers = try CommandFailure.explaining { try self.receivers() }
        let pseudonyms = try pseudonymise.map(PseudonymKey.read)
        let store = try CommandFailure.explaining {
            try Store(
                folder: URL(fileURLWithPath: data, isDirectory: true), limits: JobLimits(queued: queueLimit),
                delivers: deliverTo == nil ? [] : chosenResults, pseudonymKey: pseudonyms?.fingerprint)
        }
        try requireKeys(store.keys)
        try CommandFailure.explaining { try store.notices.tell(webhooks) }
        let installed = try CommandFailure.explaining { try models.installed() }
        let shelf = EncoderShelf(installed)
        let catalog = AnalysisCatalog(models: installed) { try shelf.encoder(named: $0) }
        let rules = try CommandFailure.explaining { try seriesRules(for: catalog) }
        var intake = StudyIntake.live(catalog)
        intake.pseudonyms = pseudonyms.map(Pseudonymisation.live)
        let metrics = ServiceMetrics(version: SoftwareVersion.current, stages: StudyAnalysis.stages(of: catalog))
        let runner = JobRunner(catalog: catalog) { metrics.observe(stage: $0.stage, seconds: $0.milliseconds / 1000) }
        let verification = ModelVerification(installed, logger: logger)
        let pool = WorkerPool(
            jobs: store.jobs, settings: WorkerSettings(width: workers, jobSeconds: jobDeadline), logger: logger,
            run: runner.run)
        let service = Service(
            store: store, intake: intake, metrics: metrics,
            dicomWeb: DICOMWebSettings(quietSeconds: quietSeconds, publicURL: publicURL),
            origins: OriginPolicy(allowed: corsOrigins, publicURL: publicURL), logger: logger,
            workerFault: { pool.fault }, modelsFault: { verification.fault })
        let responder = ServiceResponder(service)
        let arrivals = ArrivalWatch(store.arrivals, rules: rules, logger: logger) {
            [intake] request, contents, source in
            try intake.check(request, contents, source, nil)
        }
        var outboxes: [any Outbox] = receivers.map { NoticeOutbox(store.notices, to: $0, logger: logger) }
        if let destination { outboxes.append(ResultOutbox(store.deliveries, to: destination, logger: logger)) }
        let postmen = outboxes.map { OutboxLoop($0, logger: logger) }
        let certificate = try tls.context()
        let server = HTTPServer(
            configuration: configuration(certificate), responder: responder, logger: logger, problem: responder.problem)

        let sweeper = RetentionWatch(store.retention, policy: retention.policy, logger: logger)

        verification.start()
        pool.start()
        arrivals.start()
        sweeper.start()
        postmen.forEach { $0.start() }
        let bound = try server.start()
        print("Osteon listens on \(tls.scheme)://\(host.contains(":") ? "[\(host)]" : host):\(bound)")
        fflush(nil)

        try noteTrail(store.trail, logger)
        let name = signals.waitForStop { reload(certificate, logger) }
        logger.info("stopping", metadata: ["signal": "\(name)"])
        server.stop()
        arrivals.stop()
        sweeper.stop()
        pool.stop(graceSeconds: drain)
        DispatchQueue.concurrentPerform(iterations: postmen.count) { postmen[$0].stop(seconds: drain) }
        try CommandFailure.explaining { try service.stop() }
        try noteTrail(store.trail, logger)
        logger.info("stopped")
    }

    /// The log is kept elsewhere, if it is kept well: there the head tells what the trail held.
    private func noteTrail(_ trail: TrailStore, _ logger: Logger) throws {
        let head = try CommandFailure.explaining { try trail.head() }
        logger.notice("access trail", metadata: ["head": "\(head)"])
    }

    /// A file that cannot be used changes nothing: an expired certificate is better than none.
    private func reload(_ certificate: TLSContext?, _ logger: Logger) {
        guard let certificate else {
            return logger.notice("SIGHUP: nothing is read anew, for there is no TLS certificate")
        }
        do {
            try certificate.reload()
            logger.notice("SIGHUP: the TLS certificate was read anew")
        } catch {
            logger.error("SIGHUP: the TLS certificate stays as it was", metadata: ["error": "\(error)"])
        }
    }

    /// Without any key everybody who reaches the service is let in, so only this machine may reach it.
    private func requireKeys(_ keys: KeyStore) throws {
        let isLoopback = host == "localhost" || host == "::1" || host.wholeMatch(of: /127(\.\d{1,3}){3}/) != nil
        guard !isLoopback, try keys.snapshot().isEmpty else { return }
        throw CommandFailure(
            """
            Refusing to listen on \(host): there is no API key, so everybody who reaches it would be let in.
            Make one first: osteon keys add --data \(data) --name NAME --scope upload --scope read
            Or listen on 127.0.0.1.
            """)
    }

    /// The results that can be delivered, by their names without the ending.
    private static let deliverable = Dictionary(
        uniqueKeysWithValues: DeliveryStore.deliverable.map { ($0.rawValue.replacing(".dcm", with: ""), $0) })
    private static let resultNames = deliverable.keys.sorted().joined(separator: ", ")

    private var chosenResults: Set<Artifact.Name> {
        let names = deliveredResults.isEmpty ? Array(Self.deliverable.keys) : deliveredResults
        return Set(names.compactMap { Self.deliverable[$0] })
    }

    private func receivers() throws -> [Webhook] {
        guard let webhookSecret else { return [] }
        try CommandFailure.requireFile(webhookSecret)
        let text = try String(contentsOfFile: webhookSecret, encoding: .utf8)
        let secret = try WebhookSecret(text: text.trimmingCharacters(in: .whitespacesAndNewlines))
        return try Set(webhooks).sorted().map { try Webhook(url: $0, secret: secret, publicURL: publicURL) }
    }

    private func deliveryDestination() throws -> DeliveryDestination? {
        guard let deliverTo else { return nil }
        var authorization: String?
        if let file = deliverAuthorization {
            try CommandFailure.requireFile(file)
            authorization = try String(contentsOfFile: file, encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }
        return try DeliveryDestination(url: deliverTo, authorization: authorization)
    }

    private func seriesRules(for catalog: AnalysisCatalog) throws -> SeriesRules {
        guard let rules else { return .none }
        try CommandFailure.requireFile(rules)
        guard let text = try? String(contentsOfFile: rules, encoding: .utf8) else {
            throw CommandFailure("'\(rules)' is no text in UTF-8.")
        }
        let read = try SeriesRules(yaml: text, catalog: catalog)
        guard pseudonymise == nil || read.byDescription.isEmpty else {
            throw CommandFailure(
                "With --pseudonymise no description is kept, so these rules never fit: \(read.byDescription.joined(separator: ", ")). Let them look at sliceThicknessMM and slices."
            )
        }
        return read
    }

    private func configuration(_ certificate: TLSContext?) -> HTTPServerConfiguration {
        var configuration = HTTPServerConfiguration()
        configuration.host = host
        configuration.port = port
        configuration.tls = certificate
        configuration.maximumConnections = connections
        configuration.maximumBodyBytes = maxUploadMB * 1_000_000
        configuration.drainSeconds = drain
        return configuration
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
