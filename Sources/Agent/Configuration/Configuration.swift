import Readiness
import Units

/// What one YAML file says: which site this is, what it is measured against, and how.
///
/// Absent means that the file leaves it to the default or to the command line.
public struct Configuration: Hashable, Sendable {
    public var site: String?
    public var endpoints: [Endpoint] = []
    public var probe = ProbeSettings()
    public var capture: CaptureSetting?
    public var profile: Profile = .teams
    public var collector: CollectorSettings?
    public var spool = SpoolSettings()
    public var sinks: [SinkSettings] = []
    public var schedules: [Schedule] = []
    public var metrics = MetricsSettings()
    /// Where a saved answer of Microsoft's endpoints web service lies, or where to fetch one.
    public var endpointsList: EndpointsListSource?
    public var audit = AuditSettings()
    public var assessments: [AssessmentPlan] = []

    public init() {}
}

/// How to probe, as far as somebody said so. What is nil has a default (``ProbeDefaults``).
public struct ProbeSettings: Hashable, Sendable {
    public var duration: Nanoseconds?
    public var interval: Nanoseconds?
    /// Octets of UDP payload.
    public var payload: Int?
    public var codec: VoiceCodec?
    public var dscp: DSCP?
    /// Where the key of authenticated mode lies. The key itself is never in a configuration.
    public var keyFile: String?
    /// What the operator vouches for as this host's greatest clock error.
    public var clockError: Nanoseconds?
    /// Time between two requests to one port of a STUN or TURN server.
    public var relayInterval: Nanoseconds?
    /// A port that is none of Teams', for comparison, where the far end is a reflector.
    public var controlPort: UInt16?
    /// Try TCP and TLS to port 443 of every endpoint, and not only of TURN servers.
    public var tcpFallback: Bool?

    public init() {}

    /// These settings where they say something, else those.
    public func overriding(_ base: ProbeSettings) -> ProbeSettings {
        var merged = ProbeSettings()
        merged.duration = duration ?? base.duration
        merged.interval = interval ?? base.interval
        // A size and a codec say the same thing twice: whoever speaks last says it alone.
        merged.payload = payload ?? (codec == nil ? base.payload : nil)
        merged.codec = codec ?? (payload == nil ? base.codec : nil)
        merged.dscp = dscp ?? base.dscp
        merged.keyFile = keyFile ?? base.keyFile
        merged.clockError = clockError ?? base.clockError
        merged.relayInterval = relayInterval ?? base.relayInterval
        merged.controlPort = controlPort ?? base.controlPort
        merged.tcpFallback = tcpFallback ?? base.tcpFallback
        return merged
    }
}

/// What a probe is where nobody says otherwise, and what it may be.
public enum ProbeDefaults {
    public static let duration = Nanoseconds.seconds(60)
    public static let durations = Nanoseconds.seconds(1)...Nanoseconds.seconds(24 * 3_600)
    public static let interval = Nanoseconds.milliseconds(20)
    public static let intervals = Nanoseconds.milliseconds(1)...Nanoseconds.seconds(1)
    /// Relays are other people's: five requests a second to each port.
    public static let relayInterval = Nanoseconds.milliseconds(200)
    public static let relayIntervals = Nanoseconds.milliseconds(20)...Nanoseconds.seconds(10)
    public static let codec = VoiceCodec.g722
    public static let dscp = DSCP.expeditedForwarding
    /// A reply later than this after its request counts as lost.
    public static let replyTimeout = Nanoseconds.seconds(3)
    public static let clockErrors = Nanoseconds(1)...Nanoseconds.seconds(10)
    /// The least UDP payload of an unauthenticated STAMP packet, and the most of a 9,000-octet frame.
    public static let payloads = 44...8_952
}

/// Codecs by the size and the spacing of their packets. The payload is RTP header (12), media, and SRTP tag (10).
public enum VoiceCodec: String, CaseIterable, Hashable, Sendable {
    /// 64 kbit/s, 20 ms: 160 octets of media.
    case g722
    /// 64 kbit/s, 20 ms: 160 octets of media.
    case g711
    /// About 36 kbit/s, 20 ms.
    case silk
    /// About 36 kbit/s, 20 ms.
    case satin
    /// About 32 kbit/s, 20 ms.
    case opus

    public var payload: Int {
        let media =
            switch self {
            case .g722, .g711: 160
            case .silk, .satin: 90
            case .opus: 80
            }
        return 12 + media + 10
    }

    public var interval: Nanoseconds { .milliseconds(20) }
}
