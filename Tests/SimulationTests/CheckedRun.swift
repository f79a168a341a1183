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
    let statistics: EndpointStatistics
    let verdict: Verdict

    init(_ scenario: Scenario) throws {
        self.scenario = scenario
        var check = try SimulatedCheck(scenario)
        outcome = check.run()
        let logs = outcome.log.streams
        observations = logs.map { $0.observation() }
        claims = Self.claims(scenario, outcome.log)
        timestamps = Self.timestampQuality(logs)
        statistics = EndpointStatistics.analyse(
            observations,
            claims: claims,
            timestamps: timestamps,
            reflectorIsStateful: logs.contains(where: \.showsStatefulReflector)
        )
        let evidence = Self.evidence(scenario, outcome, statistics)
        verdict = Verdict.reached(on: evidence, profile: .teams)
    }

    /// The measured packets of a stream.
    func measured(_ stream: Int) -> Range<Int> { observations[stream].measured }

    /// What timestamping may add to or take from one transit.
    var timestampError: Nanoseconds { timestamps.local + timestamps.far }
}

// MARK: - What the command does between its probe thread and the statistics

extension CheckedRun {
    private static func claims(_ scenario: Scenario, _ log: ObservationLog) -> ClockClaims {
        let stepped = log.localClockSteps.reduce(Nanoseconds.zero) { $0 + $1.by.magnitude }
        let answered = log.streams.filter { $0.answeredCount > 0 }
        let far = answered.compactMap(\.farClockError)
        return ClockClaims(
            localError: scenario.localClaim.map { $0 + stepped },
            farError: far.count == answered.count ? far.max() : nil
        )
    }

    private static func kernelTimestamps(_ logs: [StreamLog]) -> Double {
        let all = logs.map(\.kernelTimestamps)
        return Double(all.reduce(0) { $0 + $1.have }) / Double(max(1, all.reduce(0) { $0 + $1.of }))
    }

    private static func timestampQuality(_ logs: [StreamLog]) -> TimestampQuality {
        let replies = logs.reduce(0) { $0 + $1.replyCount }
        let followUps = logs.reduce(0) { $0 + $1.farSendDelays.count }
        return TimestampQuality(
            local: kernelTimestamps(logs) >= 0.99 ? .microseconds(20) : .milliseconds(1),
            far: Double(followUps) >= 0.9 * Double(replies) ? .microseconds(20) : .microseconds(100)
        )
    }

    private static func evidence(
        _ scenario: Scenario,
        _ outcome: SimulatedCheck.Outcome,
        _ statistics: EndpointStatistics
    ) -> CheckEvidence {
        let logs = outcome.log.streams
        let ports = zip(logs, statistics.streams).enumerated().map { index, stream in
            let marks = stream.0.markCounts()
            return PortEvidence(
                port: UInt16(3478 + index),
                reachability: stream.0.answeredCount > 0 ? .answered : .silent,
                statistics: stream.1,
                farEndDSCP: marks.farEnd,
                returnDSCP: marks.returned,
                returnDSCPRefusedByPolicy: stream.0.marksRefusedByPolicy > 0,
                refusedReplies: stream.0.refusals
            )
        }
        let lateness = logs.flatMap(\.lateness).sorted()
        return CheckEvidence(
            endpoints: [
                EndpointEvidence(
                    name: "stamp://far.example:3478-3479",
                    address: "192.0.2.2",
                    ports: ports,
                    statistics: statistics,
                    authenticated: false
                )
            ],
            probeQuality: ProbeQuality(
                sendErrorMedian: lateness[lateness.count / 2],
                sendErrorP99: lateness[lateness.count * 99 / 100],
                sendErrorMaximum: lateness[lateness.count - 1],
                missedSends: 0,
                kernelTimestampsRatio: kernelTimestamps(logs),
                socketDrops: 0
            ),
            clock: LocalClock(
                synchronized: scenario.localClaim != nil,
                maximumError: scenario.localClaim,
                source: "simulated",
                steps: outcome.log.localClockSteps.map { ClockStep(at: $0.at, by: $0.by) }
            ),
            requiredDSCP: nil,
            duration: scenario.interval * Int64(outcome.measuredRounds),
            intendedDuration: scenario.duration,
            interval: scenario.interval
        )
    }
}
