import Statistics
import Units

extension EndpointGrading {
    func markingFindings() -> [Finding] {
        guard let required = check.requiredDSCP, !answered.isEmpty else { return [] }
        return MarkSegment.allCases.flatMap { remarked(on: $0, required) } + unseenMarks(required)
    }

    /// One finding for the packets whose mark was set to 0, one for those that got another. A mark that was never set is
    /// one finding whatever stands in its place.
    private func remarked(on segment: MarkSegment, _ required: DSCP) -> [Finding] {
        if segment == .leaving, let mark = socketMark, mark != required {
            return finding(.dscpNotSetEgress, segment, required) { _ in true }.map { [$0] } ?? []
        }
        return [true, false].compactMap { bleached in
            finding(segment.code(bleached: bleached), segment, required) { ($0 == .bestEffort) == bleached }
        }
    }

    private var socketMark: DSCP? {
        guard case .captured(let record) = check.capture else { return nil }
        return record.socketMark
    }

    private func finding(
        _ code: Finding.Code,
        _ segment: MarkSegment,
        _ required: DSCP,
        where isMeant: (DSCP) -> Bool
    ) -> Finding? {
        let ports = changes(on: segment, required: required, where: isMeant)
        guard !ports.isEmpty else { return nil }
        var counts: [DSCP: Int] = [:]
        for port in ports { counts.merge(port.packets) { $0 &+ $1 } }
        let values = counts.sorted { $0.key < $1.key }
        let share = Double(counts.values.reduce(0, &+)) / Double(max(ports.reduce(0) { $0 &+ $1.total }, 1))
        let extent = ports.commonExtent
        let list = values.map { "\($0.key.value)" }.joined(separator: ", ")
        return Finding(
            code: code,
            severity: Finding.Severity(profile.gradeWhenRemarked),
            summary: "\(subject(segment, ports, required)), but \(NumberText.percent(share)) of them "
                + "\(segment.arrival) with \(list)\(extent?.span.text ?? "").",
            evidence: [
                .init("endpoint", .text(endpoint.name)), .init("direction", .text(segment.direction.rawValue)),
                .init("ports", .text(NumberText.ports(ports.map(\.port)))),
                .init("dscp_required", .count(Int(required.value))), .init("share_ratio", .number(share)),
            ] + (extent?.evidence ?? []) + values.map { .init("packets_with_dscp_\($0.key.value)", .count($0.value)) },
            remedy: remedy(code, segment, required)
        )
    }

    /// What should be, up to the "but".
    private func subject(_ segment: MarkSegment, _ ports: [PortChange], _ required: DSCP) -> String {
        let whose = segment.direction == .forward ? "Packets to \(endpoint.name)" : "Replies from \(endpoint.name)"
        let only = ports.count < answered.count ? " on \(NumberText.portsWithNoun(ports.map(\.port)))" : ""
        let should = "\(whose)\(only) should carry DSCP \(required.value)"
        let before: MarkPlace? = segment == .forward ? .egress : segment == .entering ? .returnedOnWire : nil
        guard let before else { return should }
        let seen = marks(before).filter { mark in ports.contains { $0.port == mark.port } }
        guard seen.count == ports.count, seen.allSatisfy({ $0.carrying(required) == $0.total }) else { return should }
        return should + (segment == .forward ? ", and left this host with it" : ", and came to this host with it")
    }

    private func remedy(_ code: Finding.Code, _ segment: MarkSegment, _ required: DSCP) -> String {
        let mark = "DSCP \(required.value)"
        let internet =
            "The internet commonly ignores or rewrites DSCP; an endpoint at the edge of your own network shows which "
            + "part is yours."
        if code == .dscpNotSetEgress {
            return "This host's sockets do not keep the mark that they are asked for: run linecheck outside of the "
                + "container or sandbox that keeps it from setting IP_TOS and IPV6_TCLASS."
        }
        switch segment {
        case .leaving, .entering:
            return
                "The socket and the wire differ, so it is this host that rewrites the mark: look at nft list ruleset, "
                + "iptables -t mangle -S, tc filter show, and at VPN and security agents, and let them keep \(mark)."
        case .forward:
            return "Have the switches, the wireless controller and the edge router of the site trust \(mark) or set it "
                + "again for voice, up to the last hop that the site controls. " + internet
        case .back:
            return "Marking by clients holds only for what leaves them: mark the returning media with \(mark) where it "
                + "enters the site's own network. " + internet
        }
    }

    /// What nobody saw is said and not guessed.
    private func unseenMarks(_ required: DSCP) -> [Finding] {
        let unknown = answered.filter { $0.farEndDSCP == nil }
        let refused = answersUnmarked ? answered : answered.filter(\.returnDSCPRefusedByPolicy)
        var findings: [Finding] = []
        if !unknown.isEmpty {
            findings.append(
                Finding(
                    code: .dscpFarEndUnknown,
                    severity: .info,
                    summary: "\(endpoint.name) does not report the DSCP that arrives there, so whether DSCP "
                        + "\(required.value) survives the way there is not known.",
                    evidence: evidence(unknown),
                    remedy: "Check against a reflector that reports Class of Service (RFC 8972), such as linecheck "
                        + "reflect."
                )
            )
        }
        if !refused.isEmpty {
            findings.append(
                Finding(
                    code: .dscpReturnNotTested,
                    severity: .info,
                    summary: answersUnmarked
                        ? "\(endpoint.name) does not mark its answers, or something takes the mark away: whether DSCP "
                            + "\(required.value) would survive the way back is not known."
                        : "\(endpoint.name) may not send DSCP \(required.value) by its policy, so whether it would "
                            + "survive the way back is not known.",
                    evidence: evidence(refused),
                    remedy: answersUnmarked
                        ? "Check against a reflector that marks what it is asked to, such as linecheck reflect."
                        : "Let the reflector's policy allow DSCP \(required.value), or check against one that does."
                )
            )
        }
        return findings
    }
}

extension MarkSegment {
    var direction: Direction {
        switch self {
        case .leaving, .forward: .forward
        case .back, .entering: .reverse
        }
    }

    fileprivate var arrival: String {
        switch self {
        case .leaving: "left this host"
        case .forward: "arrived there"
        case .back: "arrived here"
        case .entering: "reached the sockets"
        }
    }

    fileprivate func code(bleached: Bool) -> Finding.Code {
        switch self {
        case .leaving, .entering: bleached ? .dscpBleachedLocal : .dscpRemarkedLocal
        case .forward: bleached ? .dscpBleachedForward : .dscpRemarkedForward
        case .back: bleached ? .dscpBleachedReturn : .dscpRemarkedReturn
        }
    }
}

extension [PortChange] {
    /// When all ports changed together; nil where they did not, or nobody knows.
    fileprivate var commonExtent: MarkSeries.Extent? {
        let extents = compactMap(\.extent)
        guard extents.count == count, var common = extents.first else { return nil }
        for extent in extents.dropFirst() {
            guard let span = common.span.merged(with: extent.span) else { return nil }
            common.span = span
            common.share = Swift.min(common.share, extent.share)
        }
        return common.span == .throughout ? nil : common
    }
}

extension MarkSpan {
    /// Of both, where both are of one kind.
    fileprivate func merged(with other: MarkSpan) -> MarkSpan? {
        switch (self, other) {
        case (.throughout, .throughout): .throughout
        case (.since(let first), .since(let second)): .since(min(first, second))
        case (.until(let first), .until(let second)): .until(max(first, second))
        case (.between(let start, let end), .between(let otherStart, let otherEnd)):
            .between(min(start, otherStart), max(end, otherEnd))
        default: nil
        }
    }
}

extension MarkSeries.Extent {
    /// When, and how many of the packets of that time.
    fileprivate var evidence: [Finding.Evidence] {
        let share = Finding.Evidence("share_within_ratio", .number(share))
        func since(_ instant: WallInstant) -> Finding.Evidence { .init("since", .text(instant.rfc3339)) }
        func until(_ instant: WallInstant) -> Finding.Evidence { .init("until", .text(instant.rfc3339)) }
        switch span {
        case .throughout: return []
        case .since(let start): return [since(start), share]
        case .until(let end): return [until(end), share]
        case .between(let start, let end): return [since(start), until(end), share]
        }
    }
}
