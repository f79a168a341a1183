import Agent
import Glibc
import LinuxNet
import ProbeCore
import Readiness
import Results
import Statistics
import Units

/// Puts together what a check measured, has it analysed and graded, and makes the result document.
struct EvidenceAssembly {
    let settings: CheckSettings
    let targets: [Target]
    let localClock: LocalClock

    /// One endpoint and its streams' logs, in the order of its ports.
    private struct Measured {
        var target: Target
        var logs: ArraySlice<StreamLog>
    }

    private func measured(_ log: ObservationLog) -> [Measured] {
        var first = 0
        return targets.map { target in
            let end = first + target.endpoint.ports.ports.count
            defer { first = end }
            return Measured(target: target, logs: log.streams[first..<end])
        }
    }

    func document(
        _ log: ObservationLog,
        outcome: ProbeOutcome,
        startedAt: WallInstant,
        endedAt: WallInstant
    ) -> ResultDocument {
        let measured = measured(log)
        let interval = settings.interval
        let clock = clock(log)
        let evidence = CheckEvidence(
            endpoints: measured.map { endpointEvidence($0, clock: clock) },
            probeQuality: probeQuality(log, socketDrops: outcome.socketDrops),
            clock: clock,
            requiredDSCP: settings.dscp == .bestEffort ? nil : settings.dscp,
            duration: interval * Int64(outcome.measuredRounds),
            intendedDuration: interval * (settings.duration.count / interval.count),
            interval: interval
        )
        let verdict = Verdict.reached(on: evidence, profile: settings.profile)
        let description = CheckDescription(
            id: ResultID(at: startedAt),
            site: settings.site,
            agent: Host.name,
            version: Linecheck.version,
            startedAt: startedAt,
            endedAt: endedAt,
            trigger: .manual,
            payloadBytes: settings.payload,
            dscp: settings.dscp,
            streams: measured.flatMap(streamDescriptions)
        )
        return ResultDocument(evidence: evidence, verdict: verdict, description: description)
    }

    /// A clock that was stepped during the run was not as right as it claimed to be.
    private func clock(_ log: ObservationLog) -> LocalClock {
        var clock = localClock
        clock.steps = log.localClockSteps.map { ClockStep(at: $0.at, by: $0.by) }
        return clock
    }

    // MARK: - Endpoints

    private func endpointEvidence(_ measured: Measured, clock: LocalClock) -> EndpointEvidence {
        let statistics = EndpointStatistics.analyse(
            measured.logs.map { $0.observation() },
            claims: claims(measured.logs, clock),
            timestamps: timestampQuality(measured.logs),
            reflectorIsStateful: measured.logs.contains(where: \.showsStatefulReflector)
        )
        let ports = zip(zip(measured.target.endpoint.ports.ports, measured.logs), statistics.streams)
        return EndpointEvidence(
            name: measured.target.endpoint.description,
            address: measured.target.address.address.description,
            ports: ports.map { portEvidence(port: $0.0.0, log: $0.0.1, statistics: $0.1) },
            statistics: statistics,
            authenticated: settings.key != nil
        )
    }

    private func portEvidence(port: UInt16, log: StreamLog, statistics: StreamStatistics) -> PortEvidence {
        let marks = log.markCounts()
        return PortEvidence(
            port: port,
            reachability: reachability(log),
            statistics: statistics,
            farEndDSCP: marks.farEnd,
            returnDSCP: marks.returned,
            returnDSCPRefusedByPolicy: log.marksRefusedByPolicy > 0,
            refusedReplies: log.refusals,
            linkFailures: linkFailures(log)
        )
    }

    private func reachability(_ log: StreamLog) -> Reachability {
        if log.answeredCount > 0 { return .answered }
        if log.sentCount == 0 {
            let reason = log.sendFailures.max { $0.value < $1.value }?.key
            return .notSent(reason: reason.map(SystemError.reason) ?? "this host was too busy")
        }
        if let icmp = log.unreachable.max(by: { $0.value < $1.value })?.key {
            return .refused(
                source: icmp.source.description,
                byEndpoint: icmp.fromEndpoint && icmp.isPortUnreachable,
                reason: icmp.reason
            )
        }
        return .silent
    }

    /// Errors that say that this host's network was down, and not that the host was short of anything.
    private static let linkErrors: Set<Int32> = [ENETDOWN, ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, ENODEV]

    private func linkFailures(_ log: StreamLog) -> [String: Int] {
        let failures = log.sendFailures.filter { Self.linkErrors.contains($0.key) }
        return Dictionary(uniqueKeysWithValues: failures.map { (SystemError.reason($0.key), $0.value) })
    }

    /// This host's claim was made at the start; a step shows by how much it was wrong.
    private func claims(_ logs: ArraySlice<StreamLog>, _ clock: LocalClock) -> ClockClaims {
        let stepped = clock.steps.reduce(Nanoseconds.zero) { $0 + $1.by.magnitude }
        let answered = logs.filter { $0.answeredCount > 0 }
        let far = answered.compactMap(\.farClockError)
        return ClockClaims(
            localError: clock.synchronized ? clock.maximumError.map { $0 + stepped } : nil,
            farError: far.count == answered.count ? far.max() : nil
        )
    }

    /// How far a timestamp may be from the moment that the packet passed the network interface.
    ///
    /// Kernel timestamps are taken within the network stack: 20 µs stand for the way through it. Times read in a
    /// process are as late as its scheduling; nobody measures by how much, so 1 ms is allowed for here, and for a
    /// far end that does not send Follow-Up Telemetry 100 µs, which is the time of one busy batch.
    private func timestampQuality(_ logs: ArraySlice<StreamLog>) -> TimestampQuality {
        let kernel = logs.reduce((of: 0, have: 0)) { sum, log in
            let next = log.kernelTimestamps
            return (sum.of + next.of, sum.have + next.have)
        }
        let replies = logs.reduce(0) { $0 + $1.replyCount }
        let followUps = logs.reduce(0) { $0 + $1.farSendDelays.count }
        return TimestampQuality(
            local: Double(kernel.have) >= 0.99 * Double(kernel.of) ? .microseconds(20) : .milliseconds(1),
            far: Double(followUps) >= 0.9 * Double(replies) ? .microseconds(20) : .microseconds(100)
        )
    }

    // MARK: - The probe

    private func probeQuality(_ log: ObservationLog, socketDrops: Int) -> ProbeQuality {
        let lateness = log.streams.flatMap(\.lateness).sorted()
        func percentile(_ share: Double) -> Nanoseconds {
            lateness.isEmpty ? .zero : lateness[min(lateness.count - 1, Int(share * Double(lateness.count)))]
        }
        let kernel = log.streams.map(\.kernelTimestamps)
        let (of, have) = (kernel.reduce(0) { $0 + $1.of }, kernel.reduce(0) { $0 + $1.have })
        return ProbeQuality(
            sendErrorMedian: percentile(0.5),
            sendErrorP99: percentile(0.99),
            sendErrorMaximum: lateness.last ?? .zero,
            missedSends: log.streams.reduce(0) { $0 + $1.missed + unsent($1) },
            kernelTimestampsRatio: of == 0 ? 0 : Double(have) / Double(of),
            socketDrops: socketDrops
        )
    }

    /// Sends that the kernel refused for want of something on this host.
    private func unsent(_ log: StreamLog) -> Int {
        log.sendFailures.filter { !Self.linkErrors.contains($0.key) }.values.reduce(0, +)
    }

    private func streamDescriptions(_ measured: Measured) -> [StreamDescription] {
        zip(measured.target.endpoint.ports.ports, measured.logs).map { port, log in
            let range = log.measured
            return StreamDescription(
                endpoint: measured.target.endpoint.description,
                port: port,
                probeProtocol: .stamp,
                measuredSequence: range.isEmpty ? nil : UInt32(range.lowerBound)...UInt32(range.upperBound - 1),
                duration: settings.interval * Int64(range.count)
            )
        }
    }
}
