// Answers of other servers.
import Testing

@testable import HTTP

@Suite struct AnswerParserTests {
    private func parse(_ text: String, isEnded: Bool = false) throws -> HTTPExchange.Answer? {
        try AnswerParser.parse(Array(text.utf8), isEnded: isEnded)
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", false), ("HTTP/1.0 200\r\n\r\nabc", true),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", false),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length:3\r\n\r\nabc", false),
    ])
    func `each framing is understood, and no part of an answer is taken for all of it`(text: String, isEnded: Bool)
        throws
    {
        let answer = try #require(try parse(text, isEnded: isEnded))
        #expect(answer.status == 200)
        #expect(String(decoding: answer.body, as: UTF8.self) == "abc")
        for count in 0..<text.utf8.count {
            #expect(try AnswerParser.parse(Array(text.utf8.prefix(count)), isEnded: false) == nil, "\(count)")
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\na",
    ])
    func `an answer that is cut is broken, not short`(text: String) {
        #expect(throws: HTTPExchangeError.broken) { try parse(text, isEnded: true) }
    }

    @Test(arguments: [
        "FTP 200\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    ])
    func `what is no HTTP is refused`(text: String) {
        #expect(throws: HTTPExchangeError.answerMalformed) { try parse(text) }
    }
}
