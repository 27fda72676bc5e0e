// Notices as Standard Webhooks has them.
import Domain
import Foundation
import HTTP
import Testing

@testable import Delivery

@Suite struct WebhookTests {
    /// Secret, id, time, body and signature of the test vector in the reference libraries of Standard Webhooks.
    @Test func `the signature is that of the reference libraries`() throws {
        let secret = try WebhookSecret(text: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        let webhook = try Webhook(url: "http://localhost:9/hook", secret: secret, publicURL: "")
        let fields = try webhook.fields(
            event: "msg_p5jXN8AQM9LWM0D4loKWxJek", Array(#"{"test": 2432232314}"#.utf8),
            at: Date(timeIntervalSince1970: 1_614_265_330.9))
        #expect(fields["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        #expect(fields["webhook-timestamp"] == "1614265330")
        #expect(fields["webhook-id"] == "msg_p5jXN8AQM9LWM0D4loKWxJek")
    }

    @Test(arguments: ["", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_no base64 at all!"])
    func `a secret of another form or too short is refused`(text: String) {
        #expect(throws: DeliveryError.secretUnusable) { try WebhookSecret(text: text) }
    }

    @Test func `what has waited for a week is given up`() {
        let backoff = DeliveryBackoff()
        #expect(backoff.seconds(attempts: 2, age: 10) == 4)
        #expect(backoff.seconds(attempts: 2000, age: 7 * 86_400 + 1) == nil)
    }
}
