import Units

/// Something that was found which is not a number against a bound: what it is, what shows it, what to do.
public struct Finding: Hashable, Sendable {
    /// What the finding does to the site's grade: nothing, or the grade that it stands for.
    public enum Severity: String, Hashable, Sendable, CaseIterable {
        case info
        /// It kept something from being settled.
        case inconclusive
        case atRisk = "at_risk"
        case notReady = "not_ready"
    }

    /// Stable: what was once published keeps its meaning.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        case udpBlocked = "udp.blocked"
        case endpointPortRefused = "endpoint.port_refused"
        case endpointRepliesRefused = "endpoint.replies_refused"
        case linkInterrupted = "link.interrupted"
        case probeNotSent = "probe.not_sent"
        case probeOverloaded = "probe.overloaded"
        case probeSocketDrops = "probe.socket_drops"
        case probeNoKernelTimestamps = "probe.no_kernel_timestamps"
        case checkInterrupted = "check.interrupted"
        case clockUnsynchronized = "clock.unsynchronized"
        case clockClaimContradicted = "clock.claim_contradicted"
        case clockStepped = "clock.stepped"
        case dscpRemarkedForward = "dscp.remarked.forward"
        case dscpRemarkedReturn = "dscp.remarked.return"
        case dscpBleachedForward = "dscp.bleached.forward"
        case dscpBleachedReturn = "dscp.bleached.return"
        case dscpFarEndUnknown = "dscp.far_end_unknown"
        case dscpReturnNotTested = "dscp.return_not_tested"
        case dscpNotSetEgress = "dscp.not_set.egress"
        case dscpRemarkedLocal = "dscp.remarked.local"
        case dscpBleachedLocal = "dscp.bleached.local"
        case dscpCaptureUnavailable = "dscp.capture.unavailable"
        case dscpCaptureDrops = "dscp.capture.drops"
        case dscpMediaNone = "dscp.media.none"
        case dscpMediaUnclassed = "dscp.media.unclassed"
        case latencyHigh = "latency.high"
        case jitterHigh = "jitter.high"
        case lossHigh = "loss.high"
        case lossBursty = "loss.bursty"
        case reorderingPresent = "reordering.present"
        case duplicatesPresent = "duplicates.present"
        case pathPortBlockedAtHop = "path.port_blocked_at_hop"
        case pathPortRefusedAtHop = "path.port_refused_at_hop"
        case pathEndsAtHop = "path.ends_at_hop"
        case pathDiffersByPort = "path.differs_by_port"
        case pathHopSilent = "path.hop_silent"
        case pathHopLimitsReports = "path.hop_limits_reports"
        case pathQuoteRewritten = "path.quote_rewritten"
        case dscpHopsUnknown = "dscp.hops_unknown"
        case pathVPNHairpin = "path.vpn_hairpin"
        case pathSeveralDefaultRoutes = "path.several_default_routes"
        case pathPolicyRouting = "path.policy_routing"
        case pathMTULow = "path.mtu_low"
        case pathProxy = "path.proxy"
        case pathOutsideMicrosoftRanges = "path.outside_microsoft_ranges"
        case pathRangesRoutedDifferently = "path.ranges_routed_differently"
        case rangesStale = "ranges.stale"
        case rangesNotFetched = "ranges.not_fetched"
        case linkHalfDuplex = "link.half_duplex"
        case linkSlow = "link.slow"
        case linkErrors = "link.errors"
        case linkDrops = "link.drops"
        case wifiBand2GHz = "wifi.band_2ghz"
        case wifiWeakSignal = "wifi.weak_signal"
        case wifiRoamed = "wifi.roamed"
        case udpBlockedWhenMarked = "udp.blocked_when_marked"
        case udpBlockedWhenLarge = "udp.blocked_when_large"
        case tlsInterception = "tls.interception"
        case natRebinding = "nat.rebinding"
        case natPortDependent = "nat.port_dependent"
        case relayLimited = "relay.limited"
        case relayRedirected = "relay.redirected"
        case pathPortsSingledOut = "path.ports_singled_out"
    }

    /// One named fact. A number's name ends in its unit.
    public struct Evidence: Hashable, Sendable {
        public var name: String
        public var value: EvidenceValue

        public init(_ name: String, _ value: EvidenceValue) {
            self.name = name
            self.value = value
        }
    }

    public var code: Code
    public var severity: Severity
    /// One sentence.
    public var summary: String
    /// In the order that a reader wants it.
    public var evidence: [Evidence]
    /// What to do about it.
    public var remedy: String

    public init(code: Code, severity: Severity, summary: String, evidence: [Evidence], remedy: String) {
        self.code = code
        self.severity = severity
        self.summary = summary
        self.evidence = evidence
        self.remedy = remedy
    }
}

public enum EvidenceValue: Hashable, Sendable {
    case text(String)
    case number(Double)
    case count(Int)
}

extension Finding.Severity: Comparable {
    /// The severity of a finding that stands for a grade.
    public init(_ grade: Grade) {
        switch grade {
        case .ready: self = .info
        case .inconclusive: self = .inconclusive
        case .atRisk: self = .atRisk
        case .notReady: self = .notReady
        }
    }

    /// The grade that it stands for.
    var grade: Grade {
        switch self {
        case .info: .ready
        case .inconclusive: .inconclusive
        case .atRisk: .atRisk
        case .notReady: .notReady
        }
    }

    private var rank: Int {
        switch self {
        case .info: 0
        case .inconclusive: 1
        case .atRisk: 2
        case .notReady: 3
        }
    }

    /// The milder is the lesser.
    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}
