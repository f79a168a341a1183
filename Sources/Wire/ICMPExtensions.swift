import Units

/// The extension structure of RFC 4884 behind the quote of an ICMP error.
enum ICMPExtensions {
    /// Where the structure begins in messages of senders that do not say so (RFC 4884 §5.5).
    private static let assumedQuoteLength = 128
    private static let headerLength = 4
    /// No stack is deeper; what comes after is passed over.
    static let maximumLabels = 16

    /// How long the quote is that an error says it has (RFC 4884 §4), in octets; nil where it does not say.
    static func statedQuoteLength(_ message: Span<UInt8>, units: Int, at offset: Int) -> Int? {
        let length = Int(message[offset]) * units
        return length == 0 ? nil : length
    }

    /// The MPLS label stack; empty where there is none, or where version, checksum or lengths are wrong.
    ///
    /// - Parameters:
    ///   - body: what stands behind the ICMP header's eight octets.
    ///   - quoteLength: nil where the message does not say how long its quote is.
    static func labels(_ body: Span<UInt8>, quoteLength: Int?) -> [MPLSLabel] {
        let start = quoteLength ?? assumedQuoteLength
        guard start + headerLength <= body.count else { return [] }
        let structure = body.extracting(start...)
        guard structure[0] >> 4 == 2 else { return [] }
        // Without a stated length only a checksum tells the structure from a quote that goes on.
        let hasChecksum = structure.bigEndian16(at: 2) != 0
        guard hasChecksum || quoteLength != nil else { return [] }
        var checksum = InternetChecksum()
        checksum.add(structure)
        guard !hasChecksum || checksum.value == 0 else { return [] }
        return labels(inObjectsOf: structure)
    }

    private static func labels(inObjectsOf structure: Span<UInt8>) -> [MPLSLabel] {
        var labels: [MPLSLabel] = []
        var offset = headerLength
        while offset + headerLength <= structure.count {
            let length = Int(structure.bigEndian16(at: offset))
            guard length >= headerLength, offset + length <= structure.count else { break }
            // Class 1, type 1: the incoming label stack (RFC 4950 §3).
            if structure[offset + 2] == 1, structure[offset + 3] == 1 {
                var entry = offset + headerLength
                while entry + 4 <= offset + length, labels.count < maximumLabels {
                    labels.append(MPLSLabel(entry: structure.bigEndian32(at: entry)))
                    entry += 4
                }
            }
            offset += length
        }
        return labels
    }
}
