import Foundation
import Units

/// What became of one UDP frame, or of one copy of it.
enum LoggedFate: String, Sendable {
    case sent, duplicate, lost, outage, blocked, refused
    case queueFull = "queue_full"
    /// The link's own failure: it had no buffer.
    case overflow
    /// The kernel did not take the frame: the interface was down.
    case sendFailed = "send_failed"
    /// Still waiting when the link was stopped.
    case unsent
}

/// One line of the log.
struct FrameRecord: Sendable {
    var direction: Direction
    var frame: UDPFrame
    var source: [UInt8]
    var destination: [UInt8]
    /// The first octets of the payload, from which a test reads the STAMP fields.
    var payloadHead: [UInt8]
    var dscpOut: DSCP
    /// The kernel's receive timestamp.
    var receivedAt: WallInstant
    var plannedAt: WallInstant?
    /// Read around the send call.
    var sendBegan: WallInstant?
    var sendEnded: WallInstant?
    var fate: LoggedFate

    var sendCall: Nanoseconds? { sendBegan.flatMap { began in sendEnded.map { $0 - began } } }

    /// When the receiver's kernel got it, to within half of ``sendCall``: a veth hands the frame over in the middle
    /// of the call, which then goes on to run the receiver's protocol stack.
    var sentAt: WallInstant? { sendBegan.flatMap { began in sendCall.map { began + $0 / 2 } } }
}

/// Everything the link did to UDP frames, kept in memory until the end.
struct FrameLog: Sendable {
    static let payloadHeadLength = 64
    static let header = [
        "direction", "source", "source_port", "destination", "destination_port", "dscp_in", "dscp_out", "length",
        "sequence", "received_ns", "planned_ns", "sent_ns", "send_call_ns", "fate", "payload_head",
    ]

    private(set) var records: [FrameRecord] = []

    init(capacity: Int) { records.reserveCapacity(capacity) }

    /// Returns the number of the line, by which ``settle(_:fate:began:ended:)`` finds it again.
    mutating func append(_ record: FrameRecord) -> Int {
        records.append(record)
        return records.count - 1
    }

    mutating func settle(_ record: Int, fate: LoggedFate, began: WallInstant, ended: WallInstant) {
        records[record].fate = fate
        records[record].sendBegan = began
        records[record].sendEnded = ended
    }

    func write(to path: String) throws {
        var text = Self.header.joined(separator: ",") + "\n"
        for record in records { text += Self.line(record) + "\n" }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    static func line(_ record: FrameRecord) -> String {
        let head = record.payloadHead
        let sequence = head.count >= 4 ? head[..<4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } : nil
        let fields: [String] = [
            record.direction.rawValue,
            address(record.source), "\(record.frame.sourcePort)",
            address(record.destination), "\(record.frame.destinationPort)",
            "\(record.frame.dscp.value)", "\(record.dscpOut.value)", "\(record.frame.payloadLength)",
            sequence.map { "\($0)" } ?? "",
            "\(record.receivedAt.nanosecondsSinceUnixEpoch)",
            record.plannedAt.map { "\($0.nanosecondsSinceUnixEpoch)" } ?? "",
            record.sentAt.map { "\($0.nanosecondsSinceUnixEpoch)" } ?? "",
            record.sendCall.map { "\($0.count)" } ?? "",
            record.fate.rawValue,
            head.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(),
        ]
        return fields.joined(separator: ",")
    }

    private static func address(_ octets: [UInt8]) -> String {
        if octets.count == 4 { return octets.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: octets.count - 1, by: 2)
            .map { String(UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1]), radix: 16) }
            .joined(separator: ":")
    }
}
