import Units

/// Everything that determines a simulated check. The same seed gives the same check, packet by packet.
public struct Scenario: Hashable, Sendable {
    public var seed: UInt64
    public var streams = 2
    public var interval = Nanoseconds.milliseconds(20)
    public var duration = Nanoseconds.seconds(20)
    public var forward: LinkFaults
    public var reverse: LinkFaults
    public var localClock = SimulatedClock()
    public var farClock = SimulatedClock()
    /// The greatest error that each host claims of its clock; nil when it claims not to be synchronised.
    public var localClaim: Nanoseconds?
    public var farClaim: Nanoseconds?
    public var reflector = ReflectorTraits()
    public var timestamps = TimestampNoise()
    public var probe = ProbeFaults()
    /// Both ends share a key, and refuse what is not authenticated by it.
    public var isAuthenticated = false

    public init(seed: UInt64, forward: LinkFaults, reverse: LinkFaults) {
        self.seed = seed
        self.forward = forward
        self.reverse = reverse
    }

    /// The far clock ahead of the run's own, which is this host's wall clock as it stood at the start, at the true
    /// time `now`.
    public func offset(at now: Nanoseconds) -> Nanoseconds {
        farClock.offset(at: now) - localClock.offset(at: .zero)
    }

    public var links: [LinkFaults] { [forward, reverse] }
}
