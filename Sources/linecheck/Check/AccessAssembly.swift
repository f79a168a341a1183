import LinuxNet
import ProbeCore
import Readiness
import Statistics
import Units
import Wire

/// Puts together what was seen of the way to each endpoint beside its ports' numbers.
struct AccessAssembly {
    let assembly: EvidenceAssembly
    let measurement: Measurement
    let followUp: FollowUp

    private var settings: CheckSettings { assembly.settings }
    private var load: Load { assembly.load }
    private var pace: Pace { Pace(settings, load.targets) }

    func evidence(of target: Int) -> AccessEvidence {
        AccessEvidence(
            localAddress: load.streams(of: target).first.flatMap {
                measurement.localAddresses[$0]?.address.description
            },
            addresses: followUp.addresses[target],
            server: load.targets[target].endpoint.scheme == .stamp ? nil : server(target),
            nat: nat(target),
            diagnoses: followUp.diagnoses[target],
            fallback: followUp.fallbacks[target],
            controlPort: controlPort(target)
        )
    }

    /// A target's auxiliary streams for one purpose, with their places in the log.
    private func auxiliaries(_ target: Int) -> [(stream: AuxiliaryStream, index: Int)] {
        AuxiliaryStream.all(load.targets, settings, pace).enumerated()
            .filter { $0.element.target == target }
            .map { ($0.element, load.streamCount + $0.offset) }
    }

    // MARK: The server

    private func server(_ target: Int) -> ServerEvidence {
        let streams = load.streams(of: target)
        let logs = streams.map { measurement.log.streams[$0] }
        let identity = streams.lazy.compactMap { index -> StunServerIdentity? in
            guard let octets = measurement.keptReplies[index] else { return nil }
            return try? StunServerIdentity(reading: octets.span)
        }.first
        return ServerEvidence(
            software: identity?.software,
            realm: identity?.realm,
            responses: logs.reduce(into: [:]) { $0.merge($1.relay.responses, uniquingKeysWith: +) },
            rates: rates(target, logs).all,
            alternate: followUp.alternates[target]
        )
    }

    private func rates(_ target: Int, _ logs: [StreamLog]) -> RateShares {
        if let digest = measurement.digest { return digest.rates[target] }
        var rates = RateShares()
        rates.add(logs, interval: pace.interval(load.targets[target]))
        return rates
    }

    // MARK: Translation

    private func nat(_ target: Int) -> NATEvidence? {
        let graded = load.ports(of: target).flatMap { port, streams in
            streams.map { (port: port, index: $0, interval: pace.interval(load.targets[target])) }
        }
        let beside = auxiliaries(target).map { stream, index in
            let interval = pace.interval * Int64(stream.plan.roundsPerPacket)
            return (port: stream.plan.destination.port, index: index, interval: interval)
        }
        let all = graded + beside
        let shown = graded.contains { !measurement.log.streams[$0.index].reflexive.mappings.isEmpty } ? graded : beside
        let mappings = shown.compactMap { mapping(port: $0.port, stream: $0.index) }
        guard !mappings.isEmpty else { return nil }
        let changes = all.flatMap { mappingChanges(port: $0.port, stream: $0.index, interval: $0.interval) }
        return NATEvidence(
            mappings: mappings,
            changes: Array(changes.sorted { $0.at < $1.at }.prefix(16)),
            changeCount: all.reduce(0) { $0 + measurement.log.streams[$1.index].reflexive.changes },
            behaviour: followUp.behaviours[target]
        )
    }

    private func mapping(port: UInt16, stream: Int) -> NATEvidence.Mapping? {
        guard let first = measurement.log.streams[stream].reflexive.mappings.first,
            let local = measurement.localAddresses[stream]
        else { return nil }
        return NATEvidence.Mapping(
            port: port,
            local: local.description,
            reflexive: first.address.description,
            isPortPreserved: local.port == first.address.port
        )
    }

    private func mappingChanges(port: UInt16, stream: Int, interval: Nanoseconds) -> [NATEvidence.Change] {
        let log = measurement.log.streams[stream]
        let mappings = log.reflexive.mappings
        return zip(mappings, mappings.dropFirst()).map { before, after in
            NATEvidence.Change(
                port: port,
                at: after.at,
                after: after.at - measurement.origin.wall,
                from: before.address.description,
                to: after.address.description,
                idle: interval * Int64(log.relay.divisor(ofRequest: Int(after.sequence)))
            )
        }
    }

    // MARK: The control port

    private func controlPort(_ target: Int) -> ControlPortEvidence? {
        let own: EndpointEvidence?
        if let digest = measurement.digest {
            own = digest.control(of: target)
        } else {
            let clock = assembly.localClock.during(measurement.log)
            own = assembly.controlLogs(measurement.log)[target].map {
                EndpointEvidence($0, clock: clock, errorText: SystemError.reason)
            }
        }
        return own?.ports.first.map {
            ControlPortEvidence(port: $0.port, reachability: $0.reachability, statistics: $0.statistics)
        }
    }
}

extension EvidenceAssembly {
    /// By target, the stream to its control port; of targets that have one.
    func controlLogs(_ log: ObservationLog) -> [Int: EndpointLogs] {
        let streams = AuxiliaryStream.all(load.targets, settings, pace).enumerated()
        let controls = streams.filter { $0.element.purpose == .control }.map { place, stream in
            let target = load.targets[stream.target]
            let logs = EndpointLogs(
                name: target.endpoint.description,
                address: target.address.address.description,
                ports: [.init(port: stream.plan.destination.port, logs: [log.streams[load.streamCount + place]])],
                authenticated: settings.key != nil
            )
            return (stream.target, logs)
        }
        return Dictionary(controls, uniquingKeysWith: { first, _ in first })
    }
}
