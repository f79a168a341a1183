import ProbeCore
import Units
import Wire

/// A session-sender that has sent a few requests reads a datagram, and what it reads goes the way of every reply, up
/// to what is handed to the statistics.
///
/// An input is one octet of ``Choices``, one for the payload's length, one for the request that is answered, and then
/// either the datagram itself or patches to a real session-reflector's reply: place (2), how (1), value (1).
enum StampReplyEntry {
    private struct Choices: OptionSet {
        let rawValue: UInt8
        static let authenticated = Choices(rawValue: 1)
        /// Whoever changed the reply has the key.
        static let sealed = Choices(rawValue: 2)
        static let raw = Choices(rawValue: 4)
        static let ptp = Choices(rawValue: 8)
        static let ipv6 = Choices(rawValue: 16)
    }

    /// UDP payloads beyond the base packet: none, too little for any TLV, for some, for all, and a voice packet.
    private static let payloadsOverBase = [0, 3, 8, 28, 36, 60, 64, 128, 138]

    static func run(_ octets: [UInt8]) throws(BrokenInvariant) {
        var input = FuzzInput(octets)
        let choices = Choices(rawValue: input.octet())
        let key = choices.contains(.authenticated) ? Scene.key : nil
        let payload = Int(input.octet()) % payloadsOverBase.count
        var exchange: ProbeExchange
        do {
            exchange = try ProbeExchange(key: key, payloadOverBase: payloadsOverBase[payload])
        } catch {
            throw BrokenInvariant("a payload that can be sent is accepted: \(error)")
        }
        let answered = Int(input.octet()) % ProbeExchange.requestCount
        var datagram = exchange.reply(
            to: answered,
            format: choices.contains(.ptp) ? .ptp : .ntp,
            ipv6: choices.contains(.ipv6)
        )
        let isFaithful = input.isEmpty
        if choices.contains(.raw) {
            datagram = input.remainder()
        } else {
            while !input.isEmpty { patch(&datagram, &input) }
        }
        if choices.contains(.sealed) { Scene.key.reseal(&datagram, mode: exchange.mode) }
        let isAccepted = try exchange.read(datagram)
        if isFaithful, !choices.contains(.raw) { try require(isAccepted, "a real reply is accepted") }
        // The same datagram again is a duplicate, and as acceptable as the first.
        try require(try exchange.read(datagram) == isAccepted, "a duplicate is read as the first was")
        try exchange.checkLog()
    }

    private static func patch(_ datagram: inout [UInt8], _ input: inout FuzzInput) {
        let (place, how, value) = (Int(input.word()), input.octet(), input.octet())
        switch how & 0b111 {
        case 0: datagram.removeLast(min(Int(value), datagram.count))
        case 1: datagram += [UInt8](repeating: value, count: place & 0xff)
        case 2 where !datagram.isEmpty: datagram[place % datagram.count] ^= value
        case 3 where !datagram.isEmpty: datagram[place % datagram.count] &+= value
        case _ where !datagram.isEmpty: datagram[place % datagram.count] = value
        default: break
        }
    }
}
