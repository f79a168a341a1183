/// A length of time, signed, in whole nanoseconds.
///
/// Durations and instants are different types: two instants subtract to a duration, and only a duration can be
/// added to an instant. The range is about ±292 years; arithmetic that leaves it saturates rather than traps,
/// since a far end may claim any timestamp at all.
public struct Nanoseconds: Hashable, Comparable, BitwiseCopyable, Sendable {
    public var count: Int64

    @inlinable
    public init(_ count: Int64) { self.count = count }

    public static let zero = Nanoseconds(0)
    public static let maximum = Nanoseconds(.max)

    /// Rounded to the nearest nanosecond. A value out of range saturates; what is not a number becomes zero.
    public init(rounding nanoseconds: Double) {
        if nanoseconds.isNaN {
            self.init(0)
        } else if nanoseconds >= 0x1p63 {
            self.init(.max)
        } else if nanoseconds <= -0x1p63 {
            self.init(.min)
        } else {
            self.init(Int64(nanoseconds.rounded()))
        }
    }

    @inlinable
    public static func microseconds(_ count: Int64) -> Nanoseconds { Nanoseconds(count) * 1_000 }
    @inlinable
    public static func milliseconds(_ count: Int64) -> Nanoseconds { Nanoseconds(count) * 1_000_000 }
    @inlinable
    public static func seconds(_ count: Int64) -> Nanoseconds { Nanoseconds(count) * 1_000_000_000 }

    public static func milliseconds(rounding value: Double) -> Nanoseconds { Nanoseconds(rounding: value * 1e6) }
    public static func seconds(rounding value: Double) -> Nanoseconds { Nanoseconds(rounding: value * 1e9) }

    @inlinable
    public var microseconds: Double { Double(count) / 1e3 }
    @inlinable
    public var milliseconds: Double { Double(count) / 1e6 }
    @inlinable
    public var seconds: Double { Double(count) / 1e9 }

    @inlinable
    public var magnitude: Nanoseconds { count == .min ? .maximum : Nanoseconds(abs(count)) }

    @inlinable
    public static func < (left: Nanoseconds, right: Nanoseconds) -> Bool { left.count < right.count }

    @inlinable
    public static func + (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds {
        let (sum, overflow) = left.count.addingReportingOverflow(right.count)
        return Nanoseconds(overflow ? (left.count < 0 ? .min : .max) : sum)
    }

    @inlinable
    public static func - (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds {
        let (difference, overflow) = left.count.subtractingReportingOverflow(right.count)
        return Nanoseconds(overflow ? (left.count < 0 ? .min : .max) : difference)
    }

    @inlinable
    public static prefix func - (value: Nanoseconds) -> Nanoseconds { .zero - value }

    @inlinable
    public static func * (left: Nanoseconds, right: Int64) -> Nanoseconds {
        let (product, overflow) = left.count.multipliedReportingOverflow(by: right)
        return Nanoseconds(overflow ? ((left.count < 0) == (right < 0) ? .max : .min) : product)
    }

    /// Rounds towards zero. Dividing by zero gives zero.
    @inlinable
    public static func / (left: Nanoseconds, right: Int64) -> Nanoseconds {
        guard right != 0 else { return .zero }
        return right == -1 ? -left : Nanoseconds(left.count / right)
    }

    @inlinable
    public static func += (left: inout Nanoseconds, right: Nanoseconds) { left = left + right }
    @inlinable
    public static func -= (left: inout Nanoseconds, right: Nanoseconds) { left = left - right }
}
