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
        let noise = timestamps.oneWay * 2
        let losses = StreamLosses(stream, directions)
        let forward = DirectionStatistics(
            delay: delays.forwardStatistics,
            jitter: JitterStatistics(
                transits.forwardArrivals,
                or: transits.otherForwardArrivals,
                run: stream,
                uncertainty: noise
            ),
            delayVariation: DelayVariationStatistics(transits.forwardInSequence),
            loss: losses.forward,
            reordered: directions.forwardReordered,
            duplicates: directions.forwardDuplicates
        )
        let reverse = DirectionStatistics(
            delay: delays.reverseStatistics,
            jitter: JitterStatistics(transits.reverseArrivals, run: stream, uncertainty: noise),
            delayVariation: DelayVariationStatistics(transits.reverseInSequence),
            loss: losses.reverse,
            reordered: directions.reverseReordered,
            duplicates: directions.reverseDuplicates
        )
        let roundTripNoise = (delays.roundTripStatistics?.uncertainty ?? .zero) * 2
        let roundTrip = DirectionStatistics(
            delay: delays.roundTripStatistics,
            jitter: JitterStatistics(transits.roundTripArrivals, run: stream, uncertainty: roundTripNoise),
            delayVariation: DelayVariationStatistics(transits.roundTripInSequence),
            loss: losses.roundTrip,
            reordered: directions.roundTripReordered,
            duplicates: directions.copies
        )
        let rating = losses.rating(delays)
        self.init(
            packets: PacketCounts(stream, directions),
            method: delays.method,
            forward: forward,
            reverse: reverse,
            roundTrip: roundTrip,
            rFactor: rating,
            mos: rating.map(EModel.meanOpinionScore(rating:))
        )
    }
}

extension PacketCounts {
    fileprivate init(_ stream: MatchedStream, _ directions: PathDirections) {
        let fates = directions.fates[stream.measured]
        func count(_ fate: PacketFate) -> Int { fates.filter { $0 == fate }.count }
        let arrivedForward = count(.answered) + count(.late) + count(.lostReverse)
        let eachWayDuplicates = directions.forwardDuplicates.flatMap { one in
            directions.reverseDuplicates.map { one + $0 }
        }
        let eachWayReordered = directions.forwardReordered.flatMap { one in
            directions.reverseReordered.map { one + $0 }
        }
        self.init(
            sent: fates.count,
            forwardReceived: directions.lossIsKnown && count(.lostSomewhere) == 0 ? arrivedForward : nil,
            received: count(.answered),
            duplicates: eachWayDuplicates ?? directions.copies,
            reordered: eachWayReordered ?? directions.roundTripReordered,
            late: count(.late)
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
