import Agent
import Readiness
import Testing

/// A site's own bounds in the place of the profile's.
@Suite struct GradingOverrideTests {
    private static let teams = Profile.teams.rules

    private func rules(_ grading: String) throws -> [Rule] { try read("grading: {\(grading)}").profile.rules }

    @Test func theDefaultProfileIsTeams() throws {
        #expect(try read("").profile == .teams)
        #expect(try read("grading: {profile: teams}").profile == .teams)
    }

    @Test func oneNumberLeavesTheOthers() throws {
        #expect(
            try rules("jitter: {target: 5ms}")
                == [Self.teams[0], Rule(.jitter, .worst15s, target: 5, limit: 30), Self.teams[2]]
        )
        #expect(
            try rules("loss: {limit: 2 %}")
                == [Self.teams[0], Self.teams[1], Rule(.loss, .wholeCheck, target: 0.001, limit: 0.02)]
        )
        #expect(
            try rules("latency_one_way: {statistic: p99}")
                == [Rule(.latencyOneWay, .p99, target: 50, limit: 100), Self.teams[1], Self.teams[2]]
        )
    }

    @Test func aTargetAndALimitCanBeTheSame() throws {
        let wanted = Rule(.jitter, .worst15s, target: 20, limit: 20)
        #expect(try rules("jitter: {target: 20ms, limit: 20ms}")[1] == wanted)
    }

    @Test func aMetricThatTheProfileDoesNotJudgeIsAdded() throws {
        let rule = Rule(.roundTrip, .p95, target: 100, limit: 200)
        #expect(try rules("round_trip: {target: 100ms, limit: 0.2s}") == Self.teams + [rule])
        let reordering = Rule(.reordering, .wholeCheck, target: 0.0005, limit: 0.001)
        #expect(try rules("reordering: {target: 0.0005, limit: 0.1%}") == Self.teams + [reordering])
    }

    @Test func aProfileOfTwoRulesForAMetricKeepsOnlyTheSitesOwn() throws {
        let others = Profile.microsoftClientEdge.rules.filter { $0.metric != .loss }
        for (settings, rule) in [
            ("target: 0.5 %", Rule(.loss, .worst15s, target: 0.005, limit: 0.01)),
            ("statistic: worst_200ms", Rule(.loss, .worst200ms, target: 0.1, limit: 0.1)),
            ("statistic: worst_200ms, limit: 20 %", Rule(.loss, .worst200ms, target: 0.1, limit: 0.2)),
            ("statistic: whole_check", Rule(.loss, .wholeCheck, target: 0.01, limit: 0.01)),
        ] {
            let found = try rules("profile: microsoft-client-edge, loss: {\(settings)}")
            #expect(found == others[..<3] + [rule] + others[3...])
        }
    }

    @Test func anEmptyMetricChangesNothing() throws {
        #expect(try rules("profile: microsoft-client-edge, loss: {}") == Profile.microsoftClientEdge.rules)
        #expect(try rules("jitter: {}, round_trip: {}") == Self.teams)
    }

    @Test func theOrderInTheFileDoesNotMatter() throws {
        let one = try rules("profile: microsoft-customer-edge, round_trip: {limit: 80ms}, jitter: {limit: 20ms}")
        let other = try rules("jitter: {limit: 20ms}, round_trip: {limit: 80ms}, profile: microsoft-customer-edge")
        #expect(one == other)
        #expect(one[1] == Rule(.roundTrip, .p95, target: 60, limit: 80))
    }

    @Test func everyStatisticOfEveryMetricCanBeChosen() throws {
        for metric in Rule.Metric.allCases {
            let bounds = metric.unit == .ratio ? "target: 1 %, limit: 2 %" : "target: 1ms, limit: 2ms"
            for statistic in metric.statistics {
                let found = try rules("\(metric.rawValue): {\(bounds), statistic: \(statistic.rawValue)}")
                #expect(found.first { $0.metric == metric }?.statistic == statistic)
            }
        }
    }
}
