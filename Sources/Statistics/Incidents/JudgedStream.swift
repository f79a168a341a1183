import ProbeCore
import Units

/// One stream with what is known of its directions and clocks: what its windows are judged by.
struct JudgedStream {
    var stream: MatchedStream
    var directions: PathDirections
    var clock: ClockModel?
    var timestamps: TimestampQuality

    var oneWayUncertainty: Nanoseconds? { clock.map { $0.uncertainty + timestamps.oneWay } }

    /// The windows in which the stream broke this bound, none of which overlap in one direction.
    func broken(_ bound: WindowBound) -> [BrokenBound] {
        guard stream.wasAnswered, let scan = WindowScan(stream) else { return [] }
        switch bound.metric {
        case .jitter: return jitter(bound, scan)
        case .loss: return loss(bound, scan)
        case .latencyOneWay: return latency(bound, scan)
        case .roundTrip:
            let error = roundTripError.milliseconds
            return windows(bound, scan, delays(\.roundTrip), nil) { max(0, $0 - error)...($0 + error) }
        }
    }

    private var answers: [MatchedStream.Reply] { stream.run.compactMap(stream.answer(to:)) }

    private var hasFar: Bool { answers.contains { $0.far != nil } }

    private var roundTripError: Nanoseconds { timestamps.roundTrip(withFar: hasFar) }

    /// Whether one-way values can be told of any packet.
    private var isTwoWay: Bool {
        guard let clock else { return false }
        return answers.contains { reply in ClockPair(reply).flatMap { clock.delays($0) } != nil }
    }

    private func windows(
        _ bound: WindowBound,
        _ scan: WindowScan,
        _ samples: [WindowScan.Sample],
        _ direction: BrokenBound.Direction?,
        interval: (Double) -> ClosedRange<Double>
    ) -> [BrokenBound] {
        let found = scan.windows(samples, percentile: bound.percentile, atLeast: bound.target)
        return WindowScan.apart(found).map { BrokenBound(bound, direction, $0, interval($0.value)) }
    }

    // MARK: Delay

    private func delays(_ delay: (KeptDelays) -> Nanoseconds?) -> [WindowScan.Sample] {
        answers.compactMap { reply in delay(self.delays(of: reply)).map { (reply.sentAt, $0.milliseconds) } }
    }

    private func latency(_ bound: WindowBound, _ scan: WindowScan) -> [BrokenBound] {
        guard isTwoWay, let error = oneWayUncertainty?.milliseconds else {
            // Half the round trip, which was anything between nothing and all of it in either direction.
            let error = roundTripError.milliseconds
            let halves = delays(\.roundTrip).map { (sentAt: $0.sentAt, value: $0.value / 2) }
            return windows(bound, scan, halves, nil) { max(0, $0 - error)...(2 * $0 + error) }
        }
        func around(_ value: Double) -> ClosedRange<Double> { max(0, value - error)...(value + error) }
        return windows(bound, scan, delays(\.forward), .forward, interval: around)
            + windows(bound, scan, delays(\.reverse), .reverse, interval: around)
    }

    // MARK: Jitter

    /// Of the round trip, where no direction shows its own: the worse one's lies between half of it and all of it.
    private func jitter(_ bound: WindowBound, _ scan: WindowScan) -> [BrokenBound] {
        var bound = bound
        bound.percentile = nil
        let transits = StreamTransits(stream, clock: clock, directions: directions, timestamps: timestamps)
        let forward = transits.forwardArrivals
        let reverse = transits.reverseArrivals
        guard !forward.isEmpty || !reverse.isEmpty else {
            let error = (roundTripError * 2).milliseconds
            return windows(bound, scan, samples(transits.roundTripArrivals), nil) {
                max(0, $0 / 2 - error)...($0 + error)
            }
        }
        let noise = timestamps.oneWay * 2
        let whole = JitterStatistics(forward, or: transits.otherForwardArrivals, run: stream, uncertainty: noise)
        let forwardError = (whole?.uncertainty ?? noise).milliseconds
        return windows(bound, scan, samples(forward), .forward) { max(0, $0 - forwardError)...($0 + forwardError) }
            + windows(bound, scan, samples(reverse), .reverse) {
                max(0, $0 - noise.milliseconds)...($0 + noise.milliseconds)
            }
    }

    private func samples(_ transits: [InterarrivalJitter.Transit]) -> [WindowScan.Sample] {
        InterarrivalJitter.estimates(transits).map { ($0.sentAt, $0.jitter / 1e6) }
    }

    // MARK: Loss

    /// Where direction cannot be told the worse one lost at most what the round trip lost, and at least half of it.
    private func loss(_ bound: WindowBound, _ scan: WindowScan) -> [BrokenBound] {
        func windows(_ direction: LossSample.Direction) -> [WindowScan.Window] {
            let sample = LossSample(stream, directions.fates, direction)
            return WindowScan.apart(scan.windows(sample, atLeast: bound.target))
        }
        guard directions.lossIsKnown else {
            return windows(.roundTrip).map { BrokenBound(bound, nil, $0, ($0.value / 2)...$0.value) }
        }
        return windows(.forward).map { BrokenBound(bound, .forward, $0, allowing($0)) }
            + windows(.reverse).map { BrokenBound(bound, .reverse, $0, allowing($0)) }
    }

    /// Packets of the window that were lost nobody knows where may have been lost in this direction.
    private func allowing(_ window: WindowScan.Window) -> ClosedRange<Double> {
        let inWindow = stream.run.filter { window.from <= stream.sentAt[$0] && stream.sentAt[$0] < window.until }
        let unknown = inWindow.filter { directions.fates[$0] == .lostSomewhere }.count
        return window.value...min(1, window.value + Double(unknown) / Double(max(1, inWindow.count)))
    }
}

extension BrokenBound {
    fileprivate init(
        _ bound: WindowBound,
        _ direction: Direction?,
        _ window: WindowScan.Window,
        _ interval: ClosedRange<Double>
    ) {
        self.init(
            bound: bound,
            direction: direction,
            from: window.from,
            until: window.until,
            value: window.value,
            interval: interval
        )
    }
}
