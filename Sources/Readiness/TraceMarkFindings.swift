import Statistics
import Units

extension TraceEvidence {
    /// Between which hops the mark was changed, on one port.
    private struct Change: Hashable {
        /// The last hop known to have had only right marks; 0 is this host.
        var last: Int
        var lastAddress: IPAddress?
        var first: Int
        var firstAddress: IPAddress?
        /// The wrong marks that arrived at `first`, the most frequent first.
        var values: [DSCP]
        var isBleached: Bool { values.first == .bestEffort }
    }

    func markFindings(_ gradeWhenRemarked: Grade) -> [Finding] {
        var groups: [(change: Change, paths: [TracePath])] = []
        for path in paths {
            guard let change = change(path) else { continue }
            if let index = groups.firstIndex(where: { $0.change == change }) {
                groups[index].paths.append(path)
            } else {
                groups.append((change, [path]))
            }
        }
        return groups.map { changeFinding($0.change, $0.paths, gradeWhenRemarked) } + rewrittenQuotes() + unknownMarks()
    }

    // MARK: Where

    private func wrong(_ hop: TraceHop) -> Int { hop.markedTotal - (hop.marks[dscp] ?? 0) }

    /// A hop whose quotes are wrong while the next hop that tells saw the right mark: it rewrites what it quotes, not
    /// what it forwards.
    private func quotesWrongly(_ index: Int, of known: [TraceHop]) -> Bool {
        guard wrong(known[index]) > 0, index + 1 < known.count, wrong(known[index + 1]) == 0 else { return false }
        let isWhole = wrong(known[index]) == known[index].markedTotal
        return isWhole || known[(index + 1)...].allSatisfy { wrong($0) == 0 }
    }

    private func change(_ path: TracePath) -> Change? {
        let known = path.hops.filter { !$0.marks.isEmpty }
        guard let index = known.indices.first(where: { wrong(known[$0]) > 0 && !quotesWrongly($0, of: known) }) else {
            return nil
        }
        let last = known[..<index].last { wrong($0) == 0 }
        let values = known[index].marks.filter { $0.key != dscp && $0.value > 0 }
            .sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
        return Change(
            last: last?.hop ?? 0,
            lastAddress: last?.address,
            first: known[index].hop,
            firstAddress: known[index].address,
            values: values.map(\.key)
        )
    }

    // MARK: Findings

    private func changeFinding(_ change: Change, _ paths: [TracePath], _ grade: Grade) -> Finding {
        let beyond = paths.flatMap(\.hops).filter { $0.hop >= change.first && !$0.marks.isEmpty }
        let total = beyond.reduce(0) { $0 &+ $1.markedTotal }
        let share = Double(beyond.reduce(0) { $0 &+ wrong($1) }) / Double(max(1, total))
        let ports = paths.map(\.port)
        let last = name(hop: change.last, address: change.lastAddress)
        let first = name(hop: change.first, address: change.firstAddress)
        let values = change.values.map { "\($0.value)" }.joined(separator: ", ")
        let left = change.last == 0 ? "leave \(last)" : "reach \(last)"
        return Finding(
            code: change.isBleached ? .dscpBleachedForward : .dscpRemarkedForward,
            severity: Finding.Severity(grade),
            summary: "Packets on \(portsText(ports)) \(left) with DSCP \(dscp.value), but \(first) sees \(values) on "
                + "\(NumberText.percent(share)) of them\(laterText(change, beyond)).",
            evidence: [
                .init("ports", .text(NumberText.ports(ports))), .init("direction", .text(Direction.forward.rawValue)),
                .init("last_hop", .count(change.last)),
            ] + address("last_hop_address", change.lastAddress) + [.init("first_hop", .count(change.first))]
                + address("first_hop_address", change.firstAddress) + [
                    .init("dscp_required", .count(Int(dscp.value))), .init("dscp_seen", .text(values)),
                    .init("share_ratio", .number(share)), .init("packets", .count(total)),
                ],
            remedy: remedy(change, last: last, first: first)
        )
    }

    private func remedy(_ change: Change, last: String, first: String) -> String {
        let between = change.first - change.last - 1
        let unseen =
            between > 0
            ? (between == 1 ? "the hop between them" : "one of the \(between) hops between them")
                + ", which told nothing" : "a switch between them that is no hop"
        guard change.last > 0 else {
            return "Look at this host's own firewall, which may rewrite DSCP \(dscp.value) as packets leave; then at "
                + "\(unseen); then at what \(first) does to packets as it takes them in."
        }
        return "One of these rewrites it, and should trust DSCP \(dscp.value) instead: \(last) as it sends on, "
            + "\(first) as it takes in, or \(unseen)."
    }

    /// A mark that is changed again further on.
    private func laterText(_ change: Change, _ beyond: [TraceHop]) -> String {
        let later = Set(beyond.flatMap { $0.marks.keys }).subtracting(change.values).subtracting([dscp])
        guard !later.isEmpty else { return "" }
        return ", and \(later.sorted().map { "\($0.value)" }.joined(separator: ", ")) is seen further on"
    }

    private func rewrittenQuotes() -> [Finding] {
        var hops: [Int: IPAddress?] = [:]
        for path in paths {
            let known = path.hops.filter { !$0.marks.isEmpty }
            for index in known.indices where quotesWrongly(index, of: known) {
                hops[known[index].hop] = known[index].address
            }
        }
        return hops.sorted { $0.key < $1.key }.map { hop, address in
            Finding(
                code: .pathQuoteRewritten,
                severity: .info,
                summary:
                    "\(capitalised(name(hop: hop, address: address))) reports another DSCP than \(dscp.value), yet "
                    + "hops beyond it saw \(dscp.value): it changes what it reports, not what it forwards.",
                evidence: [.init("hop", .count(hop))] + self.address("hop_address", address),
                remedy: "Nothing needs to be done."
            )
        }
    }

    func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    /// What nobody saw is said and not guessed.
    private func unknownMarks() -> [Finding] {
        guard !readsQuotes else { return [] }
        let told = paths.filter { path in path.hops.contains { !$0.marks.isEmpty } }
        let rest =
            told.count == paths.count
            ? "only what arrived at the destination is." : "nor is what arrived at the destination, on every port."
        return [
            Finding(
                code: .dscpHopsUnknown,
                severity: told.count == paths.count ? .info : .inconclusive,
                summary: "The DSCP at each hop is not known, since this process may not read ICMP messages as they "
                    + "came; \(rest)",
                evidence: [.init("capability", .text("CAP_NET_RAW"))],
                remedy: "Run it as root, or: sudo setcap cap_net_raw+ep \"$(command -v linecheck)\""
            )
        ]
    }
}
