import Units
import Wire

/// The octets that `hex` spells; blanks and line breaks do not count.
func octets(_ hex: String) -> [UInt8] {
    let digits = hex.filter { !$0.isWhitespace }.compactMap { $0.hexDigitValue.map(UInt8.init) }
    precondition(digits.count.isMultiple(of: 2))
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// Fields read and written by their place on the wire, without the codec under test.
extension [UInt8] {
    func integer(_ range: Range<Int>) -> UInt64 { self[range].reduce(0) { $0 << 8 | UInt64($1) } }

    mutating func put(_ value: UInt64, _ range: Range<Int>) {
        for (index, offset) in range.reversed().enumerated() {
            self[offset] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
        }
    }

    func putting(_ value: UInt64, _ range: Range<Int>) -> [UInt8] {
        var copy = self
        copy.put(value, range)
        return copy
    }

    func changed(_ change: (inout MutableSpan<UInt8>) -> Void) -> [UInt8] {
        var copy = self
        var span = copy.mutableSpan
        change(&span)
        return copy
    }
}

/// A TLV octet by octet.
func tlv(_ type: UInt8, _ value: [UInt8], flags: UInt8 = 0x80, length: Int? = nil) -> [UInt8] {
    let length = length ?? value.count
    return [flags, type, UInt8(length >> 8), UInt8(length & 0xff)] + value
}

func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

/// SplitMix64: the same numbers from the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func octets(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}

/// Gives the same number for ever: keyed hashes made with it can be steered into one bucket.
struct ConstantGenerator: RandomNumberGenerator {
    mutating func next() -> UInt64 { 0 }
}

extension WallInstant {
    static let example = WallInstant(nanosecondsSinceUnixEpoch: 1_800_000_000_123_456_789)
}

extension StampKey {
    static let example = StampKey(octets("00112233445566778899aabbccddeeff"))
    static let other = StampKey(octets("ffeeddccbbaa99887766554433221100"))
}

extension ErrorEstimate {
    static let example = ErrorEstimate(rawValue: 0x1601)
}

extension DSCP {
    static let af41 = DSCP(trafficClass: 34 << 2)
}
