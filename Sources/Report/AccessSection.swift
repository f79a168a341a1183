import Readiness
import Results

extension Wording {
    /// What was seen of the way to an endpoint beside its numbers.
    func accessNotes(_ endpoint: EndpointDocument, _ streams: [StreamDocument]) -> [String] {
        [
            endpoint.addresses.map(addressText), endpoint.server.flatMap(serverText), endpoint.nat.map(translatorText),
            endpoint.fallback.map { "Fallback by TCP, port \($0.port): \(fallback($0))." },
            endpoint.controlPort.map(controlText),
        ].compactMap(\.self) + triedTexts(streams)
    }

    private func addressText(_ addresses: [AddressDocument]) -> String {
        let parts = addresses.map { address in
            let state =
                if address.measured {
                    "measured"
                } else if let reason = address.unreachable {
                    reason
                } else {
                    switch address.answered {
                    case true?:
                        "answers"
                            + (address.roundTripMilliseconds.map { " in \(FigureText.milliseconds($0)) ms" } ?? "")
                    case false?: "does not answer"
                    case nil: "not asked"
                    }
                }
            return "\(address.address) (\(state))"
        }
        return "Its addresses: \(parts.joined(separator: ", "))."
    }

    private func serverText(_ server: ServerDocument) -> String? {
        guard !server.responses.isEmpty else { return nil }
        let name = server.software.map { "The server, \($0)" } ?? "The server"
        let realm = server.realm.map { " for realm \($0)" } ?? ""
        let answers = server.responses.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
            .map { "\($0.key) (\(NumberText.count($0.value)))" }.joined(separator: ", ")
        let rates = server.rates.count < 2 ? "" : " " + rateText(server.rates)
        return "\(name)\(realm), answered with \(answers).\(rates)"
    }

    private func rateText(_ rates: [ServerDocument.Rate]) -> String {
        let parts = rates.map {
            "\(NumberText.count($0.answered)) of \(NumberText.count($0.sent)) every "
                + "\(FigureText.milliseconds($0.intervalMilliseconds)) ms"
        }
        return "It was asked less often after a while; answered: \(parts.joined(separator: ", "))."
    }

    private func translatorText(_ nat: NATDocument) -> String {
        guard nat.translated else { return "Address translation: none; it sees this host's own address." }
        let seen = nat.mappings.first.map { "\($0.local) as \($0.reflexive)" } ?? ""
        let ports =
            nat.mappings.allSatisfy(\.portPreserved) ? "ports kept" : "ports changed"
        let behaviour =
            switch NATEvidence.Behaviour(rawValue: nat.mappingBehaviour ?? "") {
            case .endpointIndependent: ", one mapping for all destinations"
            case .addressDependent: ", a mapping for each address"
            case .addressAndPortDependent: ", a mapping for each address and port"
            case .portIndependent: ", one mapping for all ports of an address"
            case nil: ""
            }
        let changes =
            nat.changeCount == 0
            ? "no mapping changed"
            : "mappings changed \(nat.changeCount == 1 ? "once" : "\(NumberText.count(nat.changeCount)) times")"
        return "Address translation: it sees \(seen); \(ports)\(behaviour); \(changes)."
    }

    func fallback(_ fallback: FallbackDocument) -> String {
        let tcp =
            switch fallback.tcp {
            case .connected:
                "connected" + (fallback.connectMilliseconds.map { " in \(FigureText.milliseconds($0)) ms" } ?? "")
            case .refused: "refused"
            case .timedOut: "no answer"
            case .failed: fallback.reason ?? "failed"
            }
        let tls = fallback.tls.map { tls in
            switch tls.state {
            case .trusted: "; TLS: a certificate that this host trusts" + (tls.issuer.map { ", from \($0)" } ?? "")
            case .locallyTrusted:
                "; TLS: a certificate that only an authority added to this host vouches for, \(tls.issuer ?? "unknown")"
            case .untrusted: "; TLS: a certificate that is not vouched for, from \(tls.issuer ?? "unknown")"
            case .failed: "; TLS: \(tls.reason ?? "failed")"
            }
        }
        return "\(tcp)\(tls ?? "")"
    }

    private func controlText(_ control: ControlPortDocument) -> String {
        guard control.reachability.state == .answered, let trip = control.roundTrip else {
            return "Control port \(control.port): did not answer; does the reflector listen there?"
        }
        let delay = trip.delayMilliseconds.map { "\(FigureText.milliseconds($0.p95)) ms round trip (p95)" }
        let jitter = trip.jitterMilliseconds.map { "jitter \(FigureText.milliseconds($0.worst15s ?? $0.mean)) ms" }
        let loss = trip.loss.map { "\(FigureText.percent($0.ratio)) % lost" }
        let figures = [delay, jitter, loss].compactMap(\.self).joined(separator: ", ")
        return "Control port \(control.port), the same packets: \(figures)."
    }

    /// Ports that fared alike share a line.
    private func triedTexts(_ streams: [StreamDocument]) -> [String] {
        var groups: [(text: String, ports: [UInt16])] = []
        for stream in streams {
            guard let tried = stream.reachability.tried, !tried.isEmpty else { continue }
            let parts = tried.map { "DSCP \($0.dscp), \($0.payloadBytes) octets: \($0.answered) of \($0.sent)" }
            let text = parts.joined(separator: "; ")
            if let index = groups.firstIndex(where: { $0.text == text }) {
                groups[index].ports.append(stream.port)
            } else {
                groups.append((text, [stream.port]))
            }
        }
        return groups.map { group in
            let noun = group.ports.count == 1 ? "Port" : "Ports"
            return "\(noun) \(NumberText.ports(group.ports)) asked again, each: \(group.text)."
        }
    }
}
