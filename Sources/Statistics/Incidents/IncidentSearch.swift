import ProbeCore
import Units

/// Finds the 15 s windows in which the streams of one endpoint broke a bound, and keeps the packets around them.
///
/// It takes any stretch of packets: all of a check, or the last minutes of a longer one. Clocks and directions are
/// worked out over what it is given, which ought to reach ``IncidentLimits/margin`` beyond what is looked at.
public struct IncidentSearch: Sendable {
    public var bounds: [WindowBound]
    public var limits: IncidentLimits

    public init(bounds: [WindowBound], limits: IncidentLimits = IncidentLimits()) {
        self.bounds = bounds
        self.limits = limits
    }

    /// Worst first.
    ///
    /// - Parameter ports: by port of one endpoint, its streams.
    public func incidents(
        in ports: [[WatchedStream]],
        claims: ClockClaims,
        timestamps: TimestampQuality,
        reflectorIsStateful: Bool = false
    ) -> [Incident] {
        let watched = ports.joined().map { $0 }
        let places = ports.indices.flatMap { port in ports[port].indices.map { (port: port, stream: $0) } }
        let streams = watched.map { MatchedStream($0.observation) }
        let directions = PathDirections.of(streams, reflectorIsStateful: reflectorIsStateful)
        let pairs = streams.flatMap { $0.replies.filter(\.isFirst).compactMap { ClockPair($0) } }
        let clock = ClockModel(pairs, claims: claims, timestamps: timestamps)
        let found = streams.indices.flatMap { index in
            let judged = JudgedStream(
                stream: streams[index],
                directions: directions[index],
                clock: clock,
                timestamps: timestamps
            )
            return incidents(judged, watched[index], port: places[index].port, stream: places[index].stream)
        }
        return found.sorted { BrokenBound.isWorse($0.worst, $1.worst) }
    }

    private func incidents(_ judged: JudgedStream, _ watched: WatchedStream, port: Int, stream: Int) -> [Incident] {
        let broken = bounds.flatMap(judged.broken).sorted { $0.from < $1.from }
        guard !broken.isEmpty else { return [] }
        let packets = judged.packets(watched)
        return stretches(broken).compactMap { windows in
            guard let from = windows.map(\.from).min(), let until = windows.map(\.until).max() else { return nil }
            let worstFirst = windows.sorted(by: BrokenBound.isWorse)
            let kept = keep(packets, from..<until, worst: worstFirst[0])
            return Incident(
                port: port,
                stream: stream,
                broken: named(worstFirst),
                from: from,
                until: until,
                keptFrom: kept.first?.sentAt ?? from,
                keptUntil: kept.last.map { $0.sentAt + judged.stream.interval } ?? until,
                packets: Array(kept),
                interval: judged.stream.interval,
                clock: judged.clock?.relation,
                oneWayUncertainty: judged.oneWayUncertainty
            )
        }
    }

    /// The worst window of each bound and direction, and then as many others as there is room for.
    private func named(_ worstFirst: [BrokenBound]) -> [BrokenBound] {
        struct Kind: Hashable {
            var metric: WindowBound.Metric
            var direction: BrokenBound.Direction?
        }
        var kinds: Set<Kind> = []
        let foremost = worstFirst.map { kinds.insert(Kind(metric: $0.bound.metric, direction: $0.direction)).inserted }
        let order = worstFirst.indices.filter { foremost[$0] } + worstFirst.indices.filter { !foremost[$0] }
        return order.prefix(max(1, limits.windows)).sorted().map { worstFirst[$0] }
    }

    /// Windows so near to each other that the packets kept for one are also kept for the other are one incident.
    private func stretches(_ broken: [BrokenBound]) -> [[BrokenBound]] {
        var stretches: [[BrokenBound]] = []
        var until = WallInstant(nanosecondsSinceUnixEpoch: .min)
        for window in broken {
            if let last = stretches.indices.last, window.from - until < limits.margin * 2 {
                stretches[last].append(window)
            } else {
                stretches.append([window])
            }
            until = max(until, window.until)
        }
        return stretches
    }

    private func keep(
        _ packets: [KeptPacket],
        _ span: Range<WallInstant>,
        worst: BrokenBound
    ) -> ArraySlice<KeptPacket> {
        guard let first = packets.first, let last = packets.last else { return [] }
        let middle = worst.from + (worst.until - worst.from) / 2
        var from = max(span.lowerBound - limits.margin, first.sentAt)
        var until = min(span.upperBound + limits.margin, last.sentAt + Nanoseconds(1))
        if until - from > limits.longest {
            from = min(max(from, middle - limits.longest / 2), until - limits.longest)
            until = from + limits.longest
        }
        let kept = packets.drop { $0.sentAt < from }.prefix { $0.sentAt < until }
        guard kept.count > limits.packets else { return kept }
        let centre = kept.firstIndex { $0.sentAt >= middle } ?? kept.startIndex
        let start = min(max(kept.startIndex, centre - limits.packets / 2), kept.endIndex - limits.packets)
        return kept[start..<(start + limits.packets)]
    }
}
