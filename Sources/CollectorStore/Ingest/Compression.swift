import CZlib

/// DEFLATE by zlib (RFC 1950), for documents as they are kept: quick rather than small.
enum Compression {
    static func compress(_ octets: [UInt8]) -> [UInt8] {
        var length = compressBound(uLong(octets.count))
        var compressed = [UInt8](repeating: 0, count: Int(length))
        let status = compress2(&compressed, &length, octets, uLong(octets.count), 1)
        precondition(status == Z_OK, "zlib refuses a buffer of the size that it asked for")
        compressed.removeSubrange(Int(length)...)
        return compressed
    }

    /// - Parameter count: the length before it was compressed.
    /// - Returns: nil when this is not the whole of what ``compress(_:)`` made.
    static func expand(_ compressed: [UInt8], count: Int) -> [UInt8]? {
        guard (0...IngestedDocument.longest).contains(count) else { return nil }
        var length = uLong(count)
        // A buffer of no octets has no address.
        var octets = [UInt8](repeating: 0, count: max(count, 1))
        guard uncompress(&octets, &length, compressed, uLong(compressed.count)) == Z_OK, length == uLong(count) else {
            return nil
        }
        octets.removeSubrange(count...)
        return octets
    }
}
