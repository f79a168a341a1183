import Units

extension LinkEvidence {
    /// Mbit/s. A link this slow is an old switch, a damaged cable, or negotiation that failed.
    private static let slowSpeed = 10

    func findings() -> [Finding] {
        [halfDuplex(), slow(), errors(), drops()].compactMap(\.self)
    }

    private var facts: [Finding.Evidence] {
        var facts: [Finding.Evidence] = [.init("interface", .text(interface))]
        if let speed { facts.append(.init("speed_mbps", .count(speed))) }
        if let duplex { facts.append(.init("duplex", .text(duplex.rawValue))) }
        if let isNegotiated { facts.append(.init("autonegotiation", .text(isNegotiated ? "on" : "off"))) }
        return facts
    }

    private func halfDuplex() -> Finding? {
        guard duplex == .half else { return nil }
        return Finding(
            code: .linkHalfDuplex,
            severity: .atRisk,
            summary: "\(interface) runs at half duplex: packets collide as soon as both ends send, and calls send both "
                + "ways all the time.",
            evidence: facts,
            remedy:
                "Let both ends negotiate (ethtool -s \(interface) autoneg on, and the same on the switch port); one "
                + "end set by hand and the other negotiating ends in half duplex."
        )
    }

    private func slow() -> Finding? {
        guard let speed, speed <= Self.slowSpeed else { return nil }
        return Finding(
            code: .linkSlow,
            severity: .atRisk,
            summary: "\(interface) runs at \(speed) Mbit/s: a single download delays every call behind it.",
            evidence: facts,
            remedy: "Look at the cable (all four pairs), the port and what both ends negotiate."
        )
    }

    /// More than this of the packets, and the link itself loses them.
    private static let errorRatio = 0.0001

    private func errors() -> Finding? {
        guard let during, during.errors > 0 || during.collisions > 0 else { return nil }
        let packets = during.receivedPackets &+ during.sentPackets
        let isMany = Double(during.errors) > Self.errorRatio * Double(packets)
        return Finding(
            code: .linkErrors,
            severity: isMany ? .atRisk : .info,
            summary:
                "\(interface) counted \(NumberText.count(during.errors)) errors during the check: frames are damaged "
                + "on the link to the switch.",
            evidence: facts + [
                .init("receive_errors", .count(during.receiveErrors)),
                .init("transmit_errors", .count(during.transmitErrors)),
                .init("checksum_errors", .count(during.checksumErrors)),
                .init("collisions", .count(during.collisions)), .init("link_packets", .count(packets)),
            ],
            remedy: "Replace the cable, try another switch port, and see that both ends run the same duplex."
        )
    }

    /// What is received and dropped may be of protocols that nobody here speaks, so it grades nothing by itself.
    private func drops() -> Finding? {
        guard let during, during.transmitDrops > 0 else { return nil }
        return Finding(
            code: .linkDrops,
            severity: .info,
            summary:
                "\(interface) dropped \(NumberText.count(during.transmitDrops)) packets that were to be sent during the "
                + "check: its queue was full.",
            evidence: facts + [
                .init("transmit_drops", .count(during.transmitDrops)),
                .init("receive_drops", .count(during.receiveDrops)),
            ],
            remedy: "See what else this host sends, and whether a shaper stands on \(interface): tc -s qdisc show."
        )
    }
}
