import Testing
import Units

@testable import impairment_link

@Suite("What becomes of a packet")
struct DirectionPolicyTests {
    @Test("SplitMix64 gives the published sequence")
    func splitMix() {
        // The reference implementation's first outputs for the seed 1234567.
        var generator = SplitMix64(seed: 1_234_567)
        #expect(generator.next() == 6_457_827_717_110_365_317)
        #expect(generator.next() == 3_203_168_211_198_807_973)
        #expect(generator.next() == 9_817_491_932_198_370_423)
    }

    @Test("A flow's fate does not depend on timing or on other flows")
    func repeatable() throws {
        let spec = try ImpairmentSpec(
            text: "loss=5%,burst=2%:40%,duplicate=5%,reorder=5%:5ms,jitter=exponential:2ms,order=free,delay=10ms"
        )
        var alone = DirectionPolicy(direction: .forward, spec: spec, seed: 7)
        var among = DirectionPolicy(direction: .forward, spec: spec, seed: 7)
        var other = DirectionPolicy(direction: .forward, spec: spec, seed: 8)
        var differences = 0
        for index in 0..<2_000 {
            let expected = offer(&alone, at: index)
            for port in [3479, 3480] as [UInt16] { _ = offer(&among, port: port, at: index * 3) }
            let actual = offer(&among, at: index * 3 + 1)
            #expect(actual.fate == expected.fate)
            #expect(actual.release - time(index * 3 + 1) == expected.release - time(index))
            if offer(&other, at: index).fate != expected.fate { differences += 1 }
        }
        #expect(differences > 100)
    }

    @Test("Shares come out as asked for")
    func shares() throws {
        let loss = try fates("loss=5%", count: 40_000).filter { $0 == .lost }.count
        // Five standard deviations of a binomial with p = 0.05.
        #expect(abs(loss - 2_000) < 220)
        let copies = try fates("duplicate=1%", count: 40_000).filter { $0 == .duplicate }.count
        #expect(abs(copies - 400) < 100)
    }

    @Test("Gilbert-Elliott loses p/(p+q) in runs of mean length 1/q")
    func bursts() throws {
        let lost = try fates("burst=1%:25%", count: 100_000).map { $0 == .lost }
        let count = lost.filter { $0 }.count
        let runs = zip(lost, [false] + lost).filter { $0 && !$1 }.count
        #expect(abs(Double(count) / 100_000 - 0.01 / 0.26) < 0.005)
        #expect(abs(Double(count) / Double(runs) - 4) < 0.5)
    }

    @Test("Order is kept however jitter falls, and given up when told to")
    func order() throws {
        let spec = try ImpairmentSpec(text: "delay=10ms,jitter=uniform:20ms")
        var keeping = DirectionPolicy(direction: .reverse, spec: spec, seed: 3)
        let kept = (0..<500).map { offer(&keeping, at: $0).release }
        #expect(kept == kept.sorted())
        var free = DirectionPolicy(
            direction: .reverse,
            spec: try ImpairmentSpec(text: "delay=10ms,jitter=uniform:20ms,order=free"),
            seed: 3
        )
        let loose = (0..<500).map { offer(&free, at: $0).release }
        #expect(loose != loose.sorted())
    }

    @Test("A packet that is to be overtaken does not hold up the others")
    func reordering() throws {
        let spec = try ImpairmentSpec(text: "delay=10ms,reorder=5%:15ms")
        var policy = DirectionPolicy(direction: .forward, spec: spec, seed: 5)
        let delays = (0..<2_000).map { offer(&policy, at: $0).release - time($0) }
        #expect(Set(delays) == [.milliseconds(10), .milliseconds(25)])
        #expect(abs(delays.filter { $0 == .milliseconds(25) }.count - 100) < 50)
    }

    @Test("Jitter has the mean and the shape asked for")
    func jitterShapes() throws {
        let uniform = try jitters("jitter=uniform:4ms")
        #expect(uniform.allSatisfy { (0...4).contains($0) })
        #expect(abs(mean(uniform) - 2) < 0.1)
        let exponential = try jitters("jitter=exponential:3ms")
        #expect(exponential.allSatisfy { $0 >= 0 })
        #expect(abs(mean(exponential) - 3) < 0.15)
        let normal = try jitters("jitter=normal:2ms")
        #expect(abs(mean(normal)) < 0.1)
        #expect(abs(mean(normal.map { $0 * $0 }) - 4) < 0.3)
    }

    @Test("No packet leaves before it came")
    func neverNegative() throws {
        let spec = try ImpairmentSpec(text: "delay=1ms,jitter=normal:5ms,order=free")
        var policy = DirectionPolicy(direction: .forward, spec: spec, seed: 1)
        for index in 0..<2_000 { #expect(offer(&policy, at: index).release >= time(index)) }
    }

    @Test("A rate spaces packets out and fills the queue")
    func rate() throws {
        // 200 octets at 1.6 Mbit/s take 1 ms.
        let spec = try ImpairmentSpec(text: "rate=1.6Mbit,queue=3ms,delay=5ms")
        var policy = DirectionPolicy(direction: .forward, spec: spec, seed: 1)
        let verdicts = (0..<6).map { _ in offer(&policy, at: 0) }
        #expect(verdicts.map(\.fate) == [.forward, .forward, .forward, .forward, .queueFull, .queueFull])
        #expect(verdicts[3].release - time(0) == .milliseconds(9))
        #expect(offer(&policy, at: 4).release - time(4) == .milliseconds(6))
    }

    @Test("Ports are blocked or refused, and an outage takes everything")
    func walls() throws {
        let spec = try ImpairmentSpec(text: "block=3480,icmp=3479:port-unreachable,outage=1s-2s")
        var policy = DirectionPolicy(direction: .forward, spec: spec, seed: 1)
        #expect(offer(&policy, port: 3480, at: 0).fate == .blocked)
        #expect(offer(&policy, port: 3479, at: 0).fate == .refused(.portUnreachable))
        #expect(offer(&policy, at: 999).fate == .forward)
        #expect(offer(&policy, at: 1_000).fate == .outage)
        #expect(offer(&policy, at: 1_999).fate == .outage)
        #expect(offer(&policy, at: 2_000).fate == .forward)
    }

    @Test("The first DSCP rule that fits decides")
    func marks() throws {
        let spec = try ImpairmentSpec(text: "dscp=46>0@3479,dscp=46>8,dscp=clear@3481")
        var policy = DirectionPolicy(direction: .forward, spec: spec, seed: 1)
        #expect(offer(&policy, port: 3479, at: 0).dscp.value == 0)
        #expect(offer(&policy, port: 3478, at: 0).dscp.value == 8)
        #expect(offer(&policy, port: 3481, dscp: 34, at: 0).dscp.value == 0)
        #expect(offer(&policy, port: 3478, dscp: 34, at: 0).dscp.value == 34)
    }

    private func time(_ milliseconds: Int) -> WallInstant {
        WallInstant(nanosecondsSinceUnixEpoch: 1_800_000_000_000_000_000) + .milliseconds(Int64(milliseconds))
    }

    /// A packet of 200 octets, `at` milliseconds after the first.
    private func offer(
        _ policy: inout DirectionPolicy,
        port: UInt16 = 3478,
        dscp: Int = 46,
        at milliseconds: Int
    ) -> Verdict {
        let facts = PacketFacts(
            servicePort: port,
            dscp: DSCP(dscp) ?? .bestEffort,
            frameLength: 200,
            receivedAt: time(milliseconds)
        )
        return policy.decide(facts, sinceFirstPacket: .milliseconds(Int64(milliseconds)))
    }

    private func fates(_ text: String, count: Int) throws -> [Verdict.Fate] {
        var policy = DirectionPolicy(direction: .forward, spec: try ImpairmentSpec(text: text), seed: 11)
        return (0..<count).map { offer(&policy, at: $0).fate }
    }

    /// Milliseconds beyond a base delay of 20 ms.
    private func jitters(_ text: String) throws -> [Double] {
        let spec = try ImpairmentSpec(text: "delay=20ms,order=free," + text)
        var policy = DirectionPolicy(direction: .forward, spec: spec, seed: 13)
        return (0..<10_000).map { (offer(&policy, at: $0).release - time($0)).milliseconds - 20 }
    }

    private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
