import Readiness
import Results
import Statistics
import Units

/// The packets of incidents as a pcapng file: put together again from what was recorded of them, since no capture was
/// kept. Times, ports, addresses, numbers and marks are the real ones, the rest is made up, and each packet says so.
///
/// Interface 0 is the network card of this host, where every request left and the replies that came back arrived.
/// Interface 1 is the far end's, by this host's clock: only packets whose one-way delays are known are there.
public enum PacketCapture {
    public static func octets(_ records: [IncidentRecord], version: String) -> [UInt8] {
        var file = PcapngFile(
            comment: "Rebuilt by Linecheck \(version) from the packet records of a check's incidents: this is no "
                + "capture. Times, addresses, ports, sequence numbers and DSCP are those that were measured; payloads "
                + "are made up. A packet that was lost is there only where it was sent.",
            application: "linecheck \(version)"
        )
        file.addInterface(name: "site", description: "this host; times of its own clock")
        file.addInterface(name: "far", description: "the far end; times of this host's clock, within the uncertainty")
        let events = records.flatMap { record in record.packets.flatMap { Self.events(of: $0, record) } }
        for event in events.sorted(by: { $0.at < $1.at }) {
            file.add(
                event.datagram.octets,
                interface: event.isFar ? 1 : 0,
                at: event.at,
                event.isOutbound ? .outbound : .inbound,
                comment: event.comment
            )
        }
        return file.octets
    }

    private struct Event {
        var at: WallInstant
        var isFar = false
        var isOutbound: Bool
        var datagram: RebuiltDatagram
        var comment: String
    }

    private static func events(of packet: KeptPacket, _ record: IncidentRecord) -> [Event] {
        let probe = RebuiltProbe(record.stream)
        let ends = Self.ends(record.incident)
        func datagram(_ isReply: Bool, _ mark: Int?) -> RebuiltDatagram {
            RebuiltDatagram(
                source: isReply ? ends.far : ends.site,
                destination: isReply ? ends.site : ends.far,
                trafficClass: UInt8(clamping: (mark ?? 0) << 2),
                payload: isReply ? probe.reply(packet) : probe.request(packet)
            )
        }
        let comment = Self.comment(packet, record)
        let sent = record.stream?.dscp
        let far = packet.farMark.map { Int($0.value) } ?? sent
        let returned = packet.returnedMark.map { Int($0.value) }
        var events = [Event(at: packet.sentAt, isOutbound: true, datagram: datagram(false, sent), comment: comment)]
        if let answered = packet.answeredAt {
            events.append(Event(at: answered, isOutbound: false, datagram: datagram(true, returned), comment: comment))
        }
        if let forward = packet.forward, let stay = packet.stay {
            let arrived = packet.sentAt + forward
            let there = Event(
                at: arrived,
                isFar: true,
                isOutbound: false,
                datagram: datagram(false, far),
                comment: comment
            )
            let left = Event(
                at: arrived + stay,
                isFar: true,
                isOutbound: true,
                datagram: datagram(true, far),
                comment: comment
            )
            events += [there, left]
        }
        return events
    }

    private static func ends(
        _ incident: IncidentDocument
    ) -> (site: RebuiltDatagram.Place, far: RebuiltDatagram.Place) {
        let far = (try? IPPrefix(incident.address))?.address ?? IPAddress(ipv4: 0)
        let unknown = far.family == .ipv4 ? IPAddress(ipv4: 0) : IPAddress(ipv6High: 0, low: 0)
        let local = incident.localAddress.flatMap { (try? IPPrefix($0))?.address }
        return (
            .init(address: local?.family == far.family ? local ?? unknown : unknown, port: incident.localPort ?? 0),
            .init(address: far, port: incident.port)
        )
    }

    private static func comment(_ packet: KeptPacket, _ record: IncidentRecord) -> String {
        var parts = ["rebuilt: incident \(record.number), packet \(packet.sequence)"]
        parts.append(packet.fate == .answered ? "answered" : packet.fate.words)
        if let forward = packet.forward, let reverse = packet.reverse {
            let error = record.incident.oneWayUncertaintyMilliseconds.map { " ± \(FigureText.milliseconds($0))" } ?? ""
            parts.append("forward \(FigureText.milliseconds(forward.milliseconds))\(error) ms")
            parts.append("reverse \(FigureText.milliseconds(reverse.milliseconds))\(error) ms")
        } else if let roundTrip = packet.roundTrip {
            parts.append("round trip \(FigureText.milliseconds(roundTrip.milliseconds)) ms")
        }
        if !packet.reordered.isEmpty { parts.append("reordered \(packet.reordered.name)") }
        if !packet.duplicated.isEmpty { parts.append("duplicated \(packet.duplicated.name)") }
        return parts.joined(separator: ", ")
    }
}
