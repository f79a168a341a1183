import Units

/// The transits of one stream's packets that count in each direction, for jitter and delay variation: those that are
/// judged, and those of the run before and after them. A constant
/// offset between the clocks does not matter to either; packets on their way during a clock step are left out.
struct StreamTransits {
    private let stream: MatchedStream
    private let clock: ClockModel?
    private let directions: PathDirections
    private let timestamps: TimestampQuality

    init(_ stream: MatchedStream, clock: ClockModel?, directions: PathDirections, timestamps: TimestampQuality) {
        self.timestamps = timestamps
        self.stream = stream
        self.clock = clock
        self.directions = directions
    }

    /// - Parameter roundTripError: how far one round trip may be off.
    func jitter(roundTripError: Nanoseconds) -> EachWay<JitterTally?> {
        let noise = timestamps.oneWay * 2
        return EachWay(
            forward: JitterTally(forwardArrivals, or: otherForwardArrivals, run: stream, uncertainty: noise),
            reverse: JitterTally(reverseArrivals, run: stream, uncertainty: noise),
            roundTrip: JitterTally(roundTripArrivals, run: stream, uncertainty: roundTripError * 2)
        )
    }

    /// T2 − T1 in the order of arrival at the far end, as its own numbers tell it, else its clock.
    var forwardArrivals: [InterarrivalJitter.Transit] {
        if let order = directions.forwardOrder {
            return order.map { stream.replies[$0] }.filter(counts).compactMap(forward)
        }
        return FarArrivals.inOrder(byFarClock, within: timestamps.far * 2).map(\.transit)
    }

    /// The same in the other order that the far clock allows, where only it tells: as it says to the nanosecond. Nil
    /// where the far end's numbers tell.
    var otherForwardArrivals: [InterarrivalJitter.Transit]? {
        directions.forwardOrder == nil ? FarArrivals.inOrder(byFarClock, within: .zero).map(\.transit) : nil
    }

    private var byFarClock: [FarArrivals.Arrival] {
        arrivals.compactMap { reply in
            forward(reply).map { .init(transit: $0, at: $0.sentAt + $0.transit, sequence: reply.sequence) }
        }
    }

    /// T4 − T3 in the order of arrival here.
    var reverseArrivals: [InterarrivalJitter.Transit] { arrivals.compactMap(reverse) }

    var roundTripArrivals: [InterarrivalJitter.Transit] { arrivals.compactMap(roundTrip) }

    /// By packet number, nil where there is none.
    var forwardInSequence: [InterarrivalJitter.Transit?] { inSequence.map { $0.flatMap(forward) } }
    var reverseInSequence: [InterarrivalJitter.Transit?] { inSequence.map { $0.flatMap(reverse) } }
    var roundTripInSequence: [InterarrivalJitter.Transit?] { inSequence.map { $0.flatMap(roundTrip) } }

    private var arrivals: [MatchedStream.Reply] { stream.replies.filter(counts) }
    /// The measured ones, and the one before them, with which the first of them makes a pair.
    private var inSequence: [MatchedStream.Reply?] {
        let first = max(stream.run.lowerBound, stream.measured.lowerBound - 1)
        return (min(first, stream.measured.upperBound)..<stream.measured.upperBound).map(stream.answer(to:))
    }

    private func counts(_ reply: MatchedStream.Reply) -> Bool {
        reply.isFirst && !reply.isLate && stream.run.contains(reply.sequence)
    }

    private func forward(_ reply: MatchedStream.Reply) -> InterarrivalJitter.Transit? { oneWay(reply, \.forward) }

    private func reverse(_ reply: MatchedStream.Reply) -> InterarrivalJitter.Transit? { oneWay(reply, \.reverse) }

    private func oneWay(
        _ reply: MatchedStream.Reply,
        _ transit: KeyPath<ClockPair, Nanoseconds>
    ) -> InterarrivalJitter.Transit? {
        guard let pair = ClockPair(reply), let segment = clock?.segment(at: reply.sentAt) else { return nil }
        return .init(sentAt: reply.sentAt, transit: pair[keyPath: transit], clockEra: segment.era)
    }

    private func roundTrip(_ reply: MatchedStream.Reply) -> InterarrivalJitter.Transit? {
        if clock?.mayHaveStepped(during: reply) == true { return nil }
        return .init(sentAt: reply.sentAt, transit: reply.roundTrip, clockEra: 0)
    }
}
