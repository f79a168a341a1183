import Foundation
import Readiness
import Results
import Testing
import Units

@testable import SampleChecks

@Suite("The result document")
struct DocumentTests {
    /// The JSON as a plain tree, read by nothing of the product's.
    static func tree(_ document: ResultDocument) throws -> [String: Any] {
        let tree = try JSONSerialization.jsonObject(with: document.encoded())
        return try #require(tree as? [String: Any])
    }

    @Test("comes back as it was written", arguments: SampleDocuments.all.map(\.name))
    func roundTrip(name: String) throws {
        let document = try #require(SampleDocuments.all.first { $0.name == name }?.document)
        #expect(try ResultDocument.decode(document.encoded()) == document)
    }

    @Test("is the same text every time")
    func stable() throws {
        let document = SampleDocuments.document(SampleDocuments.everythingWrong)
        #expect(try document.encoded() == document.encoded())
        #expect(try ResultDocument.decode(document.encoded()).encoded() == document.encoded())
    }

    @Test("has the published names")
    func names() throws {
        let tree = try Self.tree(SampleDocuments.document(SampleDocuments.ready))
        #expect(
            Set(tree.keys) == [
                "schema", "id", "site", "agent", "version", "started_at", "ended_at", "trigger", "profile",
                "duration_s", "intended_duration_s", "grade", "criteria", "findings", "clock", "probe_quality",
                "endpoints", "streams", "dscp", "load",
            ]
        )
        #expect(tree["schema"] as? String == "linecheck.result/1")
        #expect(tree["started_at"] as? String == "2026-11-24T06:00:12.345678Z")
        #expect(tree["ended_at"] as? String == "2026-11-24T06:01:12.345678Z")
        let stream = try #require((tree["streams"] as? [[String: Any]])?.first)
        #expect(
            Set(stream.keys) == [
                "endpoint", "protocol", "address", "port", "interval_ms", "payload_bytes", "dscp", "duration_s",
                "sequence", "reachability", "refused_replies", "method", "packets", "forward", "reverse", "round_trip",
                "r_factor", "mos",
            ]
        )
        let forward = try #require(stream["forward"] as? [String: Any])
        #expect(
            Set(forward.keys) == ["delay_ms", "jitter_ms", "ipdv_ms", "loss", "reordered", "duplicates", "dscp"]
        )
        #expect((forward["dscp"] as? [String: Int]) == ["46": 3_000])
        #expect((forward["jitter_ms"] as? [String: Double])?["worst_15s"] == 1.2)
        let quality = try #require(tree["probe_quality"] as? [String: Any])
        #expect((quality["send_error_us"] as? [String: Double]) == ["p50": 40, "p99": 310, "max": 900])
    }

    @Test("leaves out what is not known")
    func absent() throws {
        let silent = SampleDocuments.document(SampleDocuments.allSilent)
        let tree = try Self.tree(silent)
        let stream = try #require((tree["streams"] as? [[String: Any]])?.first)
        for key in ["method", "forward", "reverse", "round_trip", "mos", "r_factor"] { #expect(stream[key] == nil) }
        #expect(((tree["dscp"] as? [String: Any]).map { Set($0.keys) }) == ["required"])
        #expect(!String(decoding: try silent.encoded(), as: UTF8.self).contains("null"))
    }

    @Test("numbers have as many digits as mean something")
    func rounding() throws {
        var check = SampleDocuments.ready
        check.endpoints[0].streams[0].forwardDelay = 17.345_678_9
        let text = String(decoding: try SampleDocuments.document(check).encoded(), as: UTF8.self)
        #expect(text.contains("\"p95\" : 17.3457"))
        #expect(!text.contains("17.34567"))
        let long = text.matches(of: /[0-9]+\.[0-9]{8,}/)
        #expect(long.isEmpty)
    }

    @Test("the site's grade is its worst criterion")
    func grade() {
        #expect(SampleDocuments.document(SampleDocuments.ready).grade == .ready)
        #expect(SampleDocuments.document(SampleDocuments.blockedPort).grade == .notReady)
        #expect(SampleDocuments.document(SampleDocuments.inconclusive).grade == .inconclusive)
        #expect(SampleDocuments.document(SampleDocuments.nothing).grade == .inconclusive)
    }
}
