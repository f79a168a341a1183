import Readiness
import Testing
import Units

@testable import SampleChecks

@Suite("DSCP from place to place")
struct MarkTrailTests {
    private static func series(_ counts: [(Int, Int)]) -> MarkSeries {
        MarkSeriesTests.series(counts.flatMap { Array(repeating: $0.0, count: $0.1) })
    }

    /// A captured check of one port, with the marks at each place in the order of packets.
    private static func judged(
        egress: [(Int, Int)],
        farEnd: [(Int, Int)]? = nil,
        onWire: [(Int, Int)] = [(46, 1_000)],
        returned: [(Int, Int)] = [(46, 1_000)],
        socketMark: Int = 46,
        dropped: Int = 0
    ) -> Judged {
        var check = SampleCheck.of { endpoint in
            endpoint.streams = [SampleStream()]
            let trail = MarkTrail(
                egress: series(egress),
                farEnd: farEnd.map(series),
                returnedOnWire: series(onWire),
                returned: series(returned)
            )
            endpoint.streams[0].trail = trail
            endpoint.streams[0].farEndDSCP = trail.farEnd.map { byNumber($0) }
            endpoint.streams[0].returnDSCP = byNumber(trail.returned ?? MarkSeries())
        }
        check.capture = .captured(
            CaptureRecord(interfaces: ["eth0"], packets: 2_000, dropped: dropped, socketMark: DSCP(socketMark))
        )
        return Judged(check)
    }

    private static func byNumber(_ series: MarkSeries) -> [Int: Int] {
        Dictionary(uniqueKeysWithValues: series.counts.map { (Int($0.key.value), $0.value) })
    }

    private static func marking(_ judged: Judged) -> Set<Finding.Code> {
        judged.codes.filter { $0.rawValue.hasPrefix("dscp.") }
    }

    @Test("three criteria, of which the first is what left")
    func criteria() {
        let judged = Self.judged(egress: [(46, 1_000)], farEnd: [(46, 1_000)])
        #expect(judged.all(.dscp).map(\.basis) == [.egressCapture, .farEndReport, .replyMark])
        #expect(judged.all(.dscp).allSatisfy { $0.grade == .ready })
        #expect(Self.marking(judged).isEmpty)
    }

    @Test("what left wrong and arrived so is laid to this host, not to the path")
    func local() {
        let judged = Self.judged(egress: [(10, 1_000)], farEnd: [(10, 1_000)])
        #expect(Self.marking(judged) == [.dscpRemarkedLocal])
        #expect(judged.all(.dscp).map(\.grade) == [.atRisk, .atRisk, .ready])
        #expect(Self.marking(Self.judged(egress: [(0, 1_000)], farEnd: [(0, 1_000)])) == [.dscpBleachedLocal])
    }

    @Test("a socket that does not keep its mark has set none")
    func notSet() {
        let judged = Self.judged(egress: [(0, 1_000)], farEnd: [(0, 1_000)], socketMark: 0)
        #expect(Self.marking(judged) == [.dscpNotSetEgress])
    }

    @Test("only what the path adds is laid to the path")
    func excess() throws {
        let judged = Self.judged(egress: [(46, 700), (0, 300)], farEnd: [(46, 200), (0, 800)])
        #expect(Self.marking(judged) == [.dscpBleachedLocal, .dscpBleachedForward])
        #expect(judged.finding(.dscpBleachedLocal)?.value("packets_with_dscp_0") == .count(300))
        let forward = try #require(judged.finding(.dscpBleachedForward))
        #expect(forward.value("packets_with_dscp_0") == .count(500))
        #expect(forward.value("since") == nil, "the series does not tell which were changed where")
    }

    @Test("packets that the capture missed are not laid to the path")
    func missed() {
        let judged = Self.judged(egress: [(0, 900)], farEnd: [(0, 1_000)], dropped: 100)
        #expect(Self.marking(judged) == [.dscpBleachedLocal, .dscpCaptureDrops])
        #expect(judged.finding(.dscpCaptureDrops)?.severity == .info)
    }

    @Test("the path's change is told with what left, and with its beginning")
    func forward() throws {
        let judged = Self.judged(egress: [(46, 1_000)], farEnd: [(46, 400), (34, 600)])
        let finding = try #require(judged.finding(.dscpRemarkedForward))
        #expect(
            finding.summary
                == "Packets to stamp://reflect.example.net:3478-3481 should carry DSCP 46, and left this host "
                + "with it, but 60 % of them arrived there with 34 since 22:13:28 UTC."
        )
        #expect(finding.value("since") == .text("2023-11-14T22:13:28.000000Z"))
        #expect(finding.value("share_within_ratio") == .number(1))
        #expect(Self.marking(judged) == [.dscpRemarkedForward])
    }

    @Test("what came right to the wire and wrong to the socket was changed by this host")
    func entering() {
        let judged = Self.judged(egress: [(46, 1_000)], onWire: [(46, 1_000)], returned: [(0, 1_000)])
        #expect(Self.marking(judged) == [.dscpBleachedLocal, .dscpFarEndUnknown])
        #expect(judged.finding(.dscpBleachedLocal)?.value("direction") == .text("reverse"))
    }

    @Test("what came wrong to the wire was changed on the way back, once")
    func returning() {
        let judged = Self.judged(egress: [(46, 1_000)], onWire: [(8, 1_000)], returned: [(8, 1_000)])
        #expect(Self.marking(judged) == [.dscpRemarkedReturn, .dscpFarEndUnknown])
        #expect(judged.finding(.dscpRemarkedReturn)?.value("packets_with_dscp_8") == .count(1_000))
    }

    @Test("without a capture nothing is claimed of what left, and that does not change the grade")
    func unavailable() throws {
        var check = SampleCheck()
        check.capture = .unavailable(
            reason: "this process lacks CAP_NET_RAW",
            remedy: "setcap cap_net_raw+ep linecheck"
        )
        let judged = Judged(check)
        let finding = try #require(judged.finding(.dscpCaptureUnavailable))
        #expect(finding.severity == .info && finding.remedy.contains("setcap"))
        #expect(judged.verdict.grade == .ready)
        #expect(!judged.all(.dscp).contains { $0.basis == .egressCapture })
    }

    @Test("a capture that saw none of the packets says so")
    func nothingSeen() throws {
        let judged = Self.judged(egress: [], farEnd: [(46, 1_000)])
        let finding = try #require(judged.finding(.dscpCaptureUnavailable))
        #expect(finding.summary.contains("saw no packet"))
    }

    @Test("where no mark is required, nobody asks for a capture")
    func notRequired() {
        var check = SampleCheck()
        check.requiredDSCP = nil
        check.capture = .unavailable(reason: "no", remedy: "none")
        #expect(Judged(check).codes.isEmpty)
    }
}
