import Readiness
import Statistics
import Units

extension AddressDocument {
    init(_ address: AddressEvidence) {
        self.init(
            address: address.address,
            measured: address.isMeasured,
            answered: address.answered,
            roundTripMilliseconds: address.roundTrip?.roundedMilliseconds,
            unreachable: address.unreachable
        )
    }
}

extension ServerDocument {
    init(_ server: ServerEvidence) {
        var responses: [String: Int] = [:]
        for (code, count) in server.responses { responses[code == 0 ? "success" : "\(code)"] = count }
        self.init(
            software: server.software,
            realm: server.realm,
            responses: responses,
            rates: server.rates.map {
                Rate(intervalMilliseconds: $0.interval.roundedMilliseconds, sent: $0.sent, answered: $0.answered)
            },
            alternate: server.alternate.map {
                Alternate(
                    address: $0.address,
                    port: $0.port,
                    answered: $0.answered,
                    roundTripMilliseconds: $0.roundTrip?.roundedMilliseconds
                )
            }
        )
    }
}

extension NATDocument {
    init(_ nat: NATEvidence) {
        self.init(
            translated: nat.mappings.contains(where: \.isTranslated),
            mappingBehaviour: nat.behaviour?.rawValue,
            mappings: nat.mappings.map {
                Mapping(port: $0.port, local: $0.local, reflexive: $0.reflexive, portPreserved: $0.isPortPreserved)
            },
            changes: nat.changes.map {
                Change(
                    port: $0.port,
                    at: UTCTime($0.at),
                    afterSeconds: $0.after.roundedSeconds,
                    from: $0.from,
                    to: $0.to,
                    idleSeconds: $0.idle.roundedSeconds
                )
            },
            changeCount: nat.changeCount
        )
    }
}

extension FallbackDocument {
    init(_ fallback: FallbackEvidence) {
        let (state, reason): (State, String?) =
            switch fallback.tcp {
            case .connected: (.connected, nil)
            case .refused: (.refused, nil)
            case .timedOut: (.timedOut, nil)
            case .failed(let reason): (.failed, reason)
            }
        self.init(
            port: fallback.port,
            tcp: state,
            reason: reason,
            connectMilliseconds: fallback.connectTime?.roundedMilliseconds,
            tls: fallback.tls.map(TLS.init)
        )
    }
}

extension FallbackDocument.TLS {
    init(_ handshake: FallbackEvidence.Handshake) {
        switch handshake {
        case .trusted(let issuer): self.init(state: .trusted, issuer: issuer)
        case .locallyTrusted(let issuer, let subject):
            self.init(state: .locallyTrusted, issuer: issuer, subject: subject)
        case .untrusted(let issuer, let subject, let reason):
            self.init(state: .untrusted, issuer: issuer, subject: subject, reason: reason)
        case .failed(let reason): self.init(state: .failed, reason: reason)
        }
    }
}

extension ControlPortDocument {
    init(_ control: ControlPortEvidence) {
        self.init(
            port: control.port,
            reachability: ReachabilityDocument(control.reachability),
            packets: PacketsDocument(control.statistics.packets),
            roundTrip: DirectionDocument(control.statistics.roundTrip, marks: nil)
        )
    }
}

extension TriedDocument {
    init(_ series: PortDiagnosis.Series) {
        self.init(
            kind: series.kind.rawValue,
            dscp: Int(series.dscp.value),
            payloadBytes: series.payloadBytes,
            sent: series.sent,
            answered: series.answered
        )
    }
}
