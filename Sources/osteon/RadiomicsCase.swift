// One image with its mask: what is computed on it, and the lists of them.
import Domain
import Foundation
import Imaging
import ImagingIO
import Radiomics
import Store

/// An image, a mask and the labels wanted.
struct RadiomicsCase: Sendable {
    var image: String
    var mask: String
    var labels: LabelChoice
    /// What names the case in the table: Image, Mask and the other columns of a batch, in their order.
    var columns: [(name: String, value: String)]
    /// Folder that relative paths start from; nil is the current one.
    var folder: URL?

    /// - Parameter name: what the table calls the case.
    init(image: String, mask: String, labels: LabelChoice, name: String? = nil) {
        self.image = image
        self.mask = mask
        self.labels = labels
        columns = (name.map { [("ID", $0)] } ?? []) + [("Image", image), ("Mask", mask)]
    }

    /// What a case gives.
    struct Result: Sendable {
        var regions: [LabelFeatures]
        var imageSHA256: String
        var maskSHA256: String
        var warnings: [String]
        /// From files to features; hashing the files.
        var timingsMS: [StageTiming]
    }

    private func url(_ path: String) -> URL { URL(fileURLWithPath: path, relativeTo: folder).absoluteURL }

    /// - Throws: the `Fault` of what failed.
    func extract(
        _ configuration: RadiomicsConfiguration, threads: Int, progress: (StageProgress) -> Void
    ) throws -> Result {
        let start = ContinuousClock.now
        for path in [image, mask] { try CommandFailure.requireFile(url(path).path) }
        let grey = try ImageFile.open(url(image))
        let regions = try ImageFile.open(url(mask))
        let features = try configuration.extract(
            image: grey, mask: regions, labels: try chosenLabels(regions, standard: configuration.label),
            threads: threads, progress: progress)
        let extracted = ContinuousClock.now
        let hashes = (try SHA256.digest(of: url(image)), try SHA256.digest(of: url(mask)))
        return Result(
            regions: features, imageSHA256: hashes.0, maskSHA256: hashes.1,
            warnings: (grey.warnings + regions.warnings),
            timingsMS: [
                StageTiming(stage: "extract", milliseconds: (extracted - start) / .milliseconds(1)),
                StageTiming(stage: "hash", milliseconds: (ContinuousClock.now - extracted) / .milliseconds(1)),
            ])
    }

    private func chosenLabels(_ mask: ImageFile, standard: Int) throws -> [Int] {
        switch labels {
        case .standard: return [standard]
        case .some(let labels): return labels
        case .all:
            let found = try mask.wholeValues().filter { $0 > 0 }
            guard !found.isEmpty else { throw ImagingIOError.mask(.noLabels) }
            return found
        }
    }
}

extension RadiomicsCase {
    /// The cases of a CSV, or of a folder that holds a folder for each.
    ///
    /// - Throws: `CommandFailure` naming the file and the column.
    static func batch(_ path: String, labels: LabelChoice) throws -> [RadiomicsCase] {
        try CommandFailure.requireFile(path)
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        let cases = try isFolder.boolValue ? folder(path, labels) : table(path, labels)
        guard !cases.isEmpty else { throw CommandFailure("'\(path)' holds no case.") }
        return cases
    }

    private static func folder(_ path: String, _ labels: LabelChoice) throws -> [RadiomicsCase] {
        let manager = FileManager.default
        return try manager.contentsOfDirectory(atPath: path).sorted().compactMap { name in
            let folder = "\(path)/\(name)"
            let files = (try? manager.contentsOfDirectory(atPath: folder)) ?? []
            func file(_ stem: String) -> String? {
                [".nii", ".nii.gz", ".nrrd", ".nhdr"].map { stem + $0 }.first(where: files.contains)
            }
            guard let image = file("image"), let mask = file("mask") else { return nil }
            return RadiomicsCase(
                image: "\(folder)/\(image)", mask: "\(folder)/\(mask)", labels: labels, name: name)
        }
    }

    private static func table(_ path: String, _ labels: LabelChoice) throws -> [RadiomicsCase] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw CommandFailure("'\(path)' is no text in UTF-8.")
        }
        var rows = commaSeparatedRows(text)
        guard !rows.isEmpty else { return [] }
        let header = rows.removeFirst()
        guard let image = header.firstIndex(of: "Image"), let mask = header.firstIndex(of: "Mask") else {
            throw CommandFailure(
                "'\(path)' needs the columns Image and Mask; it has \(header.joined(separator: ", ")).")
        }
        return try rows.enumerated().map { index, row in
            guard row.count == header.count else {
                throw CommandFailure("'\(path)': row \(index + 2) has \(row.count) cells, the header \(header.count).")
            }
            var found = RadiomicsCase(image: row[image], mask: row[mask], labels: labels)
            found.columns = Array(zip(header, row))
            found.folder = URL(fileURLWithPath: path).deletingLastPathComponent()
            for (name, cell) in zip(header, row) where name == "Label" && !cell.isEmpty {
                guard cell == "all" || Int(cell).map({ $0 > 0 }) ?? false else {
                    throw CommandFailure(
                        "'\(path)': row \(index + 2) has the Label '\(cell)'; needed is a number or all.")
                }
                found.labels = try LabelChoice([cell])
            }
            return found
        }
    }
}

/// The rows of a CSV (RFC 4180); empty lines are passed over.
private func commaSeparatedRows(_ text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var cell = ""
    var quoted = false
    var afterQuote = false
    func endRow() {
        row.append(cell)
        if row != [""] { rows.append(row) }
        (row, cell, afterQuote) = ([], "", false)
    }
    for character in text {
        if quoted {
            if character == "\"" { (quoted, afterQuote) = (false, true) } else { cell.append(character) }
        } else if character == "\"" {
            if afterQuote { cell.append("\"") }
            quoted = true
        } else if character == "," {
            row.append(cell)
            (cell, afterQuote) = ("", false)
        } else if character.isNewline {
            endRow()
        } else {
            cell.append(character)
        }
    }
    endRow()
    return rows
}
