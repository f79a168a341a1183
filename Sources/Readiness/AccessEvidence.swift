import Statistics
import Units

/// What was seen of the way to an endpoint beside the numbers of its ports: who stands there, what sits in between, and
/// which other ways there are.
public struct AccessEvidence: Sendable {
    /// This host's own address towards the endpoint; nil where it is not known.
    public var localAddress: String?
    /// Every address that the endpoint's name has, in the resolver's order.
    public var addresses: [AddressEvidence]
    /// What a STUN or TURN server told; nil for a session-reflector.
    public var server: ServerEvidence?
    /// Nil where the far end does not tell where it sees packets come from.
    public var nat: NATEvidence?
    /// What else was tried on ports that did not answer, or not well.
    public var diagnoses: [UInt16: PortDiagnosis]
    /// The way by TCP and TLS; nil where it was not tried.
    public var fallback: FallbackEvidence?
    /// The same stream on a port that is none of Teams'; nil where none was asked for.
    public var controlPort: ControlPortEvidence?

    public init(
        localAddress: String? = nil,
        addresses: [AddressEvidence] = [],
        server: ServerEvidence? = nil,
        nat: NATEvidence? = nil,
        diagnoses: [UInt16: PortDiagnosis] = [:],
        fallback: FallbackEvidence? = nil,
        controlPort: ControlPortEvidence? = nil
    ) {
        self.localAddress = localAddress
        self.addresses = addresses
        self.server = server
        self.nat = nat
        self.diagnoses = diagnoses
        self.fallback = fallback
        self.controlPort = controlPort
    }
}

/// One of the addresses that a name resolves to.
public struct AddressEvidence: Hashable, Sendable {
    public var address: String
    /// The one that the check measured.
    public var isMeasured: Bool
    /// Whether it answered on the first port; nil where it was not asked.
    public var answered: Bool?
    /// Median of the few round trips; nil without an answer.
    public var roundTrip: Nanoseconds?
    /// Why it could not be asked: the operating system's reason.
    public var unreachable: String?

    public init(
        address: String,
        isMeasured: Bool,
        answered: Bool? = nil,
        roundTrip: Nanoseconds? = nil,
        unreachable: String? = nil
    ) {
        self.address = address
        self.isMeasured = isMeasured
        self.answered = answered
        self.roundTrip = roundTrip
        self.unreachable = unreachable
    }
}

/// What a STUN or TURN server told, all ports together.
public struct ServerEvidence: Hashable, Sendable {
    /// How the server fared at one rate: it is asked less often when it seems to limit.
    public struct RateShare: Hashable, Sendable {
        /// Between two requests to one port.
        public var interval: Nanoseconds
        public var sent: Int
        public var answered: Int
        /// Runs of requests without an answer (RFC 3357 §4.3).
        public var lossPeriods: Int

        public init(interval: Nanoseconds, sent: Int, answered: Int, lossPeriods: Int) {
            self.interval = interval
            self.sent = sent
            self.answered = answered
            self.lossPeriods = lossPeriods
        }
    }

    /// Whom a redirection named, and whether that one answered.
    public struct Alternate: Hashable, Sendable {
        public var address: String
        public var port: UInt16
        public var answered: Bool
        public var roundTrip: Nanoseconds?

        public init(address: String, port: UInt16, answered: Bool, roundTrip: Nanoseconds?) {
            self.address = address
            self.port = port
            self.answered = answered
            self.roundTrip = roundTrip
        }
    }

    /// SOFTWARE and REALM, as it calls itself.
    public var software: String?
    public var realm: String?
    /// Answers by ERROR-CODE; successes under 0.
    public var responses: [Int: Int]
    /// The rates in the order in which they were used; one where the rate stayed what it was.
    public var rates: [RateShare]
    /// Nil where it redirected to nobody.
    public var alternate: Alternate?

    public init(
        software: String? = nil,
        realm: String? = nil,
        responses: [Int: Int] = [:],
        rates: [RateShare] = [],
        alternate: Alternate? = nil
    ) {
        self.software = software
        self.realm = realm
        self.responses = responses
        self.rates = rates
        self.alternate = alternate
    }
}

/// What a network address translator does, as far as the far end lets it be seen.
public struct NATEvidence: Hashable, Sendable {
    /// How one stream's source looks from there.
    public struct Mapping: Hashable, Sendable {
        /// The port that the stream goes to.
        public var port: UInt16
        public var local: String
        public var reflexive: String
        public var isPortPreserved: Bool

        public init(port: UInt16, local: String, reflexive: String, isPortPreserved: Bool) {
            self.port = port
            self.local = local
            self.reflexive = reflexive
            self.isPortPreserved = isPortPreserved
        }

        /// Something between changes the source.
        public var isTranslated: Bool { local != reflexive }
    }

    /// A mapping that changed while the stream went on.
    public struct Change: Hashable, Sendable {
        public var port: UInt16
        public var at: WallInstant
        /// Since the check began.
        public var after: Nanoseconds
        public var from: String
        public var to: String
        /// How long the stream had sent nothing before.
        public var idle: Nanoseconds

        public init(port: UInt16, at: WallInstant, after: Nanoseconds, from: String, to: String, idle: Nanoseconds) {
            self.port = port
            self.at = at
            self.after = after
            self.from = from
            self.to = to
            self.idle = idle
        }
    }

    /// Whether one socket keeps its mapping towards several destinations (RFC 5780 §4.3, RFC 4787 §4.1).
    public enum Behaviour: String, Hashable, Sendable, CaseIterable {
        /// The same towards different addresses.
        case endpointIndependent = "endpoint_independent"
        /// The same towards different ports of one address, another towards another address.
        case addressDependent = "address_dependent"
        /// Another towards another port of the same address.
        case addressAndPortDependent = "address_and_port_dependent"
        /// The same towards different ports of one address; no second address answered.
        case portIndependent = "port_independent"
    }

    public var mappings: [Mapping]
    /// In the order of time; the first few of them where there are many.
    public var changes: [Change]
    public var changeCount: Int
    /// Nil where fewer than two destinations answered.
    public var behaviour: Behaviour?

    public init(mappings: [Mapping], changes: [Change] = [], changeCount: Int = 0, behaviour: Behaviour? = nil) {
        self.mappings = mappings
        self.changes = changes
        self.changeCount = changeCount
        self.behaviour = behaviour
    }
}

/// What a few packets of other kinds did on a port that did not answer, or not well.
public struct PortDiagnosis: Hashable, Sendable {
    /// How a probe differs from those of the check.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// As in the check.
        case same
        /// Without a mark: DSCP 0.
        case unmarked
        /// As short as the protocol allows.
        case small
        case smallUnmarked = "small_unmarked"
    }

    public struct Series: Hashable, Sendable {
        public var kind: Kind
        public var dscp: DSCP
        public var payloadBytes: Int
        public var sent: Int
        public var answered: Int

        public init(kind: Kind, dscp: DSCP, payloadBytes: Int, sent: Int, answered: Int) {
            self.kind = kind
            self.dscp = dscp
            self.payloadBytes = payloadBytes
            self.sent = sent
            self.answered = answered
        }

        /// At least half of them: what something drops by its kind is dropped nearly always.
        var isThrough: Bool { sent > 0 && 2 * answered >= sent }
    }

    public var series: [Series]

    public init(series: [Series]) { self.series = series }

    /// The kind whose probes pass where those of the check do not: marks first, then size.
    public var passing: Kind? {
        func through(_ kind: Kind) -> Bool { series.contains { $0.kind == kind && $0.isThrough } }
        guard !through(.same) else { return nil }
        return [.unmarked, .small, .smallUnmarked].first(where: through)
    }
}

/// The way by TCP to the endpoint's port 443, and TLS over it.
public struct FallbackEvidence: Hashable, Sendable {
    public enum Outcome: Hashable, Sendable {
        case connected
        /// The far end, or somebody in its name, refused the connection.
        case refused
        case timedOut
        /// The transport's own words.
        case failed(reason: String)
    }

    public enum Handshake: Hashable, Sendable {
        /// The certificate is the endpoint's own, and vouched for.
        case trusted(issuer: String?)
        /// Vouched for, but by an authority that was added to this host and by none of those that come with its system.
        case locallyTrusted(issuer: String, subject: String)
        /// TLS was spoken, but the certificate is not vouched for, or is somebody else's.
        case untrusted(issuer: String, subject: String, reason: String)
        case failed(reason: String)
    }

    public var port: UInt16
    public var tcp: Outcome
    /// Until the connection stood; nil where it never did.
    public var connectTime: Nanoseconds?
    /// Nil where there was no connection.
    public var tls: Handshake?

    public init(port: UInt16, tcp: Outcome, connectTime: Nanoseconds? = nil, tls: Handshake? = nil) {
        self.port = port
        self.tcp = tcp
        self.connectTime = connectTime
        self.tls = tls
    }
}

/// A stream like those of the endpoint's ports, at the same time, to a port that is none of Teams'.
public struct ControlPortEvidence: Sendable {
    public var port: UInt16
    public var reachability: Reachability
    public var statistics: StreamStatistics

    public init(port: UInt16, reachability: Reachability, statistics: StreamStatistics) {
        self.port = port
        self.reachability = reachability
        self.statistics = statistics
    }
}
