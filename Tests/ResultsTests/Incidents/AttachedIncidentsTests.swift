import Foundation
import Readiness
import Statistics
import Testing
import Units

@testable import Results
@testable import SampleChecks

@Suite("The incidents that a result carries")
struct AttachedIncidentsTests {
    private static func result(_ incidents: [IncidentEvidence]) -> ResultDocument {
        var evidence = SampleDocuments.ready.evidence
        evidence.incidents = incidents
        return ResultDocument(
            evidence: evidence,
            verdict: Verdict.reached(on: evidence, profile: .teams),
            description: SampleDocuments.description(of: evidence)
        )
    }

    @Test("are as the schema says, down to the last key, and are read as they were written")
    func schema() throws {
        let result = Self.result([SampleIncidents.lossBurst, SampleIncidents.unproven])
        #expect(try SchemaTests.errors([SchemaTests.tree(result)], closed: true) == [[]])
        #expect(try ResultDocument.decode(result.encoded()) == result)
        let incidents = try #require(result.incidents)
        #expect(incidents.count == 2 && result.incidentsLeftOut == nil)
        let packets = try #require(incidents[0].packets)
        #expect(
            try packets.record().packets.map(\.sequence) == SampleIncidents.lossBurst.incident.packets.map(\.sequence)
        )
    }

    @Test("are absent where there are none")
    func none() throws {
        let tree = try SchemaTests.tree(Self.result([]))
        #expect(tree["incidents"] == nil && tree["incidents_left_out"] == nil)
    }

    @Test("never take more than a result may carry, and what is left out is said", arguments: [1, 40])
    func bounded(factor: Int) throws {
        var random = SplitMix(state: 3)
        let incidents = (0..<40).map { index in
            var evidence = SampleIncidents.lossBurst
            evidence.incident.packets = MadeUpPackets.ordinary(100 * factor, jitter: 9, lost: 0.1, &random)
            evidence.incident.broken[0].value = 0.02 + Double(index) / 1_000
            return evidence
        }
        let result = Self.result(incidents)
        let listed = try #require(result.incidents)
        let left = try #require(result.incidentsLeftOut)
        #expect(listed.count == 16 && left.incidents == 24)
        let octets = listed.compactMap(\.packets).reduce(0) { $0 + $1.data.utf8.count }
        #expect(octets <= 98_304)
        #expect(left.packetRecords == listed.count { $0.packets == nil })
        #expect(factor == 1 ? left.packetRecords == 0 : left.packetRecords > 8)
        // The worst come first, and with their packets.
        #expect(listed[0].broken[0].value > listed[15].broken[0].value && listed[0].packets != nil)
        #expect(try SchemaTests.errors([SchemaTests.tree(result)], closed: true) == [[]])
        #expect(try result.encoded().count < 250_000)
    }

    @Test("one whose packets are too many has those around its worst window")
    func narrowed() throws {
        var random = SplitMix(state: 4)
        var evidence = SampleIncidents.lossBurst
        let window = evidence.incident.worst
        var packets = MadeUpPackets.ordinary(40_000, jitter: 9, lost: 0.1, &random)
        for index in packets.indices {
            packets[index].sentAt = window.from - .seconds(30) + .milliseconds(2) * Int64(index)
        }
        evidence.incident.packets = packets
        evidence.incident.interval = .milliseconds(2)
        let document = try #require(Self.result([evidence]).incidents?.first?.packets)
        #expect(document.from >= UTCTime(window.from - .seconds(5)))
        #expect(document.until <= UTCTime(window.until + .seconds(6)))
        #expect(document.count > 12_000)
    }

    @Test("a schema that knows them refuses what is wrong with them")
    func damages() throws {
        let good = try SchemaTests.tree(Self.result([SampleIncidents.lossBurst]))
        let damages: [(String, Any?)] = [
            ("port", 0), ("broken", [Any]()), ("from", "yesterday"), ("interval_ms", 0), ("endpoint", nil),
            ("packets", ["format": "linecheck.packets/2", "from": 1]), ("stream", -1),
        ]
        let damaged = try damages.map { key, value in
            var tree = good
            var incidents = try #require(tree["incidents"] as? [[String: Any]])
            incidents[0][key] = value
            tree["incidents"] = incidents
            return tree
        }
        for (errors, damage) in zip(try SchemaTests.errors(damaged), damages) {
            #expect(!errors.isEmpty, "\(damage.0)")
        }
    }
}
