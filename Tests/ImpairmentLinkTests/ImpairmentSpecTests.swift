import Testing
import Units

@testable import impairment_link

@Suite("The link's specification")
struct ImpairmentSpecTests {
    @Test("Every setting is read")
    func everything() throws {
        let spec = try ImpairmentSpec(
            text: "delay=30ms,jitter=uniform:4ms,order=free,loss=0.5%,burst=1%:30%,duplicate=2%,reorder=1.5%:15ms,"
                + "dscp=46>0@3479,dscp=34>8,dscp=clear,block=3480,3481,icmp=3478:admin-prohibited,outage=10s-12s,"
                + "rate=2.5Mbit,queue=50ms"
        )
        var expected = ImpairmentSpec()
        expected.delay = .milliseconds(30)
        expected.jitter = .uniform(width: .milliseconds(4))
        expected.keepsOrder = false
        expected.loss = 0.005
        expected.burst = BurstSpec(goodToBad: 0.01, badToGood: 0.3)
        expected.duplicate = 0.02
        expected.reorder = 0.015
        expected.reorderDelay = .milliseconds(15)
        expected.dscpRules = [
            DSCPRule(from: .expeditedForwarding, to: .bestEffort, port: 3479),
            DSCPRule(from: DSCP(34), to: try #require(DSCP(8)), port: nil),
            DSCPRule(from: nil, to: .bestEffort, port: nil),
        ]
        expected.blockedPorts = [3480, 3481]
        expected.refusedPorts = [3478: .administrativelyProhibited]
        expected.outage = .seconds(10)..<(.seconds(12))
        expected.bitsPerSecond = 2.5e6
        expected.queueLimit = .milliseconds(50)
        #expect(spec == expected)
    }

    @Test("Nothing said, nothing done")
    func empty() throws {
        #expect(try ImpairmentSpec(text: "") == ImpairmentSpec())
    }

    @Test("The other distributions of jitter")
    func jitter() throws {
        #expect(try JitterSpec(text: "normal:2ms") == .normal(deviation: .milliseconds(2)))
        #expect(try JitterSpec(text: "exponential:3ms") == .exponential(mean: .milliseconds(3)))
    }

    @Test(
        "What cannot be meant is refused",
        arguments: [
            "delay", "delay=soon", "jitter=4ms", "jitter=square:4ms", "order=random", "loss=5", "loss=101%",
            "loss=-1%", "burst=1%", "reorder=1%", "dscp=46", "dscp=64>0", "dscp=46>0@0", "block=0", "block=x",
            "icmp=3478", "icmp=3478:no", "outage=12s-10s", "outage=10s", "rate=2", "rate=0Mbit", "colour=red", "3480",
        ]
    )
    func refused(text: String) {
        #expect(throws: TextRefusal.self) { try ImpairmentSpec(text: text) }
    }
}
