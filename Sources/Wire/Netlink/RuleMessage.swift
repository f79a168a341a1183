import Units

/// A rule that decides which routing table is asked (linux/fib_rules.h).
public struct RuleMessage: Hashable, Sendable {
    public var family: IPAddress.Family
    /// The lower is asked first; 0 where it is not said.
    public var priority: UInt32
    public var table: UInt32
    /// What a packet must be for the rule to speak of it, in words: `from 10.0.0.0/8`, `dscp 46`. Empty is all packets.
    public var conditions: [String]
    /// It speaks of all packets but those.
    public var isInverted: Bool

    static let responseType: UInt16 = 32
    private static let requestType: UInt16 = 34
    private static let fixedLength = 12

    private enum Attribute {
        static let destination: UInt16 = 1
        static let source: UInt16 = 2
        static let inputInterface: UInt16 = 3
        static let priority: UInt16 = 6
        static let mark: UInt16 = 10
        static let table: UInt16 = 15
        static let markMask: UInt16 = 16
        static let outputInterface: UInt16 = 17
        static let userRange: UInt16 = 20
        static let protocolNumber: UInt16 = 22
        static let sourcePorts: UInt16 = 23
        static let destinationPorts: UInt16 = 24
        static let dscp: UInt16 = 25
    }

    public init(_ message: NetlinkMessage) throws(NetlinkRefusal) {
        try message.expect(Self.responseType)
        let attributes = try message.attributes(after: Self.fixedLength)
        let body = message.body
        guard let number = body.octet(at: 0), let table = body.octet(at: 4), let flags = body.host(UInt32.self, at: 8)
        else { throw .truncatedBody }
        family = try IPAddress.Family(netlink: number)
        self.table = attributes.word(Attribute.table) ?? UInt32(table)
        priority = attributes.word(Attribute.priority) ?? 0
        isInverted = flags & 2 != 0
        conditions = Self.conditions(attributes, body)
    }

    private static func conditions(_ attributes: NetlinkAttributes, _ body: ArraySlice<UInt8>) -> [String] {
        var found: [String] = []
        if let address = attributes[Attribute.source]?.address {
            found.append("from \(address)/\(body.octet(at: 2) ?? 0)")
        }
        if let address = attributes[Attribute.destination]?.address {
            found.append("to \(address)/\(body.octet(at: 1) ?? 0)")
        }
        if let tos = body.octet(at: 3), tos != 0 { found.append("tos 0x\(String(tos, radix: 16))") }
        if let mark = attributes.word(Attribute.mark) {
            let mask = attributes.word(Attribute.markMask).map { "/0x\(String($0, radix: 16))" } ?? ""
            found.append("fwmark 0x\(String(mark, radix: 16))\(mask)")
        }
        if let name = attributes[Attribute.inputInterface]?.name { found.append("iif \(name)") }
        if let name = attributes[Attribute.outputInterface]?.name { found.append("oif \(name)") }
        if let low = attributes[Attribute.userRange]?.host(UInt32.self),
            let high = attributes[Attribute.userRange]?.host(UInt32.self, at: 4)
        {
            found.append("uidrange \(low)-\(high)")
        }
        if let number = attributes[Attribute.protocolNumber]?.octet(at: 0) { found.append("ipproto \(number)") }
        if let ports = range(attributes[Attribute.sourcePorts]) { found.append("sport \(ports)") }
        if let ports = range(attributes[Attribute.destinationPorts]) { found.append("dport \(ports)") }
        if let dscp = attributes[Attribute.dscp]?.octet(at: 0) { found.append("dscp \(dscp)") }
        return found
    }

    private static func range(_ value: ArraySlice<UInt8>?) -> String? {
        guard let low = value?.host(UInt16.self), let high = value?.host(UInt16.self, at: 2) else { return nil }
        return low == high ? "\(low)" : "\(low)-\(high)"
    }

    /// One of the three that every host has: local, main and default, for all packets.
    public var isStandard: Bool {
        conditions.isEmpty && !isInverted
            && [0: 255, 32_766: 254, 32_767: 253].contains { $0.key == priority && $0.value == table }
    }

    public static func dump(_ family: IPAddress.Family) -> NetlinkRequest {
        NetlinkRequest(
            type: requestType,
            flags: NetlinkMessage.Flag.request | NetlinkMessage.Flag.dump,
            fixed: [family.netlink] + [UInt8](repeating: 0, count: fixedLength - 1)
        )
    }
}
