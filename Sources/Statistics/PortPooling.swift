import ProbeCore
import Units

extension StreamStatistics {
    /// Several streams to one port as one: a call rides on one stream, so that what a call feels (jitter, rating) is
    /// the worst stream's, while delays and losses are one larger sample.
    init(pooling members: [StreamStatistics], delays: DelayOutcome, losses: DirectionLosses) {
        func direction(
            _ path: KeyPath<StreamStatistics, DirectionStatistics>,
            _ delay: DelayStatistics?,
            _ loss: LossStatistics?
        ) -> DirectionStatistics {
            let all = members.map { $0[keyPath: path] }
            let variations = all.compactMap(\.delayVariation)
            return DirectionStatistics(
                delay: delay,
                jitter: all.compactMap(\.jitter).max { $0.severity < $1.severity },
                delayVariation: variations.max { ($0.p95, $0.maximum) < ($1.p95, $1.maximum) },
                loss: loss,
                reordered: Self.sum(all.map(\.reordered)),
                duplicates: Self.sum(all.map(\.duplicates))
            )
        }
        self.init(
            packets: PacketCounts(pooling: members.map(\.packets)),
            method: delays.method,
            forward: direction(\.forward, delays.forward, losses.forward),
            reverse: direction(\.reverse, delays.reverse, losses.reverse),
            roundTrip: direction(\.roundTrip, delays.roundTrip, losses.roundTrip),
            rFactor: members.compactMap(\.rFactor).min(),
            mos: members.compactMap(\.mos).min()
        )
    }

    /// Nil as soon as one of them is.
    static func sum(_ counts: [Int?]) -> Int? {
        counts.reduce(.some(0)) { sum, count in sum.flatMap { sum in count.map { sum + $0 } } }
    }
}

extension JitterStatistics {
    fileprivate var severity: Nanoseconds { worst15s ?? mean }
}

extension PacketCounts {
    fileprivate init(pooling members: [PacketCounts]) {
        self.init(
            sent: members.reduce(0) { $0 + $1.sent },
            forwardReceived: StreamStatistics.sum(members.map(\.forwardReceived)),
            received: members.reduce(0) { $0 + $1.received },
            duplicates: members.reduce(0) { $0 + $1.duplicates },
            reordered: members.reduce(0) { $0 + $1.reordered },
            late: members.reduce(0) { $0 + $1.late }
        )
    }
}

/// The losses of several streams that were answered at all, pooled; forward and reverse nil where they cannot be
/// told apart, all nil when nothing was answered.
struct DirectionLosses {
    var forward: LossStatistics?
    var reverse: LossStatistics?
    var roundTrip: LossStatistics?
    /// Of the round trip.
    var windows: [LossWindow] = []
}

extension DirectionLosses {
    init(_ streams: [MatchedStream], _ directions: [PathDirections]) {
        self.init()
        let answered = streams.indices.filter { streams[$0].wasAnswered }
        guard !answered.isEmpty else { return }
        func pooled(_ direction: LossSample.Direction) -> LossStatistics {
            LossStatistics(answered.map { LossSample(streams[$0], directions[$0].fates, direction) })
        }
        roundTrip = pooled(.roundTrip)
        windows = LossWindow.consecutive(answered.map { LossSample(streams[$0], directions[$0].fates, .roundTrip) })
        guard answered.allSatisfy({ directions[$0].lossIsKnown }) else { return }
        forward = pooled(.forward)
        reverse = pooled(.reverse)
    }
}
