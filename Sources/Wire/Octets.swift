/// Integers as they stand on the wire: the most significant octet first. Every access is checked against the
/// bounds; the callers have checked the length before, so that no datagram can make one fail.
extension Span where Element == UInt8 {
    @inlinable
    @inline(__always)
    func bigEndian16(at offset: Int) -> UInt16 { UInt16(self[offset]) << 8 | UInt16(self[offset + 1]) }

    @inlinable
    @inline(__always)
    func bigEndian32(at offset: Int) -> UInt32 {
        UInt32(bigEndian16(at: offset)) << 16 | UInt32(bigEndian16(at: offset + 2))
    }

    @inlinable
    @inline(__always)
    func bigEndian64(at offset: Int) -> UInt64 {
        UInt64(bigEndian32(at: offset)) << 32 | UInt64(bigEndian32(at: offset + 4))
    }

    @inlinable
    @inline(__always)
    func bigEndian128(at offset: Int) -> UInt128 {
        UInt128(bigEndian64(at: offset)) << 64 | UInt128(bigEndian64(at: offset + 8))
    }
}

extension MutableSpan where Element == UInt8 {
    @inlinable
    @inline(__always)
    mutating func store(_ value: UInt16, at offset: Int) {
        self[offset] = UInt8(truncatingIfNeeded: value >> 8)
        self[offset + 1] = UInt8(truncatingIfNeeded: value)
    }

    @inlinable
    @inline(__always)
    mutating func store(_ value: UInt32, at offset: Int) {
        store(UInt16(truncatingIfNeeded: value >> 16), at: offset)
        store(UInt16(truncatingIfNeeded: value), at: offset + 2)
    }

    @inlinable
    @inline(__always)
    mutating func store(_ value: UInt64, at offset: Int) {
        store(UInt32(truncatingIfNeeded: value >> 32), at: offset)
        store(UInt32(truncatingIfNeeded: value), at: offset + 4)
    }

    @inlinable
    @inline(__always)
    mutating func store(_ value: UInt128, at offset: Int) {
        store(UInt64(truncatingIfNeeded: value >> 64), at: offset)
        store(UInt64(truncatingIfNeeded: value), at: offset + 8)
    }

    @inlinable
    @inline(__always)
    mutating func zero(_ range: Range<Int>) {
        for offset in range { self[offset] = 0 }
    }
}
