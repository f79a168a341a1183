import Testing
import Units
import Wire

@Suite struct ReplyTelemetryTests {
    private static let base = StampMode.unauthenticated.baseLength

    /// Class of Service at 44, Location at 52, Timestamp Information at 80, Direct Measurement at 88, Follow-Up
    /// Telemetry at 104, Extra Padding at 124, to 132.
    private let request: [UInt8] = changed(Array(WorkedExample.request.prefix(44)) + [UInt8](repeating: 0, count: 88)) {
        bytes in
        var next = bytes.writeTLV(ClassOfService(requested: .expeditedForwarding), at: base)
        next = bytes.writeTLV(Location.sourceRequest, at: next)
        next = bytes.writeTLV(TimestampInformation.request, at: next)
        next = bytes.writeTLV(DirectMeasurement(senderTransmitted: 9), at: next)
        next = bytes.writeTLV(FollowUpTelemetry.none, at: next)
        let padding = bytes.writeTLVHeader(.extraPadding, length: 4, at: next)
        #expect(padding.endOffset == 132)
    }

    private let classOfService = ClassOfService(requested: .expeditedForwarding, received: .af41)
    private let location = Location(
        destinationPort: 3_478,
        sourcePort: 50_000,
        destination: .absent,
        source: .known(IPAddress(ipv4: 0xc000_0201))
    )
    private let information = TimestampInformation(
        sourceIn: .ntp,
        methodIn: .softwareLocal,
        sourceOut: .ntp,
        methodOut: .softwareLocal
    )
    private let measurement = DirectMeasurement(senderTransmitted: 9, reflectorReceived: 8, reflectorTransmitted: 7)
    private let followUp = FollowUpTelemetry(
        sequence: 4,
        timestamp: StampTimestamp(rawValue: 0xeef4_5080_0000_0001),
        method: .softwareLocal
    )

    private var reply: [UInt8] {
        changed(Array(WorkedExample.reply.prefix(44)) + request[44...]) { bytes in
            bytes.writeTLV(classOfService, at: 44, flags: [])
            bytes.writeTLV(location, at: 52, flags: [])
            bytes.writeTLV(information, at: 80, flags: [])
            bytes.writeTLV(measurement, at: 88, flags: [])
            bytes.writeTLV(followUp, at: 104, flags: [])
            bytes[124] = 0
        }
    }

    private func read(_ reply: [UInt8]) -> ReplyTelemetry {
        ReplyTelemetry(reading: reply, request: request, mode: .unauthenticated, key: nil)
    }

    private func changing(_ offset: Int, to value: UInt8) -> [UInt8] {
        var bytes = reply
        bytes[offset] = value
        return bytes
    }

    private func expectNothing(_ telemetry: ReplyTelemetry, _ anomaly: TLVAnomaly?) {
        #expect(telemetry.classOfService == nil && telemetry.location == nil && telemetry.followUp == nil)
        #expect(telemetry.timestampInformation == nil && telemetry.directMeasurement == nil)
        #expect(telemetry.understoodCount == 0)
        #expect(telemetry.anomaly == anomaly)
    }

    @Test func everythingThatWasAskedForIsFound() {
        let telemetry = read(reply)
        #expect(telemetry.anomaly == nil)
        #expect(telemetry.understoodCount == 6)
        #expect(telemetry.classOfService == classOfService)
        #expect(telemetry.location == location)
        #expect(telemetry.timestampInformation == information)
        #expect(telemetry.directMeasurement == measurement)
        #expect(telemetry.followUp == followUp)
    }

    @Test func aReflectorThatKnowsNoTLVsIsNoAnomaly() {
        let base = Array(WorkedExample.reply.prefix(44))
        expectNothing(read(base + request[44...]), nil)  // echoes
        expectNothing(read(base + [UInt8](repeating: 0, count: 88)), nil)  // zeroes
        for count in [36, 41, 44, 47] { expectNothing(read(Array((base + [0, 0, 0]).prefix(count))), nil) }  // cuts off
    }

    @Test func anUnrecognizedTLVIsPassedOver() {
        let telemetry = read(changing(52, to: 0x80))
        #expect(telemetry.location == nil)
        #expect(telemetry.classOfService == classOfService && telemetry.followUp == followUp)
        #expect(telemetry.understoodCount == 5 && telemetry.anomaly == nil)
    }

    @Test func aMalformedTLVEndsTheWalk() {
        let telemetry = read(changing(80, to: 0x40))
        #expect(telemetry.anomaly == .malformed)
        #expect(telemetry.classOfService == classOfService && telemetry.location == location)
        #expect(telemetry.timestampInformation == nil && telemetry.followUp == nil)
    }

    @Test func failedIntegrityVoidsAll() {
        for offset in [44, 80, 124] { expectNothing(read(changing(offset, to: 0x20)), .integrityFailed) }
        expectNothing(read(changing(44, to: 0xe0)), .integrityFailed)
    }

    @Test func reservedFlagsAreIgnored() {
        #expect(read(changing(44, to: 0x1f)).classOfService == classOfService)
    }

    @Test func anotherLayoutIsAltered() {
        expectNothing(read(changing(45, to: 7)), .altered)  // renamed
        expectNothing(read(changing(127, to: 3)), .altered)  // of another length
        expectNothing(read(changing(127, to: 5)), .altered)  // past the end
        expectNothing(read(Array(reply[..<52] + reply[80...])), .altered)  // one removed
        expectNothing(read(Array(reply[..<124])), .altered)  // the last removed
        expectNothing(read(Array(reply[..<44] + reply[52..<80] + reply[44..<52] + reply[80...])), .altered)  // swapped
        expectNothing(read(reply + octets("00010000")), .altered)  // one too many
    }

    /// A reflector that only clears the flags says that it understood all; the contents show that it did not.
    @Test func clearedFlagsAloneAreNotBelieved() {
        var bytes = Array(WorkedExample.reply.prefix(44)) + request[44...]
        for offset in [44, 52, 80, 88, 104, 124] { bytes[offset] = 0 }
        let telemetry = read(bytes)
        #expect(telemetry.anomaly == .implausible)
        #expect(telemetry.location == nil && telemetry.timestampInformation == nil)
        #expect(telemetry.directMeasurement == nil && telemetry.followUp == nil)
    }

    @Test func aRequestedMarkingThatChangedIsImplausible() {
        let telemetry = read(changing(48, to: 0))
        #expect(telemetry.classOfService == nil)
        #expect(telemetry.anomaly == .implausible)
        #expect(telemetry.location == location)
    }

    @Test func aLocationThatCannotBeReadIsMalformed() {
        let telemetry = read(changing(63, to: 0xff))
        #expect(telemetry.location == nil)
        #expect(telemetry.anomaly == .malformed)
        #expect(telemetry.followUp == followUp)
    }

    @Test func noPreviousReplyIsNoFollowUp() {
        let bytes = changed(reply) { bytes in
            bytes.writeTLV(FollowUpTelemetry.none, at: 104, flags: [])
        }
        #expect(read(bytes).followUp == nil)
        #expect(read(bytes).anomaly == nil)
    }

    @Test func authenticatedTLVsMustVerify() {
        let (request, reply) = (WorkedExample.authenticatedRequest, WorkedExample.authenticatedReply)
        func read(_ reply: [UInt8], _ key: StampKey?) -> ReplyTelemetry {
            ReplyTelemetry(reading: reply, request: request, mode: .authenticated, key: key)
        }
        let good = read(reply, WorkedExample.key)
        #expect(good.classOfService?.received == .af41)
        #expect(good.understoodCount == 2 && good.anomaly == nil)
        expectNothing(read(reply, nil), .integrityFailed)
        expectNothing(read(reply, StampKey([1, 2, 3])), .integrityFailed)
        for offset in 120..<140 where ![120, 121, 122, 123].contains(offset) {
            var forged = reply
            forged[offset] ^= 1
            expectNothing(read(forged, WorkedExample.key), .integrityFailed)
        }
        var forged = reply
        forged[117] ^= 0x40
        expectNothing(read(forged, WorkedExample.key), .integrityFailed)
        // A legacy reflector echoes, U set: there is nothing to believe, so nothing to verify.
        expectNothing(read(Array(reply[..<112]) + request[112...], WorkedExample.key), nil)
    }

    @Test func aStrippedHMACIsNotBelieved() {
        let request = Array(WorkedExample.authenticatedRequest[..<120])
        let reply = Array(WorkedExample.authenticatedReply[..<120])
        let telemetry = ReplyTelemetry(
            reading: reply,
            request: request,
            mode: .authenticated,
            key: WorkedExample.key
        )
        expectNothing(telemetry, .integrityFailed)
    }
}
