import ProbeCore
import Units
import Wire

/// The hosts, clocks and keys of every exchange that is fuzzed: all fixed, so that an input says everything else.
enum Scene {
    static let key = StampKey((0..<16).map { $0 * 17 })
    static let startedAt = WallInstant(nanosecondsSinceUnixEpoch: 1_800_000_000_123_456_789)
    static let interval = Nanoseconds.milliseconds(20)
    static let pathDelay = Nanoseconds.milliseconds(20)
    static let residence = Nanoseconds.milliseconds(1)
    static let senderPort: UInt16 = 50_001
    static let reflectorPort: UInt16 = 3_478
    static let ssid: UInt16 = 0xbeef

    static func sender(ipv6: Bool) -> IPAddress {
        ipv6 ? IPAddress(ipv6High: 0x2001_0db8 << 32, low: 1) : IPAddress(ipv4: 0xc000_0201)
    }

    static func reflector(ipv6: Bool) -> IPAddress {
        ipv6 ? IPAddress(ipv6High: 0x2001_0db8 << 32, low: 2) : IPAddress(ipv4: 0xc000_0202)
    }

    static func errorEstimate(_ format: TimestampFormat) -> ErrorEstimate {
        ErrorEstimate(synchronized: true, format: format, error: .milliseconds(1))
    }

    /// - Parameter packets: how many one source may send before it is refused.
    static func reflector(_ policy: ReflectorPolicy, _ format: TimestampFormat, packets: Int) -> SessionReflector {
        var generator = SplitMix(seed: 8_762)
        return SessionReflector(
            policy: policy,
            clock: ReflectorClock(errorEstimate: errorEstimate(format), source: .ntp),
            sessions: SessionTable(capacity: 2, idleTimeout: .seconds(900), using: &generator),
            limiter: RateLimiter(packetsPerSecond: 1, burst: packets, sources: 4, using: &generator)
        )
    }
}

/// What a session-reflector allows; a policy is some 64 kB, so these are made once.
enum ScenePolicy {
    static let open = ReflectorPolicy(key: nil, ownPorts: [Scene.reflectorPort])
    static let openToShortRequests = ReflectorPolicy(
        key: nil,
        allowsShortRequests: true,
        ownPorts: [Scene.reflectorPort]
    )
    static let authenticated = ReflectorPolicy(
        key: Scene.key,
        allowsShortRequests: true,
        ownPorts: [Scene.reflectorPort]
    )
}
