import Units

/// What one stream's packets come to, in a form that adds up from part to part of a run and takes the same room however
/// many there were.
struct StreamDigest: Sendable {
    private(set) var packets = PacketTally()
    private(set) var loss = EachWay(forward: LossTally(), reverse: LossTally(), roundTrip: LossTally())
    private(set) var worstLoss = EachWay(forward: WorstLoss(), reverse: WorstLoss(), roundTrip: WorstLoss())
    private(set) var forward = OneWayDigest()
    private(set) var reverse = OneWayDigest()
    private(set) var roundTrip = TimeHistogram()
    private var roundTripError = Nanoseconds.zero
    private var jitter = EachWay<JitterTally?>(forward: nil, reverse: nil, roundTrip: nil)
    private var variation = EachWay(forward: TimeHistogram(), reverse: TimeHistogram(), roundTrip: TimeHistogram())

    /// Takes the next part of the run.
    mutating func add(_ part: EndpointAnalysis, stream index: Int) {
        let stream = part.streams[index]
        let directions = part.directions[index]
        packets.append(PacketTally(stream, directions))
        let samples = EachWay.directions.map { LossSample(stream, directions.fates, $0) }
        loss.combine(samples) { $0.append(LossTally($1)) }
        worstLoss.combine(samples) { $0.append(WorstLoss([$1])) }
        addDelays(part.delays[index], part.clock)
        let transits = StreamTransits(
            stream,
            clock: part.clock,
            directions: directions,
            timestamps: part.timestamps
        )
        let roundTripError = part.delays[index].roundTripStatistics?.uncertainty ?? .zero
        jitter.combine(transits.jitter(roundTripError: roundTripError)) { known, next in
            guard let next else { return }
            if known == nil { known = next } else { known?.append(next) }
        }
        variation.forward.add(TimeHistogram(DelayVariationStatistics.magnitudes(transits.forwardInSequence)))
        variation.reverse.add(TimeHistogram(DelayVariationStatistics.magnitudes(transits.reverseInSequence)))
        variation.roundTrip.add(TimeHistogram(DelayVariationStatistics.magnitudes(transits.roundTripInSequence)))
    }

    private mutating func addDelays(_ delays: StreamDelays, _ clock: ClockModel?) {
        roundTrip.add(TimeHistogram(delays.roundTrip))
        roundTripError = max(roundTripError, delays.roundTripStatistics?.uncertainty ?? .zero)
        guard let clock, let method = delays.method, method != .halfRoundTrip else { return }
        // If the true offset is δ above the estimate, forward delays are δ less and reverse delays δ more.
        let deviation = clock.deviation
        forward.add(delays.forward, deviation: -deviation.upperBound ... -deviation.lowerBound)
        reverse.add(delays.reverse, deviation: deviation)
    }

    /// Takes another stream's delays into one sample with its own.
    mutating func addDelays(of other: StreamDigest) {
        roundTrip.add(other.roundTrip)
        roundTripError = max(roundTripError, other.roundTripError)
        forward.add(other.forward)
        reverse.add(other.reverse)
    }

    /// One-way delays of at least some packets are known.
    var isTwoWay: Bool { forward.count > 0 }

    /// - Parameters:
    ///   - method: of the parts in which one-way delays are known.
    ///   - error: what else any of them may be off by.
    func delays(method: DelayMethod?, error: Nanoseconds) -> DelayOutcome {
        let roundTrip = DelayStatistics(roundTrip, uncertainty: roundTripError)
        guard isTwoWay, let method else {
            return DelayOutcome(
                method: roundTrip == nil ? nil : .halfRoundTrip,
                forward: roundTrip?.halved,
                reverse: roundTrip?.halved,
                roundTrip: roundTrip
            )
        }
        return DelayOutcome(
            method: method,
            forward: forward.statistics(error: error),
            reverse: reverse.statistics(error: error),
            roundTrip: roundTrip
        )
    }

    func statistics(_ delays: DelayOutcome) -> StreamStatistics {
        let known = packets.lossIsKnown
        let losses = EachWay<LossStatistics?>(
            forward: known ? LossStatistics([loss.forward], worst: worstLoss.forward) : nil,
            reverse: known ? LossStatistics([loss.reverse], worst: worstLoss.reverse) : nil,
            roundTrip: LossStatistics([loss.roundTrip], worst: worstLoss.roundTrip)
        )
        let rating = rating(losses)
        return StreamStatistics(
            packets: PacketCounts(packets),
            method: delays.method,
            forward: DirectionStatistics(
                delay: delays.forward,
                jitter: jitter.forward.map(JitterStatistics.init),
                delayVariation: DelayVariationStatistics(variation.forward),
                loss: losses.forward,
                reordered: packets.reordered.forward,
                duplicates: packets.duplicates.forward
            ),
            reverse: DirectionStatistics(
                delay: delays.reverse,
                jitter: jitter.reverse.map(JitterStatistics.init),
                delayVariation: DelayVariationStatistics(variation.reverse),
                loss: losses.reverse,
                reordered: packets.reordered.reverse,
                duplicates: packets.duplicates.reverse
            ),
            roundTrip: DirectionStatistics(
                delay: delays.roundTrip,
                jitter: jitter.roundTrip.map(JitterStatistics.init),
                delayVariation: DelayVariationStatistics(variation.roundTrip),
                loss: losses.roundTrip,
                reordered: packets.reordered.roundTrip,
                duplicates: packets.duplicates.roundTrip
            ),
            rFactor: rating,
            mos: rating.map(EModel.meanOpinionScore(rating:))
        )
    }

    /// Of the worse direction. Where losses cannot be told apart each direction is rated as if all were its own.
    private func rating(_ losses: EachWay<LossStatistics?>) -> Double? {
        guard let both = losses.roundTrip else { return nil }
        let ratings =
            isTwoWay
            ? [
                VoiceRating.rating(forward.estimated, loss: losses.forward ?? both),
                VoiceRating.rating(reverse.estimated, loss: losses.reverse ?? both),
            ]
            : [
                VoiceRating.rating(halvesOf: roundTrip, loss: losses.forward ?? both),
                VoiceRating.rating(halvesOf: roundTrip, loss: losses.reverse ?? both),
            ]
        return ratings.compactMap(\.self).min()
    }
}
