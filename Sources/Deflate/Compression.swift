import CZlib

/// DEFLATE, by zlib.
package enum Compression {
    /// No document and no batch is longer; a stored length beyond it is damage.
    package static let longest = 64 << 20
    private static let zlibHeader = 2
    private static let adler32 = 4

    /// As RFC 1950 has it, with a checksum at its end.
    package static func zlib(_ octets: [UInt8]) -> [UInt8] {
        var length = compressBound(uLong(octets.count))
        var compressed = [UInt8](repeating: 0, count: Int(length))
        let status = compress2(&compressed, &length, octets, uLong(octets.count), 6)
        precondition(status == Z_OK, "zlib refuses a buffer of the size that it asked for")
        compressed.removeSubrange(Int(length)...)
        return compressed
    }

    /// - Parameter count: the length before it was compressed.
    /// - Returns: nil when this is not the whole of what ``zlib(_:)`` made.
    package static func inflate(_ compressed: [UInt8], count: Int) -> [UInt8]? {
        guard (0...longest).contains(count) else { return nil }
        var length = uLong(count)
        // A buffer of no octets has no address.
        var octets = [UInt8](repeating: 0, count: max(count, 1))
        guard uncompress(&octets, &length, compressed, uLong(compressed.count)) == Z_OK, length == uLong(count) else {
            return nil
        }
        octets.removeSubrange(count...)
        return octets
    }

    /// One member of a gzip file (RFC 1952), without name and time: the same octets always make the same member.
    package static func gzip(_ octets: [UInt8]) -> [UInt8] {
        let wrapped = zlib(octets)
        var member: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]
        member += wrapped[zlibHeader..<(wrapped.count - adler32)]
        for trailer in [UInt32(truncatingIfNeeded: crc32(0, octets, uInt(octets.count))), UInt32(octets.count)] {
            for shift in [0, 8, 16, 24] { member.append(UInt8(truncatingIfNeeded: trailer >> UInt32(shift))) }
        }
        return member
    }
}
