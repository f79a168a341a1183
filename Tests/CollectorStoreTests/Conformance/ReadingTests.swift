import Foundation
import Readiness
import Results
import Testing
import Units

@testable import CollectorStore
@testable import SampleChecks

@Suite struct ReadingTests {
    private func fill(_ store: SQLStore) async throws {
        var batch: [IngestedDocument] = []
        for site in ["cork", "dublin", "sligo"] {
            for number in 0..<20 {
                // Pairs begin together: their ids order them.
                let at = MadeUp.start + .seconds(Int64(number / 2) * 900)
                batch.append(
                    try MadeUp.result("\(site)-\(number)", site: site, at: at) {
                        $0.grade = Grade.allCases[number % 4]
                        $0.agent = number % 5 == 0 ? "wifi" : "wired"
                        $0.trigger = number % 2 == 0 ? .schedule : .manual
                        $0.findings = number % 3 == 0 ? [MadeUp.finding("udp.blocked")] : []
                    }
                )
            }
        }
        _ = try await store.store(batch.shuffled())
    }

    private func all(_ store: SQLStore, _ query: ResultQuery, by limit: Int) async throws -> [ResultRow] {
        var (query, rows) = (query, [ResultRow]())
        query.limit = limit
        repeat {
            let page = try await store.results(query)
            #expect(page.rows.count <= limit)
            rows += page.rows
            query.after = page.next
        } while query.after != nil
        return rows
    }

    @Test(arguments: StoreKind.allCases)
    func pagesHaveEveryResultOnceInOrder(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await fill(store)
            for order in [ResultQuery.Order.oldestFirst, .latestFirst] {
                for site in [nil, "dublin"] {
                    let query = ResultQuery(site: site, order: order)
                    let rows = try await all(store, query, by: 7)
                    #expect(rows.count == (site == nil ? 60 : 20))
                    #expect(try await all(store, query, by: 1_000) == rows)
                    let sorted = rows.sorted { left, right in
                        if left.site != right.site { return left.site < right.site }
                        return order == .oldestFirst
                            ? (left.at, left.id) < (right.at, right.id) : (left.at, left.id) > (right.at, right.id)
                    }
                    #expect(sorted == rows)
                    #expect(rows.allSatisfy { $0.figures.count == MadeUp.facts.figures.count })
                }
            }
            await #expect(throws: StoreError.self) { try await store.results(ResultQuery(after: "eA")) }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func everyFilterFilters(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await fill(store)
            let rows = try await all(store, ResultQuery(), by: 1_000)
            let from = MadeUp.start + .seconds(1_800)
            let until = MadeUp.start + .seconds(5_400)
            let queries: [(ResultQuery, (ResultRow) -> Bool)] = [
                (ResultQuery(from: from, until: until), { $0.at >= from && $0.at < until }),
                (ResultQuery(grades: [.notReady, .atRisk]), { $0.grade >= .atRisk }),
                (ResultQuery(trigger: .schedule), { $0.trigger == .schedule }),
                (ResultQuery(agent: "wifi"), { $0.agent == "wifi" }),
                (ResultQuery(finding: "udp.blocked"), { $0.findings == ["udp.blocked"] }),
                (
                    ResultQuery(site: "cork", from: from, grades: [.ready], agent: "wired", finding: "udp.blocked"),
                    {
                        $0.site == "cork" && $0.at >= from && $0.grade == .ready && $0.agent == "wired"
                            && $0.findings == ["udp.blocked"]
                    }
                ),
            ]
            for (query, isMeant) in queries {
                let meant = rows.filter(isMeant)
                #expect(!meant.isEmpty)
                #expect(try await all(store, query, by: 4) == meant)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func anExportHasEverything(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await fill(store)
            var exported: [ResultRow] = []
            for try await rows in store.export(ResultQuery(site: "sligo")) { exported += rows }
            #expect(exported == (try await all(store, ResultQuery(site: "sligo", order: .oldestFirst), by: 1_000)))
            for try await _ in store.export(ResultQuery(site: "nowhere")) { Issue.record("rows of no site") }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func aFindingIsKnownSinceItsLastGap(_ kind: StoreKind) async throws {
        try await kind.with { store in
            // By agent and quarter of an hour: x has it, o has not.
            let runs: [(agent: String, has: String)] = [("wired", "xxoxxx"), ("wifi", "oxxoo")]
            for (agent, has) in runs {
                for (number, mark) in has.enumerated().reversed() {
                    let at = MadeUp.start + .seconds(Int64(number) * 900)
                    let document = try MadeUp.result("\(agent)-\(number)", at: at) {
                        $0.agent = agent
                        $0.findings = mark == "x" ? [MadeUp.finding("dscp.remarked.\(agent)", "at_risk")] : []
                    }
                    _ = try await store.store([document])
                }
            }
            let found = try await store.findings(of: "dublin", since: MadeUp.start)
            let wired = try #require(found.first)
            #expect(wired.code == "dscp.remarked.wired" && wired.isCurrent && wired.severity == .atRisk)
            #expect(wired.since == MadeUp.start + .seconds(3 * 900))
            #expect(wired.latestAt == MadeUp.start + .seconds(5 * 900) && wired.latestID == "wired-5")
            #expect(wired.results == 5)
            let wifi = try #require(found.last)
            #expect(!wifi.isCurrent && wifi.since == MadeUp.start + .seconds(900))
            #expect(wifi.latestID == "wifi-2" && wifi.results == 2)
            let recent = try await store.findings(of: "dublin", since: MadeUp.start + .seconds(4 * 900))
            #expect(recent.map(\.code) == ["dscp.remarked.wired"])
            #expect(recent.first?.since == wired.since && recent.first?.results == 2)
            #expect(try await store.findings(of: "cork", since: MadeUp.start).isEmpty)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func aFindingComesWithTheWordsOfItsLatestResult(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let document = SampleDocuments.document(SampleDocuments.everythingWrong)
            let json = [UInt8](try document.encoded())
            let received = UTCTime(SampleDocuments.startedAt + .seconds(100))
            _ = try await store.store([
                try IngestedDocument(document, json: json, site: "dublin", receivedAt: received)
            ])
            let found = try await store.findings(of: "dublin", since: document.startedAt)
            #expect(Set(found.map(\.code)) == Set(document.findings.map(\.code)))
            for finding in found {
                let words = document.findings.first { $0.code == finding.code }
                #expect(finding.summary == words?.summary && finding.remedy == words?.remedy)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func assessmentsComeLatestFirst(_ kind: StoreKind) async throws {
        try await kind.with { store in
            _ = try await store.store([
                try MadeUp.assessment("a", at: MadeUp.start, verdict: .noGo),
                try MadeUp.assessment("b", at: MadeUp.start + MadeUp.hours(1), verdict: .go),
                try MadeUp.assessment("c", site: "cork", at: MadeUp.start + MadeUp.hours(2), verdict: .insufficient),
            ])
            let own = try await store.assessments(of: "dublin", limit: 10)
            #expect(own.map(\.id) == ["b", "a"])
            #expect(own.map(\.facts.verdict) == [.go, .noGo])
            #expect(own.first?.facts.from == MadeUp.start - MadeUp.hours(23))
            #expect(try await store.assessments(of: nil, limit: 2).map(\.id) == ["c", "b"])
            #expect(try await store.document(site: "cork", id: "c")?.kind == .assessment)
            #expect(try await store.results(ResultQuery()).rows.isEmpty)
        }
    }
}
