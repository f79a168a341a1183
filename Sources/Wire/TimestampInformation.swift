/// What a clock is synchronised by (RFC 8972 §4.3).
public struct SynchronizationSource: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let ntp = SynchronizationSource(rawValue: 1)
    public static let ptp = SynchronizationSource(rawValue: 2)
    /// A synchronisation supply unit or building integrated timing supply.
    public static let ssuBITS = SynchronizationSource(rawValue: 3)
    /// GPS, GLONASS, LORAN-C, BeiDou or Galileo.
    public static let satellite = SynchronizationSource(rawValue: 4)
    public static let freeRunning = SynchronizationSource(rawValue: 5)
}

/// How a timestamp was taken (RFC 8972 §4.3 and §4.7).
public struct TimestampMethod: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Not said; what a session-sender transmits.
    public static let unspecified = TimestampMethod(rawValue: 0)
    public static let hardwareAssist = TimestampMethod(rawValue: 1)
    public static let softwareLocal = TimestampMethod(rawValue: 2)
    public static let controlPlane = TimestampMethod(rawValue: 3)
}

/// The Timestamp Information TLV (RFC 8972 §4.3). Both pairs are the session-reflector's: "in" is how T2 was obtained,
/// "out" how T3 was. A session-sender transmits zeros.
public struct TimestampInformation: TLVBody, Hashable {
    public var sourceIn: SynchronizationSource
    public var methodIn: TimestampMethod
    public var sourceOut: SynchronizationSource
    public var methodOut: TimestampMethod

    public static let type = TLVType.timestampInformation
    public var length: Int { 4 }
    /// What a session-sender transmits.
    public static let request = TimestampInformation(
        sourceIn: SynchronizationSource(rawValue: 0),
        methodIn: .unspecified,
        sourceOut: SynchronizationSource(rawValue: 0),
        methodOut: .unspecified
    )

    @inlinable
    public init(
        sourceIn: SynchronizationSource,
        methodIn: TimestampMethod,
        sourceOut: SynchronizationSource,
        methodOut: TimestampMethod
    ) {
        self.sourceIn = sourceIn
        self.methodIn = methodIn
        self.sourceOut = sourceOut
        self.methodOut = methodOut
    }

    /// Sub-TLVs after the first four octets are left alone.
    public init?(reading bytes: Span<UInt8>, at tlv: TLV) {
        guard tlv.length >= 4, tlv.isWhole(in: bytes) else { return nil }
        sourceIn = SynchronizationSource(rawValue: bytes[tlv.valueOffset])
        methodIn = TimestampMethod(rawValue: bytes[tlv.valueOffset + 1])
        sourceOut = SynchronizationSource(rawValue: bytes[tlv.valueOffset + 2])
        methodOut = TimestampMethod(rawValue: bytes[tlv.valueOffset + 3])
    }

    public func write(into bytes: inout MutableSpan<UInt8>, at valueOffset: Int) {
        bytes[valueOffset] = sourceIn.rawValue
        bytes[valueOffset + 1] = methodIn.rawValue
        bytes[valueOffset + 2] = sourceOut.rawValue
        bytes[valueOffset + 3] = methodOut.rawValue
    }
}
