import Testing
import Units

@testable import Agent

@Suite struct CollectorAnswerTests {
    private func answer(
        _ status: Int,
        _ body: String = "",
        retryAfter: String? = nil,
        location: String? = nil
    ) -> CollectorAnswer {
        let response = HTTPResponse(
            status: status,
            retryAfter: retryAfter,
            location: location,
            body: Array(body.utf8)
        )
        return CollectorAnswer(.answered(response), now: ManualClock.start)
    }

    @Test func theLotOfEachDocument() {
        let body = """
            {"results":[{"id":"a","status":"stored"},{"id":"b","status":"duplicate","reason":null},
                        {"id":"c","status":"refused","reason":"criteria: is missing"},{"id":"d","status":"refused"},
                        {"id":"e","status":"pondered"}],"more":1}
            """
        #expect(
            answer(200, body)
                == .items([
                    "a": .stored, "b": .duplicate, "c": .refused("criteria: is missing"),
                    "d": .refused("refused without a reason"),
                ])
        )
    }

    @Test(arguments: [
        "", "{", "{\"results\":[{\"id\":\"a\",\"status\":\"stor", "<html>Please log in</html>", "[]", "{}",
    ])
    func whatIsNoAnswerSaysNothingOfAnyDocument(body: String) {
        guard case .failed = answer(200, body) else {
            Issue.record("\(body) was taken for an answer")
            return
        }
    }

    @Test func theStatusesAreToldApart() {
        #expect(answer(413, "{\"reason\":\"at most 1 MB\"}") == .tooLarge("HTTP 413: at most 1 MB"))
        for status in [400, 402, 406, 409, 410, 411, 414, 422, 431, 499] {
            #expect(answer(status, "{\"detail\":\"no\"}") == .refused("HTTP \(status): no"))
        }
        for status in [400, 402, 406, 422, 500, 502, 504] { #expect(answer(status) == .failed("HTTP \(status)")) }
        for status in [
            201, 202, 204, 301, 302, 307, 308, 401, 404, 405, 407, 408, 415, 421, 425, 426, 429, 451, 501, 503,
            599,
        ] {
            guard case .unavailable(let reason, nil) = answer(status) else {
                Issue.record("\(status) is no fault of a document")
                return
            }
            #expect(reason.hasPrefix("HTTP \(status)"))
        }
    }

    /// As a server or a filter before the collector says it.
    @Test func aRefusalWithoutAReasonCondemnsNoDocument() {
        let page = "<html><center>No required SSL certificate was sent</center></html>"
        #expect(answer(400, page) == .failed("HTTP 400"))
        guard case .failed = answer(403, "{\"reason\":\"who are you?\"}") else {
            Issue.record("403 is about credentials")
            return
        }
    }

    @Test func retryAfterIsHeededWhereItMeansSomething() {
        for status in [408, 425, 429, 500, 502, 503, 504] {
            guard case .unavailable(_, let wait?) = answer(status, retryAfter: "9"), wait == .seconds(9) else {
                Issue.record("Retry-After was not heeded with \(status)")
                return
            }
        }
        let date = answer(503, retryAfter: "Tue, 24 Nov 2026 12:00:30 GMT")
        #expect(date == .unavailable("HTTP 503", retryAfter: .seconds(30)))
    }

    @Test func aRedirectIsToldAndItsQueryIsNot() {
        guard case .unavailable(let reason, nil) = answer(302, location: "https://login.example/x?session=secret")
        else {
            Issue.record("a redirect is no answer")
            return
        }
        #expect(reason.contains("https://login.example/x,"))
        #expect(!reason.contains("secret"))
    }

    @Test func reasonsAreOneShortLineThatControlsNoTerminal() {
        let long = String(repeating: "x", count: 5_000)
        guard case .refused(let reason) = answer(400, "{\"reason\":\"a\\u001b[31m\\n\\u202eb\(long)\"}") else {
            Issue.record("400 refuses")
            return
        }
        #expect(reason.hasPrefix("HTTP 400: a [31m  b"))
        #expect(reason.count <= CollectorAnswer.longestReason + 10)
    }

    @Test func noAnswerAtAll() {
        #expect(
            CollectorAnswer(.notReached("could not resolve"), now: ManualClock.start)
                == .unavailable("could not resolve", retryAfter: nil)
        )
        #expect(CollectorAnswer(.cut("reset"), now: ManualClock.start) == .failed("reset"))
        #expect(CollectorAnswer(.interrupted, now: ManualClock.start) == .interrupted)
    }
}
