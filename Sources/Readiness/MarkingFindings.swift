import Statistics
import Units

extension EndpointGrading {
    func markingFindings() -> [Finding] {
        guard let required = check.requiredDSCP, !answered.isEmpty else { return [] }
        return remarked(.forward, required) + remarked(.reverse, required) + unseenMarks(required)
    }

    /// One finding for the packets whose mark was set to 0, one for those that got another.
    private func remarked(_ direction: Direction, _ required: DSCP) -> [Finding] {
        let seen = marks(direction)
        return [true, false].compactMap { bleached in
            remarkedFinding(direction, required, seen, bleached: bleached)
        }
    }

    private func remarkedFinding(
        _ direction: Direction,
        _ required: DSCP,
        _ seen: [PortMarks],
        bleached: Bool
    ) -> Finding? {
        func isWrong(_ mark: DSCP) -> Bool { mark != required && (mark == .bestEffort) == bleached }
        let ports = seen.filter { $0.packets.contains { isWrong($0.key) && $0.value > 0 } }
        guard !ports.isEmpty else { return nil }
        let total = ports.reduce(0) { $0 &+ $1.total }
        var counts: [DSCP: Int] = [:]
        for port in ports { counts.merge(port.packets.filter { isWrong($0.key) && $0.value > 0 }) { $0 &+ $1 } }
        let values = counts.sorted { $0.key < $1.key }
        let share = Double(counts.values.reduce(0, &+)) / Double(max(total, 1))
        let list = values.map { "\($0.key.value)" }.joined(separator: ", ")
        let whose = direction == .forward ? "Packets to \(endpoint.name)" : "Replies from \(endpoint.name)"
        let place = direction == .forward ? "there" : "here"
        let only = ports.count < answered.count ? " on \(NumberText.portsWithNoun(ports.map(\.port)))" : ""
        return Finding(
            code: code(direction, bleached: bleached),
            severity: Finding.Severity(profile.gradeWhenRemarked),
            summary: "\(whose)\(only) should carry DSCP \(required.value), but \(NumberText.percent(share)) of them "
                + "arrived \(place) with \(list).",
            evidence: [
                .init("endpoint", .text(endpoint.name)), .init("direction", .text(direction.rawValue)),
                .init("ports", .text(NumberText.ports(ports.map(\.port)))),
                .init("dscp_required", .count(Int(required.value))), .init("share_ratio", .number(share)),
            ] + values.map { .init("packets_with_dscp_\($0.key.value)", .count($0.value)) },
            remedy: markingRemedy(direction, required)
        )
    }

    private func code(_ direction: Direction, bleached: Bool) -> Finding.Code {
        switch (direction, bleached) {
        case (.forward, true): .dscpBleachedForward
        case (.forward, false): .dscpRemarkedForward
        case (.reverse, true): .dscpBleachedReturn
        case (.reverse, false): .dscpRemarkedReturn
        }
    }

    private func markingRemedy(_ direction: Direction, _ required: DSCP) -> String {
        let whereToSet =
            direction == .forward
            ? "Have the switches, the wireless controller and the edge router of the site trust DSCP \(required.value) "
                + "or set it again for voice, up to the last hop that the site controls. "
            : "Marking by clients holds only for what leaves them: mark the returning media with DSCP "
                + "\(required.value) where it enters the site's own network. "
        return whereToSet
            + "The internet commonly ignores or rewrites DSCP; an endpoint at the edge of your own network shows which "
            + "part is yours."
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
