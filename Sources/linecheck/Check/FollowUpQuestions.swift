import Agent
import LinuxNet
import ProbeCore
import Readiness
import Units
import Wire

/// Which questions a measurement left open.
struct FollowUpQuestions {
    let settings: CheckSettings
    let load: Load
    let measurement: Measurement

    /// The most addresses of one name that are asked.
    private static let mostAddresses = 8
    /// The most destinations that one socket asks for its mapping.
    private static let mostDestinations = 16
    private static let interval = Nanoseconds.milliseconds(200)

    var takesTime: Bool { load.targets.indices.contains { !poorPorts($0).isEmpty } }

    var series: [FollowUpSeries] {
        portSeries + load.targets.indices.flatMap { otherAddresses($0) + alternate($0) }
    }

    /// About ports that were silent, or nearly so.
    var portSeries: [FollowUpSeries] {
        load.targets.indices.flatMap { target in poorPorts(target).flatMap { kinds(target, port: $0) } }
    }

    // MARK: Ports

    /// Ports that answered less than half of what was sent, and whose host did not say that nothing listens.
    private func poorPorts(_ target: Int) -> [UInt16] {
        load.ports(of: target).compactMap { port, streams in
            let logs = streams.map { measurement.log.streams[$0] }
            let sent = logs.reduce(0) { $0 + $1.sentCount }
            let answered = logs.reduce(0) { $0 + $1.answeredCount }
            let isClosed = logs.contains { log in
                log.unreachable.keys.contains { $0.fromEndpoint && $0.isPortUnreachable }
            }
            return sent > 0 && 2 * answered < sent && !isClosed ? port : nil
        }
    }

    private func kinds(_ target: Int, port: UInt16) -> [FollowUpSeries] {
        let isMarked = settings.dscp != .bestEffort
        let isReflector = load.targets[target].endpoint.scheme == .stamp
        let canShrink = isReflector && settings.payload > settings.smallestPayload
        var kinds: [PortDiagnosis.Kind] = [.same]
        if isMarked { kinds.append(.unmarked) }
        if canShrink { kinds.append(.small) }
        if isMarked, canShrink { kinds.append(.smallUnmarked) }
        return kinds.map { kind in
            var destination = load.targets[target].address
            destination.port = port
            return series(target, .port(port, kind), to: destination, kind)
        }
    }

    private func series(
        _ target: Int,
        _ subject: FollowUpSeries.Subject,
        to destination: SocketAddress,
        _ kind: PortDiagnosis.Kind = .same
    ) -> FollowUpSeries {
        let dscp = kind == .unmarked || kind == .smallUnmarked ? DSCP.bestEffort : settings.dscp
        let payload = kind == .small || kind == .smallUnmarked ? settings.smallestPayload : settings.payload
        let probe = settings.probe(
            of: load.targets[target].endpoint.scheme,
            interval: Self.interval,
            payload: payload,
            dscp: dscp
        )
        return FollowUpSeries(
            target: target,
            subject: subject,
            plan: StreamPlan(destination: destination, dscp: dscp, probe: probe)
        )
    }

    // MARK: Addresses

    private func otherAddresses(_ target: Int) -> [FollowUpSeries] {
        let all = load.targets[target]
        let others = all.addresses.enumerated().filter { _, address in
            address != all.address && all.unreachable[address.address] == nil
        }
        return others.prefix(Self.mostAddresses).compactMap { index, address in
            var destination = address
            destination.port = all.endpoint.ports.ports[0]
            // One without a route would end the whole run.
            guard (try? Route.check(to: destination)) != nil else { return nil }
            return series(target, .address(index), to: destination)
        }
    }

    private func alternate(_ target: Int) -> [FollowUpSeries] {
        let named = load.streams(of: target).lazy.compactMap { index -> TransportAddress? in
            guard let octets = measurement.keptReplies[index] else { return nil }
            let response = try? StunResponse(parsing: octets.span)
            return response?.errorCode == 300 ? response?.alternateServer : nil
        }
        guard let server = named.first, server.port != 0 else { return [] }
        let destination = SocketAddress(address: server.address, port: server.port)
        guard !server.address.isMulticastOrBroadcast, (try? Route.check(to: destination)) != nil else { return [] }
        return [series(target, .alternate, to: destination)]
    }

    // MARK: TCP

    /// TURN servers by themselves; others where somebody asks. Every target has its place.
    func fallbacks() -> [FallbackEvidence?] {
        let asked = load.targets.indices.filter {
            load.targets[$0].endpoint.scheme == .turn || settings.triesFallback
        }
        let probes = asked.map { index in
            FallbackProbe(host: load.targets[index].endpoint.host, address: load.targets[index].address.address)
        }
        var found: [FallbackEvidence?] = load.targets.map { _ in nil }
        for (index, evidence) in zip(asked, FallbackProbe.run(probes)) { found[index] = evidence }
        return found
    }

    // MARK: Translators

    func mappingBehaviours(_ errorEstimate: ErrorEstimate) throws -> [NATEvidence.Behaviour?] {
        let answers = try IPAddress.Family.all.flatMap { family in
            try MappingProbe(destinations: mappingDestinations(family)).run(errorEstimate: errorEstimate)
        }
        return load.targets.map { target in
            MappingComparison(
                here: answers.filter { $0.destination.address == target.address.address },
                elsewhere: answers.filter { $0.destination.address != target.address.address }
            ).behaviour
        }
    }

    /// Every port that answered at all.
    private func mappingDestinations(
        _ family: IPAddress.Family
    ) -> [(address: SocketAddress, probe: ProbeConfiguration)] {
        let all = load.targets.indices.flatMap { target -> [(address: SocketAddress, probe: ProbeConfiguration)] in
            let endpoint = load.targets[target]
            guard endpoint.address.address.family == family else { return [] }
            let scheme = endpoint.endpoint.scheme == .stamp ? Endpoint.Scheme.stamp : .stun
            return load.ports(of: target).compactMap { port, streams in
                guard streams.contains(where: { measurement.log.streams[$0].answeredCount > 0 }) else { return nil }
                var destination = endpoint.address
                destination.port = port
                return (destination, settings.probe(of: scheme, interval: Self.interval))
            }
        }
        return Array(all.prefix(Self.mostDestinations))
    }
}

/// What one socket's mappings towards several destinations say of the translator (RFC 5780 §4.3).
struct MappingComparison {
    var here: [MappingProbe.Answer]
    var elsewhere: [MappingProbe.Answer]

    var behaviour: NATEvidence.Behaviour? {
        guard let first = here.first else { return nil }
        if here.contains(where: { $0.reflexive != first.reflexive }) { return .addressAndPortDependent }
        // Another public address is another way out, which says nothing of how this one maps.
        let comparable = elsewhere.filter { $0.reflexive.address == first.reflexive.address }
        if !comparable.isEmpty {
            let isSame = comparable.allSatisfy { $0.reflexive == first.reflexive }
            return isSame ? .endpointIndependent : .addressDependent
        }
        return here.count > 1 ? .portIndependent : nil
    }
}

extension IPAddress.Family {
    fileprivate static let all: [IPAddress.Family] = [.ipv4, .ipv6]
}

extension Load {
    /// Which of the run's streams are a target's.
    func streams(of target: Int) -> Range<Int> {
        let before = targets[..<target].reduce(0) { $0 + streamsPerPort($1).reduce(0, +) }
        return before..<(before + streamsPerPort(targets[target]).reduce(0, +))
    }

    /// The same by port.
    func ports(of target: Int) -> [(port: UInt16, streams: Range<Int>)] {
        var next = streams(of: target).lowerBound
        return zip(targets[target].endpoint.ports.ports, streamsPerPort(targets[target])).map { port, count in
            defer { next += count }
            return (port, next..<(next + count))
        }
    }
}
