/// A version 7 UUID (RFC 9562 §5.7): 48 bits of Unix time in milliseconds, then 74 random bits, so that identifiers
/// sort by the time they were made.
public struct ResultID: Hashable, Sendable, CustomStringConvertible {
    public let high: UInt64
    public let low: UInt64

    public init<Generator: RandomNumberGenerator>(at instant: WallInstant, using generator: inout Generator) {
        let milliseconds = UInt64(clamping: instant.nanosecondsSinceUnixEpoch / 1_000_000) & 0xffff_ffff_ffff
        high = milliseconds << 16 | 0x7000 | UInt64.random(in: 0...0xfff, using: &generator)
        low = 0x8000_0000_0000_0000 | UInt64.random(in: 0...0x3fff_ffff_ffff_ffff, using: &generator)
    }

    public init(at instant: WallInstant) {
        var generator = SystemRandomNumberGenerator()
        self.init(at: instant, using: &generator)
    }

    public var description: String {
        let digits = Self.hex(high) + Self.hex(low)
        var parts: [Substring] = []
        var rest = Substring(digits)
        for length in [8, 4, 4, 4, 12] {
            parts.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return parts.joined(separator: "-")
    }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
