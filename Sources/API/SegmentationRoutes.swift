// The segmented vertebrae of a finished job: label maps, their names, surfaces.
import Domain
import Foundation
import HTTP
import Meshes
import Store

extension Service {
    func getSegmentation(_ exchange: Exchange, job id: String) throws -> HTTPResponse {
        let query = try QueryReader(exchange.request, known: ["part", "table", "format", "level"])
        let part: SegmentedPart = try query.choice("part") ?? .vertebra
        let table: LabelTableFormat? = try query.choice("table")
        let format: SegmentationFormat? = try query.choice("format")
        let level = try query.level("level")
        let job = try findJob(id)
        if part == .mesh {
            try Self.require(table == nil, "table", "Surfaces bear their names and colours; there is no table of them.")
            return try surfaces(format, level, of: job, for: exchange.request)
        }
        try Self.require(level == nil, "level", "Maps hold all vertebrae; level goes with part=mesh.")
        try Self.require(format?.isOfSurfaces != true, "format", "Only part=mesh comes as stl or glb.")
        if let table { return try result(part.names(table), of: job, for: exchange.request) }
        guard part == .vertebra else {
            try Self.require(
                format != .dicom || part == .parts, "part", "There is no DICOM segmentation of bodies alone.")
            let artifact = format == .dicom ? .partsObject : part.artifact
            return try result(artifact, of: job, for: format == nil ? exchange.request : nil)
        }
        if let format { return try result(format == .dicom ? .segmentationObject : .segmentation, of: job, for: nil) }
        return try negotiated(LabelMapFormat.self, of: job, for: exchange.request)
    }

    /// All surfaces as they are stored, or one of them as STL.
    private func surfaces(
        _ format: SegmentationFormat?, _ level: VertebralLevel?, of job: Job, for request: HTTPRequest
    ) throws -> HTTPResponse {
        try Self.require(format?.isOfSurfaces ?? true, "format", "Surfaces come as glb, or one of them as stl.")
        try Self.require(format != .stl || level != nil, "level", "A file of STL holds one vertebra: name its level.")
        try Self.require(format != .glb || level == nil, "level", "The glb holds all vertebrae; level goes with stl.")
        guard let level else { return try result(.meshes, of: job, for: format == nil ? request : nil) }
        let (artifact, file) = try stored(.meshes, of: job)
        let type = "model/stl"
        if format == nil, Accept(request.headers).best(of: [type]) == nil {
            throw APIFault.notAcceptable(offered: [type])
        }
        let scene = try GLTFReader(Data(contentsOf: file))
        guard let mesh = try scene.mesh(named: level.rawValue) else {
            throw FaultRecord(
                code: .resultNotFound, detail: "There is no surface of \(level.rawValue).",
                fix: "Those that were outlined are \(scene.names.joined(separator: ", ")).", subject: "level")
        }
        return HTTPResponse(
            status: 200,
            headers: [
                "Content-Type": type, "ETag": EntityTag.of(sha256: "\(artifact.sha256)-\(level.rawValue)"),
                "Content-Disposition": "attachment; filename=\"\(level.rawValue).stl\"",
            ], body: .bytes(mesh.stl(name: level.rawValue)))
    }

    private static func require(_ isMet: Bool, _ subject: String, _ detail: String) throws {
        guard !isMet else { return }
        throw FaultRecord(
            code: .parameterInvalid, detail: detail, fix: "Leave out \(subject), or see the description of this route.",
            subject: subject)
    }
}

extension QueryReader {
    /// A level, or an unknown one by its number. - Throws: `request-malformed` for anything else.
    fileprivate func level(_ name: String) throws -> VertebralLevel? {
        try self[name].map { text in
            guard let level = VertebralLevel(rawValue: text) else {
                throw APIFault.malformed(
                    subject: name, detail: "The query parameter \(name) is \(text.quoted), which is no level.",
                    fix: "Use a level as the report names it, such as L1 or unknown-1.")
            }
            return level
        }
    }
}

private enum SegmentedPart: String, CaseIterable {
    case vertebra, body, parts, mesh

    var artifact: Artifact.Name {
        switch self {
        case .vertebra: .segmentation
        case .body: .bodies
        case .parts: .parts
        case .mesh: .meshes
        }
    }

    /// The names of the map's values.
    func names(_ format: LabelTableFormat) -> Artifact.Name {
        switch format {
        case .itkSnap: self == .parts ? .partNames : .labelNames
        case .slicer: self == .parts ? .partColours : .labelColours
        }
    }
}

private enum LabelTableFormat: String, CaseIterable {
    case itkSnap = "itk-snap"
    case slicer
}

private enum SegmentationFormat: String, CaseIterable {
    case nifti, dicom, glb, stl

    var isOfSurfaces: Bool { self == .glb || self == .stl }
}

/// What `Accept` chooses among.
private enum LabelMapFormat: ResultFormat {
    case nifti, dicom

    var mediaType: String { self == .nifti ? "application/gzip" : "application/dicom" }
    var artifact: Artifact.Name { self == .nifti ? .segmentation : .segmentationObject }
}
