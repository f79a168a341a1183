import Readiness
import Units

/// A capture of the check's own packets on the wire.
public struct CaptureDocument: Codable, Hashable, Sendable {
    /// Several are separated by commas.
    public var interface: String
    /// Of the check, lead-in and tail included.
    public var packets: Int
    /// That the capture had no room for.
    public var dropped: Int

    enum CodingKeys: String, CodingKey {
        case interface, packets, dropped
    }
}

/// Packets by ECN codepoint (RFC 3168 §5): `not_ect`, `ect_0`, `ect_1`, `ce`. A key is absent where nobody looked.
public struct ECNDocument: Codable, Hashable, Sendable {
    public var egress: [String: Int]?
    public var farEnd: [String: Int]?
    public var returned: [String: Int]?

    enum CodingKeys: String, CodingKey {
        case egress
        case farEnd = "far_end"
        case returned = "return"
    }
}

/// The marks of one port's packets on the wire of this host, packets by value.
public struct WireMarksDocument: Codable, Hashable, Sendable {
    public var egress: [String: Int]
    public var returned: [String: Int]

    enum CodingKeys: String, CodingKey {
        case egress
        case returned = "return"
    }
}

extension CaptureDocument {
    /// Nil where nothing was captured.
    init?(_ capture: CaptureEvidence) {
        guard case .captured(let record) = capture else { return nil }
        self.init(
            interface: record.interfaces.joined(separator: ","),
            packets: record.packets,
            dropped: record.dropped
        )
    }
}

extension ECNDocument {
    /// Nil where nobody looked anywhere.
    init?(_ trails: [MarkTrail]) {
        func packets(_ place: KeyPath<MarkTrail, MarkSeries?>) -> [String: Int]? {
            let series = trails.compactMap { $0[keyPath: place] }.filter { $0.packets > 0 }
            guard !series.isEmpty else { return nil }
            var packets: [String: Int] = [:]
            for (codepoint, count) in series.flatMap(\.ecnCounts) { packets[codepoint.name, default: 0] += count }
            return packets
        }
        self.init(egress: packets(\.egress), farEnd: packets(\.farEnd), returned: packets(\.returned))
        guard egress != nil || farEnd != nil || returned != nil else { return nil }
    }
}

extension WireMarksDocument {
    /// Nil where nothing was captured.
    init?(_ trail: MarkTrail) {
        guard let egress = trail.egress, let returned = trail.returnedOnWire else { return nil }
        self.init(
            egress: MarkingDocument.packetsByValue([egress.counts]),
            returned: MarkingDocument.packetsByValue([returned.counts])
        )
    }
}
