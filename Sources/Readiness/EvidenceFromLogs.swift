import ProbeCore
import Statistics
import Units

/// One endpoint as the probe saw it: what an ``EndpointEvidence`` is made of.
public struct EndpointLogs: Sendable {
    /// The streams to one port: one, or one for each call that was carried.
    public struct Port: Sendable {
        public var port: UInt16
        public var logs: [StreamLog]

        public init(port: UInt16, logs: [StreamLog]) {
            self.port = port
            self.logs = logs
        }
    }

    /// As the user wrote it, in full: `stamp://host:3478-3481`.
    public var name: String
    /// The address that was measured.
    public var address: String
    public var ports: [Port]
    /// Whether replies without a valid HMAC were refused.
    public var authenticated: Bool

    public init(name: String, address: String, ports: [Port], authenticated: Bool) {
        self.name = name
        self.address = address
        self.ports = ports
        self.authenticated = authenticated
    }

    public var logs: [StreamLog] { ports.flatMap(\.logs) }
}

extension EndpointEvidence {
    /// Analyses one endpoint's streams.
    ///
    /// - Parameters:
    ///   - clock: this host's during the run, its steps included.
    ///   - errorText: the operating system's words for an errno.
    public init(_ endpoint: EndpointLogs, clock: LocalClock, errorText: (Int32) -> String) {
        let logs = endpoint.logs
        let claims = ClockClaims(logs, localClock: clock)
        let statistics = EndpointStatistics.analyse(
            ports: endpoint.ports.map { $0.logs.map { $0.observation() } },
            claims: claims,
            timestamps: TimestampQuality(logs),
            reflectorIsStateful: logs.contains(where: \.showsStatefulReflector)
        )
        self.init(
            name: endpoint.name,
            address: endpoint.address,
            ports: zip(endpoint.ports, statistics.streams).map { port, statistics in
                PortEvidence(port, statistics: statistics, errorText: errorText)
            },
            statistics: statistics,
            authenticated: endpoint.authenticated,
            farClockError: claims.farError,
            sendTimeCorrection: SendTimeCorrection(logs)
        )
    }
}

extension PortEvidence {
    init(_ port: EndpointLogs.Port, statistics: StreamStatistics, errorText: (Int32) -> String) {
        let marks = port.logs.map { $0.markCounts() }
        let farEnd = marks.compactMap(\.farEnd)
        self.init(
            port,
            statistics: statistics,
            farEndDSCP: farEnd.isEmpty ? nil : farEnd.summed(),
            returnDSCP: marks.map(\.returned).summed(),
            errorText: errorText
        )
    }

    /// From what the streams counted, their packets apart.
    init(
        _ port: EndpointLogs.Port,
        statistics: StreamStatistics,
        farEndDSCP: [DSCP: Int]?,
        returnDSCP: [DSCP: Int],
        errorText: (Int32) -> String
    ) {
        self.init(
            port: port.port,
            reachability: Reachability(port.logs, errorText: errorText),
            statistics: statistics,
            farEndDSCP: farEndDSCP,
            returnDSCP: returnDSCP,
            returnDSCPRefusedByPolicy: port.logs.contains { $0.marksRefusedByPolicy > 0 },
            refusedReplies: port.logs.map(\.refusals).summed(),
            linkFailures: port.logs.linkFailures(errorText: errorText)
        )
    }
}

extension SendTimeCorrection {
    /// Nil where no reply's send time was replaced.
    init?(_ logs: [StreamLog]) {
        let delays = logs.flatMap(\.farSendDelays).sorted()
        guard let maximum = delays.last else { return nil }
        self.init(
            corrected: delays.count,
            replies: logs.reduce(0) { $0 + $1.replyCount },
            median: delays[delays.count / 2],
            maximum: maximum
        )
    }
}

extension Sequence {
    /// One dictionary with the counts of all.
    func summed<Key: Hashable>() -> [Key: Int] where Element == [Key: Int] {
        reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
    }
}
