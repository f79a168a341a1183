import ProbeCore
import Units

extension EndpointStatistics {
    /// Analyses the streams of one endpoint together, since they share the same two clocks.
    ///
    /// `reflectorIsStateful` tells that the far end is known to number its replies on its own (its Follow-Up
    /// Telemetry is not zero, say). Without it, losses that are all in reverse, from a reflector whose numbers happen
    /// to equal the sender's, look like a stateless reflector's and are attributed to no direction.
    public static func analyse(
        _ observations: [StreamObservation],
        claims: ClockClaims,
        timestamps: TimestampQuality,
        reflectorIsStateful: Bool = false
    ) -> EndpointStatistics {
        analyse(
            ports: observations.map { [$0] },
            claims: claims,
            timestamps: timestamps,
            reflectorIsStateful: reflectorIsStateful
        )
    }

    /// The same where each port carries several streams, one for each call: `streams` then holds one for each port,
    /// its calls pooled.
    public static func analyse(
        ports: [[StreamObservation]],
        claims: ClockClaims,
        timestamps: TimestampQuality,
        reflectorIsStateful: Bool = false
    ) -> EndpointStatistics {
        EndpointAnalysis(
            ports: ports,
            claims: claims,
            timestamps: timestamps,
            reflectorIsStateful: reflectorIsStateful
        ).statistics
    }
}

/// What is worked out of an endpoint's packets before any statistic: who answered which, what became of each, and how
/// the two clocks stood.
struct EndpointAnalysis {
    /// Which streams go to each port; ports without any are left out.
    let ports: [Range<Int>]
    let streams: [MatchedStream]
    let directions: [PathDirections]
    let clock: ClockModel?
    let delays: [StreamDelays]
    let timestamps: TimestampQuality

    init(
        ports: [[StreamObservation]],
        claims: ClockClaims,
        timestamps: TimestampQuality,
        reflectorIsStateful: Bool
    ) {
        let streams = ports.joined().map(MatchedStream.init)
        directions = PathDirections.of(streams, reflectorIsStateful: reflectorIsStateful)
        let pairs = streams.flatMap { $0.replies.filter(\.isFirst).compactMap { ClockPair($0) } }
        let judged = streams.allSatisfy(\.isWhole) ? nil : JudgedTime.spanning(streams.compactMap(\.judgedTime))
        let clock = ClockModel(pairs, claims: claims, timestamps: timestamps, judged: judged)
        delays = streams.map { StreamDelays($0, clock: clock, timestamps: timestamps) }
        self.ports = Self.ranges(ports.map(\.count))
        self.streams = streams
        self.clock = clock
        self.timestamps = timestamps
    }

    var statistics: EndpointStatistics {
        let losses = DirectionLosses(streams, directions)
        let members = streams.indices.map {
            StreamStatistics(
                streams[$0],
                directions: directions[$0],
                delays: delays[$0],
                clock: clock,
                timestamps: timestamps
            )
        }
        let pooled = ports.map { range in
            guard range.count > 1 else { return members[range.lowerBound] }
            return StreamStatistics(
                pooling: Array(members[range]),
                delays: StreamDelays(pooling: Array(delays[range]), clock: clock, timestamps: timestamps).outcome,
                losses: DirectionLosses(Array(streams[range]), Array(directions[range]))
            )
        }
        return EndpointStatistics(
            clock: clock?.relation,
            streams: pooled,
            worseDirectionDelay: WorseDirectionDelay.worst(
                of: delays.map(\.outcome),
                deviation: clock?.deviation,
                timestamps: timestamps
            ),
            slowest: delays.compactMap(\.roundTripStatistics).max { $0.p95 < $1.p95 },
            losses: losses
        )
    }

    /// Consecutive ranges of these lengths; empty ones are left out.
    private static func ranges(_ counts: [Int]) -> [Range<Int>] {
        var start = 0
        return counts.compactMap { count in
            defer { start += count }
            return count == 0 ? nil : start..<(start + count)
        }
    }
}

extension EndpointStatistics {
    /// - Parameter slowest: the round trip of the slowest stream.
    init(
        clock: ClockRelation?,
        streams: [StreamStatistics],
        worseDirectionDelay: WorseDirectionDelay?,
        slowest: DelayStatistics?,
        losses: DirectionLosses
    ) {
        self.init(
            clock: clock,
            streams: streams,
            worseDirectionDelay: worseDirectionDelay,
            roundTripP95: slowest?.p95,
            roundTripP95Interval: slowest?.p95Interval,
            forwardLoss: losses.forward,
            reverseLoss: losses.reverse,
            roundTripLoss: losses.roundTrip
        )
        lossWindows = losses.windows
    }
}

extension DelayStatistics {
    /// `p95Sampling` widened by `uncertainty`, not below zero.
    var p95Interval: ClosedRange<Nanoseconds> {
        max(.zero, p95Sampling.lowerBound - uncertainty)...(p95Sampling.upperBound + uncertainty)
    }
}
