import Readiness
import Results
import Testing
import Units

@testable import CollectorStore

@Suite struct RetentionTests {
    private static let hour: Int64 = 3_600_000_000
    private static let day: Int64 = 86_400_000_000

    private func maintainAll(
        _ store: SQLStore,
        now: UTCTime,
        _ policy: KeepingPolicy
    ) async throws -> [KeepingReport] {
        var reports: [KeepingReport] = []
        repeat {
            reports.append(try await store.maintain(now: now, policy: policy))
        } while reports.last?.hasMore == true
        return reports
    }

    private func query(_ resolution: HistoryQuery.Resolution, days: Int) -> HistoryQuery {
        HistoryQuery(
            site: "dublin",
            from: MadeUp.start,
            until: MadeUp.start + MadeUp.hours(Double(24 * days)),
            resolution: resolution,
            limit: 100_000
        )
    }

    @Test(arguments: StoreKind.allCases)
    func rawResultsGoAfterTheirTimeAndRollUpsStay(_ kind: StoreKind) async throws {
        let year = try SeededYear(seed: 8, site: "dublin", days: 120, every: 3_000...9_000)
        let end = MadeUp.start + MadeUp.hours(24 * 120)
        let policy = KeepingPolicy(raw: MadeUp.hours(24 * 30), hoursPerCall: 300, resultsPerCall: 100)
        try await kind.with { store in
            _ = try await store.store(year.checks.map(\.document))
            let reports = try await maintainAll(store, now: end, policy)
            #expect(reports.allSatisfy { $0.hoursRolledUp <= 300 && $0.resultsDropped <= 100 })
            let cutoff = MadeUp.start + MadeUp.hours(24 * 90)
            let kept = year.checks.filter { $0.document.receivedAt >= cutoff }
            var left: [ResultRow] = []
            for try await rows in store.export(ResultQuery()) { left += rows }
            #expect(Set(left.map(\.id)) == Set(kept.map(\.document.id)))
            #expect(reports.reduce(0) { $0 + $1.resultsDropped } == year.checks.count - kept.count)
            for check in [year.checks[0], year.checks[year.checks.count - 1]] {
                let document = try await store.document(site: "dublin", id: check.document.id)
                #expect((document != nil) == (check.document.receivedAt >= cutoff))
            }
            for (resolution, stretch) in [(HistoryQuery.Resolution.hour, Self.hour), (.day, Self.day)] {
                #expect(
                    try await store.history(query(resolution, days: 120))
                        == year.history(stretch: stretch, from: MadeUp.start, until: end)
                )
            }
            let row = try await store.standing(of: "dublin", now: end, silentAfter: MadeUp.hours(1))
            #expect(row?.latest?.id == year.checks.last?.document.id)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func aResultOfAClosedDayIsKeptAndNotCounted(_ kind: StoreKind) async throws {
        let year = try SeededYear(seed: 9, site: "dublin", days: 60, every: 3_000...9_000)
        let end = MadeUp.start + MadeUp.hours(24 * 60)
        let policy = KeepingPolicy(raw: MadeUp.hours(24 * 30))
        try await kind.with { store in
            _ = try await store.store(year.checks.map(\.document))
            _ = try await maintainAll(store, now: end, policy)
            let before = try await store.history(query(.day, days: 60))
            let late = try MadeUp.result("late", at: MadeUp.start + MadeUp.hours(30.5), receivedAt: end)
            #expect(try await store.store([late]) == [.stored])
            #expect(try await store.history(query(.day, days: 60)) == before)
            _ = try await maintainAll(store, now: end + MadeUp.hours(2), policy)
            #expect(try await store.history(query(.day, days: 60)) == before)
            #expect(try await store.document(site: "dublin", id: "late") != nil)
            #expect(try await store.store([late]) == [.duplicate])
            _ = try await maintainAll(store, now: end + MadeUp.hours(24 * 31), policy)
            #expect(try await store.document(site: "dublin", id: "late") == nil)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func rollUpsAndAssessmentsGoWhereThePolicySaysSo(_ kind: StoreKind) async throws {
        let year = try SeededYear(seed: 10, site: "dublin", days: 40, every: 6_000...9_000)
        let end = MadeUp.start + MadeUp.hours(24 * 40)
        let policy = KeepingPolicy(
            raw: MadeUp.hours(24 * 10),
            hourly: MadeUp.hours(24 * 20),
            daily: MadeUp.hours(24 * 30),
            assessments: MadeUp.hours(24 * 35)
        )
        try await kind.with { store in
            _ = try await store.store(year.checks.map(\.document))
            _ = try await store.store([
                try MadeUp.assessment("old", at: MadeUp.start), try MadeUp.assessment("new", at: end),
            ])
            let reports = try await maintainAll(store, now: end, policy)
            #expect(reports.reduce(0) { $0 + $1.rollUpsDropped } > 0)
            #expect(reports.reduce(0) { $0 + $1.assessmentsDropped } == 1)
            let hours = try await store.history(query(.hour, days: 40))
            #expect(hours.flatMap(\.points).allSatisfy { $0.at >= MadeUp.start + MadeUp.hours(24 * 20) })
            let days = try await store.gradeHistory(query(.day, days: 40))
            #expect(days.first?.at == MadeUp.start + MadeUp.hours(24 * 10))
            #expect(try await store.assessments(of: "dublin", limit: 9).map(\.id) == ["new"])
            #expect(try await store.document(site: "dublin", id: "old") == nil)
        }
    }

    @Test func settingsThatMakeNoSenseDoNoHarm() async throws {
        try await StoreKind.sqlite.with { store in
            _ = try await store.store([try MadeUp.result("a")])
            let policy = KeepingPolicy(raw: .maximum, hourly: .maximum, hoursPerCall: 0, resultsPerCall: 0)
            let report = try await store.maintain(now: MadeUp.start, policy: policy)
            #expect(report.hasMore)
            _ = try await store.maintain(now: UTCTime(microseconds: .min), policy: KeepingPolicy(raw: .maximum))
            _ = try await store.maintain(now: MadeUp.start, policy: KeepingPolicy(raw: .maximum))
            #expect(try await store.document(site: "dublin", id: "a") != nil)
        }
    }
}
