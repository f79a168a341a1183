import Foundation
import Readiness
import Results
import Statistics
import Testing
import Units

@testable import SampleChecks

@Suite("Documents of random checks")
struct RandomDocumentTests {
    @Test("are read as they were written, and the schema describes them", arguments: [1, 2] as [UInt64])
    func random(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let documents = (0..<15).map { _ in
            SampleDocuments.document(check(&random), profile: Profile.all.randomElement(using: &random) ?? .teams)
        }
        for document in documents {
            #expect(try ResultDocument.decode(document.encoded()) == document, "seed \(seed)")
            #expect(document.grade == document.criteria.map(\.grade).max() ?? .inconclusive)
            for criterion in document.criteria {
                guard let interval = criterion.interval, let value = criterion.value else { continue }
                #expect(interval[0] <= value && value <= interval[1], "seed \(seed): \(criterion)")
                if criterion.grade == .ready, criterion.basis != Basis.roundTrip.rawValue, let target = criterion.target
                {
                    #expect(interval[1] < target + 1e-4, "seed \(seed): \(criterion)")
                }
            }
        }
        let trees = try documents.map { try SchemaTests.tree($0) }
        for errors in try SchemaTests.errors(trees, closed: true) { #expect(errors == [], "seed \(seed)") }
    }

    private func check(_ random: inout SplitMix) -> SampleCheck {
        var check = SampleCheck()
        check.endpoints = (0..<Int.random(in: 1...2, using: &random)).map { index in
            var endpoint = self.endpoint(&random)
            endpoint.name = "stamp://host\(index):3478-3481"
            return endpoint
        }
        check.quality.socketDrops = Bool.random(using: &random) ? 0 : Int.random(in: 1...50, using: &random)
        check.quality.missedSends = Bool.random(using: &random) ? 0 : 400
        check.quality.kernelTimestampsRatio = Double.random(in: 0...1, using: &random)
        check.clock.synchronized = Bool.random(using: &random)
        if Bool.random(using: &random) { check.requiredDSCP = nil }
        check.duration = .seconds(Int64.random(in: 1...60, using: &random))
        return check
    }

    private func endpoint(_ random: inout SplitMix) -> SampleEndpoint {
        var endpoint = SampleEndpoint()
        endpoint.streams = (3478...3481).map { stream(UInt16($0), &random) }
        endpoint.method = [DelayMethod.synchronized, .roundTripBounded, nil].randomElement(using: &random) ?? nil
        endpoint.uncertainty = Double.random(in: 0...60, using: &random)
        endpoint.isStateful = Bool.random(using: &random)
        endpoint.hasWindow = Bool.random(using: &random)
        endpoint.burstRatio = Double.random(in: 1...5, using: &random)
        endpoint.contradicted = Bool.random(using: &random)
        return endpoint
    }

    private func stream(_ port: UInt16, _ random: inout SplitMix) -> SampleStream {
        var stream = SampleStream(port: port)
        let outcomes: [Reachability] = [
            .answered, .answered, .answered, .silent, .notSent(reason: "no route to host"),
            .refused(source: "203.0.113.1", byEndpoint: Bool.random(using: &random), reason: "port unreachable"),
        ]
        stream.reachability = outcomes.randomElement(using: &random) ?? .answered
        stream.sent = Int.random(in: 2...3_000, using: &random)
        stream.forwardLost = Int.random(in: 0...(stream.sent / 100), using: &random)
        stream.reverseLost = Int.random(in: 0...(stream.sent / 100), using: &random)
        stream.forwardDelay = Double.random(in: 0.01...120, using: &random)
        stream.reverseDelay = Double.random(in: 0.01...120, using: &random)
        stream.sampling = Double.random(in: 0...0.01, using: &random)
        stream.forwardJitter = Double.random(in: 0...40, using: &random)
        stream.lossWorst15s = Double.random(in: 0...1, using: &random)
        stream.lossWorst200ms = Double.random(in: 0...1, using: &random)
        stream.reordered = Int.random(in: 0...2, using: &random)
        stream.farEndDSCP = [nil, [46: 5], [0: 5], [46: 3, 10: 2]].randomElement(using: &random) ?? nil
        stream.returnRefused = Bool.random(using: &random)
        stream.refusedReplies = Bool.random(using: &random) ? [:] : ["malformed": 2]
        return stream
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
