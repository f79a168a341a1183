import Units

/// A reply and its request with the marks that they arrived with: TOS octets or traffic classes, ECN included.
public struct MarkedReply: Hashable, Sendable {
    /// When the request was sent and its reply arrived, on the run's own clock.
    public var sentAt: WallInstant
    public var arrivedAt: WallInstant
    /// Of the reply as it arrived here.
    public var trafficClass: UInt8
    /// Of the request as it arrived at the far end; nil where that does not tell.
    public var farTrafficClass: UInt8?
}
