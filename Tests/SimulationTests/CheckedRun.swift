import ProbeCore
import Readiness
import SimulatedNetwork
import Statistics
import Units

/// A simulated check with what the product makes of it, and with what really happened.
struct CheckedRun {
    let scenario: Scenario
    let outcome: SimulatedCheck.Outcome
    let observations: [StreamObservation]
    let claims: ClockClaims
    let timestamps: TimestampQuality
    let evidence: CheckEvidence
    let verdict: Verdict

    init(_ scenario: Scenario) throws {
        var check = try SimulatedCheck(scenario)
        try self.init(scenario, check.run())
    }

    /// - Parameter segments: the run in pieces, which the product is to put together; nil lets it judge the whole.
    init(_ scenario: Scenario, _ outcome: SimulatedCheck.Outcome, segments: [LogSegment]? = nil) throws {
        self.scenario = scenario
        self.outcome = outcome
        let logs = outcome.log.streams
        let clock = Self.localClock(scenario, outcome.log)
        observations = logs.map { $0.observation() }
        claims = ClockClaims(logs, localClock: clock)
        timestamps = TimestampQuality(logs)
        let (endpoint, quality) =
            segments.map { Self.digested($0, scenario) } ?? (
                EndpointEvidence(Self.endpoint(logs, scenario), clock: clock, errorText: { "error \($0)" }),
                ProbeQuality(logs, socketDrops: 0)
            )
        evidence = CheckEvidence(
            endpoints: [endpoint],
            probeQuality: quality,
            clock: clock,
            requiredDSCP: nil,
            duration: scenario.interval * Int64(outcome.measuredRounds),
            intendedDuration: scenario.duration,
            interval: scenario.interval
        )
        verdict = Verdict.reached(on: evidence, profile: .teams)
    }

    var statistics: EndpointStatistics { evidence.endpoints[0].statistics }

    /// The measured packets of a stream.
    func measured(_ stream: Int) -> Range<Int> { observations[stream].measured }

    /// What timestamping may add to or take from one transit.
    var timestampError: Nanoseconds { timestamps.local + timestamps.far }
}

// MARK: - What the command tells the analysis

extension CheckedRun {
    private static func endpoint(_ streams: [StreamLog], _ scenario: Scenario) -> EndpointLogs {
        EndpointLogs(
            name: "stamp://far.example:3478-3479",
            address: "192.0.2.2",
            ports: streams.enumerated().map { .init(port: UInt16(3478 + $0.offset), logs: [$0.element]) },
            authenticated: scenario.isAuthenticated
        )
    }

    /// What the product makes of a run of which it sees one piece after the other.
    private static func digested(_ segments: [LogSegment], _ scenario: Scenario) -> (EndpointEvidence, ProbeQuality) {
        var (digest, quality) = (EndpointEvidenceDigest(), ProbeQualityDigest())
        var totals = ObservationLog.totals
        for segment in segments {
            totals.addTotals(of: segment.log)
            digest.add(
                endpoint(segment.log.streams, scenario),
                clock: localClock(scenario, totals),
                steps: localClock(scenario, segment.log).steps
            )
            quality.add(segment.log.streams)
        }
        let evidence = digest.evidence(
            totals: endpoint(totals.streams, scenario),
            clock: localClock(scenario, totals),
            errorText: { "error \($0)" }
        )
        return (evidence, quality.quality(totals: totals.streams, socketDrops: 0))
    }

    /// What the product makes of a log of the scenario's one endpoint.
    static func statistics(_ log: ObservationLog, _ scenario: Scenario) -> EndpointStatistics {
        let clock = localClock(scenario, log)
        return EndpointEvidence(endpoint(log.streams, scenario), clock: clock, errorText: { "error \($0)" }).statistics
    }

    private static func localClock(_ scenario: Scenario, _ log: ObservationLog) -> LocalClock {
        LocalClock(
            synchronized: scenario.localClaim != nil,
            maximumError: scenario.localClaim,
            source: "simulated"
        ).during(log)
    }
}
