import Units
import Wire

/// Everything that reads or answers TLVs, on octets that stand behind a base packet.
///
/// An input is one octet of ``Choices``, how many octets the request's TLVs have (2), those TLVs, and the reply's.
enum TLVEntry {
    private struct Choices: OptionSet {
        let rawValue: UInt8
        static let authenticated = Choices(rawValue: 1)
        static let keyed = Choices(rawValue: 2)
        static let sealed = Choices(rawValue: 4)
    }

    static func run(_ octets: [UInt8]) throws(BrokenInvariant) {
        var input = FuzzInput(octets)
        let choices = Choices(rawValue: input.octet())
        let mode: StampMode = choices.contains(.authenticated) ? .authenticated : .unauthenticated
        let base = [UInt8](repeating: 0, count: mode.baseLength)
        let request = base + input.octets(Int(input.word()))
        var reply = base + input.remainder()
        if choices.contains(.sealed) { Scene.key.reseal(&reply, mode: mode) }
        for packet in [request, reply] {
            for tlv in try walk(packet, mode) { try readBodies(packet, tlv) }
            try checkProtection(packet, mode)
        }
        try checkTelemetry(reply, request, mode, key: choices.contains(.keyed) ? Scene.key : nil)
    }

    private static func walk(_ packet: [UInt8], _ mode: StampMode) throws(BrokenInvariant) -> [TLV] {
        let found = tlvs(in: packet.span, from: mode.baseLength)
        try require(found.count <= TLVCursor.maximumCount, "a walk ends")
        var end = mode.baseLength
        for (index, tlv) in found.enumerated() {
            try require(tlv.headerOffset == end, "a TLV begins where the one before it ends")
            try require(tlv.valueOffset <= packet.count, "a header is all there")
            try require(tlv.isTruncated == (tlv.endOffset > packet.count), "a value past the end is seen")
            try require(!tlv.isTruncated || index == found.count - 1, "a truncated TLV is the last")
            end = tlv.endOffset
        }
        return found
    }

    private static func readBodies(_ packet: [UInt8], _ tlv: TLV) throws(BrokenInvariant) {
        try roundTrip(ClassOfService.self, packet, tlv)
        try roundTrip(DirectMeasurement.self, packet, tlv)
        try roundTrip(FollowUpTelemetry.self, packet, tlv)
        try roundTrip(TimestampInformation.self, packet, tlv)
        try roundTrip(Location.self, packet, tlv)
        for ipv6 in [false, true] { try answerLocation(packet, tlv, ipv6: ipv6) }
    }

    private static func roundTrip<Body: TLVBody & Equatable>(
        _: Body.Type,
        _ packet: [UInt8],
        _ tlv: TLV
    ) throws(BrokenInvariant) {
        guard let body = Body(reading: packet.span, at: tlv) else { return }
        try require(!tlv.isTruncated, "a value that is not all there is not read")
        var copy = [UInt8](repeating: 0xa5, count: TLV.headerLength + body.length)
        var span = copy.mutableSpan
        let end = span.writeTLV(body, at: 0)
        try require(end == copy.count, "a body is as long as it says")
        let again = TLV(flags: .unrecognized, type: Body.type, headerOffset: 0, length: body.length)
        try require(Body(reading: copy.span, at: again) == body, "a body is read as it was written")
    }

    private static func answerLocation(_ packet: [UInt8], _ tlv: TLV, ipv6: Bool) throws(BrokenInvariant) {
        var answer = packet
        var span = answer.mutableSpan
        let destination = (address: Optional(Scene.reflector(ipv6: ipv6)), port: Scene.reflectorPort)
        let source = (address: Scene.sender(ipv6: ipv6), port: Scene.senderPort)
        let asked = Location(reading: packet.span, at: tlv)
        let isAnswered = Location.answer(in: &span, at: tlv, destination: destination, source: source)
        try require(isAnswered == (asked != nil), "a Location is answered if it can be read")
        guard isAnswered else { return try require(answer == packet, "a malformed Location is left alone") }
        let told = Location(reading: answer.span, at: tlv)
        try require(told?.sourcePort == Scene.senderPort, "the source port is told")
        try require(told?.destinationPort == Scene.reflectorPort, "the destination port is told")
        if asked?.source == .requested { try require(told?.source.address == source.address, "the source is told") }
        try require(answer[..<tlv.valueOffset] == packet[..<tlv.valueOffset], "nothing before the value changes")
        try require(answer[tlv.endOffset...] == packet[tlv.endOffset...], "nothing behind the value changes")
    }

    private static func checkProtection(_ packet: [UInt8], _ mode: StampMode) throws(BrokenInvariant) {
        guard case .hmac(let tlv) = TLVProtection(of: packet.span, mode: mode) else { return }
        var sealed = packet
        var span = sealed.mutableSpan
        let isSealed = Scene.key.sealTLVs(in: &span, mode: mode, hmacAt: tlv)
        try require(isSealed, "an HMAC TLV that stands where it must can be sealed")
        try require(Scene.key.verifiesProtection(of: sealed.span, mode: mode), "what was sealed verifies")
        sealed[3] ^= 1
        try require(!Scene.key.verifiesProtection(of: sealed.span, mode: mode), "the sequence number is covered")
    }

    private static func checkTelemetry(
        _ reply: [UInt8],
        _ request: [UInt8],
        _ mode: StampMode,
        key: StampKey?
    ) throws(BrokenInvariant) {
        let telemetry = ReplyTelemetry(reading: reply.span, request: request.span, mode: mode, key: key)
        try require(telemetry.understoodCount <= TLVCursor.maximumCount, "no more is understood than was read")
        guard telemetry.understoodCount > 0 else {
            let bodies: [Any?] = [
                telemetry.classOfService, telemetry.followUp, telemetry.location, telemetry.timestampInformation,
                telemetry.directMeasurement,
            ]
            return try require(bodies.allSatisfy { $0 == nil }, "what is not understood says nothing")
        }
        try require(reply.count == request.count || telemetry.anomaly != nil, "a reply of another length is marked")
        let isProven = key?.verifiesProtection(of: reply.span, mode: mode) ?? (mode == .unauthenticated)
        try require(isProven, "only proven TLVs are believed")
    }
}
