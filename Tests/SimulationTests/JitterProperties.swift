import ProbeCore
import SimulatedNetwork
import Statistics
import Units

/// RFC 3550 §6.4.1 as it stands there: J = J + (|D(i-1,i)| - J)/16. Written apart from the product's.
struct PlainJitter {
    var last = 0.0
    var mean = 0.0
    var maximum = 0.0
    /// The greatest mean of J over 15 s that lie within the run; nil when the run is shorter.
    var worst15s: Double?

    /// Transits in the order of arrival, with when each packet was sent, nanoseconds.
    init?(_ packets: [(sentAt: Int64, transit: Int64)], runStart: Int64, interval: Int64) {
        guard packets.count > 1 else { return nil }
        var after: [(sentAt: Int64, jitter: Double)] = []
        for index in 1..<packets.count {
            let d = Double(packets[index].transit - packets[index - 1].transit)
            last += (d.magnitude - last) / 16
            after.append((packets[index].sentAt, last))
        }
        mean = after.map(\.jitter).reduce(0, +) / Double(after.count)
        maximum = after.map(\.jitter).max() ?? 0
        worst15s = Self.worst(after.sorted { $0.sentAt < $1.sentAt }, runStart: runStart, interval: interval)
    }

    private static func worst(
        _ values: [(sentAt: Int64, jitter: Double)],
        runStart: Int64,
        interval: Int64
    ) -> Double? {
        let window: Int64 = 15_000_000_000
        var sums = [0.0]
        for value in values { sums.append(sums[sums.count - 1] + value.jitter) }
        var first = 0
        var worst: Double?
        for (index, value) in values.enumerated() {
            while values[first].sentAt + window <= value.sentAt { first += 1 }
            guard value.sentAt + interval + interval / 2 - runStart >= window else { continue }
            worst = max(worst ?? 0, (sums[index + 1] - sums[first]) / Double(index + 1 - first))
        }
        return worst
    }
}

extension CheckedRun {
    func checkJitter(_ violations: inout Violations) {
        guard scenario.farClock.steps.isEmpty else { return }
        for (index, stream) in statistics.streams.enumerated() {
            let seen = observed(index)
            let ways: [(String, JitterStatistics?, Order, (forward: Bool, reverse: Bool))] = [
                ("forward", stream.forward.jitter, seen.forward, (true, false)),
                ("reverse", stream.reverse.jitter, seen.home, (false, true)),
                ("round trip", stream.roundTrip.jitter, seen.home, (true, true)),
            ]
            for (way, jitter, order, parts) in ways {
                guard let jitter else { continue }
                let name = "stream \(index) \(way)"
                // In which order packets reached a stateless reflector only its timestamps tell.
                let rounding = scenario.reflector.isStateless && way == "forward" ? Double(jitter.uncertainty.count) : 2
                let formula = transits(index, order, parts)
                compare(jitter, formula, name, tolerance: rounding, "jitter by the formula", &violations)
                let slack = Double(jitter.uncertainty.count) + 2_000 + slewNoise
                let truth = trueTransits(index, order, parts)
                compare(jitter, truth, name, tolerance: slack, "jitter of the network", &violations)
            }
        }
    }

    /// What the clock's rate adds to the difference of neighbours, at most: a second of silence at 1,000 ppm would be
    /// 1 ms, but |D| adds it once in as many packets.
    private var slewNoise: Double {
        let slew = scenario.farClock.slew.map {
            min($0.partsPerMillion.magnitude * 1e-6 * 2.5e9, Double($0.total.magnitude.count))
        }
        return scenario.farClock.skewPPM.magnitude * 1e-6 * 2.5e9 + (slew ?? 0)
    }

    private typealias Order = [PathTruth.Reply]

    /// Answers that count, in the order in which their requests reached the far end, and as they came home.
    private func observed(_ stream: Int) -> (forward: Order, home: Order) {
        let home = outcome.truths[stream].firstReplies.filter { measured(stream).contains($0.sequence) }
        return (home.sorted { $0.request < $1.request }, home)
    }

    /// As the observation's timestamps have it.
    private func transits(_ stream: Int, _ order: Order, _ parts: (forward: Bool, reverse: Bool)) -> PlainJitter? {
        let observation = observations[stream]
        var first: [Int: ReceivedReply] = [:]
        for reply in observation.replies where first[Int(reply.sequence)] == nil { first[Int(reply.sequence)] = reply }
        let packets = order.compactMap { known -> (sentAt: Int64, transit: Int64)? in
            guard let reply = first[known.sequence] else { return nil }
            let sentAt = observation.sent[known.sequence].sentAt
            var transit = Nanoseconds.zero
            if let far = reply.far {
                if parts.forward { transit += far.receivedAt - sentAt }
                if parts.reverse { transit += reply.arrivedAt - far.sentAt }
            } else {
                transit = reply.arrivedAt - sentAt
            }
            return (sentAt.nanosecondsSinceUnixEpoch, transit.count)
        }
        let start = observation.sent[observation.measured.lowerBound].sentAt.nanosecondsSinceUnixEpoch
        return PlainJitter(packets, runStart: start, interval: observation.interval.count)
    }

    private func trueTransits(_ stream: Int, _ order: Order, _ parts: (forward: Bool, reverse: Bool)) -> PlainJitter? {
        let truth = outcome.truths[stream]
        let hasFar = statistics.streams[stream].method != .halfRoundTrip
        let packets = order.map { reply -> (sentAt: Int64, transit: Int64) in
            let sentAt = truth.departures[reply.sequence]
            var transit = hasFar ? Nanoseconds.zero : reply.stay
            if parts.forward { transit += truth.requests[reply.request].arrivedAt - sentAt }
            if parts.reverse { transit += reply.delay }
            return (sentAt.count, transit.count)
        }
        let start = truth.departures[measured(stream).lowerBound].count
        return PlainJitter(packets, runStart: start, interval: scenario.interval.count)
    }

    private func compare(
        _ jitter: JitterStatistics,
        _ expected: PlainJitter?,
        _ name: String,
        tolerance: Double,
        _ property: String,
        _ violations: inout Violations
    ) {
        guard let expected else { return violations.expect(false, property, "\(name): none expected") }
        var parts = [
            ("last", jitter.last, expected.last), ("mean", jitter.mean, expected.mean),
            ("maximum", jitter.maximum, expected.maximum),
        ]
        if let worst = jitter.worst15s, let plain = expected.worst15s { parts.append(("worst 15 s", worst, plain)) }
        for (part, reported, plain) in parts {
            violations.expect(
                abs(Double(reported.count) - plain) <= tolerance,
                property,
                "\(name) \(part) \(reported.text), independently \(plain / 1e6) ms ± \(tolerance / 1e6) ms"
            )
        }
    }
}
