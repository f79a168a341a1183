import Units
import Wire

/// Which TLVs a session's requests carry, and where: as many of the wanted ones as the payload has room for, then
/// Extra Padding up to its length, so that the probes are as long as voice packets.
public struct RequestLayout: Hashable, Sendable {
    public let payloadLength: Int
    public let mode: StampMode
    /// The TLVs asked for, in the order in which they stand.
    public let requested: [TLVType]
    /// Where the HMAC TLV stands; nil where there is none.
    public let hmac: TLV?
    private let paddingOffset: Int

    /// The most octets of UDP payload: what IPv6 and UDP headers leave of a 9,000-octet frame.
    public static let maximumPayload = 8_952
    private static let hmacLength = 16

    /// - Throws: ``TextRefusal`` when the payload cannot hold a base packet, or is over the maximum.
    public init(payloadLength: Int, mode: StampMode) throws(TextRefusal) {
        guard payloadLength >= mode.baseLength else {
            let name = mode == .authenticated ? "authenticated" : "unauthenticated"
            throw TextRefusal(
                "a payload of \(payloadLength) octets is too short: an \(name) probe has at least \(mode.baseLength)"
            )
        }
        guard payloadLength <= Self.maximumPayload else {
            throw TextRefusal("a payload of \(payloadLength) octets is too long: at most \(Self.maximumPayload)")
        }
        self.payloadLength = payloadLength
        self.mode = mode
        let seal = mode == .authenticated ? TLV.headerLength + Self.hmacLength : 0
        var end = mode.baseLength
        var requested: [TLVType] = []
        for (type, length) in Self.wanted where end + TLV.headerLength + length + seal <= payloadLength {
            requested.append(type)
            end += TLV.headerLength + length
        }
        self.requested = requested
        let isSealed = mode == .authenticated && !requested.isEmpty
        hmac = isSealed ? TLV(flags: .unrecognized, type: .hmac, headerOffset: end, length: Self.hmacLength) : nil
        paddingOffset = isSealed ? end + seal : end
    }

    /// Most wanted first.
    private static var wanted: [(TLVType, length: Int)] {
        [
            (.classOfService, ClassOfService(requested: .bestEffort).length),
            (.followUpTelemetry, FollowUpTelemetry.none.length),
            (.timestampInformation, TimestampInformation.request.length),
            (.location, Location.sourceRequest.length),
        ]
    }

    /// Writes everything behind the base packet except the HMAC.
    func write(into packet: inout MutableSpan<UInt8>, requestedDSCP: DSCP) {
        var end = mode.baseLength
        for type in requested {
            switch type {
            case .classOfService: end = packet.writeTLV(ClassOfService(requested: requestedDSCP), at: end)
            case .followUpTelemetry: end = packet.writeTLV(FollowUpTelemetry.none, at: end)
            case .timestampInformation: end = packet.writeTLV(TimestampInformation.request, at: end)
            default: end = packet.writeTLV(Location.sourceRequest, at: end)
            }
        }
        if let hmac { packet.writeTLVHeader(.hmac, length: hmac.length, at: hmac.headerOffset) }
        // One to three octets at the end are no TLV; a reflector copies them.
        let padding = payloadLength - paddingOffset - TLV.headerLength
        guard padding >= 0 else { return }
        var generator = SystemRandomNumberGenerator()
        packet.writeExtraPadding(length: padding, at: paddingOffset, using: &generator)
    }

    /// Fills in both HMACs, everything else being written.
    func seal(_ packet: inout MutableSpan<UInt8>, key: StampKey) {
        key.sealBase(&packet)
        if let hmac { _ = key.sealTLVs(in: &packet, mode: mode, hmacAt: hmac) }
    }
}
