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

    init(_ scenario: Scenario, _ outcome: SimulatedCheck.Outcome) throws {
        self.scenario = scenario
        self.outcome = outcome
        let logs = outcome.log.streams
        let clock = Self.localClock(scenario, outcome.log)
        observations = logs.map { $0.observation() }
        claims = ClockClaims(logs, localClock: clock)
        timestamps = TimestampQuality(logs)
        evidence = CheckEvidence(
            endpoints: [EndpointEvidence(Self.endpoint(logs, scenario), clock: clock, errorText: { "error \($0)" })],
            probeQuality: ProbeQuality(logs, socketDrops: 0),
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
