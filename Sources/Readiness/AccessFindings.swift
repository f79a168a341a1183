import Statistics
import Units

extension EndpointGrading {
    /// What sits on the way and what it does: translators, interception, treatment by port.
    func accessFindings() -> [Finding] {
        [rebindingFinding(), portDependentFinding(), interceptionFinding(), singledOutFinding()].compactMap(\.self)
    }

    // MARK: Address translation

    private func rebindingFinding() -> Finding? {
        guard let nat = endpoint.access.nat, let first = nat.changes.first else { return nil }
        let times = nat.changeCount == 1 ? "once" : "\(NumberText.count(nat.changeCount)) times"
        let afterIdling = nat.changes.allSatisfy { $0.idle >= .seconds(5) }
        let how =
            afterIdling
            ? "whenever a flow is silent for \(first.idle.text): it forgets idle mappings too early"
            : "first after \(NumberText.decimal(first.after.seconds, places: 1)) s, in a flow that was never silent"
        return Finding(
            code: .natRebinding,
            severity: afterIdling ? .info : .atRisk,
            summary: "The address translator between here and \(endpoint.name) changed this host's mapping \(times) "
                + "during the check, \(how).",
            evidence: [
                .init("endpoint", .text(endpoint.name)), .init("port", .count(Int(first.port))),
                .init("changes", .count(nat.changeCount)), .init("first_change_at", .text(first.at.rfc3339)),
                .init("first_change_after_s", .number(first.after.seconds)), .init("from", .text(first.from)),
                .init("to", .text(first.to)), .init("idle_before_s", .number(first.idle.seconds)),
            ],
            remedy:
                "Give UDP mappings a lifetime of at least 120 s (RFC 4787 asks for that) and keep a host's flows on "
                + "one public address; look for links that fail over or balance by packet."
        )
    }

    private func portDependentFinding() -> Finding? {
        guard let nat = endpoint.access.nat, nat.mappings.contains(where: \.isTranslated),
            nat.behaviour == .addressAndPortDependent || nat.behaviour == .addressDependent
        else { return nil }
        let other = nat.behaviour == .addressDependent ? "address" : "port"
        return Finding(
            code: .natPortDependent,
            severity: .info,
            summary: "The address translator gives this host another mapping for each \(other) that it sends to "
                + "(\(nat.behaviour?.rawValue.replacing("_", with: "-") ?? "") in the words of RFC 5780): calls need a "
                + "relay where a direct way would do.",
            evidence: [
                .init("endpoint", .text(endpoint.name)), .init("mapping", .text(nat.behaviour?.rawValue ?? "")),
            ],
            remedy: "Use endpoint-independent mapping for UDP on the translator (RFC 4787), where its maker offers it."
        )
    }

    // MARK: TLS

    private func interceptionFinding() -> Finding? {
        switch endpoint.access.fallback?.tls {
        case .untrusted(let issuer, let subject, let reason):
            interceptionFinding(
                .atRisk,
                "is not vouched for as the endpoint's own: something on the way opens TLS, or a stranger answers in its "
                    + "place.",
                issuer: issuer,
                subject: subject,
                [.init("reason", .text(reason))]
            )
        case .locallyTrusted(let issuer, let subject):
            interceptionFinding(
                isMicrosofts ? .atRisk : .info,
                isMicrosofts
                    ? "is not Microsoft's: an authority that was added to this host vouches for it, and no public one. "
                        + "Something on the way opens TLS."
                    : "is vouched for by an authority that was added to this host, and by no public one: the server is "
                        + "your own, or something on the way opens TLS.",
                issuer: issuer,
                subject: subject,
                []
            )
        case .trusted, .failed, nil: nil
        }
    }

    private var isMicrosofts: Bool {
        (try? Endpoint(endpoint.name)).map { MediaRanges.isMicrosoftName($0.host) } ?? false
    }

    private func interceptionFinding(
        _ severity: Finding.Severity,
        _ what: String,
        issuer: String,
        subject: String,
        _ more: [Finding.Evidence]
    ) -> Finding {
        Finding(
            code: .tlsInterception,
            severity: severity,
            summary: "TLS to \(endpoint.name) ends at a certificate that \(what)",
            evidence: [
                .init("endpoint", .text(endpoint.name)), .init("address", .text(endpoint.address)),
                .init("certificate_issuer", .text(issuer)), .init("certificate_subject", .text(subject)),
            ] + more,
            remedy: "Exempt Microsoft's media address ranges from TLS inspection: it breaks media that falls back to "
                + "TCP, and delays it. If the server is your own, "
                + (more.isEmpty ? "nothing needs to be done." : "give it a certificate that this host trusts.")
        )
    }

    // MARK: Ports

    /// Beyond both uncertainties: where the intervals of the Teams ports and of the control port do not meet.
    private func singledOutFinding() -> Finding? {
        guard let control = endpoint.access.controlPort, control.reachability == .answered else { return nil }
        let differences = answered.flatMap { PortDifference.between($0, control) }
        let blocked = endpoint.ports.filter { $0.outcome == .blocked }
        guard !differences.isEmpty || !blocked.isEmpty else { return nil }
        let worse = Set(differences.map(\.port)).union(blocked.map(\.port)).sorted()
        var words: [String] = []
        for metric in PortDifference.Metric.allCases where differences.contains(where: { $0.metric == metric }) {
            words.append("more \(metric.rawValue)")
        }
        if !blocked.isEmpty { words.insert("no answers", at: 0) }
        return Finding(
            code: .pathPortsSingledOut,
            severity: .atRisk,
            summary: "The way to \(endpoint.name) treats Teams' \(NumberText.portsWithNoun(worse)) worse than the same "
                + "packets to port \(control.port): \(words.joined(separator: ", ")).",
            evidence: evidence(endpoint.ports.filter { worse.contains($0.port) })
                + [.init("control_port", .count(Int(control.port)))] + differences.flatMap(\.evidence),
            remedy: "Something on the way recognises these ports: take media (UDP 3478-3481) out of deep packet "
                + "inspection, shaping and per-port limits on firewalls and at the provider."
        )
    }
}

/// How one Teams port fares worse than the control port, beyond the uncertainty of both.
struct PortDifference {
    enum Metric: String, CaseIterable {
        case loss, delay, jitter
    }

    var port: UInt16
    var metric: Metric
    /// In ms, or as a share.
    var value: Double
    var control: Double

    var evidence: [Finding.Evidence] {
        let unit = metric == .loss ? "ratio" : "ms"
        return [
            .init("\(metric.rawValue)_on_\(port)_\(unit)", .number(value)),
            .init("\(metric.rawValue)_on_control_\(unit)", .number(control)),
        ]
    }

    static func between(_ port: PortEvidence, _ control: ControlPortEvidence) -> [PortDifference] {
        let (here, there) = (port.statistics.roundTrip, control.statistics.roundTrip)
        var found: [PortDifference] = []
        if let a = here.loss, let b = there.loss, a.low > b.high {
            found.append(PortDifference(port: port.port, metric: .loss, value: a.ratio, control: b.ratio))
        }
        // The same path twice differs in its p95 by sampling alone: the intervals say by how much.
        if let a = here.delay, let b = there.delay,
            a.p95Sampling.lowerBound - a.uncertainty > b.p95Sampling.upperBound + b.uncertainty + .milliseconds(1)
        {
            found.append(
                PortDifference(
                    port: port.port,
                    metric: .delay,
                    value: a.p95.milliseconds,
                    control: b.p95.milliseconds
                )
            )
        }
        if let a = here.jitter, let b = there.jitter,
            // Interarrival jitter has no interval of its own: half as much again and 1 ms stand for its sampling.
            a.mean - a.uncertainty > (b.mean + b.uncertainty) * 3 / 2 + .milliseconds(1)
        {
            found.append(
                PortDifference(
                    port: port.port,
                    metric: .jitter,
                    value: a.mean.milliseconds,
                    control: b.mean.milliseconds
                )
            )
        }
        return found
    }
}
