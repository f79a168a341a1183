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
        let streams = ports.joined().map(MatchedStream.init)
        let directions = PathDirections.of(streams, reflectorIsStateful: reflectorIsStateful)
        let pairs = streams.flatMap { $0.replies.filter(\.isFirst).compactMap { ClockPair($0) } }
        let judged = streams.allSatisfy(\.isWhole) ? nil : JudgedTime.spanning(streams.compactMap(\.judgedTime))
        let clock = ClockModel(pairs, claims: claims, timestamps: timestamps, judged: judged)
        let delays = streams.map { StreamDelays($0, clock: clock, timestamps: timestamps) }
        let slowest = delays.compactMap(\.roundTripStatistics).max { $0.p95 < $1.p95 }
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
        var statistics = EndpointStatistics(
            clock: clock?.relation,
            streams: Self.ranges(ports.map(\.count)).map { range in
                guard range.count > 1 else { return members[range.lowerBound] }
                return StreamStatistics(
                    pooling: Array(members[range]),
                    delays: StreamDelays(pooling: Array(delays[range]), clock: clock, timestamps: timestamps),
                    losses: DirectionLosses(Array(streams[range]), Array(directions[range]))
                )
            },
            worseDirectionDelay: WorseDirectionDelay.worst(of: delays, clock: clock, timestamps: timestamps),
            roundTripP95: slowest?.p95,
            roundTripP95Interval: slowest?.p95Interval,
            forwardLoss: losses.forward,
            reverseLoss: losses.reverse,
            roundTripLoss: losses.roundTrip
        )
        statistics.lossWindows = losses.windows
        return statistics
    }
}

extension EndpointStatistics {
    /// Consecutive ranges of these lengths; empty ones are left out.
    private static func ranges(_ counts: [Int]) -> [Range<Int>] {
        var start = 0
        return counts.compactMap { count in
            defer { start += count }
            return count == 0 ? nil : start..<(start + count)
        }
    }
}

extension DelayStatistics {
    /// `p95Sampling` widened by `uncertainty`, not below zero.
    fileprivate var p95Interval: ClosedRange<Nanoseconds> {
        max(.zero, p95Sampling.lowerBound - uncertainty)...(p95Sampling.upperBound + uncertainty)
    }
}
