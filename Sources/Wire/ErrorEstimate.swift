import Units

/// How far off the clock behind a timestamp may be, by its own account, and the timestamp's format (RFC 4656 §4.1.2
/// and, for the Z bit, RFC 8186 §2.1): `S Z Scale(6) Multiplier(8)`, meaning Multiplier · 2^(Scale−32) seconds.
public struct ErrorEstimate: Hashable, Sendable {
    public var rawValue: UInt16

    @inlinable
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The smallest estimate that can be written and is no less than `error`; never one of zero, which would make
    /// the packet corrupt.
    public init(synchronized: Bool, format: TimestampFormat, error: Nanoseconds) {
        let units = Self.unitsRoundedUp(UInt64(clamping: error.count))
        var scale = max(0, UInt128.bitWidth - units.leadingZeroBitCount - UInt8.bitWidth)
        var multiplier = Self.shiftedRoundingUp(units, by: scale)
        // Rounding up 255.x gives 256, which needs one more step of scale.
        if multiplier > UInt8.max {
            scale += 1
            multiplier = Self.shiftedRoundingUp(units, by: scale)
        }
        self.init(
            rawValue: (synchronized ? 0x8000 : 0) | (format == .ptp ? 0x4000 : 0) | UInt16(scale) << 8
                | UInt16(max(1, multiplier))
        )
    }

    private static func unitsRoundedUp(_ nanoseconds: UInt64) -> UInt128 {
        ((UInt128(nanoseconds) << 32) + 999_999_999) / 1_000_000_000
    }

    private static func shiftedRoundingUp(_ value: UInt128, by shift: Int) -> UInt128 {
        (value + ((1 << shift) - 1)) >> shift
    }

    /// The S bit: the clock is synchronised to UTC by an external source.
    @inlinable
    public var synchronized: Bool { rawValue & 0x8000 != 0 }
    /// The Z bit.
    @inlinable
    public var format: TimestampFormat { rawValue & 0x4000 != 0 ? .ptp : .ntp }
    @inlinable
    public var scale: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 8) & 0x3f }
    @inlinable
    public var multiplier: UInt8 { UInt8(truncatingIfNeeded: rawValue) }

    /// Rounded up to whole nanoseconds; saturates. A multiplier of zero claims nothing, so the error may be anything.
    public var error: Nanoseconds {
        guard multiplier != 0 else { return .maximum }
        let product = (UInt128(multiplier) << UInt128(scale)) * 1_000_000_000
        return Nanoseconds(Int64(clamping: (product + 0xffff_ffff) >> 32))
    }
}
