import Statistics
import Units

extension TraceEvidence {
    /// Where ports go no further.
    func endFindings() -> [Finding] {
        notSent() + blocked() + refused() + endless() + notListening()
    }

    private func notSent() -> [Finding] {
        let ports = paths.filter { $0.notSent > 0 }
        guard !ports.isEmpty else { return [] }
        let count = ports.reduce(0) { $0 &+ $1.notSent }
        return [
            Finding(
                code: .probeNotSent,
                severity: .inconclusive,
                summary: "This host did not send \(NumberText.count(count)) probes on "
                    + "\(portsText(ports.map(\.port))): \(notSentReason ?? "no reason given").",
                evidence: [
                    .init("ports", .text(NumberText.ports(ports.map(\.port)))), .init("packets", .count(count)),
                ],
                remedy: "Look at this host's own firewall and routes."
            )
        ]
    }

    // MARK: Silence

    /// Silent beyond a hop beyond which others are heard.
    private struct Block: Hashable {
        var last: Int
        var lastAddress: IPAddress?
        var next: Int
        var nextAddress: IPAddress?
    }

    private func blocked() -> [Finding] {
        var groups: [(block: Block, ports: [TracePath])] = []
        for path in paths {
            guard let block = block(path) else { continue }
            if let index = groups.firstIndex(where: { $0.block == block }) {
                groups[index].ports.append(path)
            } else {
                groups.append((block, [path]))
            }
        }
        return groups.map { blockedFinding($0.block, $0.ports) }
    }

    private func block(_ path: TracePath) -> Block? {
        guard case .silent(let last) = path.end else { return nil }
        let asked = path.hops.filter { $0.hop > last && $0.sent > 0 }.map(\.hop)
        guard let next = asked.first(where: answersOthers) else { return nil }
        return Block(
            last: last,
            lastAddress: path.hop(last)?.address,
            next: next,
            nextAddress: paths.lazy.compactMap { $0.hop(next)?.address }.first
        )
    }

    /// Whether a hop answers so nearly all of what gets to it that silence means something: one that limits its ICMP
    /// messages may have been silent to a port by that alone.
    private func answersOthers(_ number: Int) -> Bool {
        let hops = paths.filter { $0.end.hop >= number }.compactMap { $0.hop(number) }
        let sent = hops.reduce(0) { $0 &+ $1.sent }
        let answered = hops.reduce(0) { $0 &+ $1.answered }
        return answered > 0 && Double(answered) >= 0.9 * Double(sent)
    }

    private func blockedFinding(_ block: Block, _ ports: [TracePath]) -> Finding {
        let numbers = ports.map(\.port)
        let last = name(hop: block.last, address: block.lastAddress)
        let next = name(hop: block.next, address: block.nextAddress)
        let sent = ports.flatMap(\.hops).filter { $0.hop > block.last }.reduce(0) { $0 &+ $1.sent }
        return Finding(
            code: .pathPortBlockedAtHop,
            severity: .notReady,
            summary: "UDP \(NumberText.portsWithNoun(numbers)) \(numbers.count == 1 ? "goes" : "go") no further than "
                + "\(last), while other ports get to \(next): all of \(NumberText.count(sent)) probes sent beyond it "
                + "were dropped without a word.",
            evidence: [
                .init("ports", .text(NumberText.ports(numbers))), .init("hop", .count(block.last)),
            ] + address("hop_address", block.lastAddress) + [.init("next_hop", .count(block.next))]
                + address("next_hop_address", block.nextAddress) + [.init("packets", .count(sent))],
            remedy: "Allow UDP \(NumberText.ports(numbers)) in the access lists and firewall rules of \(last) on the "
                + "way out, and of \(next) on the way in."
        )
    }

    /// No port is heard from beyond the hop where the best of them ends.
    private func endless() -> [Finding] {
        let silent = paths.filter { path in
            if case .silent = path.end { block(path) == nil } else { false }
        }
        guard let last = silent.map(\.end.hop).max() else { return [] }
        let ports = silent.map(\.port)
        let address = silent.lazy.compactMap { $0.hop(last)?.address }.first
        let place = name(hop: last, address: address)
        let others = paths.contains { $0.end.hop > last }
        let doubt =
            others
            ? "other ports get further, but hops beyond answer too few probes to tell a port that is dropped"
            : "probes are dropped after it, or the destination does not answer"
        return [
            Finding(
                code: .pathEndsAtHop,
                severity: .inconclusive,
                summary: last == 0
                    ? "Nothing answers on \(portsText(ports)), not even a first hop\(others ? "; \(doubt)" : "")."
                    : "Nothing answers on \(portsText(ports)) from beyond \(place): \(doubt).",
                evidence: [.init("ports", .text(NumberText.ports(ports))), .init("hop", .count(last))]
                    + self.address("hop_address", address),
                remedy: others
                    ? "Trace again with a greater --interval, so that no hop has to limit its answers."
                    : "See that the destination runs what is asked there, such as linecheck reflect, and that "
                        + "\(place) lets UDP \(NumberText.ports(ports)) through."
            )
        ]
    }

    // MARK: Refusals

    private func refused() -> [Finding] {
        struct Refusal: Hashable {
            var hop: Int
            var by: IPAddress
            var type: UInt8
            var code: UInt8
        }
        var groups: [(refusal: Refusal, ports: [UInt16])] = []
        for path in paths {
            guard case .refused(let hop, let by, let type, let code) = path.end else { continue }
            let refusal = Refusal(hop: hop, by: by, type: type, code: code)
            if let index = groups.firstIndex(where: { $0.refusal == refusal }) {
                groups[index].ports.append(path.port)
            } else {
                groups.append((refusal, [path.port]))
            }
        }
        return groups.map { refusal, ports in
            let meaning = ICMPMeaning.unreachable(refusal.by.family, type: refusal.type, code: refusal.code)
            let place = name(hop: refusal.hop, address: refusal.by)
            return Finding(
                code: .pathPortRefusedAtHop,
                severity: .notReady,
                summary:
                    "UDP \(NumberText.portsWithNoun(ports)) \(ports.count == 1 ? "is" : "are") refused by \(place): "
                    + "\(meaning).",
                evidence: [
                    .init("ports", .text(NumberText.ports(ports))), .init("hop", .count(refusal.hop)),
                    .init("hop_address", .text(refusal.by.description)),
                    .init("icmp", .text("type \(refusal.type) code \(refusal.code), \(meaning)")),
                ],
                remedy: ICMPMeaning.isProhibition(refusal.by.family, type: refusal.type, code: refusal.code)
                    ? "Allow UDP \(NumberText.ports(ports)) in the firewall rules of \(place)."
                    : "See why \(place) cannot deliver to \(destination): its routes, and whether that host is up."
            )
        }
    }

    private func notListening() -> [Finding] {
        let closed = paths.filter { path in if case .portUnreachable = path.end { true } else { false } }
        guard !closed.isEmpty else { return [] }
        let ports = closed.map(\.port)
        return [
            Finding(
                code: .endpointPortRefused,
                severity: .info,
                summary: "The way to \(destination) is open on \(portsText(ports)), but nothing listens there: it says "
                    + "port unreachable.",
                evidence: [.init("ports", .text(NumberText.ports(ports)))],
                remedy: "Nothing needs to be done for the path; to measure more of it run linecheck reflect there."
            )
        ]
    }

    func address(_ name: String, _ address: IPAddress?) -> [Finding.Evidence] {
        address.map { [.init(name, .text($0.description))] } ?? []
    }
}
