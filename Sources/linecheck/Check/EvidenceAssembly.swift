import Agent
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

    var pace: Pace { Pace(settings, load.targets) }

    /// One endpoint and its streams' logs: for each of its ports, those of the calls that it carried.
    struct Measured {
        var target: Target
        var ports: [(port: UInt16, logs: ArraySlice<StreamLog>)]
    }

    func measured(_ log: ObservationLog) -> [Measured] {
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
    func document(
        _ measurement: Measurement,
        path: PathEvidence?,
        search: CapacitySearch?,
        followUp: FollowUp
    ) -> ResultDocument {
        let measured = measured(measurement.log)
        var evidence =
            measurement.digest?.evidence(measured, measurement.outcome) ?? evidence(measurement, measured)
        evidence.path = path
        let access = AccessAssembly(assembly: self, measurement: measurement, followUp: followUp)
        for index in evidence.endpoints.indices { evidence.endpoints[index].access = access.evidence(of: index) }
        if let digest = measurement.digest {
            evidence.incidents = digest.incidents
        } else {
            evidence.add(measurement, ports: measured.map { $0.ports.map { Array($0.logs) } })
            evidence.incidents = incidents(measurement, measured)
        }
        let verdict = Verdict.reached(on: evidence, profile: settings.profile)
        let description = CheckDescription(
            id: ResultID(at: measurement.startedAt),
            site: settings.site,
            agent: Host.name,
            version: Linecheck.version,
            startedAt: measurement.startedAt,
            endedAt: measurement.endedAt,
            trigger: settings.trigger,
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
        let clock = localClock.during(measurement.log)
        return evidence(
            endpoints: measured.map {
                EndpointEvidence(logs(of: $0), clock: clock, errorText: SystemError.reason)
            },
            quality: ProbeQuality(measurement.log.streams, socketDrops: measurement.outcome.socketDrops),
            clock: clock,
            measuredRounds: measurement.outcome.measuredRounds
        )
    }

    func evidence(
        endpoints: [EndpointEvidence],
        quality: ProbeQuality,
        clock: LocalClock,
        measuredRounds: Int
    ) -> CheckEvidence {
        let interval = pace.interval
        return CheckEvidence(
            endpoints: endpoints,
            probeQuality: quality,
            clock: clock,
            requiredDSCP: settings.dscp == .bestEffort ? nil : settings.dscp,
            duration: interval * Int64(measuredRounds),
            intendedDuration: interval * (load.duration.count / interval.count),
            interval: interval
        )
    }

    func incidents(_ measurement: Measurement, _ measured: [Measured]) -> [IncidentEvidence] {
        var locals = measurement.localAddresses.map { local in
            local.map { IncidentEvidence.LocalTransport(address: $0.address.description, port: $0.port) }
        }[...]
        let clock = localClock.during(measurement.log)
        return measured.flatMap { measured in
            let ofPorts = measured.ports.map { port in
                defer { locals = locals.dropFirst(port.logs.count) }
                return Array(locals.prefix(port.logs.count))
            }
            return logs(of: measured).incidents(profile: settings.profile, clock: clock, locals: ofPorts)
        }
    }

    func logs(of measured: Measured) -> EndpointLogs {
        EndpointLogs(
            name: measured.target.endpoint.description,
            address: measured.target.address.address.description,
            ports: measured.ports.map { .init(port: $0.port, logs: Array($0.logs)) },
            authenticated: settings.key != nil && measured.target.endpoint.scheme == .stamp
        )
    }

    private func streamDescriptions(_ measured: Measured) -> [StreamDescription] {
        measured.ports.map { port, logs in
            let ranges = logs.map(\.measuredNumbers).filter { !$0.isEmpty }
            let range = ranges.count == 1 ? ranges[0] : 0..<0
            return StreamDescription(
                endpoint: measured.target.endpoint.description,
                port: port,
                probeProtocol: measured.target.endpoint.scheme.probeProtocol,
                measuredSequence: range.isEmpty ? nil : UInt32(range.lowerBound)...UInt32(range.upperBound - 1),
                duration: duration(of: logs, pace.interval(measured.target)),
                calls: logs.count,
                interval: pace.interval(measured.target),
                payloadBytes: settings.payload(of: measured.target.endpoint.scheme)
            )
        }
    }

    /// Each packet stands for one interval. A server that limits is asked less often, which takes no less time.
    private func duration(of logs: ArraySlice<StreamLog>, _ interval: Nanoseconds) -> Nanoseconds {
        logs.map { log in
            let planned = interval * Int64(log.measured.count)
            guard !log.relay.rateSteps.isEmpty, let span = log.measuredSpan else { return planned }
            return max(planned, span + interval)
        }.max() ?? .zero
    }
}
