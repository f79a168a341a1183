import Statistics
import Units

extension TraceEvidence {
    /// Ports that take different ways.
    func routeFindings() -> [Finding] {
        let numbers = Set(paths.flatMap { $0.hops.map(\.hop) }).sorted()
        let differing = numbers.filter { groups(at: $0).count > 1 }
        guard let first = differing.first else { return [] }
        let ways = groups(at: first).map { address, ports in "\(NumberText.portsWithNoun(ports)) by \(address)" }
        return [
            Finding(
                code: .pathDiffersByPort,
                severity: .info,
                summary: "Ports take different ways from hop \(first) on: \(ways.joined(separator: "; ")).",
                evidence: [
                    .init("first_hop", .count(first)),
                    .init("hops", .text(differing.map { "\($0)" }.joined(separator: ", "))),
                ],
                remedy: "Nothing needs to be done as long as all ways are good: what is found on one port may be true "
                    + "of its own way only."
            )
        ]
    }

    /// Ports by who answered them at a hop; a port whose answers came from several addresses agrees with each of them.
    private func groups(at hop: Int) -> [(address: IPAddress, ports: [UInt16])] {
        var groups: [(address: IPAddress, ports: [UInt16])] = []
        for path in paths {
            let addresses = path.hop(hop)?.answerers.map(\.address) ?? []
            guard let main = addresses.first else { continue }
            if let index = groups.firstIndex(where: { addresses.contains($0.address) }) {
                groups[index].ports.append(path.port)
            } else {
                groups.append((main, [path.port]))
            }
        }
        return groups
    }

    // MARK: Hops that report little

    /// What all ports together sent to a hop and heard from it, where their ways go on beyond it.
    private struct Tally {
        var hop: Int
        var address: IPAddress?
        var sent = 0
        var answered = 0
        /// The least share that went unanswered by any hop beyond, on the same ports.
        var lostBeyond = 1.0

        var lost: Int { sent - answered }
    }

    private func tallies() -> [Tally] {
        let numbers = Set(paths.flatMap { $0.hops.map(\.hop) }).sorted()
        return numbers.compactMap { number in
            var tally = Tally(hop: number)
            for path in paths {
                guard let hop = path.hop(number) else { continue }
                let beyond = path.hops.filter { $0.hop > number && $0.answered > 0 }
                guard !beyond.isEmpty else { continue }
                tally.sent &+= hop.sent
                tally.answered &+= hop.answered
                tally.address = tally.address ?? hop.address
                let least = beyond.map { 1 - Double($0.answered) / Double(max(1, $0.sent)) }.min() ?? 1
                tally.lostBeyond = min(tally.lostBeyond, least)
            }
            return tally.sent > 0 ? tally : nil
        }
    }

    func reportFindings() -> [Finding] {
        let tallies = tallies()
        let silent = tallies.filter { $0.answered == 0 }
        // Two more unanswered than by chance of what is lost on the way to hops beyond it.
        let limiting = tallies.filter {
            $0.answered > 0 && Double($0.lost) >= Double($0.sent) * $0.lostBeyond + 2
        }
        return silentFinding(silent) + limiting.map(limitFinding)
    }

    private func silentFinding(_ silent: [Tally]) -> [Finding] {
        guard !silent.isEmpty else { return [] }
        let hops = silent.map { "\($0.hop)" }.joined(separator: ", ")
        return [
            Finding(
                code: .pathHopSilent,
                severity: .info,
                summary: "Hop\(silent.count == 1 ? "" : "s") \(hops) reported nothing, though packets pass: hops beyond "
                    + "answer.",
                evidence: [.init("hops", .text(hops))],
                remedy: "Nothing needs to be done. To see more there, let those routers send ICMP time exceeded."
            )
        ]
    }

    private func limitFinding(_ tally: Tally) -> Finding {
        Finding(
            code: .pathHopLimitsReports,
            severity: .info,
            summary: "\(capitalised(name(hop: tally.hop, address: tally.address))) answered \(tally.answered) of "
                + "\(tally.sent) probes, hops beyond it more: it limits its ICMP messages, and loses no packets.",
            evidence: [.init("hop", .count(tally.hop))] + address("hop_address", tally.address) + [
                .init("packets", .count(tally.sent)), .init("answered", .count(tally.answered)),
            ],
            remedy: "Nothing needs to be done. A greater --interval lets it answer more."
        )
    }
}
