import Foundation

/// One line of the impairment link's log: a UDP frame, or a copy of one.
struct LoggedFrame: Sendable {
    enum Direction: String, Sendable {
        case forward, reverse
    }

    var direction: Direction
    var source: String
    var sourcePort: UInt16
    var destination: String
    var destinationPort: UInt16
    var dscpIn: Int
    var dscpOut: Int
    var payloadLength: Int
    var payloadHead: [UInt8]
    /// CLOCK_REALTIME, nanoseconds: when the frame entered the link.
    var receivedAt: Int64
    /// When it should have left; nil when it was not to leave.
    var plannedAt: Int64?
    /// When it left, to within half of `sendCall`; nil when it did not.
    var sentAt: Int64?
    var sendCall: Int64?
    var fate: String

    /// The port of the reflector, whichever way the frame went.
    var servicePort: UInt16 { direction == .forward ? destinationPort : sourcePort }
    var left: Bool { fate == "sent" || fate == "duplicate" }

    static func read(csv: String) throws -> [LoggedFrame] {
        var lines = csv.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        guard let names = lines.first?.map(String.init) else { throw LabFailure("the link's log is empty") }
        lines.removeFirst()
        return try lines.map { line in
            guard line.count == names.count else { throw LabFailure("the link's log is cut off: \(line)") }
            return try LoggedFrame(Dictionary(uniqueKeysWithValues: zip(names, line.map(String.init))))
        }
    }

    private init(_ columns: [String: String]) throws {
        func column<Value: LosslessStringConvertible>(_ name: String) throws -> Value {
            guard let value = columns[name].flatMap(Value.init) else {
                throw LabFailure("the link's log has no usable \(name): \(columns)")
            }
            return value
        }
        guard let way = Direction(rawValue: try column("direction")) else { throw LabFailure("no such direction") }
        direction = way
        source = try column("source")
        sourcePort = try column("source_port")
        destination = try column("destination")
        destinationPort = try column("destination_port")
        dscpIn = try column("dscp_in")
        dscpOut = try column("dscp_out")
        payloadLength = try column("length")
        receivedAt = try column("received_ns")
        plannedAt = columns["planned_ns"].flatMap(Int64.init)
        sentAt = columns["sent_ns"].flatMap(Int64.init)
        sendCall = columns["send_call_ns"].flatMap(Int64.init)
        fate = try column("fate")
        payloadHead = try Self.octets(try column("payload_head"))
    }

    private static func octets(_ hex: String) throws -> [UInt8] {
        let digits = Array(hex)
        return try stride(from: 0, to: digits.count, by: 2).map { index in
            guard let octet = UInt8(String(digits[index...].prefix(2)), radix: 16) else {
                throw LabFailure("not hexadecimal: \(hex)")
            }
            return octet
        }
    }

    /// The Session-Sender's sequence number, of the request itself or as the reply quotes it (RFC 8762 §4.2, §4.3).
    func senderSequence(authenticated: Bool) -> UInt32? {
        let offset = direction == .forward ? 0 : authenticated ? 48 : 24
        guard payloadHead.count >= offset + 4 else { return nil }
        return payloadHead[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
