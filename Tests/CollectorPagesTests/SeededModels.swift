import CollectorPages
import CollectorStore
import Readiness
import Results
import Units

@testable import SampleChecks

/// Fleets and sites that never were, the same from the same seed.
struct SeededModels {
    var random: SeededPages

    init(seed: UInt64) { random = SeededPages(state: seed) }

    static let now = UTCTime(SampleDocuments.startedAt + .seconds(3_600))
    static let viewer = Viewer(name: "noc", version: "0.1.0")
    static let silentAfter = Nanoseconds.seconds(3_600)
    static let endpoint = "stamp://reflect.example.net:3478-3481"

    // MARK: The fleet

    private static let places = [
        "amsterdam", "athens", "berlin", "bilbao", "cork", "dublin", "gdansk", "ghent", "graz", "leeds", "lyon",
        "malmo",
        "milan", "oslo", "porto", "riga", "turin", "utrecht", "vienna", "zagreb",
    ]

    mutating func fleet(sites: Int, rows: Int, query: FleetQuery? = nil) -> FleetView.Model {
        var page = FleetPage(counts: FleetCounts(), matching: sites, rows: [], next: sites > rows ? "c2l0ZQ" : nil)
        let all = (0..<sites).map { row($0) }
        for row in all { page.counts[row.status] += 1 }
        let order = { (row: FleetRow) in Self.byUrgency.firstIndex(of: row.status) ?? 0 }
        page.rows = Array(all.sorted { (order($0), $0.site) < (order($1), $1.site) }.prefix(rows))
        let query = query ?? FleetQuery(now: Self.now, silentAfter: Self.silentAfter)
        return FleetView.Model(viewer: Self.viewer, query: query, page: page)
    }

    private static let byUrgency: [SiteStatus] = [
        .graded(.notReady), .silent, .graded(.atRisk), .graded(.inconclusive), .graded(.ready),
    ]

    mutating func row(_ number: Int) -> FleetRow {
        let grade = self.grade()
        let isSilent = Int.random(in: 0..<40, using: &random) == 0
        let place = Self.places[number % Self.places.count]
        let minutes =
            isSilent ? Int64.random(in: 61...40_000, using: &random) : Int64.random(in: 0...15, using: &random)
        let latest = LatestResult(
            id: "01a20c23-f339-72ce-b286-\(100_000_000_000 + number)",
            at: Self.now - .seconds(minutes * 60 + 60),
            grade: grade,
            decider: decider(grade),
            agent: "box-\(number % 97)",
            version: "0.1.0"
        )
        return FleetRow(
            site: "\(place)-\(100 + number / Self.places.count)",
            status: isSilent ? .silent : .graded(grade),
            lastHeardAt: Self.now - .seconds(minutes * 60),
            latest: latest,
            trend: trend(grade)
        )
    }

    private mutating func grade() -> Grade {
        switch Int.random(in: 0..<100, using: &random) {
        case ..<82: .ready
        case ..<90: .atRisk
        case ..<95: .inconclusive
        default: .notReady
        }
    }

    private mutating func trend(_ grade: Grade) -> Trend {
        var worst: [Grade?] = (0..<Trend.quarters).map { _ in
            switch Int.random(in: 0..<20, using: &random) {
            case 0: nil
            case 1, 2: self.grade()
            default: Int.random(in: 0..<3, using: &random) == 0 ? grade : .ready
            }
        }
        worst[Trend.quarters - 1] = grade
        return Trend(worst: worst)
    }

    private mutating func decider(_ grade: Grade) -> Decider? {
        guard grade > .ready else { return nil }
        if Int.random(in: 0..<4, using: &random) == 0 {
            return .finding(
                code: "dscp.remarked.forward",
                summary: "Packets to \(Self.endpoint) should carry DSCP 46, but all of them arrived there with 0."
            )
        }
        let isLoss = Bool.random(using: &random)
        return .criterion(
            DecidingCriterion(
                name: isLoss ? "loss" : "jitter",
                endpoint: Self.endpoint,
                port: isLoss ? nil : 3_478,
                direction: Bool.random(using: &random) ? "forward" : "reverse",
                value: isLoss ? Double.random(in: 0.002...0.04, using: &random) : .random(in: 12...60, using: &random),
                unit: isLoss ? "ratio" : "ms",
                target: isLoss ? 0.001 : 10,
                limit: isLoss ? 0.01 : 30,
                statistic: isLoss ? "whole_check" : "worst_15s"
            )
        )
    }

    // MARK: A site

    /// - Parameter trouble: how much worse than good its line is; 0 is good.
    mutating func site(_ check: SampleCheck, range: SiteRange, trouble: Double, endpoints: Int = 1) -> SiteView.Model {
        let latest = SampleDocuments.document(check)
        var standing = row(5)
        standing.site = "dublin"
        standing.status = .graded(latest.grade)
        standing.latest?.grade = latest.grade
        standing.latest?.id = latest.id
        standing.latest?.decider = decider(latest.grade)
        standing.lastHeardAt = Self.now - .seconds(180)
        let names = (0..<endpoints).map { $0 == 0 ? Self.endpoint : "turn://relay-\($0).example.net:3478" }
        return SiteView.Model(
            viewer: Self.viewer,
            now: Self.now,
            standing: standing,
            range: range,
            history: names.flatMap { name in
                [FigureDirection.forward, .reverse, .roundTrip].map { series(name, $0, range, trouble) }
            },
            grades: gradePoints(range, trouble),
            findings: findings(latest),
            assessments: assessments(),
            results: ResultPage(rows: (0..<40).map { resultRow($0, trouble) }, next: "bW9yZQ"),
            latest: latest
        )
    }

    private func step(_ range: SiteRange) -> Int64 {
        switch range.resolution {
        case .raw: 900
        case .hour: 3_600
        case .day: 86_400
        }
    }

    private mutating func series(
        _ endpoint: String,
        _ direction: FigureDirection,
        _ range: SiteRange,
        _ trouble: Double
    ) -> HistorySeries {
        let step = step(range)
        let count = Int64(range.length.seconds) / step
        let isWorse = direction != .reverse
        let points = (0..<count).compactMap { index -> HistoryPoint? in
            // Half a day in which nothing was heard.
            if index * 10 / count == 6, index % (count / 10) < count / 30 { return nil }
            let at = Self.now - .seconds((count - index) * step)
            let hour = Double(at.microsecondsSinceUnixEpoch / 3_600_000_000 % 24)
            let busy = max(0, 1 - abs(hour - 11) / 6) * trouble * (isWorse ? 1 : 0.3)
            let noise = Double.random(in: 0...1, using: &random)
            let single = range.resolution == .raw
            func spread(_ value: Double, _ uncertainty: Double) -> Spread {
                Spread(
                    minimum: single ? value : value * 0.8,
                    median: value,
                    maximum: single ? value : value * (1.15 + noise),
                    low: max(0, value - uncertainty),
                    high: value + uncertainty
                )
            }
            let loss = noise > 0.8 ? noise * 0.0006 + busy * 0.012 : busy * 0.002
            return HistoryPoint(
                at: at,
                checks: single ? 1 : 4,
                metrics: [
                    .delayP95: spread(11 + noise * 2 + busy * 60, direction == .roundTrip ? 0.05 : 1.4),
                    .jitterWorst15s: spread(1.1 + noise * 0.6 + busy * 16, 0.1),
                    .lossRatio: spread(loss, 0.0004),
                ],
                offered: 12_000,
                lost: Int(loss * 12_000)
            )
        }
        return HistorySeries(endpoint: endpoint, direction: direction, points: points)
    }

    private mutating func gradePoints(_ range: SiteRange, _ trouble: Double) -> [GradePoint] {
        let step = step(range)
        let count = Int64(range.length.seconds) / step
        return (0..<count).map { index in
            let isBad = Double.random(in: 0...1, using: &random) < trouble * 0.3
            let isOpen = Int.random(in: 0..<30, using: &random) == 0
            let checks = range.resolution == .raw ? 1 : 4
            return GradePoint(
                at: Self.now - .seconds((count - index) * step),
                ready: isBad || isOpen ? 0 : checks,
                inconclusive: isOpen && !isBad ? checks : 0,
                atRisk: isBad ? checks - 1 : 0,
                notReady: isBad ? 1 : 0
            )
        }
    }

    private func findings(_ latest: ResultDocument) -> [SiteFinding] {
        let current = latest.findings.enumerated().map { index, finding in
            SiteFinding(
                code: finding.code,
                severity: Finding.Severity(rawValue: finding.severity),
                isCurrent: true,
                since: Self.now - .seconds(Int64(index + 1) * 90_000),
                latestAt: Self.now - .seconds(240),
                latestID: latest.id,
                results: 40 + index,
                summary: finding.summary,
                remedy: finding.remedy
            )
        }
        let past = SiteFinding(
            code: "wifi.roamed",
            severity: .info,
            isCurrent: false,
            since: Self.now - .seconds(400_000),
            latestAt: Self.now - .seconds(380_000),
            latestID: latest.id,
            results: 3,
            summary: "The host changed access points during the check."
        )
        return current + [past]
    }

    func assessments() -> [AssessmentRow] {
        AssessmentVerdict.allCases.enumerated().map { index, verdict in
            AssessmentRow(
                site: "dublin",
                id: "01a22b09-eb00-7012-8048-d159e26af3\(20 + index)",
                receivedAt: Self.now - .seconds(Int64(index) * 900_000),
                facts: AssessmentFacts(
                    agent: "box-17",
                    version: "0.1.0",
                    name: "go-live \(index + 1)",
                    verdict: verdict,
                    isFinal: index > 0,
                    from: Self.now - .seconds(Int64(index + 1) * 900_000),
                    until: Self.now - .seconds(Int64(index) * 900_000 - 100_000)
                )
            )
        }
    }

    private mutating func resultRow(_ index: Int, _ trouble: Double) -> ResultRow {
        let grade: Grade = Double.random(in: 0...1, using: &random) < trouble * 0.4 ? .notReady : .ready
        let at = Self.now - .seconds(Int64(index + 1) * 900)
        return ResultRow(
            site: "dublin",
            id: "01a20c23-f339-72ce-b286-\(100_000_000_000 + index)",
            at: at,
            receivedAt: at,
            startedAt: at,
            endedAt: at + .seconds(60),
            agent: "box-17",
            version: "0.1.0",
            trigger: .schedule,
            schedule: index % 4 == 0 ? "office" : "every-15-min",
            profile: "teams",
            grade: grade,
            decider: decider(grade),
            findings: [],
            figures: [
                FigureFacts(
                    endpoint: Self.endpoint,
                    direction: .forward,
                    figures: [
                        .delayP95: Figure(value: 12.4 + Double(index % 5), low: 11, high: 18),
                        .jitterWorst15s: Figure(value: 1.2, low: 1.1, high: 1.3),
                        .lossRatio: Figure(value: grade == .ready ? 0 : 0.021, low: 0, high: 0.03),
                    ]
                )
            ]
        )
    }
}

/// SplitMix64.
struct SeededPages: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
