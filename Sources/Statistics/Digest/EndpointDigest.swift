import ProbeCore
import Units

/// What the packets of one endpoint come to, part by part of a run: the statistics of a run as long as one likes in
/// room that does not grow with its packets.
///
/// Parts are what ``SegmentCutter`` hands out: consecutive, each with some of the run around it. Counts, losses and
/// their periods, reordering, duplicates, J and its worst windows come to what the run would as a whole; percentiles
/// are read from histograms, and what that leaves open of them (1/1,024) is in their uncertainty. One-way delays are
/// bounded by each part's own view of the clocks, since no clock runs straight for hours.
public struct EndpointDigest: Sendable {
    private var ports: [Range<Int>] = []
    private var streams: [StreamDigest] = []
    private var clock: ClockDigest?
    private var timestamps = TimestampQuality(local: .zero, far: .zero)
    private var reflectorIsStateful = false
    private var method: DelayMethod?
    /// What this host's clock turned out to have been wrong by after its claims were believed.
    private var unvouched = Nanoseconds.zero
    /// Windows of several streams together: of each port, and of all.
    private var worstOfPorts: [EachWay<WorstLoss>] = []
    private var worst = EachWay(forward: WorstLoss(), reverse: WorstLoss(), roundTrip: WorstLoss())
    private var windows: [LossWindow] = []
    private var windowOrigin: WallInstant?

    public init() {}

    /// Takes the next part of the run; the same streams each time.
    ///
    /// - Parameter localStep: how far this host's wall clock was stepped during the part.
    public mutating func add(
        ports: [[StreamObservation]],
        claims: ClockClaims,
        timestamps: TimestampQuality,
        reflectorIsStateful: Bool = false,
        localStep: Nanoseconds = .zero
    ) {
        self.reflectorIsStateful = self.reflectorIsStateful || reflectorIsStateful
        let part = EndpointAnalysis(
            ports: ports,
            claims: claims,
            timestamps: timestamps,
            reflectorIsStateful: self.reflectorIsStateful
        )
        if streams.isEmpty { begin(part) }
        guard part.ports == self.ports else { return }
        admit(localStep)
        for index in streams.indices { streams[index].add(part, stream: index) }
        addPooledLosses(part)
        self.timestamps.local = max(self.timestamps.local, timestamps.local)
        self.timestamps.far = max(self.timestamps.far, timestamps.far)
        guard let model = part.clock else { return }
        if clock == nil { clock = ClockDigest(model) } else { clock?.append(model) }
        method = method == nil || method == model.method ? model.method : .roundTripBounded
    }

    private mutating func begin(_ part: EndpointAnalysis) {
        ports = part.ports
        streams = part.streams.map { _ in StreamDigest() }
        worstOfPorts = ports.map { _ in worst }
    }

    private mutating func admit(_ error: Nanoseconds) {
        guard method == .synchronized else { return }
        unvouched += error
        clock?.admit(error)
    }

    /// A stream counts from the part on in which it was first answered.
    private mutating func addPooledLosses(_ part: EndpointAnalysis) {
        let samples = part.streams.indices.map { index in
            EachWay.directions.map { LossSample(part.streams[index], part.directions[index].fates, $0) }
        }
        func worst(_ range: Range<Int>) -> EachWay<WorstLoss> {
            let pooled = range.filter { streams[$0].packets.wasAnswered }.map { samples[$0] }
            return EachWay(
                forward: WorstLoss(pooled.map(\.forward)),
                reverse: WorstLoss(pooled.map(\.reverse)),
                roundTrip: WorstLoss(pooled.map(\.roundTrip))
            )
        }
        for (index, range) in ports.enumerated() where range.count > 1 {
            worstOfPorts[index].combine(worst(range)) { $0.append($1) }
        }
        self.worst.combine(worst(streams.indices)) { $0.append($1) }
        let answered = streams.indices.filter { streams[$0].packets.wasAnswered }.map { samples[$0].roundTrip }
        windowOrigin = windowOrigin ?? answered.compactMap(\.judgedSentAt.first).min()
        LossWindow.append(LossWindow.consecutive(answered, from: windowOrigin), to: &windows)
    }
}

extension EndpointDigest {
    public var statistics: EndpointStatistics {
        let error = timestamps.oneWay + unvouched
        let delays = streams.map { $0.delays(method: method, error: error) }
        let members = zip(streams, delays).map { $0.statistics($1) }
        let pooled = zip(ports, worstOfPorts).map { range, worst in
            guard range.count > 1 else { return members[range.lowerBound] }
            return StreamStatistics(
                pooling: Array(members[range]),
                delays: pooledDelays(range, error: error),
                losses: losses(range, worst: worst)
            )
        }
        var all = losses(streams.indices, worst: worst)
        all.windows = windows
        return EndpointStatistics(
            clock: clock?.relation,
            streams: pooled,
            worseDirectionDelay: worseDirectionDelay(delays, error: error),
            slowest: delays.compactMap(\.roundTrip).max { $0.p95 < $1.p95 },
            losses: all
        )
    }

    /// The singletons of several streams as one sample: one-way delays of those of which they are known.
    private func pooledDelays(_ range: Range<Int>, error: Nanoseconds) -> DelayOutcome {
        var pool = StreamDigest()
        for stream in streams[range] { pool.addDelays(of: stream) }
        return pool.delays(method: method, error: error)
    }

    private func losses(_ range: Range<Int>, worst: EachWay<WorstLoss>) -> DirectionLosses {
        let answered = streams[range].filter(\.packets.wasAnswered)
        guard !answered.isEmpty else { return DirectionLosses() }
        let known = answered.allSatisfy(\.packets.lossIsKnown)
        return DirectionLosses(
            forward: known ? LossStatistics(answered.map(\.loss.forward), worst: worst.forward) : nil,
            reverse: known ? LossStatistics(answered.map(\.loss.reverse), worst: worst.reverse) : nil,
            roundTrip: LossStatistics(answered.map(\.loss.roundTrip), worst: worst.roundTrip)
        )
    }

    private func worseDirectionDelay(_ delays: [DelayOutcome], error: Nanoseconds) -> WorseDirectionDelay? {
        let candidates = zip(streams, delays).compactMap { stream, delays -> WorseDirectionDelay? in
            stream.isTwoWay
                ? stream.worseDirection(delays, error: error)
                : delays.roundTrip.map {
                    WorseDirectionDelay.ofRoundTrip($0)
                }
        }
        return WorseDirectionDelay.worst(candidates)
    }
}

extension StreamDigest {
    /// Offsets that differ from part to part move the two directions' percentiles against each other, but the round
    /// trips stay: of the packets at most one in twenty exceeds the worse direction's 95th percentile in either
    /// direction, so that at most one in ten takes longer than twice that for both.
    fileprivate func worseDirection(_ delays: DelayOutcome, error: Nanoseconds) -> WorseDirectionDelay? {
        guard let f = delays.forward?.p95, let g = delays.reverse?.p95, let forward = forward.p95,
            let reverse = reverse.p95
        else { return nil }
        var low = max(forward.lowerBound, reverse.lowerBound) - error
        if self.forward.count == roundTrip.count, let both = roundTrip.orderStatistics(90)?.low {
            low = max(low, (both.value - both.error) / 2 - error)
        }
        let high = max(forward.upperBound, reverse.upperBound) + error
        let value = max(f, g)
        return WorseDirectionDelay(
            value: value,
            interval: max(.zero, min(low, value))...max(high, value),
            direction: f >= g ? .forward : .reverse
        )
    }
}
