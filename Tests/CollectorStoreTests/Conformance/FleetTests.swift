import Readiness
import Results
import Testing
import Units

@testable import CollectorStore

@Suite struct FleetTests {
    private let now = MadeUp.start + MadeUp.hours(240)
    private let silentAfter = MadeUp.hours(2)

    private func query(_ change: (inout FleetQuery) -> Void = { _ in }) -> FleetQuery {
        var query = FleetQuery(now: now, silentAfter: silentAfter)
        change(&query)
        return query
    }

    /// One site of each standing, and one of which nothing ever came.
    private func fill(_ store: SQLStore) async throws {
        let grades: [(String, Grade)] = [
            ("Alpha", .ready), ("bravo", .notReady), ("Charlie", .atRisk), ("delta", .inconclusive), ("Écho", .ready),
        ]
        for (index, (site, grade)) in grades.enumerated() {
            let at = now - .seconds(Int64(60 * index + 70))
            let document = try MadeUp.result("r-\(site.utf8.count)-\(index)", site: site, at: at) { $0.grade = grade }
            _ = try await store.store([document])
        }
        _ = try await store.store([try MadeUp.result("old", site: "foxtrot", at: now - MadeUp.hours(3))])
        _ = try await store.addSite("golf", now: now)
        _ = try await store.store([try MadeUp.assessment("v", site: "hotel", at: now)])
    }

    @Test(arguments: StoreKind.allCases)
    func eachSiteCountsOnce(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await fill(store)
            let counts = try await store.fleetCounts(now: now, silentAfter: silentAfter)
            #expect(counts[.graded(.ready)] == 2 && counts[.graded(.notReady)] == 1 && counts[.graded(.atRisk)] == 1)
            #expect(counts[.graded(.inconclusive)] == 1 && counts.silent == 3 && counts.total == 8)
            #expect(try await store.fleet(query()).counts == counts)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func ordersAreWorstFirstByNameAndLongestUnheardFirst(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await fill(store)
            let worst = ["bravo", "foxtrot", "golf", "hotel", "Charlie", "delta", "Alpha", "Écho"]
            #expect(try await store.fleet(query()).rows.map(\.site) == worst)
            let names = ["Alpha", "bravo", "Charlie", "delta", "foxtrot", "golf", "hotel", "Écho"]
            #expect(try await store.fleet(query { $0.order = .name }).rows.map(\.site) == names)
            let unheard = ["golf", "foxtrot", "Écho", "delta", "Charlie", "bravo", "Alpha", "hotel"]
            #expect(try await store.fleet(query { $0.order = .lastHeard }).rows.map(\.site) == unheard)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func filtersNarrowWhatMatchesAndNotTheCounts(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await fill(store)
            let found = try await store.fleet(query { $0.text = "ÉCH" })
            #expect(found.rows.map(\.site) == ["Écho"])
            #expect(found.matching == 1 && found.counts.total == 8)
            #expect(try await store.fleet(query { $0.text = "%" }).rows.isEmpty)
            #expect(try await store.fleet(query { $0.text = "a\0" }).rows.isEmpty)
            let silent = try await store.fleet(query { $0.status = .silent })
            #expect(silent.rows.map(\.site) == ["foxtrot", "golf", "hotel"] && silent.matching == 3)
            let both = try await store.fleet(
                query {
                    $0.text = "a"
                    $0.status = .graded(.ready)
                }
            )
            #expect(both.rows.map(\.site) == ["Alpha"] && both.matching == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func pagesHaveEverySiteOnce(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await fill(store)
            for order in FleetQuery.Order.allCases {
                let all = try await store.fleet(query { $0.order = order }).rows
                var paged: [FleetRow] = []
                var after: String?
                repeat {
                    let page = try await store.fleet(
                        query {
                            $0.order = order
                            $0.limit = 3
                            $0.after = after
                        }
                    )
                    paged += page.rows
                    after = page.next
                } while after != nil
                #expect(paged == all, "\(order)")
            }
            await #expect(throws: StoreError.badCursor("nonsense")) {
                try await store.fleet(query { $0.after = "nonsense" })
            }
            let other = try await store.fleet(query { $0.limit = 1 }).next
            await #expect(throws: StoreError.self) {
                try await store.fleet(
                    query {
                        $0.order = .name
                        $0.after = other
                    }
                )
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func theRowIsTheSameInWhateverOrderResultsCome(_ kind: StoreKind) async throws {
        var generator = SeededGenerator(seed: 11)
        let documents = try (0..<120).map { number in
            let at = now - .seconds(Int64.random(in: 0...(9 * 86_400), using: &generator))
            return try MadeUp.result("r\(number)", at: at, receivedAt: now) {
                $0.grade = Grade.allCases.randomElement(using: &generator) ?? .ready
            }
        }
        let latest = try #require(documents.max { ($0.at, $0.id) < ($1.at, $1.id) })
        var expected: [Int64: Grade] = [:]
        let quarter: Int64 = 21_600_000_000
        for document in documents {
            guard case .result(let facts) = document.facts else { continue }
            let index = document.at.microsecondsSinceUnixEpoch / quarter
            expected[index] = max(expected[index] ?? .ready, facts.grade)
        }
        let last = now.microsecondsSinceUnixEpoch / quarter
        let trend = ((last - 27)...last).map { expected[$0] }
        for order in 0..<3 {
            let shuffled = order == 0 ? documents : documents.shuffled(using: &generator)
            try await kind.with { store in
                for start in stride(from: 0, to: shuffled.count, by: 7) {
                    _ = try await store.store(Array(shuffled[start..<min(start + 7, shuffled.count)]))
                }
                let row = try #require(try await store.fleet(query()).rows.first)
                #expect(row.trend.worst == trend)
                #expect(row.latest?.id == latest.id && row.latest?.at == latest.at)
                #expect(row.lastHeardAt == now)
                #expect(row.latest?.decider == MadeUp.facts.decider)
                #expect(try await store.standing(of: "dublin", now: now, silentAfter: silentAfter) == row)
            }
        }
    }
}
