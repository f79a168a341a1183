import Units

/// The part of the way on which marks were changed.
enum MarkSegment: CaseIterable {
    /// From the socket to the wire, within this host.
    case leaving
    /// From this host's wire to the far end.
    case forward
    /// From the far end to this host's wire.
    case back
    /// From the wire to the socket, within this host.
    case entering
}

/// What one part of the way did to the packets of one port.
struct PortChange {
    var port: UInt16
    /// Packets seen at its end.
    var total: Int
    /// Those with each mark that they did not have before, and should not have.
    var packets: [DSCP: Int]
    /// When; nil where nobody can tell.
    var extent: MarkSeries.Extent?

    var changed: Int { packets.values.reduce(0, &+) }
}

extension EndpointGrading {
    /// What a part of the way changed, port by port. Where the marks at its beginning are known, only those that came
    /// about on it count; else all that are wrong at its end.
    func changes(on segment: MarkSegment, required: DSCP, where isMeant: (DSCP) -> Bool) -> [PortChange] {
        let end = marks(segment.end).filter { segment != .back || !isKnownOnWire($0.port) }
        let atEnd = segment == .back ? marks(.returnedOnWire) + end : end
        return atEnd.compactMap { seen in
            let before = segment.start.flatMap { start in marks(start).first { $0.port == seen.port } }
            guard segment != .entering || before != nil else { return nil }
            let wrong = seen.packets.filter { $0.key != required && isMeant($0.key) && $0.value > 0 }
            let changed = before.map { Self.excess(wrong, of: seen, over: $0) } ?? wrong
            guard !changed.isEmpty else { return nil }
            return PortChange(
                port: seen.port,
                total: seen.total,
                packets: changed,
                // Packets that had the mark before are not told apart in the series.
                extent: changed == wrong ? seen.series?.extent(of: changed.keys) : nil
            )
        }
    }

    private func isKnownOnWire(_ port: UInt16) -> Bool { marks(.returnedOnWire).contains { $0.port == port } }

    /// Packets with a mark beyond those that had it before. What was not seen before may have had it too.
    private static func excess(_ wrong: [DSCP: Int], of end: PortMarks, over start: PortMarks) -> [DSCP: Int] {
        let unseen = max(0, end.total &- start.total)
        let beyond = wrong.map { mark, packets in (mark, packets &- start.carrying(mark) &- unseen) }
        return Dictionary(uniqueKeysWithValues: beyond.filter { $0.1 > 0 })
    }
}

extension MarkSegment {
    /// Where what it did is seen; for the way back that is the wire where a capture saw it, else the socket.
    fileprivate var end: MarkPlace {
        switch self {
        case .leaving: .egress
        case .forward: .farEnd
        case .back, .entering: .returned
        }
    }

    fileprivate var start: MarkPlace? {
        switch self {
        // What sockets ask for is known without looking; how a far end sends is not.
        case .leaving, .back: nil
        case .forward: .egress
        case .entering: .returnedOnWire
        }
    }
}
