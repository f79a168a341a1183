import Readiness
import Results
import Testing
import Units

@testable import CollectorStore
@testable import SampleChecks

@Suite struct HostileDocumentTests {
    private let sample = SampleDocuments.document(SampleDocuments.everythingWrong)
    private let now = UTCTime(SampleDocuments.startedAt + .seconds(60))

    @Test(
        arguments: [
            ("", "is empty"), (".", "address"), ("..", "address"), ("a\0b", "control"), ("a\u{202e}b", "control"),
            (" a", "blank"), ("a\n", "control"), ("a\u{308}", "NFC"), (String(repeating: "x", count: 129), "129"),
        ]
    )
    func aSiteCannotBeCalledThat(name: String, reason: String) {
        let refusal = #expect(throws: DocumentRefusal.self) { try NameRules.check(site: name) }
        #expect(refusal?.description.contains(reason) == true, "\(refusal?.description ?? "")")
        #expect(refusal?.description.unicodeScalars.contains { $0.value < 32 } == false)
    }

    @Test(arguments: ["dublin", "Zürich 1", "東京", "a/b", "site-0042", "it's"])
    func aSiteCanBeCalledThat(name: String) throws { try NameRules.check(site: name) }

    @Test(arguments: ["", "a b", "a\0", "é", String(repeating: "0", count: 129)])
    func anIDLikeThatIsRefused(id: String) {
        var document = sample
        document.id = id
        #expect(throws: DocumentRefusal.self) {
            try IngestedDocument(document, json: [], site: "dublin", receivedAt: now)
        }
    }

    @Test func aDocumentThatIsTooLongIsRefused() {
        let json = [UInt8](repeating: 32, count: IngestedDocument.longest + 1)
        #expect(throws: DocumentRefusal.tooLong(octets: json.count, limit: json.count - 1)) {
            try IngestedDocument(sample, json: json, site: "dublin", receivedAt: now)
        }
    }

    @Test func textLosesWhatADatabaseDoesNotKeep() {
        #expect(TextRules.storable("a\0b") == "a\u{fffd}b")
        #expect(TextRules.storable("éé", upTo: 3) == "é")
        #expect(TextRules.storable(String(repeating: "x", count: 1_000)).utf8.count == 256)
        #expect(TextRules.storable("e\u{301}").unicodeScalars.count == 2)
    }

    @Test(
        arguments: [
            ("1700-01-01T00:00:00.000000Z", false), ("1970-01-01T00:00:00.000000Z", false),
            ("2262-01-01T00:00:00.000000Z", false), ("2020-01-01T00:00:00.000000Z", true),
        ]
    )
    func aTimeThatCannotBeCountsAsTheTimeOfArrival(text: String, isPlausible: Bool) throws {
        var document = sample
        let claimed = try #require(UTCTime(text))
        document.startedAt = claimed
        let ingested = try IngestedDocument(document, json: [], site: "dublin", receivedAt: now)
        #expect(ingested.at == (isPlausible ? claimed : now))
        guard case .result(let facts) = ingested.facts else { return }
        #expect(facts.startedAt == claimed)
    }

    @Test func aSitesClockMayBeAnHourAhead() {
        let tolerated = now + .seconds(3_600)
        #expect(ClockSanity.plausible(tolerated, receivedAt: now) == tolerated)
        #expect(ClockSanity.plausible(tolerated + .microseconds(1), receivedAt: now) == now)
    }

    @Test func figuresSurviveNumbersOutOfAllBounds() {
        var document = sample
        for index in document.streams.indices {
            document.streams[index].forward?.dscp = ["46": .max, "64": 1, "x": 1, "-1": 1, "0": -5]
            document.streams[index].forward?.delayMilliseconds?.p95Sampling = []
            document.streams[index].forward?.delayMilliseconds?.uncertainty = -1e308
        }
        document.endpoints = Array(repeating: document.endpoints[0], count: 100)
        document.findings = Array(repeating: document.findings[0], count: 1_000)
        let facts = ResultFacts(document)
        #expect(facts.figures.count <= 3 * FigureFacts.mostEndpoints)
        #expect(facts.findings.count == ResultFacts.mostFindings)
        for figures in facts.figures {
            #expect(figures.marks.keys.allSatisfy { $0 == 46 || (0...63).contains($0) })
            for figure in figures.figures.values { #expect(figure.low <= figure.value && figure.value <= figure.high) }
        }
    }
}
