// What the tests build on: a folder that goes away, a small scan, and its slices as files.
import Domain
import Foundation
import Imaging
import Testing

@testable import ImagingIO

/// A folder that is removed with the value.
final class Folder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("imaging-io-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// A file with these bytes.
    func file(_ name: String, _ bytes: [UInt8]) throws -> URL {
        let place = url.appendingPathComponent(name)
        try Data(bytes).write(to: place)
        return place
    }

    /// A zip of these files.
    func zip(_ files: [(name: String, bytes: [UInt8])], _ name: String = "study.zip") throws -> URL {
        let place = url.appendingPathComponent(name)
        let archive = try ZipWriter(place)
        for file in files { try archive.add(file.name, file.bytes) }
        try archive.finish()
        return place
    }
}

/// A scan of 6 x 5 x 4 voxels in which every voxel has its own value: x + 10 y + 100 z - 300.
func smallScan(
    size: Index3 = Index3(x: 6, y: 5, z: 4), spacingMM: SIMD3<Double> = [0.5, 0.75, 2],
    originMM: PointMM = [-10, 20, -30]
) -> Volume {
    var volume = Volume(
        geometry: Geometry(size: size, spacingMM: spacingMM, originMM: originMM), filledWith: 0)
    for z in 0..<size.z {
        for y in 0..<size.y {
            for x in 0..<size.x { volume[x, y, z] = Float(x + 10 * y + 100 * z - 300) }
        }
    }
    return volume
}

/// The slices of a scan as DICOM files, each changed by `edit` before it is encoded.
func dicomFiles(
    _ volume: Volume, seed: String = "test", prefix: String = "",
    edit: (inout DICOMDataSet, _ z: Int) -> Void = { _, _ in }
) -> [(name: String, bytes: [UInt8])] {
    (0..<volume.geometry.size.z).map { z in
        var slice = DICOMSeriesWriter.slice(z, of: volume, DICOMSeriesDescription(seed: seed))
        edit(&slice, z)
        return ("\(prefix)\(z).dcm", slice.file)
    }
}

/// The code, detail and subject of the fault that `body` throws; nil when it throws none.
func fault(_ body: () throws -> some Any) -> FaultRecord? {
    do {
        _ = try body()
        return nil
    } catch let fault as any Fault {
        return fault.record
    } catch {
        Issue.record("not a Fault: \(error)")
        return nil
    }
}

/// Runs a program found on PATH; nil when it is not installed.
func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String)? {
    guard isInstalled(program) else { return nil }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, output)
}

/// True when a program of this name is on PATH.
func isInstalled(_ program: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
    }
}
