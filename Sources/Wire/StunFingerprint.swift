/// FINGERPRINT (RFC 8489 §14.7): the CRC-32 of everything before it, masked so that it is no other protocol's CRC.
enum StunFingerprint {
    private static let mask: UInt32 = 0x5354_554e

    /// What the attribute at the end of a message should say. The header's length, which the CRC covers, counts the
    /// attribute in.
    static func value(of bytes: Span<UInt8>, before headerOffset: Int) -> UInt32 {
        var crc: UInt32 = .max
        for offset in 0..<headerOffset {
            crc ^= UInt32(bytes[offset])
            crc = crc >> 4 ^ quarter(crc)
            crc = crc >> 4 ^ quarter(crc)
        }
        return ~crc ^ mask
    }

    /// The reflected polynomial 0xEDB88320 (IEEE 802.3) carried through four bits.
    private static func quarter(_ crc: UInt32) -> UInt32 {
        var rest = crc & 0xf
        for _ in 0..<4 { rest = rest >> 1 ^ (rest & 1 == 0 ? 0 : 0xedb8_8320) }
        return rest
    }
}
