import Readiness
import Results
import Statistics
import Units

/// One incident of a result with its packets unpacked, and what the stream's own entry says of them.
public struct IncidentRecord: Sendable {
    /// From 1, as reports number them: 1 is the worst.
    public var number: Int
    public var incident: IncidentDocument
    public var record: PacketRecord
    /// Absent where the result has no such stream.
    public var stream: StreamDocument?

    public var packets: [KeptPacket] { record.packets }

    /// Those of a result that have packets.
    ///
    /// - Returns: beside them, how many records could not be read, by reason.
    public static func all(
        of document: ResultDocument
    ) -> (records: [IncidentRecord], refused: [PacketRecordRefusal: Int]) {
        var records: [IncidentRecord] = []
        var refused: [PacketRecordRefusal: Int] = [:]
        for (index, incident) in (document.incidents ?? []).enumerated() {
            guard let packets = incident.packets else { continue }
            do throws(PacketRecordRefusal) {
                let record = try packets.record()
                let stream = document.streams.first { $0.endpoint == incident.endpoint && $0.port == incident.port }
                records.append(
                    IncidentRecord(number: index + 1, incident: incident, record: record, stream: stream)
                )
            } catch {
                refused[error, default: 0] += 1
            }
        }
        return (records, refused)
    }
}

/// Which packets of an incident are worth a line.
public enum PacketFilter: String, Sendable, CaseIterable {
    /// Every one.
    case all
    /// Whatever did not simply arrive: lost, late, overtaken, doubled, remarked, or slower than the target.
    case notable
    /// Lost, or answered too late.
    case lost
    /// Slower than the target of one-way delay, in either direction.
    case slow
    /// Overtaken or doubled.
    case disordered

    func admits(_ packet: KeptPacket, in record: IncidentRecord) -> Bool {
        switch self {
        case .all: true
        case .lost: packet.fate != .answered
        case .slow: record.isSlow(packet)
        case .disordered: !packet.reordered.isEmpty || !packet.duplicated.isEmpty
        case .notable:
            packet.fate != .answered || !packet.reordered.isEmpty || !packet.duplicated.isEmpty
                || record.isSlow(packet) || record.isRemarked(packet)
        }
    }
}

extension IncidentRecord {
    /// What delays are held against: the bounds of this incident's own windows, or else the default profile's.
    var delayBounds: (target: Double, limit: Double) {
        let broken = incident.broken.first { $0.criterion == WindowBound.Metric.latencyOneWay.rawValue }
        return broken.map { ($0.target, $0.limit) } ?? (50, 100)
    }

    func isSlow(_ packet: KeptPacket) -> Bool {
        let target = delayBounds.target
        let oneWay = [packet.forward, packet.reverse].compactMap { $0?.milliseconds }
        guard oneWay.isEmpty else { return oneWay.contains { $0 >= target } }
        return (packet.roundTrip?.milliseconds ?? 0) >= 2 * target
    }

    /// Another mark than it was sent with.
    func isRemarked(_ packet: KeptPacket) -> Bool {
        guard let sent = stream?.dscp else { return false }
        return [packet.farMark, packet.returnedMark].contains { $0.map { Int($0.value) != sent } ?? false }
    }
}

extension PacketFate {
    /// As the columns of a CSV file have it.
    var name: String {
        switch self {
        case .answered: "answered"
        case .late: "late"
        case .lostForward: "lost_forward"
        case .lostReverse: "lost_reverse"
        case .lostSomewhere: "lost_unknown"
        }
    }

    /// For a reader.
    var words: String {
        switch self {
        case .answered: ""
        case .late: "answered too late"
        case .lostForward: "lost forward"
        case .lostReverse: "lost in reverse"
        case .lostSomewhere: "lost, direction unknown"
        }
    }
}

extension KeptPacket.Ways {
    /// `forward`, `forward+reverse`; empty where there is none.
    var name: String {
        let names: [(KeptPacket.Ways, String)] = [(.forward, "forward"), (.reverse, "reverse"), (.unknown, "unknown")]
        return names.filter { contains($0.0) }.map(\.1).joined(separator: "+")
    }
}
