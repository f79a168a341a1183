import Readiness
import Testing
import Units

@testable import CollectorStore
@testable import Results
@testable import SampleChecks

@Suite struct ResultFactsTests {
    private func facts(_ name: String) throws -> (document: ResultDocument, facts: ResultFacts) {
        let sample = try #require(SampleDocuments.all.first { $0.name == name })
        return (sample.document, ResultFacts(sample.document))
    }

    @Test func aReadyCheckOwesItsGradeToNothing() throws {
        let (_, facts) = try facts("ready")
        #expect(facts.grade == .ready)
        #expect(facts.decider == nil)
        #expect(facts.agent == "box-17")
        #expect(facts.schedule == nil)
    }

    @Test func aBlockedPortDecides() throws {
        let (_, facts) = try facts("blocked port")
        guard case .criterion(let criterion) = facts.decider else {
            Issue.record("\(String(describing: facts.decider))")
            return
        }
        #expect(criterion.name == "reachability")
        #expect(criterion.port == 3480)
        #expect(facts.findings.map(\.code).contains("udp.blocked"))
    }

    @Test func aFindingDecidesWhereNoCriterionIsThatBad() throws {
        var (document, _) = try facts("ready")
        document.grade = .atRisk
        document.findings = [
            FindingDocument(
                code: "path.vpn_hairpin",
                severity: "at_risk",
                summary: "Media takes the tunnel.",
                evidence: [:],
                remedy: "Let it take the way out."
            )
        ]
        let facts = ResultFacts(document)
        #expect(facts.decider == .finding(code: "path.vpn_hairpin", summary: "Media takes the tunnel."))
    }

    @Test func figuresAreThoseOfTheWorstPortWithTheEndsOfTheirUncertainty() throws {
        let (document, facts) = try facts("everything wrong")
        let forward = try #require(facts.figures.first { $0.direction == .forward })
        let delays = document.streams.compactMap { $0.forward?.delayMilliseconds }
        let worst = try #require(delays.max { $0.p95 < $1.p95 })
        let figure = try #require(forward.figures[.delayP95])
        #expect(figure.value == worst.p95)
        #expect(figure.low == max(0, worst.p95Sampling[0] - worst.uncertainty))
        #expect(figure.high == worst.p95Sampling[1] + worst.uncertainty)
        let loss = try #require(document.endpoints[0].forwardLoss)
        #expect(forward.figures[.lossRatio] == Figure(value: loss.ratio, low: loss.low, high: loss.high))
        #expect(forward.lost == loss.lost)
        #expect(forward.offered == loss.offered)
        #expect(forward.marks[34] == 910)
    }

    @Test func whatWasNotMeasuredIsAbsent() throws {
        let (_, facts) = try facts("without far times")
        let round = try #require(facts.figures.first { $0.direction == .roundTrip })
        #expect(round.figures[.delayP95] != nil)
        for figures in facts.figures where figures.direction != .roundTrip {
            #expect(figures.offered == nil)
        }
        let (_, nothing) = try self.facts("nothing")
        #expect(nothing.figures.isEmpty)
    }

    @Test func everySampleCanBeIngested() throws {
        let now = UTCTime(SampleDocuments.startedAt + .seconds(60))
        for (name, document) in SampleDocuments.all {
            let json = [UInt8](try document.encoded())
            let ingested = try IngestedDocument(document, json: json, site: "dublin", receivedAt: now)
            #expect(ingested.at == document.startedAt, "\(name)")
            #expect(ingested.kind == .result)
        }
    }
}
