import Readiness
import Results
import Testing
import Units

@testable import CollectorStore
@testable import SampleChecks

@Suite struct WritingTests {
    @Test(arguments: StoreKind.allCases)
    func aDocumentIsStoredOnceAndComesBackOctetForOctet(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let json = Array(
                "{ \"schema\":\"linecheck.result/1.7\", \"id\":\"a\",\n \"new\":[1.0e3,\"\\u0000é\"] }".utf8
            )
            let document = try MadeUp.result("a", json: json)
            #expect(try await store.store([document]) == [.stored])
            #expect(try await store.store([document]) == [.duplicate])
            let kept = try await store.document(site: "dublin", id: "a")
            #expect(kept?.json == json)
            #expect(kept?.kind == .result)
            #expect(kept?.receivedAt == document.receivedAt)
            #expect(try await store.document(site: "cork", id: "a") == nil)
            #expect(try await store.document(site: "dub\0lin", id: "a\0") == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func whatADuplicateSaysChangesNothing(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let first = try MadeUp.result("a") { $0.grade = .ready }
            let second = try MadeUp.result("a", at: MadeUp.start + MadeUp.hours(5)) { $0.grade = .notReady }
            _ = try await store.store([first])
            let row = try await store.standing(of: "dublin", now: MadeUp.start, silentAfter: MadeUp.hours(1))
            #expect(try await store.store([second]) == [.duplicate])
            #expect(try await store.standing(of: "dublin", now: MadeUp.start, silentAfter: MadeUp.hours(1)) == row)
            #expect(try await store.results(ResultQuery(site: "dublin")).rows.count == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func lotsAreInTheOrderOfTheBatch(_ kind: StoreKind) async throws {
        try await kind.with { store in
            _ = try await store.store([try MadeUp.result("b")])
            let batch = try [
                MadeUp.result("c"), MadeUp.result("b"), MadeUp.result("b", site: "cork"), MadeUp.result("a"),
                MadeUp.result("c"), MadeUp.assessment("b"), MadeUp.assessment("z"),
            ]
            let lots = try await store.store(batch)
            #expect(lots == [.stored, .duplicate, .stored, .stored, .duplicate, .duplicate, .stored])
            #expect(try await store.store([]) == [])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func everySampleComesBackWithItsFacts(_ kind: StoreKind) async throws {
        try await kind.with { store in
            for (index, sample) in SampleDocuments.all.enumerated() {
                var document = sample.document
                document.id = "sample-\(index)"
                let json = [UInt8](try document.encoded())
                let received = UTCTime(SampleDocuments.startedAt + .seconds(100))
                let ingested = try IngestedDocument(document, json: json, site: "dublin", receivedAt: received)
                #expect(try await store.store([ingested]) == [.stored])
                let rows = try await store.results(ResultQuery(site: "dublin")).rows
                let row = try #require(rows.first { $0.id == document.id })
                let facts = ResultFacts(document)
                #expect(row.grade == facts.grade)
                #expect(row.decider == facts.decider, "\(sample.name)")
                #expect(row.findings == Set(facts.findings.map(\.code)).sorted())
                let order = { (left: FigureFacts, right: FigureFacts) in
                    (left.endpoint, left.direction.rawValue) < (right.endpoint, right.direction.rawValue)
                }
                #expect(row.figures == facts.figures.sorted(by: order), "\(sample.name)")
                #expect(row.trigger == facts.trigger && row.profile == facts.profile && row.agent == facts.agent)
                #expect(row.startedAt == facts.startedAt && row.endedAt == facts.endedAt)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func manyAtOnceAreEachStoredOnce(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let lots = try await withThrowingTaskGroup(of: [DocumentLot].self) { group in
                for task in 0..<12 {
                    group.addTask {
                        let batch = try (0..<60).map { number in
                            try MadeUp.result("r\((number * 7 + task) % 90)", site: "s\((number + task) % 9)")
                        }
                        return try await store.store(batch)
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            var keys = Set<String>()
            for task in 0..<12 {
                for number in 0..<60 { keys.insert("\((number * 7 + task) % 90)/\((number + task) % 9)") }
            }
            #expect(lots.count { $0 == .stored } == keys.count)
            var count = 0
            for try await rows in store.export(ResultQuery()) { count += rows.count }
            #expect(count == keys.count)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func extremesOfNumbersAndTextsComeBack(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let name = "O'Brien; DROP TABLE site; -- \"x\" $1 ?1 %s \\ 東京"
            let text = String(repeating: "é", count: 128) + "'\"\\$1{},NULL\n\t"
            let figures = FigureFacts(
                endpoint: text,
                direction: .forward,
                figures: [
                    .delayP50: Figure(value: 0.1 + 0.2, low: -0.0, high: .greatestFiniteMagnitude),
                    .lossRatio: Figure(value: .leastNonzeroMagnitude, low: 0, high: 1),
                ],
                offered: .max,
                lost: .max,
                marks: [63: .max]
            )
            let document = try MadeUp.result("~!\"#$%&'()", site: name, json: Array(repeating: 32, count: 3_000_000)) {
                $0.agent = TextRules.storable("a\0b")
                $0.schedule = text
                $0.figures = [figures, figures]
                $0.findings = [MadeUp.finding(text), MadeUp.finding(text)]
                $0.startedAt = UTCTime(microseconds: .min)
                $0.endedAt = UTCTime(microseconds: .max)
            }
            #expect(try await store.store([document]) == [.stored])
            let row = try #require(try await store.results(ResultQuery(site: name)).rows.first)
            #expect(row.agent == "a\u{fffd}b")
            #expect(row.schedule == text)
            #expect(row.figures == [figures])
            #expect(row.startedAt == UTCTime(microseconds: .min))
            #expect(try await store.document(site: name, id: row.id)?.json.count == 3_000_000)
            #expect(try await store.results(ResultQuery(site: "x\0")).rows.isEmpty)
        }
    }
}
