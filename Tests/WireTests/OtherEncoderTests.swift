import Testing
import Units
import Wire

/// Packets built by another implementation: `scapy.contrib.stamp` of Scapy 2.8.0, its `SessionSenderTest` and
/// `SessionReflectorTest` classes for unauthenticated mode with generic TLVs. Flags were given as numbers (U as 0x80),
/// since its names for them run from the wrong end. Times are 1700000000.5 and .625 and .75 of Unix time.
@Suite struct OtherEncoderTests {
    private let request = octets(
        """
        fffffffee8fe6f8080000000944dcafe00000000000000000000000000000000000000000000000000000000
        80040004b8000000
        8001000701020304050607
        8007001000000000000000000000000000000000
        """
    )
    private let reply = octets(
        """
        00000007e8fe6f80c00000001601cafee8fe6f80a0000000fffffffee8fe6f8080000000944d000039000000
        00040004ba240000
        0001000701020304050607
        0007001000000006e8fee3408000000002000000
        """
    )
    private let sender = SessionSenderPacket(
        sequence: 0xffff_fffe,
        timestamp: StampTimestamp(.unix(1_700_000_000, 500_000_000), format: .ntp),
        errorEstimate: ErrorEstimate(rawValue: 0x944d),
        ssid: 0xcafe
    )

    @Test func requestsAgree() throws {
        #expect(try SessionSenderPacket(parsing: request, mode: .unauthenticated) == sender)
        let bytes = written(request.count) { bytes in
            sender.write(into: &bytes, mode: .unauthenticated)
            var next = bytes.writeTLV(ClassOfService(requested: .expeditedForwarding), at: 44)
            let padding = bytes.writeTLVHeader(.extraPadding, length: 7, at: next)
            for index in 0..<7 { bytes[padding.valueOffset + index] = UInt8(index + 1) }
            next = bytes.writeTLV(FollowUpTelemetry.none, at: padding.endOffset)
            #expect(next == 83)
        }
        #expect(bytes == request)
    }

    @Test func errorEstimatesAgree() {
        #expect(sender.errorEstimate.synchronized)
        #expect(sender.errorEstimate.format == .ntp)
        #expect(sender.errorEstimate.scale == 20)
        #expect(sender.errorEstimate.multiplier == 77)
    }

    @Test func repliesAgree() throws {
        let packet = try SessionReflectorPacket(parsing: reply, mode: .unauthenticated)
        let expected = SessionReflectorPacket(
            sequence: 7,
            timestamp: StampTimestamp(.unix(1_700_000_000, 750_000_000), format: .ntp),
            errorEstimate: ErrorEstimate(rawValue: 0x1601),
            ssid: 0xcafe,
            receiveTimestamp: StampTimestamp(.unix(1_700_000_000, 625_000_000), format: .ntp),
            senderSequence: 0xffff_fffe,
            senderTimestamp: sender.timestamp,
            senderErrorEstimate: sender.errorEstimate,
            senderTTL: 57
        )
        #expect(packet == expected)
        let telemetry = ReplyTelemetry(reading: reply, request: request, mode: .unauthenticated, key: nil)
        #expect(telemetry.anomaly == nil)
        #expect(telemetry.understoodCount == 3)
        #expect(telemetry.classOfService?.received == .af41)
        #expect(telemetry.followUp?.sequence == 6)
        #expect(telemetry.followUp?.timestamp == StampTimestamp(rawValue: 0xe8fe_e340_8000_0000))
        #expect(telemetry.followUp?.method == .softwareLocal)
    }
}

extension WallInstant {
    static func unix(_ seconds: Int64, _ nanoseconds: Int64 = 0) -> WallInstant {
        WallInstant(nanosecondsSinceUnixEpoch: seconds * 1_000_000_000 + nanoseconds)
    }
}
