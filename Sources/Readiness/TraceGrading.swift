import Statistics
import Units

/// A traced path, as evidence to be judged.
public struct TraceEvidence: Sendable {
    /// As the user named it: `stamp://host:3478-3481`.
    public var endpoint: String
    public var destination: IPAddress
    /// The mark that the probes left with, and that they should keep.
    public var dscp: DSCP
    public var paths: [TracePath]
    /// Whether ICMP quotes could be read, which tell the mark at each hop.
    public var readsQuotes: Bool
    /// Why this host would not send some probes.
    public var notSentReason: String?

    public init(
        endpoint: String,
        destination: IPAddress,
        dscp: DSCP,
        paths: [TracePath],
        readsQuotes: Bool,
        notSentReason: String? = nil
    ) {
        self.endpoint = endpoint
        self.destination = destination
        self.dscp = dscp
        self.paths = paths
        self.readsQuotes = readsQuotes
        self.notSentReason = notSentReason
    }
}

/// What a trace comes to.
public struct TraceVerdict: Hashable, Sendable {
    /// The worst that a finding stands for; ready where none stands for anything.
    public var grade: Grade
    /// Worst first.
    public var findings: [Finding]

    public init(_ evidence: TraceEvidence, gradeWhenRemarked: Grade = .atRisk) {
        let findings =
            evidence.endFindings() + evidence.markFindings(gradeWhenRemarked) + evidence.routeFindings()
            + evidence.reportFindings()
        // Stable: findings of one severity stay in the order above.
        self.findings = findings.enumerated()
            .sorted {
                $0.element.severity == $1.element.severity
                    ? $0.offset < $1.offset : $0.element.severity > $1.element.severity
            }
            .map(\.element)
        grade = findings.map(\.severity).max().flatMap { Grade(rawValue: $0.rawValue) } ?? .ready
    }
}

extension TraceEvidence {
    /// `hop 3 (10.0.3.1)`, `this host` for 0.
    func name(hop: Int, address: IPAddress?) -> String {
        if hop == 0 { return "this host" }
        if let address, address == destination { return "the destination (hop \(hop))" }
        return "hop \(hop)" + (address.map { " (\($0))" } ?? "")
    }

    func portsText(_ ports: [UInt16]) -> String {
        ports.count == paths.count && ports.count > 1 ? "every port" : NumberText.portsWithNoun(ports)
    }
}
