// A data folder for one test, and small things to put in it.
import Domain
import Foundation
import Store
import Synchronization

/// A fresh data folder that goes with its last reference, and a clock that stands still until it is told to move.
final class Fixture: Sendable {
    let folder: URL
    private let time = Mutex(Date(timeIntervalSince1970: 1_750_000_000))

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func open(_ limits: JobLimits = JobLimits(), delivers: Set<Artifact.Name> = []) throws -> Store {
        try Store(
            folder: folder, limits: limits, delivers: delivers, clock: { self.time.withLock { $0 } })
    }

    func advance(seconds: Double) { time.withLock { $0 += seconds } }

    var database: String { folder.appendingPathComponent("osteon.sqlite").path }

    /// Every file under a subfolder, by path relative to it.
    func files(in subfolder: String) -> [String] {
        let root = folder.appendingPathComponent(subfolder)
        let paths = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
        return paths.filter {
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: root.appendingPathComponent($0).path, isDirectory: &isFolder)
                && !isFolder.boolValue
        }
    }
}

extension Store {
    func upload(_ text: String) throws -> IncomingBlob {
        let blob = try blobs.receive()
        try blob.write(Array(text.utf8))
        return blob
    }

    func addStudy(_ text: String = "scan") throws -> Study {
        try studies.insert(someContents, blob: upload(text)).study
    }

    /// A queued job on a study of its own.
    func addJob(_ text: String = "scan") throws -> Job {
        try jobs.enqueue(JobOrder(request: request(study: addStudy(text).id))).job
    }

    func claim(leaseSeconds: Double = 60) throws -> ClaimedJob? {
        try jobs.claim(worker: "test", leaseSeconds: leaseSeconds)
    }

    func state(of job: Job) throws -> JobState? { try jobs.find(job.id)?.state }
}

let someContents = StudyContents(
    format: .nifti,
    series: [
        SeriesSummary(
            id: "nifti", modality: nil, sizeVoxels: [2, 3, 4], spacingMM: [0.5, 0.5, 1.25], originLPSMM: [-1, 2, 3],
            axesLPS: [1, 0, 0, 0, 1, 0, 0, 0, 1], sliceThicknessMM: nil)
    ], chosenSeries: "nifti", warnings: ["1 localiser image was left out"])

func request(study: String, mask: String? = nil) -> AnalysisRequest {
    AnalysisRequest(
        study: study, analysis: "digital-biopsy", mask: mask, targets: [Target(level: .L1, seedLPSMM: [1, 2.5, -3])],
        parameters: ["denoise": .flag(true), "spacingMM": .number(1), "mode": .text("ibsi")])
}

let report = Artifact(name: .report, mediaType: "application/json", bytes: Array("{}".utf8))
let working = StageProgress(stage: "segment", fraction: 0.25)
let outOfMemory = FaultRecord(code: .internalFault, detail: "Out of memory.", fix: "Try later.")

/// The `StoreError` that `body` throws, or nil.
func storeError(_ body: () throws -> Void) -> StoreError? {
    do {
        try body()
        return nil
    } catch {
        return error as? StoreError
    }
}
