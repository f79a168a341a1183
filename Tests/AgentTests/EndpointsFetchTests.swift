import Foundation
import Readiness
import Results
import Settings
import Synchronization
import Testing
import Units

@testable import Agent

/// Microsoft's list from a server that is played, on a clock that is turned.
@Suite struct EndpointsFetchTests {
    /// Gives one answer after another, and keeps what it was asked.
    private final class Server: Sendable {
        let answers: Mutex<[CurlDownload.Answer]>
        let requests = Mutex<[CurlDownload.Request]>([])

        init(_ answers: CurlDownload.Answer...) { self.answers = Mutex(answers) }

        func answer(_ request: CurlDownload.Request) -> CurlDownload.Answer {
            requests.withLock { $0.append(request) }
            return answers.withLock { $0.isEmpty ? .failed("nothing more was expected") : $0.removeFirst() }
        }

        var count: Int { requests.withLock { $0.count } }
        var last: CurlDownload.Request? { requests.withLock { $0.last } }
    }

    private static func list(_ range: String) -> Data {
        Data(
            """
            [{"id": 11, "serviceArea": "Skype", "ips": ["\(range)"], "udpPorts": "3478,3479,3480,3481"}]
            """.utf8
        )
    }

    private static func body(_ range: String) -> CurlDownload.Answer {
        .body(list(range), etag: "\"v1\"", lastModified: "Tue, 24 Nov 2026 08:00:00 GMT")
    }

    private static func instant(_ hours: Double) -> WallInstant {
        WallInstant(nanosecondsSinceUnixEpoch: 1_795_500_000_000_000_000) + Nanoseconds(rounding: hours * 3.6e12)
    }

    private static func fetch(_ server: Server, _ folder: TemporaryFolder, url: String = "https://list.example/")
        -> EndpointsFetch
    {
        var fetch = EndpointsFetch(url: url, userAgent: "test", cachePath: "\(folder.path)/cache/list.json")
        fetch.download = { server.answer($0) }
        return fetch
    }

    @Test func aListIsKeptForADayAndThenAskedForOnCondition() throws {
        let folder = try TemporaryFolder()
        let server = Server(Self.body("192.0.2.0/24"), .notModified, Self.body("198.51.100.0/24"))
        let fetch = Self.fetch(server, folder)
        let first = fetch.ranges(now: Self.instant(0))
        #expect(first.text == "192.0.2.0/24" && first.asOf == Self.instant(0) && first.failure == nil)
        #expect(first.source == .fetched(url: "https://list.example/"))
        #expect(fetch.ranges(now: Self.instant(23.9)) == first && server.count == 1)
        let confirmed = fetch.ranges(now: Self.instant(24))
        #expect(confirmed.text == "192.0.2.0/24" && confirmed.asOf == Self.instant(24) && server.count == 2)
        #expect(server.last?.etag == "\"v1\"" && server.last?.lastModified == "Tue, 24 Nov 2026 08:00:00 GMT")
        #expect(fetch.ranges(now: Self.instant(47)).asOf == Self.instant(24) && server.count == 2)
        let renewed = fetch.ranges(now: Self.instant(48))
        #expect(renewed.text == "198.51.100.0/24" && renewed.asOf == Self.instant(48))
    }

    @Test func aFailureIsToldWithTheAgeOfWhatIsUsed() throws {
        let folder = try TemporaryFolder()
        let server = Server(Self.body("192.0.2.0/24"), .failed("connection refused"), .notModified)
        let fetch = Self.fetch(server, folder)
        _ = fetch.ranges(now: Self.instant(0))
        let old = fetch.ranges(now: Self.instant(30))
        #expect(old.text == "192.0.2.0/24" && old.asOf == Self.instant(0))
        #expect(
            old.failure
                == "Microsoft's list of endpoints could not be fetched from https://list.example/: connection refused; "
                + "the list of \(Self.instant(0).rfc3339.prefix(10)) is used, which is 30 h old"
        )
        #expect(fetch.ranges(now: Self.instant(30.9)).failure != nil && server.count == 2, "nobody asks at once again")
        #expect(fetch.ranges(now: Self.instant(31)).failure == nil && server.count == 3)
    }

    @Test func whereNothingWasKeptTheListThatCameWithLinecheckIsUsed() throws {
        let folder = try TemporaryFolder()
        let server = Server(.failed("no such host"), .body(Data("[]".utf8), etag: nil, lastModified: nil), .notModified)
        let fetch = Self.fetch(server, folder)
        for (hours, reason) in [(0.0, "no such host"), (2, "what it answers does not help"), (4, "nothing was kept")] {
            let found = fetch.ranges(now: Self.instant(hours))
            #expect(found.prefixes == MediaRanges.shipped.prefixes && found.source == .shipped)
            #expect(found.failure?.contains(reason) == true, "\(found.failure ?? "")")
            #expect(found.failure?.contains("the list that came with Linecheck, of 2026-06-06, is used") == true)
        }
    }

    @Test func whatIsKeptOfAnotherAddressOrDamagedIsNotUsed() throws {
        let folder = try TemporaryFolder()
        let server = Server(Self.body("192.0.2.0/24"), Self.body("198.51.100.0/24"), Self.body("203.0.113.0/24"))
        _ = Self.fetch(server, folder).ranges(now: Self.instant(0))
        let other = Self.fetch(server, folder, url: "https://other.example/")
        #expect(other.ranges(now: Self.instant(1)).text == "198.51.100.0/24" && server.last?.etag == nil)
        try Data("{".utf8).write(to: URL(fileURLWithPath: other.cachePath ?? ""))
        #expect(other.ranges(now: Self.instant(2)).text == "203.0.113.0/24")
    }

    @Test func aClockThatWasPutBackMakesNothingFresh() throws {
        let folder = try TemporaryFolder()
        let server = Server(Self.body("192.0.2.0/24"), .notModified)
        let fetch = Self.fetch(server, folder)
        _ = fetch.ranges(now: Self.instant(100))
        #expect(fetch.ranges(now: Self.instant(0)).asOf == Self.instant(0) && server.count == 2)
    }

    @Test func whereNothingCanBeKeptTheListIsUsedAndThatIsTold() throws {
        let folder = try TemporaryFolder()
        let server = Server(Self.body("192.0.2.0/24"), Self.body("192.0.2.0/24"))
        var fetch = Self.fetch(server, folder)
        fetch.cachePath = "/proc/nowhere/list.json"
        let found = fetch.ranges(now: Self.instant(0))
        #expect(found.text == "192.0.2.0/24" && found.failure?.contains("cannot be kept") == true)
        fetch.cachePath = nil
        #expect(fetch.ranges(now: Self.instant(1)).failure == nil)
    }

    @Test func microsoftIsToldThatSomebodyAsks() throws {
        let server = Server(.failed("x"), .failed("x"))
        for url in ["https://endpoints.office.com/endpoints/worldwide", "https://list.example/x"] {
            var fetch = EndpointsFetch(url: url, userAgent: "test", cachePath: nil)
            fetch.download = { server.answer($0) }
            _ = fetch.ranges(now: Self.instant(0))
        }
        let urls = server.requests.withLock { $0.map(\.url) }
        #expect(urls[0].hasPrefix("https://endpoints.office.com/endpoints/worldwide?clientrequestid="))
        #expect(urls[1] == "https://list.example/x")
    }

    @Test func thePlaceIsTheServicesOrTheUsers() {
        let name = "microsoft-endpoints.json"
        #expect(EndpointsFetch.cachePath(["STATE_DIRECTORY": "/a:/b", "HOME": "/h"]) == "/a/\(name)")
        #expect(EndpointsFetch.cachePath(["XDG_CACHE_HOME": "/c", "HOME": "/h"]) == "/c/linecheck/\(name)")
        #expect(EndpointsFetch.cachePath(["HOME": "/h"]) == "/h/.cache/linecheck/\(name)")
        #expect(EndpointsFetch.cachePath([:]) == nil)
    }

    @Test(
        arguments: [
            ("https://endpoints.office.com/endpoints/worldwide?clientrequestid=1&x=y", nil),
            ("http://127.0.0.1:8080/list", nil), ("http://localhost/list?x", nil), ("http://[::1]/list", nil),
            ("http://endpoints.office.com/", "is not encrypted"), ("http://10.0.0.1/", "is not encrypted"),
            ("http://localhost.example/", "is not encrypted"), ("ftp://x/", "is not an address"),
            ("https://u:p@x/", "a user or a password"), ("https://x/?a#b", "a character"), ("", "is not an address"),
        ] as [(String, String?)]
    )
    func addresses(text: String, refusal: String?) {
        do throws(TextRefusal) {
            let found = try SettingText.endpointsURL(text)
            #expect(refusal == nil && found == text)
        } catch {
            #expect(refusal.map { error.description.contains($0) } == true, "\(error)")
        }
    }
}
