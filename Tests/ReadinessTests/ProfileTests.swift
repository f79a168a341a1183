import Readiness
import Testing
import Units

@testable import SampleChecks

@Suite("Profiles")
struct ProfileTests {
    @Test("are found by name, and are free of contradictions")
    func named() {
        #expect(Profile.all.map(\.name) == ["teams", "microsoft-client-edge", "microsoft-customer-edge"])
        for profile in Profile.all {
            #expect(Profile.named(profile.name) == profile)
            #expect(profile.rules.allSatisfy { $0.refusal == nil })
        }
        #expect(Profile.named("Teams") == nil)
    }

    @Test("teams is the published table")
    func teams() {
        let rules = Profile.teams.rules
        #expect(rules.map(\.target) == [50, 10, 0.001])
        #expect(rules.map(\.limit) == [100, 30, 0.01])
        #expect(rules.map(\.statistic) == [.p95, .worst15s, .wholeCheck])
    }

    @Test("every number and statistic can be set, and bad ones are refused with value and bound")
    func overrides() {
        var rule = Profile.teams.rules[0]
        rule.target = 20
        rule.limit = 10
        #expect(rule.refusal == TextRefusal("latency_one_way: the limit 10.0 must not be below the target 20.0"))
        rule.target = 0
        #expect(rule.refusal == TextRefusal("latency_one_way: the target 0.0 must be above 0"))
        #expect(
            Rule(.jitter, .p95, target: 1, limit: 2).refusal
                == TextRefusal("jitter: 'p95' cannot be judged; it can be worst_15s, mean, max")
        )
        #expect(Rule(.loss, .wholeCheck, target: 0.1, limit: 1.5).refusal != nil)
        #expect(Rule(.loss, .wholeCheck, target: .nan, limit: 1).refusal != nil)
    }

    @Test("a site's own numbers are what is graded against")
    func ownNumbers() throws {
        var profile = Profile.teams
        profile.rules[0].target = 5
        profile.rules[0].limit = 13
        profile.gradeWhenBlocked = .atRisk
        profile.gradeWhenRemarked = .notReady
        let judged = Judged(
            .of {
                $0.streams[0].reachability = .silent
                $0.streams[1].farEndDSCP = [0: 1]
            },
            profile
        )
        let latency = try judged.one(.latencyOneWay)
        #expect(latency.target == 5 && latency.limit == 13 && latency.grade == .atRisk)
        #expect(judged.all(.reachability)[0].grade == .atRisk)
        #expect(judged.finding(.udpBlocked)?.severity == .atRisk)
        #expect(judged.all(.dscp)[0].grade == .notReady)
    }
}
