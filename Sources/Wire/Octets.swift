/// Integers as they stand on the wire: the most significant octet first. Every access is checked against the
/// bounds, once for the whole integer; the callers have checked the length before, so that no datagram can make one
/// fail.
extension Span where Element == UInt8 {
    @inlinable
    @inline(__always)
    func bigEndian16(at offset: Int) -> UInt16 {
        UInt16(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    @inlinable
    @inline(__always)
    func bigEndian32(at offset: Int) -> UInt32 {
        UInt32(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    @inlinable
    @inline(__always)
    func bigEndian64(at offset: Int) -> UInt64 {
        UInt64(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
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
        var octets = mutableBytes
        octets.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt16.self)
    }

    @inlinable
    @inline(__always)
    mutating func store(_ value: UInt32, at offset: Int) {
        var octets = mutableBytes
        octets.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt32.self)
    }

    @inlinable
    @inline(__always)
    mutating func store(_ value: UInt64, at offset: Int) {
        var octets = mutableBytes
        octets.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt64.self)
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
