import Units

/// In what a simulated session-reflector differs from the best one there is.
public struct ReflectorTraits: Hashable, Sendable {
    public enum TLVs: Hashable, Sendable {
        case answered
        /// Copied as they came.
        case ignored
        /// The reply is cut to this many octets: 44, or 41 as TWAMP-Light reflectors send.
        case cut(to: Int)
    }

    public struct Restart: Hashable, Sendable {
        public var at: Nanoseconds
        /// How long nobody answers.
        public var downtime: Nanoseconds
    }

    /// Each reply has the number of its request.
    public var isStateless = false
    public var tlvs = TLVs.answered
    /// T2 and T3 are told; zeros stand there otherwise.
    public var hasClock = true
    public var restart: Restart?
    /// From then on the SSID in replies is zero, as from one that knows none.
    public var losesSSIDAt: Nanoseconds?
    /// From then on times are told in the other format.
    public var changesFormatAt: Nanoseconds?

    public init() {}

    /// Answers everything that a session-sender asks.
    public var isModern: Bool { !isStateless && tlvs == .answered && hasClock && losesSSIDAt == nil }
}
