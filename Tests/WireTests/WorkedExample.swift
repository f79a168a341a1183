import Units
import Wire

/// One exchange worked out by hand and by an independent program: a request with sequence number 5 at Unix time
/// 1800000000.123456789, IP DSCP 34, ECN 1, TTL 64, asking for DSCP 46; T2 20 ms later, T3 another 1 ms later.
enum WorkedExample {
    static let sentAt = WallInstant(nanosecondsSinceUnixEpoch: 1_800_000_000_123_456_789)
    static let receivedAt = sentAt + .milliseconds(20)
    static let answeredAt = receivedAt + .milliseconds(1)
    static let key = StampKey(octets("00112233445566778899aabbccddeeff"))
    static let errorEstimate = ErrorEstimate(rawValue: 0x1601)

    static let request = octets(
        """
        00000005 eef45080 1f9add37 1601beef
        00000000 00000000 00000000 00000000
        00000000 00000000 00000000 80040004
        b8000000
        """
    )
    static let reply = octets(
        """
        00000005 eef45080 24fb1ec0 1601beef
        eef45080 24b99589 00000005 eef45080
        1f9add37 16010000 40000000 00040004
        ba240000
        """
    )
    static let authenticatedRequest = octets(
        """
        00000005 00000000 00000000 00000000
        eef45080 1f9add37 1601beef 00000000
        00000000 00000000 00000000 00000000
        00000000 00000000 00000000 00000000
        00000000 00000000 00000000 00000000
        00000000 00000000 00000000 00000000
        64377ab2 4801c7fe 73d66aaa 163d4125
        80040004 b8000000 80080010 f50d46b7
        b3566404 d7219668 34d1182d
        """
    )
    /// From a stateful session-reflector, whose own sequence number is 3.
    static let authenticatedReply = octets(
        """
        00000003 00000000 00000000 00000000
        eef45080 24fb1ec0 1601beef 00000000
        eef45080 24b99589 00000000 00000000
        00000005 00000000 00000000 00000000
        eef45080 1f9add37 16010000 00000000
        40000000 00000000 00000000 00000000
        06349022 2f8d68f6 87bf4a35 43c7865e
        00040004 ba240000 00080010 a8a77cd8
        010c0ce1 c011c48c 1071d874
        """
    )
    static let all: [(octets: [UInt8], mode: StampMode)] = [
        (request, .unauthenticated), (reply, .unauthenticated),
        (authenticatedRequest, .authenticated), (authenticatedReply, .authenticated),
    ]

    static let senderPacket = SessionSenderPacket(
        sequence: 5,
        timestamp: StampTimestamp(sentAt, format: .ntp),
        errorEstimate: errorEstimate,
        ssid: 0xbeef
    )

    static func reflectorPacket(sequence: UInt32) -> SessionReflectorPacket {
        SessionReflectorPacket(
            sequence: sequence,
            timestamp: StampTimestamp(answeredAt, format: .ntp),
            errorEstimate: errorEstimate,
            ssid: 0xbeef,
            receiveTimestamp: StampTimestamp(receivedAt, format: .ntp),
            senderSequence: 5,
            senderTimestamp: StampTimestamp(sentAt, format: .ntp),
            senderErrorEstimate: errorEstimate,
            senderTTL: 64
        )
    }
}

extension DSCP {
    static let af41 = DSCP(trafficClass: 34 << 2)
}
