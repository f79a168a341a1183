import CollectorRequests
import CollectorStore
import HTTPTypes
import Results
import Testing
import Units

@testable import Collector

@Suite struct AccessTests {
    private let now = WallInstant(nanosecondsSinceUnixEpoch: 1_795_500_000_000_000_000)

    @Test func tokensAreLongAndTheirDigestsKnown() {
        let token = SecretToken(.site)
        #expect(token.text.hasPrefix("lcs_") && token.text.utf8.count == 47)
        #expect(SecretToken(.site) != token)
        // FIPS 180-2, appendix B.1.
        #expect(
            "\(SecretToken.digest(of: "abc"))" == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
    }

    @Test func aLoginHoldsForItsReaderAndItsTime() throws {
        let token = SecretToken(.reader)
        let reader = Reader(name: "Zoë", tokenDigest: token.digest, addedAt: UTCTime(now))
        let cookie = Session(reader: "Zoë", expiresAt: now + .seconds(60)).cookie(token.digest)
        #expect(Session.claim(cookie)?.reader == "Zoë")
        #expect(Session.holds(cookie, for: reader, now: now))
        #expect(!Session.holds(cookie, for: reader, now: now + .seconds(60)))
        var other = reader
        other.name = "Zoe"
        #expect(!Session.holds(cookie, for: other, now: now))
        var renewed = reader
        renewed.tokenDigest = SecretToken(.reader).digest
        #expect(!Session.holds(cookie, for: renewed, now: now))
        for index in cookie.indices {
            var forged = cookie
            forged.replaceSubrange(index...index, with: cookie[index] == "A" ? "B" : "A")
            // The last digit of a signature has two bits that stand for nothing.
            if index == cookie.index(before: cookie.endIndex) { continue }
            #expect(!Session.holds(forged, for: reader, now: now), "\(forged)")
        }
    }

    @Test(arguments: ["", ".", "..", "a.b.c", "QQ.1.", "QQ.-1.QQ", "QQ.99999999999.QQ", "+Q.1.QQ"])
    func noCookieTrapsAnything(cookie: String) {
        let reader = Reader(name: "A", tokenDigest: SecretToken(.reader).digest, addedAt: UTCTime(now))
        #expect(!Session.holds(cookie, for: reader, now: now))
    }

    @Test func anAllowanceFillsAgain() {
        let allowance = Allowance<String>(perMinute: 60, burst: 10)
        let start = MonotonicInstant(nanoseconds: 0)
        #expect(allowance.take(10, "a", now: start) == nil)
        #expect(allowance.take(3, "a", now: start) == .seconds(3))
        #expect(allowance.take(10, "b", now: start) == nil)
        #expect(allowance.take(3, "a", now: start + .seconds(3)) == nil)
        // More than ever fits is let pass when all is there.
        #expect(allowance.take(50, "a", now: start + .seconds(3)) == .seconds(10))
        #expect(allowance.take(50, "a", now: start + .seconds(13)) == nil)
    }

    @Test func anAllowanceForgetsWhoIsFull() {
        let allowance = Allowance<Int>(perMinute: 60, burst: 1, most: 4)
        for second in 0..<1_000 {
            #expect(allowance.take(1, second, now: MonotonicInstant(nanoseconds: Int64(second) * 1_000_000_000)) == nil)
        }
    }

    private func client(_ peer: String, _ headers: HTTPFields, proxies: [String] = ["10.0.0.0/8"]) throws -> Client {
        Client(
            peer: try IPPrefix(peer).address,
            tls: false,
            headers: headers,
            proxies: try proxies.map { try IPPrefix($0) }
        )
    }

    @Test func onlyConfiguredProxiesAreBelieved() throws {
        let headers: HTTPFields = [.xForwardedFor: "192.0.2.1, 198.51.100.7", .xForwardedProto: "https"]
        let direct = try client("203.0.113.5", headers)
        #expect("\(direct.address)" == "203.0.113.5" && !direct.isSecure && !direct.isProxied)
        let proxied = try client("10.0.0.1", headers)
        #expect("\(proxied.address)" == "198.51.100.7" && proxied.isSecure && proxied.isProxied)
    }

    @Test func whatAClientWroteItselfIsNotBelieved() throws {
        let through = try client("10.0.0.1", [.xForwardedFor: "127.0.0.1, 198.51.100.7, 10.0.0.2"])
        #expect("\(through.address)" == "198.51.100.7")
        let nonsense = try client("10.0.0.1", [.xForwardedFor: "127.0.0.1, unknown"])
        #expect("\(nonsense.address)" == "10.0.0.1")
    }

    @Test(arguments: [
        ("localhost", true), ("LOCALHOST:8480", true), ("127.0.0.1:8480", true), ("[::1]:80", true),
        ("127.9.9.9", true),
        ("collector.example.net", false), ("localhost.example.net", false), ("192.0.2.1:80", false), ("", false),
    ])
    func onlyLoopbackIsThisHost(authority: String, isLocal: Bool) {
        #expect(LocalName.isLocal(authority) == isLocal)
    }
}
