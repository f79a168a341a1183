import Capture
import Units

/// A captured frame goes through the dissector.
///
/// An input is libpcap's number of the link type (2), and the frame.
enum CapturedFrameEntry {
    static func run(_ octets: [UInt8]) throws(BrokenInvariant) {
        var input = FuzzInput(octets)
        let number = Int32(input.word())
        let frame = input.remainder()
        let types = LinkType(number: number).map { [$0] } ?? LinkType.allCases
        for type in types { try check(frame, Dissector(type)) }
    }

    private static func check(_ frame: [UInt8], _ dissector: Dissector) throws(BrokenInvariant) {
        guard let packet = try? dissector.packet(in: frame.span) else { return }
        try require(packet.source.family == packet.destination.family, "both addresses are of one family")
        try require(packet.payloadOffset <= frame.count, "what was read was there")
        try require(packet.payloadLength >= 0 && packet.ipLength >= 28, "lengths hold at least their headers")
        try require(packet.dscp.value << 2 | packet.ecn.value == packet.trafficClass, "DSCP and ECN are all there is")
        if let vlan = packet.vlan { try require(vlan < 4_096, "a VLAN's number has twelve bits") }
        let headers = Array(frame.prefix(packet.payloadOffset))
        try require((try? dissector.packet(in: headers.span)) == packet, "headers are all that is needed")
        let longer = frame + [0xff, 0xff]
        try require((try? dissector.packet(in: longer.span)) == packet, "what follows a packet changes nothing")
    }
}
