import Units
import Wire

/// The octets that `hex` spells; blanks and line breaks do not count.
func octets(_ hex: String) -> [UInt8] {
    let digits = hex.filter { !$0.isWhitespace }.compactMap { $0.hexDigitValue.map(UInt8.init) }
    precondition(digits.count.isMultiple(of: 2))
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// `count` octets after `write` has had them; those it leaves alone are 0xA5.
func written(_ count: Int, _ write: (inout MutableSpan<UInt8>) -> Void) -> [UInt8] {
    changed([UInt8](repeating: 0xa5, count: count), write)
}

func changed(_ octets: [UInt8], _ change: (inout MutableSpan<UInt8>) -> Void) -> [UInt8] {
    var octets = octets
    var span = octets.mutableSpan
    change(&span)
    return octets
}

func tlvs(in octets: [UInt8], from start: Int = StampMode.unauthenticated.baseLength) -> [TLV] {
    var cursor = TLVCursor(from: start, to: octets.count)
    var all: [TLV] = []
    while let tlv = cursor.next(in: octets) { all.append(tlv) }
    return all
}

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
