import Agent
import LinuxNet
import ProbeCore
import Results
import Units
import Wire

/// A stream that runs beside those that are graded, and shows something that they do not.
struct AuxiliaryStream {
    enum Purpose: Hashable {
        /// The same packets to a port that is none of Teams'.
        case control
        /// Where a server that answers without it sees this host: once a second.
        case mapping
        /// Whether a translator keeps the mapping of a flow that is nearly silent.
        case idleMapping
    }

    var purpose: Purpose
    /// Of the target that it belongs to.
    var target: Int
    var plan: StreamPlan

    private static let mappingInterval = Nanoseconds.seconds(1)
    /// Half of what translators commonly allow at the least, and about what media's own keepalives take.
    private static let idleInterval = Nanoseconds.seconds(15)

    /// In the order in which they follow the graded streams.
    static func all(_ targets: [Target], _ settings: CheckSettings, _ pace: Pace) -> [AuxiliaryStream] {
        targets.enumerated().flatMap { index, target in
            purposes(target, settings).map { purpose in
                AuxiliaryStream(
                    purpose: purpose,
                    target: index,
                    plan: plan(purpose, target, settings, pace)
                )
            }
        }
    }

    private static func purposes(_ target: Target, _ settings: CheckSettings) -> [Purpose] {
        guard target.endpoint.scheme == .stamp else {
            // A Binding's answer says it; an Allocate's need not.
            return target.endpoint.scheme == .turn ? [.mapping, .idleMapping] : [.idleMapping]
        }
        let control = settings.controlPort.map { !target.endpoint.ports.ports.contains($0) } ?? false
        return (control ? [.control] : []) + [.idleMapping]
    }

    private static func plan(
        _ purpose: Purpose,
        _ target: Target,
        _ settings: CheckSettings,
        _ pace: Pace
    ) -> StreamPlan {
        var destination = target.address
        let first = target.endpoint.ports.ports[0]
        destination.port = purpose == .control ? settings.controlPort ?? first : first
        let rounds =
            switch purpose {
            case .control: pace.roundsPerPacket(target)
            case .mapping: pace.rounds(of: mappingInterval)
            case .idleMapping: pace.rounds(of: idleInterval)
            }
        let scheme = target.endpoint.scheme == .turn ? Endpoint.Scheme.stun : target.endpoint.scheme
        return StreamPlan(
            destination: destination,
            dscp: settings.dscp,
            probe: settings.probe(of: scheme, interval: pace.interval * Int64(rounds)),
            roundsPerPacket: rounds
        )
    }
}

extension CheckSettings {
    /// What a stream to such an endpoint sends.
    func probe(
        of scheme: Endpoint.Scheme,
        interval: Nanoseconds,
        payload: Int? = nil,
        dscp: DSCP? = nil
    ) -> ProbeConfiguration {
        switch scheme {
        case .stamp:
            .stamp(
                SessionSenderConfiguration(
                    ssid: UInt16.random(in: 1 ... .max),
                    payloadLength: payload ?? self.payload,
                    requestedDSCP: dscp ?? self.dscp,
                    key: key,
                    interval: interval,
                    replyTimeout: ProbeDefaults.replyTimeout
                )
            )
        case .turn, .stun:
            .stun(
                StunClientConfiguration(
                    request: scheme == .turn ? .allocate : .binding,
                    interval: interval,
                    replyTimeout: ProbeDefaults.replyTimeout
                )
            )
        }
    }

    /// UDP payload octets of a request.
    func payload(of scheme: Endpoint.Scheme) -> Int {
        switch scheme {
        case .stamp: payload
        case .turn: StunRequest.allocate.length
        case .stun: StunRequest.binding.length
        }
    }

    /// The least that STAMP in this check's mode allows.
    var smallestPayload: Int { (key == nil ? StampMode.unauthenticated : .authenticated).baseLength }
}

extension Endpoint.Scheme {
    var probeProtocol: CheckDescription.ProbeProtocol {
        switch self {
        case .stamp: .stamp
        case .turn: .turn
        case .stun: .stun
        }
    }
}
