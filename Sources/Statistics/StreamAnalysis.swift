import ProbeCore
import Units

extension StreamStatistics {
    init(
        _ stream: MatchedStream,
        directions: PathDirections,
        delays: StreamDelays,
        clock: ClockModel?,
        timestamps: TimestampQuality
    ) {
        let transits = StreamTransits(stream, clock: clock, directions: directions, timestamps: timestamps)
        let jitter = transits.jitter(roundTripError: delays.roundTripStatistics?.uncertainty ?? .zero)
        let losses = StreamLosses(stream, directions)
        let forward = DirectionStatistics(
            delay: delays.forwardStatistics,
            jitter: jitter.forward.map(JitterStatistics.init),
            delayVariation: DelayVariationStatistics(transits.forwardInSequence),
            loss: losses.forward,
            reordered: directions.forwardReordered,
            duplicates: directions.forwardDuplicates
        )
        let reverse = DirectionStatistics(
            delay: delays.reverseStatistics,
            jitter: jitter.reverse.map(JitterStatistics.init),
            delayVariation: DelayVariationStatistics(transits.reverseInSequence),
            loss: losses.reverse,
            reordered: directions.reverseReordered,
            duplicates: directions.reverseDuplicates
        )
        let roundTrip = DirectionStatistics(
            delay: delays.roundTripStatistics,
            jitter: jitter.roundTrip.map(JitterStatistics.init),
            delayVariation: DelayVariationStatistics(transits.roundTripInSequence),
            loss: losses.roundTrip,
            reordered: directions.roundTripReordered,
            duplicates: directions.copies
        )
        let rating = losses.rating(delays)
        self.init(
            packets: PacketCounts(PacketTally(stream, directions)),
            method: delays.method,
            forward: forward,
            reverse: reverse,
            roundTrip: roundTrip,
            rFactor: rating,
            mos: rating.map(EModel.meanOpinionScore(rating:))
        )
    }
}

/// The losses of one stream: each direction nil where it cannot be told.
private struct StreamLosses {
    var forward: LossStatistics?
    var reverse: LossStatistics?
    var roundTrip: LossStatistics

    init(_ stream: MatchedStream, _ directions: PathDirections) {
        roundTrip = LossStatistics([LossSample(stream, directions.fates, .roundTrip)])
        guard directions.lossIsKnown else { return }
        forward = LossStatistics([LossSample(stream, directions.fates, .forward)])
        reverse = LossStatistics([LossSample(stream, directions.fates, .reverse)])
    }

    /// Of the worse direction. Where losses cannot be told apart each direction is rated as if all were its own.
    func rating(_ delays: StreamDelays) -> Double? {
        let ratings = [
            VoiceRating.rating(sorted: delays.forward, loss: forward ?? roundTrip),
            VoiceRating.rating(sorted: delays.reverse, loss: reverse ?? roundTrip),
        ]
        return ratings.compactMap(\.self).min()
    }
}
