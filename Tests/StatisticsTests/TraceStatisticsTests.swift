import ProbeCore
import Statistics
import Testing
import Units

@Suite("What a trace saw, by port and hop")
struct TraceStatisticsTests {
    private static let destination = router(9)
    private static func router(_ number: UInt32) -> IPAddress { IPAddress(ipv4: 0x0a42_0000 | number << 8 | 2) }

    private static func flow(_ port: UInt16) -> TraceFlow {
        TraceFlow(source: router(0), sourcePort: 40_000, destination: destination, destinationPort: port)
    }

    private func probe(
        _ flow: Int,
        _ hop: UInt8,
        _ answer: TraceAnswer?,
        delay: Int64 = 10,
        query: Int = 0
    ) -> TraceObservation.Probe {
        var probe = TraceObservation.Probe(TraceSend(flow: flow, hopLimit: hop, query: query))
        probe.answer = answer
        probe.delay = answer.map { _ in .milliseconds(delay) }
        return probe
    }

    private func passed(_ hop: UInt32, trafficClass: UInt8 = 0xb8, labels: [MPLSLabel] = []) -> TraceAnswer {
        TraceAnswer(from: Self.router(hop), kind: .timeExceeded, trafficClass: trafficClass, labels: labels)
    }

    private func paths(of ports: [UInt16] = [3_478], _ probes: [TraceObservation.Probe]) -> [TracePath] {
        var observation = TraceObservation(flows: ports.map(Self.flow))
        observation.probes = probes
        return observation.paths()
    }

    @Test("Delay, marks, ECN, addresses and labels of a hop")
    func hop() throws {
        let label = MPLSLabel(entry: 0x03e8_1a01)
        let path = try #require(
            paths([
                probe(0, 1, passed(1, labels: [label]), delay: 30), probe(0, 1, passed(1), delay: 10, query: 1),
                probe(0, 1, passed(2, trafficClass: 0x01), delay: 20, query: 2), probe(0, 1, nil, query: 3),
            ]).first
        )
        let hop = try #require(path.hop(1))
        #expect(hop.sent == 4 && hop.answered == 3)
        #expect(hop.answerers.map(\.packets) == [2, 1] && hop.address == Self.router(1))
        #expect(hop.delay == TraceHop.Delay([.milliseconds(10), .milliseconds(20), .milliseconds(30)]))
        #expect(hop.delay?.p50 == .milliseconds(20))
        #expect(hop.marks == [.expeditedForwarding: 2, .bestEffort: 1])
        #expect(hop.congestionMarks == [0: 2, 1: 1])
        #expect(hop.labelStacks == [[label]])
        #expect(TraceHop.Delay([]) == nil)
    }

    @Test("A way ends at the least TTL that the destination answered; probes beyond it do not count")
    func answered() {
        let reply = TraceAnswer(from: Self.destination, kind: .reply)
        let path = paths([probe(0, 1, passed(1)), probe(0, 2, reply), probe(0, 3, reply), probe(0, 4, nil)]).first
        #expect(path?.end == .answered(hop: 2))
        #expect(path?.hops.map(\.hop) == [1, 2])
    }

    @Test("A router that refuses what it would have to forward is the hop that it is, not the one after")
    func refused() {
        let refusal = TraceAnswer(from: Self.router(2), kind: .unreachable(type: 3, code: 13), trafficClass: 0xb8)
        let path = paths([probe(0, 1, passed(1)), probe(0, 2, passed(2)), probe(0, 3, refusal)]).first
        #expect(path?.end == .refused(hop: 2, by: Self.router(2), type: 3, code: 13))
        #expect(path?.hops.map(\.hop) == [1, 2])
    }

    @Test("Port unreachable counts as arrival from the destination alone")
    func portUnreachable() {
        func end(_ from: IPAddress) -> TraceEnd? {
            paths([probe(0, 2, TraceAnswer(from: from, kind: .unreachable(type: 3, code: 3)))]).first?.end
        }
        #expect(end(Self.destination) == .portUnreachable(hop: 2))
        #expect(end(Self.router(2)) == .refused(hop: 2, by: Self.router(2), type: 3, code: 3))
    }

    @Test("A silent port is shown as far as the others get")
    func silent() {
        let reply = TraceAnswer(from: Self.destination, kind: .reply)
        let both = paths(
            of: [3_478, 3_479],
            [
                probe(0, 1, passed(1)), probe(0, 2, passed(2)), probe(0, 3, reply), probe(1, 1, passed(1)),
                probe(1, 2, nil), probe(1, 3, nil), probe(1, 4, nil),
            ]
        )
        #expect(both.map(\.end) == [.answered(hop: 3), .silent(after: 1)])
        #expect(both.map { $0.hops.map(\.hop) } == [[1, 2, 3], [1, 2, 3]])
        #expect(paths([probe(0, 1, nil)]).first?.end == .silent(after: 0))
    }
}
