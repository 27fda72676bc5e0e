// HTTPS by the server itself.
import ArgumentParser
import HTTP

struct TLSOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "PEM file with the server's certificate and its chain: HTTPS only, TLS 1.2 or 1.3. Read at the start and at SIGHUP.",
            valueName: "file"))
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("PEM file with the certificate's private key.", valueName: "file"))
    var tlsKey: String?

    @Option(
        name: .customLong("tls-client-ca"),
        help: ArgumentHelp(
            "PEM file with the authority of clients' certificates: nobody else is let in, and API keys hold all the same.",
            valueName: "file"))
    var tlsClientCA: String?

    var scheme: String { tlsCertificate == nil ? "http" : "https" }

    /// - Throws: `ValidationError` where one file is named without those that it needs.
    func check() throws {
        guard (tlsCertificate == nil) == (tlsKey == nil), tlsClientCA == nil || tlsCertificate != nil else {
            throw ValidationError(
                "--tls-certificate and --tls-key need each other, and --tls-client-ca needs both.")
        }
    }

    /// nil where HTTP is spoken.
    /// - Throws: `CommandFailure`.
    func context() throws -> TLSContext? {
        guard let tlsCertificate, let tlsKey else { return nil }
        for file in [tlsCertificate, tlsKey, tlsClientCA].compactMap(\.self) { try CommandFailure.requireFile(file) }
        do {
            return try TLSContext(certificate: tlsCertificate, key: tlsKey, clientAuthority: tlsClientCA)
        } catch {
            throw CommandFailure("\(error.description). The files are PEM, and the key is not encrypted.")
        }
    }
}
