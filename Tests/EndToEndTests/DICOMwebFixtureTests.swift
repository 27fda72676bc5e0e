// Requests as real clients sent them, byte for byte.
import Domain
import Foundation
import ReferenceData
import Testing

@Suite(.enabled(if: ReferenceData.has("pacs"), Comment(rawValue: ReferenceData.absent))) struct DICOMwebFixtureTests {
    private let server: RunningServer

    init() throws { server = try RunningServer(arguments: ["--quiet-seconds", "3600"]) }

    private func capture(_ name: String) throws -> Data {
        try Data(contentsOf: ReferenceData.url("pacs/\(name).raw"))
    }

    @Test(arguments: [
        ("orthanc_stow_chunked_3inst", 3), ("orthanc_stow_basic_auth", 3), ("orthanc_stow_bearer_xsite", 3),
        ("orthanc_stow_single_instance", 1), ("orthanc_stow_mixed_study_ct_seg_sr_pm_pdf_8inst", 8),
        ("dicomweb_client_stow_cl_3inst", 3), ("curl_multipart_related_content_disposition", 2),
    ])
    func `every object that a client sends is kept and listed`(name: String, count: Int) throws {
        let reply = try server.client.replay(capture(name), to: "/dicom-web/studies")
        #expect(reply.status == 200, "\(reply.text.prefix(300))")
        #expect(reply["content-type"] == "application/dicom+json")
        #expect(reply.items("00081199").count == count)
        #expect(reply.json["00081198"] == nil)
        #expect(server.keptFiles.count == count)
        for item in reply.items("00081199") {
            let place = try #require((item["00081190"] as? [String: Any])?["Value"] as? [String])
            let metadata = try server.client.send("GET", place[0] + "/metadata").objects
            let sop = (item["00081155"] as? [String: Any])?["Value"] as? [String]
            #expect((metadata.first?["00080018"] as? [String: Any])?["Value"] as? [String] == sop)
        }
    }

    @Test func `the empty request of a job that Orthanc sends again is refused, and nothing comes of it`() throws {
        let reply = try server.client.replay(capture("orthanc_stow_EMPTY_resubmit"), to: "/studies/")
        #expect(reply.status == 400)
        try server.expectNothingKept()
        #expect(try server.client.send("GET", "/studies").objects.isEmpty)
    }

    @Test(arguments: ["orthanc_stow_chunked_3inst", "dicomweb_client_stow_cl_3inst"])
    func `a request that is cut short leaves nothing`(name: String) throws {
        let reply = try server.client.replay(capture(name), to: "/studies", cutting: 9000)
        #expect(reply.status == 400)
        try server.expectNothingKept()
        #expect(try server.client.send("GET", "/studies").objects.isEmpty)
    }

    @Test func `one image alone, sent as curl sends a form, is named for what it is`() throws {
        let reply = try server.client.replay(capture("curl_F_single_dcm"), to: "/v1/studies")
        try expectProblem(reply, 422, [.seriesTooFewSlices], names: "1 usable slice")
    }

    @Test func `of a mixed study only the CT is dealt with, and results that come back start nothing`() throws {
        let images = try server.client.replay(capture("orthanc_stow_chunked_3inst"), to: "/studies")
        let study = try #require(images["link"]?.split(separator: ">").first?.split(separator: "/").last).description
        #expect(try server.complete(study).count == 1)
        let mixed = try server.client.replay(
            capture("orthanc_stow_mixed_study_ct_seg_sr_pm_pdf_8inst"), to: "/studies")
        #expect(mixed.status == 200)
        #expect(try server.settled(study).count == 1)
        #expect(try server.client.send("GET", "/studies/\(study)/series").objects.count == 6)
        #expect(try server.client.send("GET", "/studies/\(study)/series?Modality=CT").objects.count == 1)
        #expect((try server.client.send("GET", "/v1/studies").json["items"] as? [Any])?.count == 1)
    }
}
