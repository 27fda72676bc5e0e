// What comes in, written again without what names the patient.
import Domain
import Foundation

/// Files as they may be kept where nothing that is kept shall name a patient.
package struct PseudonymousFile: Sendable {
    private let pseudonyms: Pseudonyms

    /// The largest DICOM object that is rewritten; it is in memory as a whole (our choice).
    private static let largestObjectBytes = 512 << 20

    package init(_ pseudonyms: Pseudonyms) { self.pseudonyms = pseudonyms }

    /// Rewrites a DICOM object that came by itself.
    /// - Returns: whether its pixels were kept, which those of a CT image are; of all else only an outline is.
    /// - Throws: `dicom-damaged`; `image-too-large`; `storage-full`, `internal-fault`.
    package func write(instance source: URL, to target: URL) throws -> Bool {
        let input = try InputFile(source)
        guard input.byteCount <= Self.largestObjectBytes else {
            throw ImagingIOError.objectTooLarge(bytes: input.byteCount, limit: Self.largestObjectBytes)
        }
        let file = try DICOMFile(input.bytes(at: 0, count: input.byteCount), name: "the instance")
        let isKept = file.isCTImage
        let output = try OutputFile(target)
        try output.write(bytes(of: file))
        try output.finish()
        return isKept
    }

    /// Rewrites an uploaded file: CT images and NIfTI are kept, in a zip under numbers, all else is left out.
    /// - Parameter isMask: whether it may pack as label maps do.
    /// - Returns: Plain sentences about what was left out.
    /// - Throws: `archive-…`, `dicom-damaged`, `unrecognised-format`, `modality-not-ct`, `empty-body`, `storage-full`; no text names a
    ///   file as it was called.
    package func write(upload source: URL, isMask: Bool, to target: URL) throws -> [String] {
        var limits = isMask ? IntakeLimits.mask : .default
        limits.namesFiles = false
        let upload = try Upload(.file(source), limits: limits)
        guard upload.form == .archive else {
            let item = upload.items[0]
            let kind = try upload.kind(of: item)
            if case .other(let words) = kind {
                throw ImagingIOError.unrecognised([PassedOverFile(name: item.name, kind: words)])
            }
            let output = try OutputFile(target)
            try write(item, kind, of: upload, to: output)
            try output.finish()
            return []
        }
        return try rewrite(upload, limits, to: target)
    }

    private func rewrite(_ upload: Upload, _ limits: IntakeLimits, to target: URL) throws -> [String] {
        let archive = try ZipWriter(target)
        var leftOut: [PassedOverFile] = []
        for item in upload.items {
            let kind = try upload.kind(of: item)
            if kind == .dicom, item.byteCount > limits.maxSliceBytes {
                leftOut.append(PassedOverFile(name: item.name, kind: "too large for one slice"))
            } else if kind == .dicom {
                let file = try DICOMFile(upload.content(of: item), name: item.name)
                if file.isCTImage {
                    try archive.add(item.name + ".dcm", bytes(of: file))
                } else {
                    leftOut.append(PassedOverFile(name: item.name, kind: "DICOM, no CT image"))
                }
            } else if kind.isNIfTI {
                let memory = MemorySink()
                try write(item, kind, of: upload, to: memory)
                try archive.add(item.name + (kind == .nifti ? ".nii" : ".nii.gz"), memory.bytes)
            } else {
                leftOut.append(PassedOverFile(name: item.name, kind: "neither DICOM nor NIfTI"))
            }
        }
        guard leftOut.count < upload.items.count else { throw ImagingIOError.unrecognised(leftOut) }
        try archive.finish()
        guard !leftOut.isEmpty else { return [] }
        return ["\(leftOut.count) file(s) were not kept: \(DICOMScan.list(leftOut.map(\.description)))."]
    }

    private func write(_ item: Upload.Item, _ kind: FileKind, of upload: Upload, to sink: any ByteSink) throws {
        switch kind {
        case .zippedNIfTI:
            let packer = try DeflateSink(sink, wrapping: .gzip)
            do {
                try NIfTITexts.blank(InflateStream(upload.open(item), wrapping: .gzip), to: packer)
            } catch let damage as InflateStream.Damage {
                throw ImagingIOError.nifti(
                    file: item.name,
                    damage.isTruncation
                        ? .gzipEndsEarly(afterBytes: damage.after) : .gzipDamaged(afterBytes: damage.after))
            }
            try packer.finish()
        case .nifti: try NIfTITexts.blank(upload.open(item), to: sink)
        default: try sink.write(bytes(of: DICOMFile(upload.content(of: item), name: item.name)))
        }
    }

    private func bytes(of file: DICOMFile) throws -> [UInt8] {
        try file.pseudonymise(pseudonyms)
        return try file.bytes()
    }
}
