import Foundation
import Readiness
import Results
import Statistics
import Units

/// The packets of incidents as comma-separated values (RFC 4180, but lines end in a line feed), a line for each.
///
/// Empty where nothing is known. Times are of the run's own clock, which shows UTC as this host had it when the check
/// began. One-way delays are right to within `one_way_uncertainty_ms`, all by the same error.
public enum PacketCSV {
    /// Units stand in the names.
    public static let columns = [
        "incident", "endpoint", "address", "port", "stream", "local_address", "local_port", "sequence", "sent_at",
        "sent_unix_ns", "fate", "forward_ms", "reverse_ms", "far_stay_ms", "round_trip_ms", "one_way_uncertainty_ms",
        "reordered", "duplicated", "dscp_sent", "dscp_far_end", "dscp_returned",
    ]

    public static func text(_ records: [IncidentRecord], filter: PacketFilter = .all) -> String {
        var lines = [columns.joined(separator: ",")]
        for record in records {
            for packet in record.packets where filter.admits(packet, in: record) {
                lines.append(line(packet, record).map(quoted).joined(separator: ","))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func line(_ packet: KeptPacket, _ record: IncidentRecord) -> [String] {
        let incident = record.incident
        let stream = [
            "\(record.number)", incident.endpoint, incident.address, "\(incident.port)", "\(incident.stream)",
            incident.localAddress ?? "", incident.localPort.map { "\($0)" } ?? "",
        ]
        let times = [
            "\(packet.sequence)", packet.sentAt.rfc3339, "\(packet.sentAt.nanosecondsSinceUnixEpoch)", packet.fate.name,
            milliseconds(packet.forward), milliseconds(packet.reverse), milliseconds(packet.stay),
            milliseconds(packet.roundTrip),
            packet.forward == nil ? "" : incident.oneWayUncertaintyMilliseconds.map { "\($0)" } ?? "",
        ]
        return stream + times + [
            packet.reordered.name, packet.duplicated.name, record.stream.map { "\($0.dscp)" } ?? "",
            packet.farMark.map { "\($0.value)" } ?? "", packet.returnedMark.map { "\($0.value)" } ?? "",
        ]
    }

    /// With all the digits that the record has.
    private static func milliseconds(_ time: Nanoseconds?) -> String {
        time.map { String(format: "%.6f", $0.milliseconds) } ?? ""
    }

    private static func quoted(_ field: String) -> String {
        guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }
}
