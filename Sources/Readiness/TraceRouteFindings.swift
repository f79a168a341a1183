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

    /// What all ports that get to a hop together sent to it and heard from it.
    private struct Tally {
        var hop: Int
        var address: IPAddress?
        var sent = 0
        var answered = 0
        /// The least share that went unanswered by any hop beyond, on a port that was asked here too.
        var lostBeyond = 1.0

        /// Two more unanswered than what is lost on the way to hops beyond it accounts for.
        var isLimiting: Bool {
            answered > 0 && Double(sent - answered) >= Double(sent) * lostBeyond + 2
        }
    }

    /// Of hops beyond which something answered.
    private func tallies() -> [Tally] {
        let numbers = Set(paths.flatMap { $0.hops.map(\.hop) }).sorted()
        return numbers.compactMap { number in
            var tally = Tally(hop: number)
            var isPassed = false
            for path in paths where path.end.hop >= number {
                guard let hop = path.hop(number) else { continue }
                tally.sent &+= hop.sent
                tally.answered &+= hop.answered
                tally.address = tally.address ?? hop.address
                for beyond in path.hops where beyond.hop > number && beyond.answered > 0 {
                    isPassed = true
                    let lost = 1 - Double(beyond.answered) / Double(max(1, beyond.sent))
                    tally.lostBeyond = min(tally.lostBeyond, lost)
                }
            }
            return isPassed ? tally : nil
        }
    }

    func reportFindings() -> [Finding] {
        let tallies = tallies()
        let silent = tallies.filter { $0.answered == 0 }
        return silentFinding(silent) + limitFinding(tallies.filter(\.isLimiting))
    }

    private func silentFinding(_ silent: [Tally]) -> [Finding] {
        guard !silent.isEmpty else { return [] }
        let hops = silent.map { "\($0.hop)" }.joined(separator: ", ")
        return [
            Finding(
                code: .pathHopSilent,
                severity: .info,
                summary:
                    "Hop\(silent.count == 1 ? "" : "s") \(hops) reported nothing, though packets pass: hops beyond "
                    + "answer.",
                evidence: [.init("hops", .text(hops))],
                remedy: "Nothing needs to be done. To see more there, let those routers send ICMP time exceeded."
            )
        ]
    }

    private func limitFinding(_ limiting: [Tally]) -> [Finding] {
        guard !limiting.isEmpty else { return [] }
        let counts = limiting.map {
            "\(name(hop: $0.hop, address: $0.address)) answered \($0.answered) of \($0.sent) probes"
        }
        return [
            Finding(
                code: .pathHopLimitsReports,
                severity: .info,
                summary: "\(capitalised(counts.joined(separator: ", "))), while more came back from beyond: "
                    + "\(limiting.count == 1 ? "it limits its" : "they limit their") ICMP messages; that is no loss.",
                evidence: [.init("hops", .text(limiting.map { "\($0.hop)" }.joined(separator: ", ")))],
                remedy: "Nothing needs to be done. A greater --interval lets such routers answer more."
            )
        ]
    }
}
