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
        let streams = observations.map(MatchedStream.init)
        let directions = PathDirections.of(streams, reflectorIsStateful: reflectorIsStateful)
        let pairs = streams.flatMap { $0.replies.filter(\.isFirst).compactMap { ClockPair($0) } }
        let clock = ClockModel(pairs, claims: claims, timestamps: timestamps)
        let delays = streams.map { StreamDelays($0, clock: clock, timestamps: timestamps) }
        let slowest = delays.compactMap(\.roundTripStatistics).max { $0.p95 < $1.p95 }
        let losses = PooledLosses(streams, directions)
        return EndpointStatistics(
            clock: clock?.relation,
            streams: streams.indices.map {
                StreamStatistics(
                    streams[$0],
                    directions: directions[$0],
                    delays: delays[$0],
                    clock: clock,
                    timestamps: timestamps
                )
            },
            worseDirectionDelay: WorseDirectionDelay.worst(of: delays, clock: clock, timestamps: timestamps),
            roundTripP95: slowest?.p95,
            roundTripP95Interval: slowest?.p95Interval,
            forwardLoss: losses.forward,
            reverseLoss: losses.reverse,
            roundTripLoss: losses.roundTrip
        )
    }
}

extension DelayStatistics {
    /// `p95Sampling` widened by `uncertainty`, not below zero.
    fileprivate var p95Interval: ClosedRange<Nanoseconds> {
        max(.zero, p95Sampling.lowerBound - uncertainty)...(p95Sampling.upperBound + uncertainty)
    }
}

/// The losses of all streams that were answered at all.
private struct PooledLosses {
    var forward: LossStatistics?
    var reverse: LossStatistics?
    var roundTrip: LossStatistics?

    init(_ streams: [MatchedStream], _ directions: [PathDirections]) {
        let answered = streams.indices.filter { streams[$0].wasAnswered }
        guard !answered.isEmpty else { return }
        func pooled(_ direction: LossSample.Direction) -> LossStatistics {
            LossStatistics(answered.map { LossSample(streams[$0], directions[$0].fates, direction) })
        }
        roundTrip = pooled(.roundTrip)
        guard answered.allSatisfy({ directions[$0].lossIsKnown }) else { return }
        forward = pooled(.forward)
        reverse = pooled(.reverse)
    }
}
