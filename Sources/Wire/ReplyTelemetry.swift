/// What is wrong with the TLVs of a reply whose base packet may well be sound. The raw values are dense.
public enum TLVAnomaly: UInt8, Hashable, CaseIterable, Sendable {
    /// The session-reflector set M, or said that it understood a TLV which cannot be read (RFC 8972 §4).
    case malformed
    /// The session-reflector set I, or the reply's HMAC TLV does not verify or is not there (RFC 8972 §4.8).
    case integrityFailed
    /// A TLV is gone, moved, renamed, of another length, or one too many (RFC 8972 §4: a reflector changes none of it).
    case altered
    /// A TLV is marked as understood, and its content shows that it was not.
    case implausible

    /// Stable; fit for a metric's label.
    public var code: String {
        switch self {
        case .malformed: "tlv_malformed"
        case .integrityFailed: "tlv_integrity_failed"
        case .altered: "tlv_altered"
        case .implausible: "tlv_implausible"
        }
    }
}

/// What a reply's TLVs say, collected in one walk that obeys their flags (RFC 8972 §4): U passes over a TLV, M ends the
/// walk, I voids them all.
public struct ReplyTelemetry: Hashable, Sendable {
    public private(set) var classOfService: ClassOfService?
    public private(set) var followUp: FollowUpTelemetry?
    public private(set) var location: Location?
    public private(set) var timestampInformation: TimestampInformation?
    public private(set) var directMeasurement: DirectMeasurement?
    /// How many of the request's TLVs the session-reflector said it understood. Zero from one that knows no TLVs and
    /// echoes, zeroes or cuts off the octets: which is no anomaly.
    public private(set) var understoodCount = 0
    /// The first thing found wrong; nil when nothing is.
    public private(set) var anomaly: TLVAnomaly?

    public static let empty = ReplyTelemetry()

    private init() {}

    /// Reads the TLVs of `reply` beside those of the request that it answers, which tell what must stand where.
    ///
    /// - Parameters:
    ///   - request: Any request of the session will do, as all have the same TLVs.
    ///   - key: Needed in authenticated mode, where TLVs that do not verify by it are not believed. In
    ///     unauthenticated mode an HMAC TLV is checked if there is a key.
    public init(reading reply: Span<UInt8>, request: Span<UInt8>, mode: StampMode, key: StampKey?) {
        guard !Self.knowsNoTLVs(reply, mode: mode) else { return }
        let isSameSize = reply.count == request.count
        walk(reply, request, mode)
        if anomaly == nil, !isSameSize { void(.altered) }
        guard understoodCount > 0, anomaly != .integrityFailed else { return }
        let isProven = key?.verifiesProtection(of: reply, mode: mode) ?? (mode == .unauthenticated)
        if !isProven { void(.integrityFailed) }
    }

    /// No room for a TLV, or zeros where the first header should be: a TWAMP-Light session-reflector.
    private static func knowsNoTLVs(_ reply: Span<UInt8>, mode: StampMode) -> Bool {
        let start = mode.baseLength
        return reply.count < start + TLV.headerLength || reply.bigEndian32(at: start) == 0
    }

    private mutating func void(_ anomaly: TLVAnomaly) {
        self = ReplyTelemetry()
        self.anomaly = anomaly
    }

    private mutating func walk(_ reply: Span<UInt8>, _ request: Span<UInt8>, _ mode: StampMode) {
        var expected = TLVCursor(from: mode.baseLength, to: request.count)
        var found = TLVCursor(from: mode.baseLength, to: reply.count)
        while let sent = expected.next(in: request) {
            guard let tlv = found.next(in: reply), tlv.isLaidOut(like: sent) else { return void(.altered) }
            if tlv.flags.contains(.integrityFailed) { return void(.integrityFailed) }
            if tlv.flags.contains(.malformed) {
                anomaly = anomaly ?? .malformed
                return
            }
            if tlv.flags.contains(.unrecognized) { continue }
            understoodCount += 1
            if let found = take(tlv, from: reply, sent: sent, in: request) { anomaly = anomaly ?? found }
        }
    }

    /// Takes in one TLV that is marked as understood.
    ///
    /// - Returns: What is wrong with it.
    private mutating func take(
        _ tlv: TLV,
        from reply: Span<UInt8>,
        sent: TLV,
        in request: Span<UInt8>
    ) -> TLVAnomaly? {
        switch tlv.type {
        case .classOfService:
            guard let body = ClassOfService(reading: reply, at: tlv) else { return .malformed }
            guard body.requested == ClassOfService(reading: request, at: sent)?.requested else { return .implausible }
            classOfService = body
        case .location:
            guard let body = Location(reading: reply, at: tlv) else { return .malformed }
            guard body.sourcePort != 0, body.destinationPort != 0 else { return .implausible }
            location = body
        case .timestampInformation:
            guard let body = TimestampInformation(reading: reply, at: tlv) else { return .malformed }
            guard body != .request else { return .implausible }
            timestampInformation = body
        case .directMeasurement:
            guard let body = DirectMeasurement(reading: reply, at: tlv) else { return .malformed }
            guard body.reflectorReceived != 0 else { return .implausible }
            directMeasurement = body
        case .followUpTelemetry:
            guard let body = FollowUpTelemetry(reading: reply, at: tlv) else { return .malformed }
            followUp = body.timestamp.isAvailable ? body : nil
        default:
            break
        }
        return nil
    }
}
