// What the service's operator says about DICOMweb.

/// How DICOM objects are received and pointed at.
package struct DICOMWebSettings: Sendable {
    /// A series of which nothing more came for so long is complete. Half a minute outlasts the pause between two requests
    /// of a PACS that sends each object by itself (our choice).
    package var quietSeconds: Double
    /// What stands before `/dicom-web` in the URLs of answers, e.g. `https://osteon.example.org`. Empty makes them paths:
    /// the Host that a client sends cannot be relied on, for dicomweb-client leaves the port out.
    package var publicURL: String

    package init(quietSeconds: Double = 30, publicURL: String = "") {
        self.quietSeconds = quietSeconds
        self.publicURL = publicURL
    }

    /// What stands before `/studies`.
    var base: String { publicURL + "/dicom-web" }
}

/// Media types of DICOM (PS3.18 §8.7.3).
enum DICOMMediaType {
    /// Without parameters: dicomweb-client 0.61 reads nothing from an answer that has `charset` behind it.
    static let json = "application/dicom+json"
    static let file = "application/dicom"
    static let related = "multipart/related"
}
