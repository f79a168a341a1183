import Readiness
import Testing
import Units

@testable import SampleChecks

@Suite("Reachability")
struct ReachabilityTests {
    static func judged(_ reachability: [Reachability]) -> Judged {
        Judged(
            .of {
                for (index, value) in reachability.enumerated() { $0.streams[index].reachability = value }
            }
        )
    }

    static let refusedOnTheWay = Reachability.refused(
        source: "203.0.113.1",
        byEndpoint: false,
        reason: "administratively prohibited"
    )
    static let refusedByEndpoint = Reachability.refused(
        source: "192.0.2.10",
        byEndpoint: true,
        reason: "port unreachable"
    )

    @Test("every port has a criterion")
    func ports() {
        let all = Self.judged([]).all(.reachability)
        #expect(all.map(\.port) == [3478, 3479, 3480, 3481])
        #expect(all.allSatisfy { $0.grade == .ready && $0.basis == .replies && $0.value == 1 })
    }

    @Test("a silent port among answering ones is blocked")
    func silent() throws {
        let judged = Self.judged([.answered, .answered, .silent])
        #expect(judged.all(.reachability).map(\.grade) == [.ready, .ready, .notReady, .ready])
        #expect(judged.verdict.grade == .notReady)
        let finding = try #require(judged.finding(.udpBlocked))
        #expect(finding.severity == .notReady)
        #expect(
            finding.summary
                == "UDP port 3480 of stamp://reflect.example.net:3478-3481 did not answer while others did: "
                + "something on the way blocks it."
        )
        #expect(finding.value("ports") == .text("3480"))
    }

    @Test("silence everywhere is not blamed on the firewall alone")
    func allSilent() throws {
        let judged = Self.judged([.silent, .silent, .silent, .silent])
        #expect(judged.verdict.criteria.map(\.name) == Array(repeating: .reachability, count: 4))
        let findings = judged.verdict.findings.filter { $0.code == .udpBlocked }
        #expect(findings.count == 1)
        let finding = try #require(findings.first)
        #expect(finding.summary.contains("either UDP is blocked on the way, or the endpoint does not run"))
        #expect(finding.remedy.hasPrefix("To tell which,"))
        #expect(finding.value("ports") == .text("3478-3481"))
    }

    @Test("somebody else's refusal is evidence of who blocks")
    func refusedOnTheWay() throws {
        let judged = Self.judged([.answered, Self.refusedOnTheWay, Self.refusedOnTheWay, .answered])
        let refused = judged.all(.reachability)[1]
        #expect(refused.grade == .notReady && refused.basis == .icmp)
        let finding = try #require(judged.finding(.udpBlocked))
        #expect(finding.value("icmp_source") == .text("203.0.113.1"))
        #expect(finding.value("ports") == .text("3479-3480"))
        #expect(finding.summary.contains("by 203.0.113.1 (administratively prohibited)"))
    }

    @Test("the endpoint's own refusal says nothing against the network")
    func refusedByEndpoint() throws {
        let judged = Self.judged([.answered, .answered, .answered, Self.refusedByEndpoint])
        #expect(judged.all(.reachability)[3].grade == .inconclusive)
        #expect(judged.verdict.grade == .inconclusive)
        let finding = try #require(judged.finding(.endpointPortRefused))
        #expect(finding.severity == .inconclusive)
        #expect(finding.remedy.contains("linecheck reflect"))
        #expect(judged.finding(.udpBlocked) == nil)
    }

    @Test("what this host could not send is not the network's doing")
    func notSent() throws {
        let judged = Self.judged([.notSent(reason: "network is unreachable")])
        #expect(judged.all(.reachability)[0].grade == .inconclusive)
        #expect(judged.all(.reachability)[0].basis == .localError)
        #expect(judged.finding(.probeNotSent)?.summary.contains("network is unreachable") == true)
    }

    @Test("a port whose replies were refused is not blocked")
    func repliesRefused() throws {
        let judged = Judged(
            .of {
                $0.streams[0].reachability = .silent
                $0.streams[0].refusedReplies = ["failed authentication": 2_998]
            }
        )
        #expect(judged.all(.reachability)[0].grade == .inconclusive)
        let finding = try #require(judged.finding(.endpointRepliesRefused))
        #expect(finding.summary.hasPrefix("2,998 replies came from UDP port 3478"))
        #expect(judged.finding(.udpBlocked) == nil)
    }

    @Test("nothing to grade is inconclusive")
    func nothing() {
        var check = SampleCheck()
        check.endpoints = []
        #expect(Judged(check).verdict.grade == .inconclusive)
    }

    @Test(
        "a link that was down is never ready, whatever was measured while it was up",
        arguments: [
            (1, Grade.atRisk), (30, .atRisk), (31, .notReady), (3_000, .notReady),
        ]
    )
    func link(failed: Int, grade: Grade) throws {
        let judged = Judged(.of { $0.streams[1].linkFailures = ["Network is down": failed] })
        #expect(judged.all(.reachability).map(\.grade) == [.ready, grade, .ready, .ready])
        #expect(judged.all(.reachability)[1].basis == .localError)
        let finding = try #require(judged.finding(.linkInterrupted))
        #expect(finding.severity == Finding.Severity(grade))
        #expect(finding.value("reason: Network is down") == .count(failed))
        #expect(finding.value("ports") == .text("3479"))
    }
}
