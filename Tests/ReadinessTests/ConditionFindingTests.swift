import Readiness
import Statistics
import Testing
import Units

@testable import SampleChecks

@Suite("Clock, probe and course of a check")
struct ConditionFindingTests {
    @Test("a step says when and by how much")
    func stepped() throws {
        let at = WallInstant(nanosecondsSinceUnixEpoch: 1_795_500_012_345_678_901)
        let judged = Judged(.of { $0.steps = [ClockStep(at: at, by: ms(-512.5))] })
        let finding = try #require(judged.finding(.clockStepped))
        #expect(finding.value("stepped_at") == .text("2026-11-24T06:00:12.345678Z"))
        #expect(finding.value("stepped_by_ms") == .number(-512.5))
        #expect(finding.severity == .info)
        let twice = Judged(.of { $0.steps = [ClockStep(at: at, by: ms(1)), ClockStep(at: at, by: ms(2))] })
        #expect(twice.finding(.clockStepped)?.value("stepped_by_2_ms") == .number(2))
    }

    @Test("a step of this host's own clock is told, and touches no grade")
    func localStep() throws {
        var check = SampleCheck()
        check.clock.steps = [ClockStep(at: WallInstant(nanosecondsSinceUnixEpoch: 0), by: .milliseconds(-3))]
        let judged = Judged(check)
        let finding = try #require(judged.finding(.clockStepped))
        #expect(finding.summary.hasPrefix("This host's own clock was stepped once"))
        #expect(finding.value("stepped_by_ms") == .number(-3))
        #expect(judged.verdict.grade == .ready)
    }

    @Test("contradicted claims are said, and matter where they leave something open")
    func contradicted() {
        #expect(Judged(.of { $0.contradicted = true }).finding(.clockClaimContradicted)?.severity == .info)
        let open = SampleCheck.of {
            $0.contradicted = true
            $0.uncertainty = 60
            $0.roundTrip = 90...110
        }
        #expect(Judged(open).finding(.clockClaimContradicted)?.severity == .inconclusive)
    }

    @Test(
        "overload begins above 0.1 % missed sends or 5 ms at p99",
        arguments: [
            (12, 5_000, false), (13, 5_000, true), (12, 5_001, true),
        ] as [(Int, Int64, Bool)]
    )
    func overload(missed: Int, microseconds: Int64, expected: Bool) {
        var check = SampleCheck()
        check.quality.missedSends = missed
        check.quality.sendErrorP99 = .microseconds(microseconds)
        #expect((Judged(check).finding(.probeOverloaded) != nil) == expected)
    }

    @Test("kernel timestamps are missed below 90 %")
    func kernelTimestamps() {
        var check = SampleCheck()
        check.quality.kernelTimestampsRatio = 0.9
        #expect(Judged(check).finding(.probeNoKernelTimestamps) == nil)
        check.quality.kernelTimestampsRatio = 0.899
        #expect(Judged(check).finding(.probeNoKernelTimestamps)?.severity == .info)
    }

    @Test("an interrupted check says so")
    func interrupted() throws {
        var check = SampleCheck()
        check.duration = .seconds(20)
        let finding = try #require(Judged(check).finding(.checkInterrupted))
        #expect(finding.summary.hasPrefix("The check was ended after 20 s of 60 s"))
        check.duration = .milliseconds(59_980)
        #expect(Judged(check).finding(.checkInterrupted) == nil)
        check.duration = .milliseconds(59_979)
        #expect(Judged(check).finding(.checkInterrupted) != nil)
    }

    @Test("findings come worst first")
    func order() {
        var check = SampleCheck.of {
            $0.streams[0].duplicates = 1
            $0.streams[1].reachability = .silent
            $0.streams[2].farEndDSCP = [0: 3_000]
            $0.streams[3].reachability = .notSent(reason: "no route to host")
        }
        check.duration = .seconds(50)
        let severities = Judged(check).verdict.findings.map(\.severity)
        #expect(severities == severities.sorted(by: >))
        #expect(Set(severities) == [.info, .inconclusive, .atRisk, .notReady])
    }
}
