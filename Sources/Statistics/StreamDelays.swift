import Units

/// The delays of one stream, or of several pooled.
struct DelayOutcome {
    /// Nil when nothing was answered.
    var method: DelayMethod?
    var forward: DelayStatistics?
    var reverse: DelayStatistics?
    var roundTrip: DelayStatistics?
}

/// The delay singletons of one stream's measured packets, sorted, and how the one-way ones were obtained.
struct StreamDelays {
    /// Nil when nothing was answered.
    var method: DelayMethod?
    var forward: [Nanoseconds]
    var reverse: [Nanoseconds]
    var roundTrip: [Nanoseconds]
    var forwardStatistics: DelayStatistics?
    var reverseStatistics: DelayStatistics?
    var roundTripStatistics: DelayStatistics?

    init(_ stream: MatchedStream, clock: ClockModel?, timestamps: TimestampQuality) {
        let answers = stream.measured.compactMap(stream.answer(to:))
        roundTrip = answers.filter { clock?.mayHaveStepped(during: $0) != true }.map(\.roundTrip).sorted()
        let oneWay = answers.compactMap { ClockPair($0).flatMap { clock?.delays($0) } }
        let hasFar = answers.contains { $0.far != nil }
        roundTripStatistics = DelayStatistics(
            sorted: roundTrip,
            uncertainty: timestamps.roundTrip(withFar: hasFar)
        )
        if let clock, !oneWay.isEmpty {
            method = clock.method
            forward = oneWay.map(\.forward).sorted()
            reverse = oneWay.map(\.reverse).sorted()
            let uncertainty = clock.uncertainty + timestamps.oneWay
            forwardStatistics = DelayStatistics(sorted: forward, uncertainty: uncertainty)
            reverseStatistics = DelayStatistics(sorted: reverse, uncertainty: uncertainty)
        } else {
            method = answers.isEmpty ? nil : .halfRoundTrip
            forward = roundTrip.map { $0 / 2 }
            reverse = forward
            forwardStatistics = Self.half(forward, timestamping: roundTripStatistics?.uncertainty)
            reverseStatistics = forwardStatistics
        }
    }

    /// The singletons of several streams as one sample.
    init(pooling members: [StreamDelays], clock: ClockModel?, timestamps: TimestampQuality) {
        let told = members.filter { $0.method != nil && $0.method != .halfRoundTrip }
        method = told.first?.method ?? members.compactMap(\.method).first
        let used = told.isEmpty ? members : told
        forward = used.flatMap(\.forward).sorted()
        reverse = used.flatMap(\.reverse).sorted()
        roundTrip = members.flatMap(\.roundTrip).sorted()
        let roundTripError = members.compactMap(\.roundTripStatistics?.uncertainty).max()
        roundTripStatistics = roundTripError.flatMap { DelayStatistics(sorted: roundTrip, uncertainty: $0) }
        if let clock, !told.isEmpty {
            let uncertainty = clock.uncertainty + timestamps.oneWay
            forwardStatistics = DelayStatistics(sorted: forward, uncertainty: uncertainty)
            reverseStatistics = DelayStatistics(sorted: reverse, uncertainty: uncertainty)
        } else {
            forwardStatistics = Self.half(forward, timestamping: roundTripError)
            reverseStatistics = forwardStatistics
        }
    }

    var outcome: DelayOutcome {
        DelayOutcome(
            method: method,
            forward: forwardStatistics,
            reverse: reverseStatistics,
            roundTrip: roundTripStatistics
        )
    }

    /// Each direction took something between nothing and the whole round trip.
    private static func half(_ halves: [Nanoseconds], timestamping: Nanoseconds?) -> DelayStatistics? {
        guard let timestamping, let p95 = Quantiles.nearestRank(95, of: halves) else { return nil }
        return DelayStatistics(sorted: halves, uncertainty: p95 + timestamping)
    }
}
