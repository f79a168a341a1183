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
    let load: Load
    let localClock: LocalClock

    /// One endpoint and its streams' logs: for each of its ports, those of the calls that it carried.
    private struct Measured {
        var target: Target
        var ports: [(port: UInt16, logs: ArraySlice<StreamLog>)]

        var logs: [StreamLog] { ports.flatMap(\.logs) }
    }

    private func measured(_ log: ObservationLog) -> [Measured] {
        var rest = log.streams[...]
        return load.targets.map { target in
            let counts = zip(target.endpoint.ports.ports, load.streamsPerPort(target))
            let ports = counts.map { port, count in
                defer { rest = rest.dropFirst(count) }
                return (port: port, logs: rest.prefix(count))
            }
            return Measured(target: target, ports: ports.filter { !$0.logs.isEmpty })
        }
    }

    /// The whole check's document.
    func document(_ measurement: Measurement, search: CapacitySearch?) -> ResultDocument {
        let measured = measured(measurement.log)
        var evidence = evidence(measurement, measured)
        evidence.add(measurement, ports: measured.map { $0.ports.map { Array($0.logs) } })
        let verdict = Verdict.reached(on: evidence, profile: settings.profile)
        let description = CheckDescription(
            id: ResultID(at: measurement.startedAt),
            site: settings.site,
            agent: Host.name,
            version: Linecheck.version,
            startedAt: measurement.startedAt,
            endedAt: measurement.endedAt,
            trigger: .manual,
            payloadBytes: settings.payload,
            dscp: settings.dscp,
            streams: measured.flatMap(streamDescriptions),
            calls: load.calls,
            capacity: search
        )
        return ResultDocument(evidence: evidence, verdict: verdict, description: description)
    }

    /// What a trial with a number of calls came to.
    func trial(_ measurement: Measurement, calls: Int) -> CapacityTrial {
        let evidence = evidence(measurement, measured(measurement.log))
        return CapacityTrial(
            calls: calls,
            kilobitsPerSecond: settings.rate(streams: calls),
            evidence: evidence.endpoints[0],
            verdict: Verdict.reached(on: evidence, profile: settings.profile)
        )
    }

    private func evidence(_ measurement: Measurement, _ measured: [Measured]) -> CheckEvidence {
        let interval = settings.interval
        let clock = clock(measurement.log)
        return CheckEvidence(
            endpoints: measured.map { endpointEvidence($0, clock: clock) },
            probeQuality: probeQuality(measurement.log, socketDrops: measurement.outcome.socketDrops),
            clock: clock,
            requiredDSCP: settings.dscp == .bestEffort ? nil : settings.dscp,
            duration: interval * Int64(measurement.outcome.measuredRounds),
            intendedDuration: interval * (load.duration.count / interval.count),
            interval: interval
        )
    }

    /// A clock that was stepped during the run was not as right as it claimed to be.
    private func clock(_ log: ObservationLog) -> LocalClock {
        var clock = localClock
        clock.steps = log.localClockSteps.map { ClockStep(at: $0.at, by: $0.by) }
        return clock
    }

    // MARK: - Endpoints

    private func endpointEvidence(_ measured: Measured, clock: LocalClock) -> EndpointEvidence {
        let logs = measured.logs
        let claims = claims(logs, clock)
        let statistics = EndpointStatistics.analyse(
            ports: measured.ports.map { $0.logs.map { $0.observation() } },
            claims: claims,
            timestamps: timestampQuality(logs),
            reflectorIsStateful: logs.contains(where: \.showsStatefulReflector)
        )
        return EndpointEvidence(
            name: measured.target.endpoint.description,
            address: measured.target.address.address.description,
            ports: zip(measured.ports, statistics.streams).map { port, statistics in
                portEvidence(port.port, Array(port.logs), statistics)
            },
            statistics: statistics,
            authenticated: settings.key != nil,
            farClockError: claims.farError,
            sendTimeCorrection: sendTimeCorrection(logs)
        )
    }

    private func sendTimeCorrection(_ logs: [StreamLog]) -> SendTimeCorrection? {
        let delays = logs.flatMap(\.farSendDelays).sorted()
        guard let maximum = delays.last else { return nil }
        return SendTimeCorrection(
            corrected: delays.count,
            replies: logs.reduce(0) { $0 + $1.replyCount },
            median: delays[delays.count / 2],
            maximum: maximum
        )
    }

    private func portEvidence(_ port: UInt16, _ logs: [StreamLog], _ statistics: StreamStatistics) -> PortEvidence {
        let marks = logs.map { $0.markCounts() }
        let farEnd = marks.compactMap(\.farEnd)
        return PortEvidence(
            port: port,
            reachability: reachability(logs),
            statistics: statistics,
            farEndDSCP: farEnd.isEmpty ? nil : farEnd.summed(),
            returnDSCP: marks.map(\.returned).summed(),
            returnDSCPRefusedByPolicy: logs.contains { $0.marksRefusedByPolicy > 0 },
            refusedReplies: logs.map(\.refusals).summed(),
            linkFailures: logs.map(linkFailures).summed()
        )
    }

    private func reachability(_ logs: [StreamLog]) -> Reachability {
        if logs.contains(where: { $0.answeredCount > 0 }) { return .answered }
        if logs.allSatisfy({ $0.sentCount == 0 }) {
            let reason = logs.map(\.sendFailures).summed().max { $0.value < $1.value }?.key
            return .notSent(reason: reason.map(SystemError.reason) ?? "this host was too busy")
        }
        if let icmp = logs.map(\.unreachable).summed().max(by: { $0.value < $1.value })?.key {
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
    private func claims(_ logs: [StreamLog], _ clock: LocalClock) -> ClockClaims {
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
    private func timestampQuality(_ logs: [StreamLog]) -> TimestampQuality {
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
        // The lead-in waits for address resolution, and does not count.
        let lateness = log.streams.flatMap { $0.lateness[$0.measured] }.sorted()
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
        measured.ports.map { port, logs in
            let ranges = logs.map(\.measured).filter { !$0.isEmpty }
            let range = ranges.count == 1 ? ranges[0] : 0..<0
            return StreamDescription(
                endpoint: measured.target.endpoint.description,
                port: port,
                probeProtocol: .stamp,
                measuredSequence: range.isEmpty ? nil : UInt32(range.lowerBound)...UInt32(range.upperBound - 1),
                duration: settings.interval * Int64(ranges.map(\.count).max() ?? 0),
                calls: logs.count
            )
        }
    }
}

extension Sequence {
    /// One dictionary with the counts of all.
    fileprivate func summed<Key: Hashable>() -> [Key: Int] where Element == [Key: Int] {
        reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
    }
}
