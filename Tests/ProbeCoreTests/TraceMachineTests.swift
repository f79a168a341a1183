import ProbeCore
import Testing
import Units

/// Runs a trace in virtual time against a path that is told which hops answer.
private struct VirtualTrace {
    var plan: TracePlan
    var seed: UInt64 = 1
    /// What a probe meets: nothing, a hop, or the end.
    enum Fate { case silence, hop, end }

    struct Sent {
        var send: TraceSend
        var at: MonotonicInstant
    }

    /// Everything that was sent, and when the trace said that it had finished.
    func run(answerAfter delay: Nanoseconds = .milliseconds(1), _ fate: (TraceSend) -> Fate) -> (
        sent: [Sent], ended: Nanoseconds
    ) {
        let start = MonotonicInstant(nanoseconds: 7_000_000_000)
        var machine = TraceMachine(plan, start: start, seed: seed)
        var now = start
        var sent: [Sent] = []
        var answers: [(at: MonotonicInstant, send: TraceSend, isEnd: Bool)] = []
        while true {
            while let first = answers.first, first.at <= now {
                answers.removeFirst()
                machine.answered(first.send, isEnd: first.isEnd)
            }
            switch machine.next(now) {
            case .finished: return (sent, now - start)
            case .wait(let until): now = answers.first.map { min($0.at, until) } ?? until
            case .send(let send):
                sent.append(Sent(send: send, at: now))
                let fate = fate(send)
                if fate != .silence { answers.append((now + delay, send, fate == .end)) }
            }
        }
    }
}

@Suite("The trace's state machine")
struct TraceMachineTests {
    private static let plan = TracePlan(
        flows: 4,
        queries: 3,
        maximumHops: 30,
        interval: .seconds(1),
        timeout: .seconds(2)
    )

    /// In the order of TTLs.
    private func hops(_ sent: [VirtualTrace.Sent], flow: Int, query: Int) -> [Int] {
        order(sent, flow: flow, query: query).sorted()
    }

    /// In the order of time.
    private func order(_ sent: [VirtualTrace.Sent], flow: Int, query: Int) -> [Int] {
        sent.filter { $0.send.flow == flow && $0.send.query == query }.map { Int($0.send.hopLimit) }
    }

    @Test("Every port is asked at every hop up to the destination, as often as wanted")
    func whole() {
        let (sent, _) = VirtualTrace(plan: Self.plan).run { $0.hopLimit >= 5 ? .end : .hop }
        for flow in 0..<4 {
            for query in 0..<3 { #expect(hops(sent, flow: flow, query: query) == [1, 2, 3, 4, 5]) }
        }
    }

    @Test(
        "Two probes with the same TTL are an interval apart, whatever their ports",
        arguments: 1...20 as ClosedRange<UInt64>
    )
    func pacing(seed: UInt64) {
        let (sent, _) = VirtualTrace(plan: Self.plan, seed: seed).run { $0.hopLimit >= 12 ? .end : .hop }
        for hop in UInt8(1)...12 {
            let times = sent.filter { $0.send.hopLimit == hop }.map(\.at)
            #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 >= .seconds(1) })
        }
        #expect(zip(sent, sent.dropFirst()).allSatisfy { $1.at - $0.at >= Self.plan.spacing / 2 })
    }

    @Test("A port is asked in ascending order once, and then in an order left to chance, the same from the same seed")
    func order() {
        func orders(seed: UInt64) -> [[Int]] {
            let (sent, _) = VirtualTrace(plan: Self.plan, seed: seed).run { $0.hopLimit >= 9 ? .end : .hop }
            return (0..<4).flatMap { flow in (0..<3).map { order(sent, flow: flow, query: $0) } }
        }
        let found = orders(seed: 7)
        for (index, order) in found.enumerated() where index % 3 == 0 { #expect(order == Array(1...9)) }
        #expect(Set(found).count == 9, "eight orders by chance and the ascending one")
        #expect(found == orders(seed: 7) && found != orders(seed: 8))
    }

    @Test("Of any two hops either is asked first as often as not")
    func eitherFirst() {
        var plan = Self.plan
        (plan.flows, plan.queries) = (1, 401)
        let (sent, _) = VirtualTrace(plan: plan).run { $0.hopLimit >= 4 ? .end : .hop }
        for (first, second) in [(1, 2), (3, 4), (1, 4)] {
            let count = (1...400).count { query in
                let order = order(sent, flow: 0, query: query)
                return (order.firstIndex(of: first) ?? 0) < (order.firstIndex(of: second) ?? 0)
            }
            // Four standard deviations of a binomial count.
            #expect((160...240).contains(count), "\(first) before \(second)")
        }
    }

    @Test(
        "A trace ends within the time that it said, whatever answers",
        arguments: [
            (4, 3, 30, Int64(1_000), Int64(2_000)), (1, 1, 1, 20, 50), (64, 1, 64, 20, 4_000), (2, 10, 64, 500, 1_000),
        ]
    )
    func bounded(flows: Int, queries: Int, hops: Int, interval: Int64, timeout: Int64) {
        let plan = TracePlan(
            flows: flows,
            queries: queries,
            maximumHops: hops,
            interval: .milliseconds(interval),
            timeout: .milliseconds(timeout)
        )
        let fates: [(TraceSend) -> VirtualTrace.Fate] = [
            { _ in .silence }, { _ in .hop }, { $0.hopLimit > 2 ? .silence : .hop },
            { $0.hopLimit >= 5 ? .end : .silence }, { $0.flow == 0 && $0.hopLimit > 8 ? .end : .silence },
        ]
        for fate in fates {
            let (sent, ended) = VirtualTrace(plan: plan).run(fate)
            #expect(ended <= plan.longest)
            #expect(sent.count <= plan.waves * plan.maximumHops)
        }
    }

    @Test("Where nothing is silent the trace does not wait for anything")
    func noWait() {
        let (sent, ended) = VirtualTrace(plan: Self.plan).run { $0.hopLimit >= 5 ? .end : .hop }
        let last = sent.map(\.at).max()
        #expect(last.map { $0 - MonotonicInstant(nanoseconds: 7_000_000_000) + .milliseconds(1) } == ended)
    }

    @Test("A silent hop in between does not stop it")
    func silentHop() {
        let (sent, _) = VirtualTrace(plan: Self.plan).run {
            $0.hopLimit == 3 ? .silence : $0.hopLimit >= 6 ? .end : .hop
        }
        #expect(hops(sent, flow: 3, query: 2) == [1, 2, 3, 4, 5, 6])
    }

    @Test("Beyond the last hop that answered only a few more are tried, once all of them were")
    func deadEnd() {
        let (sent, _) = VirtualTrace(plan: Self.plan).run { $0.hopLimit <= 4 ? .hop : .silence }
        #expect(hops(sent, flow: 0, query: 0).last == 30)
        #expect(hops(sent, flow: 0, query: 1).last == 4 + TraceMachine.silentHops)
    }

    @Test("A port that dies is tried as far as the others get")
    func deadPort() {
        let (sent, _) = VirtualTrace(plan: Self.plan).run { send in
            send.flow == 2 && send.hopLimit > 2 ? .silence : send.hopLimit >= 9 ? .end : .hop
        }
        #expect(hops(sent, flow: 2, query: 2) == Array(1...9))
    }

    @Test("A longer way of one port is followed to its end")
    func longerWay() {
        let (sent, _) = VirtualTrace(plan: Self.plan).run { $0.hopLimit >= ($0.flow == 1 ? 7 : 5) ? .end : .hop }
        #expect(hops(sent, flow: 1, query: 0).last == 7)
        #expect(hops(sent, flow: 1, query: 2).last == 7)
        #expect(hops(sent, flow: 0, query: 2).last == 5)
    }

    @Test("After a pause of the host no burst follows")
    func pause() {
        let start = MonotonicInstant(nanoseconds: 0)
        var machine = TraceMachine(Self.plan, start: start, seed: 1)
        let late = start + .seconds(5)
        guard case .send = machine.next(late) else {
            Issue.record("a probe is overdue")
            return
        }
        #expect(machine.next(late) == .wait(until: late + Self.plan.spacing / 2))
    }

    @Test("An answer that counts already moves nothing")
    func unknownAnswer() {
        var machine = TraceMachine(Self.plan, start: MonotonicInstant(nanoseconds: 0), seed: 1)
        machine.answered(TraceSend(flow: 9, hopLimit: 1, query: 0), isEnd: true)
        machine.answered(TraceSend(flow: 0, hopLimit: 1, query: 0), isEnd: true)
        #expect(machine.next(MonotonicInstant(nanoseconds: 0)) == .send(TraceSend(flow: 0, hopLimit: 1, query: 0)))
        let second = machine.next(MonotonicInstant(nanoseconds: 1_000_000_000))
        #expect(second == .send(TraceSend(flow: 0, hopLimit: 2, query: 0)))
    }
}
