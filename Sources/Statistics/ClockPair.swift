import ProbeCore
import Units

/// What one reply says of the two clocks: no delay is negative, so the offset lies between −reverse and +forward.
struct ClockPair {
    /// T1, on the run's own clock.
    var sentAt: WallInstant
    /// T2, on the far clock.
    var farReceivedAt: WallInstant
    /// T3, on the far clock.
    var farSentAt: WallInstant
    /// T2 − T1: forward delay plus offset.
    var forward: Nanoseconds
    /// T4 − T3: reverse delay minus offset.
    var reverse: Nanoseconds

    /// Free of the offset.
    var roundTrip: Nanoseconds { forward + reverse }
    /// The offset, if both delays were equal: (forward − reverse) / 2.
    var offset: Nanoseconds { (forward - reverse) / 2 }

    init(sentAt: WallInstant, arrivedAt: WallInstant, far: FarTimestamps) {
        self.sentAt = sentAt
        farReceivedAt = far.receivedAt
        farSentAt = far.sentAt
        forward = far.receivedAt - sentAt
        reverse = arrivedAt - far.sentAt
    }

    init?(_ reply: MatchedStream.Reply) {
        guard let far = reply.far else { return nil }
        self.init(sentAt: reply.sentAt, arrivedAt: reply.arrivedAt, far: far)
    }
}
