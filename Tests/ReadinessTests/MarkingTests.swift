import Readiness
import Testing
import Units

@testable import SampleChecks

@Suite("DSCP")
struct MarkingTests {
    @Test("all packets with the right mark are ready, in both directions")
    func right() {
        let judged = Judged(SampleCheck())
        #expect(judged.all(.dscp).map(\.direction) == [.forward, .reverse])
        #expect(judged.all(.dscp).map(\.basis) == [.farEndReport, .replyMark])
        #expect(judged.all(.dscp).allSatisfy { $0.grade == .ready && $0.value == 1 })
        #expect(judged.verdict.grade == .ready)
        #expect(judged.verdict.findings.isEmpty)
    }

    @Test("one packet with another mark is enough to miss")
    func onePacket() throws {
        let judged = Judged(.of { $0.streams[0].farEndDSCP = [46: 2_999, 34: 1] })
        #expect(judged.all(.dscp).map(\.grade) == [.atRisk, .ready])
        #expect(judged.verdict.grade == .atRisk)
    }

    @Test("bleached on one port, remarked on another: each is said of its port")
    func perPort() throws {
        let judged = Judged(
            .of {
                $0.streams[1].farEndDSCP = [0: 3_000]
                $0.streams[2].farEndDSCP = [46: 1_500, 10: 1_000, 8: 500]
            }
        )
        let bleached = try #require(judged.finding(.dscpBleachedForward))
        #expect(
            bleached.summary == "Packets to stamp://reflect.example.net:3478-3481 on port 3479 should carry DSCP 46, "
                + "but 100 % of them arrived there with 0."
        )
        let remarked = try #require(judged.finding(.dscpRemarkedForward))
        #expect(
            remarked.summary.hasSuffix("on port 3480 should carry DSCP 46, but 50 % of them arrived there with 8, 10.")
        )
        #expect(remarked.value("packets_with_dscp_10") == .count(1_000))
        #expect(remarked.severity == .atRisk)
    }

    @Test("on every port no port is named")
    func everyPort() throws {
        let judged = Judged(
            .of { for index in $0.streams.indices { $0.streams[index].returnDSCP = [0: 3_000] } }
        )
        #expect(
            judged.finding(.dscpBleachedReturn)?.summary
                == "Replies from stamp://reflect.example.net:3478-3481 should carry DSCP 46, but 100 % of them arrived "
                + "here with 0."
        )
        #expect(judged.finding(.dscpRemarkedReturn) == nil)
        #expect(judged.all(.dscp).map(\.grade) == [.ready, .atRisk])
    }

    @Test("a far end that does not report marks is not guessed at")
    func unknown() {
        let judged = Judged(.of { for index in $0.streams.indices { $0.streams[index].farEndDSCP = nil } })
        #expect(judged.all(.dscp).map(\.direction) == [.reverse])
        #expect(judged.finding(.dscpFarEndUnknown)?.severity == .info)
        #expect(judged.verdict.grade == .ready)
    }

    @Test("a return mark that policy forbids proves nothing")
    func refusedByPolicy() {
        let judged = Judged(
            .of {
                for index in $0.streams.indices {
                    $0.streams[index].returnRefused = true
                    $0.streams[index].returnDSCP = [0: 3_000]
                }
            }
        )
        #expect(judged.all(.dscp).map(\.direction) == [.forward])
        #expect(judged.codes == [.dscpReturnNotTested])
    }

    @Test("nothing is said where no mark is required")
    func notRequired() {
        var check = SampleCheck.of { $0.streams[0].farEndDSCP = [0: 3_000] }
        check.requiredDSCP = nil
        let judged = Judged(check)
        #expect(judged.all(.dscp).isEmpty && judged.verdict.findings.isEmpty)
    }
}
