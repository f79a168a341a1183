import Units
import Wire

/// A datagram from a netlink socket, every message of it read by every reader.
enum NetlinkEntry {
    static func run(_ octets: [UInt8]) throws(BrokenInvariant) {
        let datagram = NetlinkDatagram(octets)
        let length = datagram.messages.reduce(0) { $0 + NetlinkMessage.headerLength + $1.body.count }
        try require(length <= octets.count, "no octet is read twice")
        if datagram.refusal == nil {
            try require(length + 3 * datagram.messages.count >= octets.count, "nothing but padding is passed over")
        }
        for message in datagram.messages { try read(message) }
    }

    private static func read(_ message: NetlinkMessage) throws(BrokenInvariant) {
        if let number = message.errorNumber { try require(message.endsAnswer, "an error \(number) ends an answer") }
        if let route = try? RouteMessage(message) {
            try require(route.nextHops.count <= message.body.count / 8, "a way has eight octets or more")
        }
        if let rule = try? RuleMessage(message) { try speaksPlainly(rule.conditions.joined(separator: " ")) }
        if let link = try? LinkMessage(message) {
            try speaksPlainly(link.name + (link.kind ?? ""))
            try require(!link.name.isEmpty, "a link has a name")
        }
        _ = try? InterfaceAddressMessage(message)
        if let policy = try? TransformPolicyMessage(message) {
            let address = policy.destination
            if policy.catches(address, port: nil, from: nil) {
                try require(policy.direction == .outbound, "only what leaves is caught")
            }
        }
        _ = try? GenericNetlink.family(message)
        if let mode = try? EthernetModeMessage(message) { try require(mode.speed != 0, "no speed is absent") }
        if let found = try? WirelessInterfaceMessage(message) { try speaksPlainly(found.name + (found.ssid ?? "")) }
        if let station = try? WirelessStationMessage(message) {
            try require((-128...127).contains(station.signal ?? 0), "a signal is one octet")
        }
    }

    /// Names end up on terminals.
    static func speaksPlainly(_ text: String) throws(BrokenInvariant) {
        let speaking = text.unicodeScalars.contains { [.control, .format].contains($0.properties.generalCategory) }
        try require(!speaking, "a name cannot speak to the terminal")
    }
}

/// A frame by which a switch speaks of itself.
enum LinkDiscoveryEntry {
    static func run(_ octets: [UInt8]) throws(BrokenInvariant) {
        guard let frame = try? LinkDiscoveryFrame(ethernet: octets) else { return }
        try require(!frame.chassis.isEmpty && !frame.port.isEmpty, "a switch and its port have names")
        let texts = [frame.chassis, frame.port, frame.portDescription, frame.systemName, frame.systemDescription]
        for text in texts.compactMap(\.self) {
            try NetlinkEntry.speaksPlainly(text)
            try require(text.utf8.count <= 3 * 512, "no text is longer than its TLV")
        }
    }
}
