/// Whole numbers as Golomb-Rice codes whose parameter follows what was coded before, as in JPEG-LS (ITU-T T.87 A.5).
///
/// A number is made non-negative (0, −1, 1, −2 … become 0, 1, 2, 3 …) and split at k bits: the upper part in unary
/// (that many ones, a zero), then the lower k bits. An upper part of ``escape`` or more is ``escape`` ones and the
/// 64 bits of the whole number, so that one great number costs 11 octets at most. k is the least with N·2ᵏ ≥ A, where
/// A begins at 64 and N at 1; each number adds itself (at most 2²⁰) to A and 1 to N, and when N reaches 64 both are
/// halved.
struct GolombParameter {
    static let escape = 24
    private static let greatest: UInt64 = 1 << 20
    private static let memory: UInt64 = 64

    private var sum: UInt64 = 64
    private var count: UInt64 = 1

    /// k, at most 20.
    var bits: Int {
        var bits = 0
        while count << UInt64(bits) < sum { bits += 1 }
        return bits
    }

    mutating func note(_ value: UInt64) {
        sum += min(value, Self.greatest)
        count += 1
        guard count == Self.memory else { return }
        sum /= 2
        count /= 2
    }
}

/// Bits into octets, the highest bit first.
struct BitWriter {
    private(set) var octets: [UInt8] = []
    private var used = 8

    mutating func write(bit: Bool) {
        if used == 8 {
            octets.append(0)
            used = 0
        }
        if bit { octets[octets.count - 1] |= 0x80 >> UInt8(used) }
        used += 1
    }

    mutating func write(_ value: UInt64, bits: Int) {
        for place in stride(from: bits - 1, through: 0, by: -1) { write(bit: value >> UInt64(place) & 1 == 1) }
    }

    mutating func write(column: some Sequence<Int64>) {
        var parameter = GolombParameter()
        for value in column {
            let folded = value.folded
            let bits = parameter.bits
            let upper = folded >> UInt64(bits)
            if upper < UInt64(GolombParameter.escape) {
                for _ in 0..<upper { write(bit: true) }
                write(bit: false)
                write(folded, bits: bits)
            } else {
                for _ in 0..<GolombParameter.escape { write(bit: true) }
                write(folded, bits: 64)
            }
            parameter.note(folded)
        }
    }
}

/// The same backwards.
struct BitReader {
    private let octets: ArraySlice<UInt8>
    private var place = 0

    init(_ octets: ArraySlice<UInt8>) { self.octets = octets }

    mutating func bit() throws(PacketRecordRefusal) -> Bool {
        let index = octets.startIndex + place / 8
        guard index < octets.endIndex else { throw .truncated }
        defer { place += 1 }
        return octets[index] & 0x80 >> UInt8(place % 8) != 0
    }

    mutating func number(bits: Int) throws(PacketRecordRefusal) -> UInt64 {
        var value: UInt64 = 0
        for _ in 0..<bits { value = value << 1 | (try bit() ? 1 : 0) }
        return value
    }

    mutating func column(_ count: Int) throws(PacketRecordRefusal) -> [Int64] {
        var parameter = GolombParameter()
        var column: [Int64] = []
        column.reserveCapacity(count)
        for _ in 0..<count {
            let bits = parameter.bits
            var upper = 0
            while upper < GolombParameter.escape, try bit() { upper += 1 }
            let folded =
                upper < GolombParameter.escape
                ? UInt64(upper) << UInt64(bits) | (try number(bits: bits)) : try number(bits: 64)
            column.append(Int64(unfolding: folded))
            parameter.note(folded)
        }
        return column
    }

    /// What is left of the last octet must be zero, and nothing may come after it.
    mutating func end() throws(PacketRecordRefusal) {
        guard octets.count == (place + 7) / 8 else { throw .trailing }
        while place % 8 != 0 { if try bit() { throw .trailing } }
    }
}

extension Int64 {
    /// 0, −1, 1, −2 … as 0, 1, 2, 3 …
    var folded: UInt64 { UInt64(bitPattern: self << 1 ^ self >> 63) }

    init(unfolding value: UInt64) {
        self = Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }
}
