import ProbeCore
import Units
import Wire

/// An ICMP message reaches a trace that has sent a few probes.
///
/// An input is one octet of ``Choices`` and the message: of IPv4 from the packet's or the message's beginning.
enum ICMPErrorEntry {
    private struct Choices: OptionSet {
        let rawValue: UInt8
        static let ipv6 = Choices(rawValue: 1)
        /// The message stands in its IPv4 packet.
        static let packet = Choices(rawValue: 2)
        /// Whoever sent it got the checksum right.
        static let sealed = Choices(rawValue: 4)
    }

    static func run(_ octets: [UInt8]) throws(BrokenInvariant) {
        var input = FuzzInput(octets)
        let choices = Choices(rawValue: input.octet())
        let family: IPAddress.Family = choices.contains(.ipv6) ? .ipv6 : .ipv4
        let isPacket = choices.contains(.packet) && family == .ipv4
        var message = input.remainder()
        if choices.contains(.sealed), family == .ipv4 { seal(&message, from: isPacket ? 20 : 0) }
        guard let error = read(message, family, isPacket) else { return }
        try checkQuote(error, message)
        try checkMatching(error)
    }

    private static func seal(_ message: inout [UInt8], from start: Int) {
        guard message.count >= start + 8 else { return }
        (message[start + 2], message[start + 3]) = (0, 0)
        var checksum = InternetChecksum()
        let octets = Array(message[start...])
        checksum.add(octets.span)
        (message[start + 2], message[start + 3]) = (UInt8(checksum.value >> 8), UInt8(checksum.value & 0xff))
    }

    private static func read(_ message: [UInt8], _ family: IPAddress.Family, _ isPacket: Bool) -> ICMPError? {
        if isPacket { return try? ICMPError.parse(ipv4Packet: message.span).0 }
        return try? ICMPError(parsing: message.span, family: family)
    }

    private static func checkQuote(_ error: ICMPError, _ message: [UInt8]) throws(BrokenInvariant) {
        let quote = error.quote
        try require(quote.payload.count <= ICMPQuote.payloadKept, "no more payload is kept than is of use")
        try require(quote.payload.count + 36 <= message.count, "what is quoted was in the message")
        try require(quote.source.family == error.family, "the quote is of the message's family")
        try require(error.labels.count <= 16, "a label stack ends")
        try require(error.labels.allSatisfy { $0.label < 1 << 20 && $0.trafficClass < 8 }, "labels are in their bits")
        let answer = TraceAnswer(error, from: error.quote.source)
        try require(answer == nil || answer?.trafficClass == quote.trafficClass, "an answer tells the quoted mark")
    }

    /// Only what was sent can be answered.
    private static func checkMatching(_ error: ICMPError) throws(BrokenInvariant) {
        let flow = TraceFlow(
            source: error.quote.source,
            sourcePort: error.quote.sourcePort,
            destination: error.quote.destination,
            destinationPort: error.quote.destinationPort
        )
        var ledger = TraceLedger(flows: [flow], timeout: .seconds(1))
        let payload = [UInt8](repeating: 0x5a, count: 44)
        let start = MonotonicInstant(nanoseconds: 0)
        let number = ledger.enter(TraceSend(flow: 0, hopLimit: 1, query: 0), payload: payload.span, at: start)
        guard let found = try? ledger.probe(quotedBy: error.quote) else { return }
        try require(found == number, "a probe that was sent is found")
        try require(payload.starts(with: error.quote.payload), "what is quoted was sent")
        let isProven = error.quote.payload.count >= ledger.identifyingOctets
        try require(isProven || error.quote.udpLength == 52, "a short quote has the probe's length")
    }
}
