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
        /// Beyond `first` every mark is right again: it may be that hop's reports alone that are wrong.
        var isDoubtful: Bool
        var isBleached: Bool { values.first == .bestEffort }
    }

    func markFindings(_ gradeWhenRemarked: Grade) -> [Finding] {
        let wrongQuotes = wrongQuotes()
        var groups: [(change: Change, paths: [TracePath])] = []
        for path in paths {
            guard let change = change(path, wrongQuotes) else { continue }
            if let index = groups.firstIndex(where: { $0.change == change }) {
                groups[index].paths.append(path)
            } else {
                groups.append((change, [path]))
            }
        }
        return groups.map { changeFinding($0.change, $0.paths, gradeWhenRemarked) } + rewrittenQuotes(wrongQuotes)
            + unknownMarks()
    }

    // MARK: Where

    private func wrong(_ hop: TraceHop) -> Int { hop.markedTotal - (hop.marks[dscp] ?? 0) }

    /// Wrong quotes at a hop beyond which marks are right: as if it rewrote what it quotes, not what it forwards. How
    /// likely marks that are really rewritten, of every second packet for one, would look the same by chance; nil where
    /// they do not look it.
    ///
    /// Each wave asks its hops in an order left to chance, so that whichever of its probes are rewritten, they are this
    /// hop's and none of the others' in one of as many orders as hops are compared. Only the first wave of a port is in
    /// order and proves nothing.
    private func chanceOfWrongQuotes(_ index: Int, of known: [TraceHop]) -> Double? {
        let here = wrong(known[index])
        guard here > 0, index + 1 < known.count, wrong(known[index + 1]) == 0 else { return nil }
        let isRightBeyond = known[(index + 1)...].allSatisfy { wrong($0) == 0 }
        guard isRightBeyond || here == known[index].markedTotal else { return nil }
        let compared = isRightBeyond ? known.count - index : 2
        return (0..<(here - 1)).reduce(1) { chance, _ in chance / Double(compared) }
    }

    /// By hop and address, how likely chance did it on all ports on which it looks so.
    private func wrongQuotes() -> [HopAddress: Double] {
        var chances: [HopAddress: Double] = [:]
        for path in paths {
            let known = path.hops.filter { !$0.marks.isEmpty }
            for index in known.indices {
                guard let chance = chanceOfWrongQuotes(index, of: known) else { continue }
                chances[HopAddress(known[index]), default: 1] *= chance
            }
        }
        return chances
    }

    private struct HopAddress: Hashable {
        var hop: Int
        var address: IPAddress?

        init(_ hop: TraceHop) { (self.hop, address) = (hop.hop, hop.address) }
    }

    /// So unlikely must chance be that what a hop reports is not held against the path.
    private static let unlikely = 0.01

    /// Queries at each hop that would tell, on as many ports as there are now.
    private var tellingQueries: Int { 1 + (8 + paths.count - 1) / max(1, paths.count) }

    private func change(_ path: TracePath, _ wrongQuotes: [HopAddress: Double]) -> Change? {
        let known = path.hops.filter { !$0.marks.isEmpty }
        func isOwn(_ index: Int) -> Bool {
            guard chanceOfWrongQuotes(index, of: known) != nil else { return false }
            return wrongQuotes[HopAddress(known[index])].map { $0 <= Self.unlikely } ?? false
        }
        guard let index = known.indices.first(where: { wrong(known[$0]) > 0 && !isOwn($0) }) else { return nil }
        let last = known[..<index].last { wrong($0) == 0 }
        let values = known[index].marks.filter { $0.key != dscp && $0.value > 0 }
            .sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
        return Change(
            last: last?.hop ?? 0,
            lastAddress: last?.address,
            first: known[index].hop,
            firstAddress: known[index].address,
            values: values.map(\.key),
            isDoubtful: chanceOfWrongQuotes(index, of: known) != nil
                && known[(index + 1)...].allSatisfy { wrong($0) == 0 }
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
            severity: change.isDoubtful ? .inconclusive : Finding.Severity(grade),
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
        if change.isDoubtful {
            return
                "Trace again with --queries \(tellingQueries) or more: hops beyond \(first) saw \(dscp.value), so that "
                + "it may change only what it reports, and so few probes do not tell."
        }
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

    private func rewrittenQuotes(_ chances: [HopAddress: Double]) -> [Finding] {
        chances.filter { $0.value <= Self.unlikely }.keys.sorted { $0.hop < $1.hop }.map { key in
            let (hop, address) = (key.hop, key.address)
            return Finding(
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
