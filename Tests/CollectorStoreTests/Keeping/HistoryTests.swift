import Readiness
import Results
import Testing
import Units

@testable import CollectorStore

@Suite struct HistoryTests {
    private static let hour: Int64 = 3_600_000_000
    private static let day: Int64 = 86_400_000_000
    private let forEver = KeepingPolicy(raw: .seconds(20_000 * 86_400), hoursPerCall: 100_000)

    private func expectHistory(
        _ store: SQLStore,
        _ year: SeededYear,
        from: UTCTime,
        until: UTCTime,
        _ comment: Comment
    ) async throws {
        for (resolution, stretch) in [(HistoryQuery.Resolution.hour, Self.hour), (.day, Self.day)] {
            let query = HistoryQuery(
                site: "dublin",
                from: from,
                until: until,
                resolution: resolution,
                limit: 100_000
            )
            let series = try await store.history(query)
            let expected = year.history(stretch: stretch, from: from, until: until)
            // Told apart first, since a difference of a year is hard to read.
            #expect(series.map(\.points.count) == expected.map(\.points.count), comment)
            for (found, meant) in zip(series, expected) {
                let wrong = zip(found.points, meant.points).first { $0 != $1 }
                #expect(found.endpoint == meant.endpoint && found.direction == meant.direction, comment)
                #expect(wrong == nil, comment)
            }
            let grades = try await store.gradeHistory(query)
            #expect(grades == year.grades(stretch: stretch, from: from, until: until), comment)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func rollUpsOfAYearAreExactHoweverResultsCome(_ kind: StoreKind) async throws {
        let year = try SeededYear(seed: 3, site: "dublin", days: 365, every: 3_000...12_000)
        let (from, until) = (MadeUp.start, MadeUp.start + MadeUp.hours(24 * 365))
        var generator = SeededGenerator(seed: 4)
        // In the order of arrival, with maintenance between, and some of them all over again.
        let arriving = year.checks.map(\.document).sorted { $0.receivedAt < $1.receivedAt }
        try await kind.with { store in
            var start = 0
            while start < arriving.count {
                let end = min(start + Int.random(in: 1...400, using: &generator), arriving.count)
                let again = (0..<5).compactMap { _ in arriving[0..<end].randomElement(using: &generator) }
                _ = try await store.store(arriving[start..<end] + again)
                let now = arriving[end - 1].receivedAt
                if Bool.random(using: &generator) { _ = try await store.maintain(now: now, policy: forEver) }
                start = end
            }
            let week = MadeUp.start + MadeUp.hours(24 * 100)
            try await expectHistory(store, year, from: week, until: week + MadeUp.hours(24 * 30), "partly rolled up")
            let report = try await store.maintain(now: until + MadeUp.hours(999), policy: forEver)
            #expect(report.hoursRolledUp > 0 && !report.hasMore)
            try await expectHistory(store, year, from: from, until: until, "rolled up")
            let again = try await store.maintain(now: until + MadeUp.hours(999), policy: forEver)
            #expect(again == KeepingReport(), "nothing is left to do")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func historyIsWholeBeforeAnyMaintenance(_ kind: StoreKind) async throws {
        let year = try SeededYear(seed: 5, site: "dublin", days: 3, every: 600...4_000)
        try await kind.with { store in
            _ = try await store.store(year.checks.map(\.document).reversed())
            let until = MadeUp.start + MadeUp.hours(72)
            try await expectHistory(store, year, from: MadeUp.start, until: until, "not rolled up")
            let raw = try await store.history(
                HistoryQuery(site: "dublin", from: MadeUp.start, until: until, resolution: .raw)
            )
            #expect(raw.reduce(0) { $0 + $1.points.count } == year.checks.reduce(0) { $0 + $1.figures.count })
            let grades = try await store.gradeHistory(
                HistoryQuery(site: "dublin", from: MadeUp.start, until: until, resolution: .raw)
            )
            #expect(grades.map(\.at) == year.checks.map(\.at))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func onlyWhatIsAskedForIsTold(_ kind: StoreKind) async throws {
        let year = try SeededYear(seed: 6, site: "dublin", days: 2, every: 600...4_000)
        let other = try SeededYear(seed: 7, site: "cork", days: 2, every: 600...4_000)
        try await kind.with { store in
            _ = try await store.store((year.checks + other.checks).map(\.document))
            for isMaintained in [false, true] {
                if isMaintained {
                    _ = try await store.maintain(now: MadeUp.start + MadeUp.hours(99), policy: forEver)
                }
                let series = try await store.history(
                    HistoryQuery(
                        site: "dublin",
                        // Within an hour: that hour is meant.
                        from: MadeUp.start + MadeUp.hours(5.5),
                        until: MadeUp.start + MadeUp.hours(9),
                        resolution: .hour,
                        endpoint: "turn://b:3478",
                        limit: 3
                    )
                )
                let expected = year.history(
                    stretch: Self.hour,
                    from: MadeUp.start + MadeUp.hours(5),
                    until: MadeUp.start + MadeUp.hours(9)
                ).filter { $0.endpoint == "turn://b:3478" }.map { series in
                    HistorySeries(
                        endpoint: series.endpoint,
                        direction: series.direction,
                        points: Array(series.points.prefix(3))
                    )
                }
                #expect(series == expected)
            }
        }
    }
}
