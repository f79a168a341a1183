import ProbeCore
import Units
import Wire

/// The state machine of one stream: STAMP's session-sender or a STUN client. Exactly one is there; both are stored side
/// by side, so that each is changed in place and nothing is copied per packet.
struct ProbeSender: ~Copyable {
    private var stamp: SessionSender?
    private var stun: StunClient?
    private var generator = SystemRandomNumberGenerator()
    let payloadLength: Int

    init(_ configuration: ProbeConfiguration) throws(TextRefusal) {
        payloadLength = configuration.payloadLength
        switch configuration {
        case .stamp(let configuration): stamp = try SessionSender(configuration)
        case .stun(let configuration): stun = StunClient(configuration, using: &generator)
        }
    }

    var isStun: Bool { stun != nil }

    var nextSequence: UInt32 { stamp?.nextSequence ?? stun?.nextSequence ?? 0 }

    var awaitsReplies: Bool { stamp?.awaitsReplies ?? stun?.awaitsReplies ?? false }

    func prepare(_ packet: inout MutableSpan<UInt8>) { stamp?.prepare(&packet) }

    mutating func stamp(_ packet: inout MutableSpan<UInt8>, now: WallInstant, errorEstimate: ErrorEstimate) {
        if stun != nil {
            stun?.stamp(&packet, using: &generator)
        } else {
            stamp?.stamp(&packet, now: now, errorEstimate: errorEstimate)
        }
    }

    mutating func commit() {
        if stun != nil { stun?.commit() } else { stamp?.commit() }
    }

    /// Which of our requests a packet is that the kernel hands back with its transmit timestamp.
    func sequence(ofRequest packet: Span<UInt8>) -> UInt32? {
        if stun != nil { return stun?.sequence(ofRequest: packet) }
        return SessionSender.sequence(ofRequest: packet)
    }

    /// - Returns: nil where this stream does not speak STAMP.
    mutating func readStamp(
        _ datagram: Span<UInt8>,
        request: Span<UInt8>,
        arrivedAt: WallInstant
    ) throws(StampRefusal) -> SessionReply? {
        try stamp?.read(datagram, request: request, arrivedAt: arrivedAt)
    }

    /// - Returns: nil where this stream does not speak STUN.
    mutating func readStun(_ datagram: Span<UInt8>) throws(StunRefusal) -> StunReply? { try stun?.read(datagram) }

    /// Writes a request that gives back what a server allocated.
    mutating func writeRelease(_ packet: inout MutableSpan<UInt8>) {
        let transaction = StunTransactionID(high: generator.next(), low: generator.next())
        StunRequest.release.write(into: &packet, transaction: transaction)
    }
}
