import CollectorRequests
import CollectorStore
import HTTPTypes
import Results
import Testing
import Units

@testable import Collector

/// What is refused, why, and that it is counted.
@Suite struct RefusalTests {
    private static let known = ["q", "grade", "sort", "after", "limit", "from", "until"]

    /// Reads whatever the API has parameters for.
    private func refusal(_ query: String, isForm: Bool = false) throws -> RequestRefusal? {
        let target = try #require(RequestTarget("/v1/sites?\(query)"))
        do throws(RequestRefusal) {
            let reader = try QueryReader(target, known: Self.known, isForm: isForm)
            _ = (try reader.text("q"), try reader.text("after"), try reader.count("limit", within: 1...1_000))
            _ = (try reader.period(), try reader.word("sort", FleetQuery.Order.self), try reader.status())
            // Pages have one grade at a time.
            if !isForm { _ = try reader.grades() }
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        (
            "colour=red", RefusalCause.parameter,
            "'colour' is no parameter here; it can be q, grade, sort, after, limit, from, until"
        ),
        ("limit=1&limit=2", .parameter, "limit: stands 2 times"),
        ("limit=0", .value, "limit: '0' is outside 1 to 1000"),
        ("limit=1e3", .value, "limit: '1e3' is outside 1 to 1000"),
        ("limit=99999999999999999999", .value, "limit: '99999999999999999999' is outside 1 to 1000"),
        ("limit=", .value, "limit: is empty"),
        ("q=a%00b", .value, "q: has the character U+0000"),
        ("sort=size", .value, "sort: 'size' is none of grade, name, last_seen"),
        ("grade=good", .value, "grade: 'good' is none of ready, inconclusive, at_risk, not_ready, silent"),
        ("from=yesterday", .value, "from: 'yesterday' is not a time, as 2026-11-30T08:00:00Z"),
        (
            "from=2026-11-30T08:00:00%2B01:00", .value,
            "from: '2026-11-30T08:00:00+01:00' is not a time, as 2026-11-30T08:00:00Z"
        ),
        (
            "from=2026-11-30T08:00:00Z&until=2026-11-30T07:59:59Z", .value,
            "until: 2026-11-30T07:59:59.000000Z is before from, 2026-11-30T08:00:00.000000Z"
        ),
    ])
    func parametersAreRefusedForAReason(query: String, cause: RefusalCause, detail: String) throws {
        #expect(try refusal(query) == RequestRefusal(cause, detail))
    }

    @Test(arguments: [
        "", "q=&after=", "limit=1000", "grade=ready", "q=\(String(repeating: "x", count: 200))",
        "from=2026-11-30T08:00:00Z&until=2026-11-30T08:00:00.000001Z&sort=last_seen",
    ])
    func goodParametersAreRead(query: String) throws { #expect(try refusal(query) == nil) }

    /// A browser sends every field of a form.
    @Test func whatIsNotFilledInSaysNothing() throws {
        #expect(try refusal("q=&grade=&sort=&limit=", isForm: true)?.detail == nil)
        #expect(try refusal("q=\(String(repeating: "x", count: 201))")?.detail == "q: has more than 200 characters")
    }

    // MARK: - Client-Cert (RFC 9440)

    /// Of the RFC's example, the beginning.
    private static let golden = ":MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQ=:"

    @Test func aCertificateOfAProxyIsRead() throws {
        let octets = try ClientCertificateHeader.octets(Self.golden)
        #expect(octets.prefix(6) == [0x30, 0x82, 0x01, 0xa8, 0x30, 0x82] && octets.count == 44)
        #expect(ClientCertificateHeader.value(octets) == Self.golden)
        #expect(try ClientCertificateHeader.octets(Self.golden.replacing("=", with: "")) == octets)
        for count in 1...64 {
            let octets = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + count) }
            #expect(try ClientCertificateHeader.octets(ClientCertificateHeader.value(octets)) == octets)
        }
    }

    @Test(arguments: [
        "", ":", "::", ":=:", "MIIB", ":MIIB", "MIIB:", ":MI IB:", ":MII_:", ":MII-:", ":M:", ":MI=IB:", "\"MIIB\"",
    ])
    func otherwiseWrittenItIsRefused(value: String) {
        #expect {
            try ClientCertificateHeader.octets(value)
        } throws: {
            ($0 as? RequestRefusal)?.cause == .clientCertificate
        }
    }

    // MARK: - Credentials (RFC 6750)

    @Test(arguments: [
        ("Bearer lcr_abc", "lcr_abc"), ("bearer lcr_abc", "lcr_abc"), ("Bearer  x", "x"),
        ("Bearer  ", nil), ("Basic abc", nil), ("Bearer", nil), ("Bearer ", nil), ("lcr_abc", nil),
    ])
    func tokensAreRead(value: String, token: String?) {
        #expect(Bearer.token([.authorization: value]) == token)
    }

    // MARK: - Counted

    private struct Still: ClockSource {
        func read() -> ClockReading {
            ClockReading(monotonic: MonotonicInstant(nanoseconds: 0), wall: WallInstant(nanosecondsSinceUnixEpoch: 0))
        }
    }

    /// Whatever is refused has a cause, which stands in the metrics from the start.
    @Test func everyCauseIsCounted() {
        let metrics = CollectorMetrics(version: "1", clock: Still())
        func line(_ cause: RefusalCause, _ count: Int) -> String {
            "linecheck_collector_refusals_total{reason=\"\(cause.rawValue)\"} \(count)\n"
        }
        let before = metrics.render(fleet: FleetCounts())
        for cause in RefusalCause.allCases { #expect(before.contains(line(cause, 0))) }
        for (index, cause) in RefusalCause.allCases.enumerated() { for _ in 0...index { metrics.count(cause) } }
        let after = metrics.render(fleet: FleetCounts())
        for (index, cause) in RefusalCause.allCases.enumerated() { #expect(after.contains(line(cause, index + 1))) }
    }

    @Test(arguments: [
        (HTTPResponse.Status.unauthorized, RefusalCause.credentials), (.forbidden, .place), (.notFound, .notFound),
        (.methodNotAllowed, .method), (.requestTimeout, .tooSlow), (.contentTooLarge, .tooLong),
        (.unsupportedMediaType, .mediaType), (.tooManyRequests, .tooOften), (.serviceUnavailable, .unavailable),
        (.internalServerError, .failure), (.badRequest, .body),
    ])
    func aStatusHasItsCause(status: HTTPResponse.Status, cause: RefusalCause) {
        #expect(Problem(status, "").cause == cause)
    }

    @Test(arguments: RefusalCause.allCases)
    func aRefusedRequestKeepsItsCause(cause: RefusalCause) {
        let problem = Problem(RequestRefusal(cause, "why"))
        #expect(problem.status == .badRequest && problem.cause == cause && problem.detail == "why")
    }
}
