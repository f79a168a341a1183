import Units
import Wire

/// What one STUN client asks of its server, fixed for a run.
public struct StunClientConfiguration: Hashable, Sendable {
    public var request: StunRequest
    public var interval: Nanoseconds
    public var replyTimeout: Nanoseconds

    public init(request: StunRequest, interval: Nanoseconds, replyTimeout: Nanoseconds) {
        self.request = request
        self.interval = interval
        self.replyTimeout = replyTimeout
    }

    /// UDP payload octets of every request.
    public var payloadLength: Int { request.length }
}

/// A STUN client (RFC 8489 §6) that measures, as a state machine: every probe is a transaction of its own that is never
/// sent again, so that each answer belongs to one request. It never touches a clock or a socket.
///
/// A transaction identifier is the probe's sequence number under a secret mask, and then 64 random bits: it leads back
/// to the probe without a search, and whoever does not see the request cannot answer it.
public struct StunClient: Sendable {
    private struct Outstanding {
        var secret: UInt64
        var answered: Bool
    }

    public let configuration: StunClientConfiguration
    private let mask: UInt32
    private var sentCount = 0
    /// The latest requests by sequence number modulo the count: twice as many as may still be answered.
    private var latest: [Outstanding]

    public init(_ configuration: StunClientConfiguration, using generator: inout some RandomNumberGenerator) {
        self.configuration = configuration
        mask = UInt32(truncatingIfNeeded: generator.next())
        let wanted = (configuration.replyTimeout / max(1, configuration.interval.count) * 2).count
        var count = 64
        while count < wanted, count < 65_536 { count *= 2 }
        latest = Array(repeating: Outstanding(secret: 0, answered: true), count: count)
    }

    /// The sequence number of the next request.
    public var nextSequence: UInt32 { UInt32(truncatingIfNeeded: sentCount) }

    private func place(_ sequence: UInt32) -> Int { Int(sequence) & (latest.count - 1) }

    /// Writes the next request, a transaction of its own.
    ///
    /// The sequence number is used up only by ``commit()``, so that a packet that the kernel refuses leaves no gap.
    public mutating func stamp(_ packet: inout MutableSpan<UInt8>, using generator: inout some RandomNumberGenerator) {
        let secret = generator.next()
        let transaction = StunTransactionID(high: nextSequence ^ mask, low: secret)
        configuration.request.write(into: &packet, transaction: transaction)
        latest[place(nextSequence)] = Outstanding(secret: secret, answered: true)
    }

    /// The request last stamped has left.
    public mutating func commit() {
        latest[place(nextSequence)].answered = false
        sentCount &+= 1
    }

    /// Which of our requests a packet is, as the kernel hands it back.
    public func sequence(ofRequest packet: Span<UInt8>) -> UInt32? {
        StunHeader.transaction(ofRequest: packet).map { $0.high ^ mask }
    }

    /// Whether any of the latest requests, as many as the reply timeout spans, has not been answered.
    public var awaitsReplies: Bool { latest.contains { !$0.answered } }

    /// Reads a datagram that came to this client's socket. Whatever response names one of the latest transactions is an
    /// answer, an error as well as a success: it shows that the request got there and back.
    ///
    /// - Throws: ``StunRefusal`` when it is no response to one of this client's requests.
    public mutating func read(_ datagram: Span<UInt8>) throws(StunRefusal) -> StunReply {
        let response = try StunResponse(parsing: datagram)
        guard response.method == configuration.request.method else { throw .foreignMethod }
        let sequence = response.transaction.high ^ mask
        // The oldest place is the next request's: stamping it writes there before it is sent.
        let age = Int(nextSequence &- sequence)
        guard age > 0, age <= sentCount, age < latest.count,
            latest[place(sequence)].secret == response.transaction.low
        else { throw .unknownTransaction }
        let isFirst = !latest[place(sequence)].answered
        latest[place(sequence)].answered = true
        return StunReply(sequence: sequence, response: response, isFirst: isFirst)
    }
}

/// A response to one of our requests.
public struct StunReply: Hashable, Sendable {
    /// Of the request that it answers.
    public var sequence: UInt32
    public var response: StunResponse
    /// No response to this request had come before.
    public var isFirst: Bool

    /// The server limits whom or how much it serves: 486 Allocation Quota Reached or 508 Insufficient Capacity
    /// (RFC 8656 §19).
    public var saysItLimits: Bool { response.errorCode == 486 || response.errorCode == 508 }

    /// The record of this reply, which arrived at `arrivedAt` by the run's own clock.
    public func record(
        stream: UInt16,
        arrivedAt: WallInstant,
        kernelTimestamp: Bool,
        trafficClass: UInt8,
        timeToLive: UInt8
    ) -> PacketRecord {
        var record = PacketRecord(kind: .stunReply, stream: stream, at: arrivedAt)
        record.sequence = sequence
        record.trafficClass = trafficClass
        record.timeToLive = timeToLive
        record.detail = response.errorCode ?? 0
        record.reflexivePort = response.mappedAddress?.port ?? 0
        if kernelTimestamp { record.flags.insert(.kernelTimestamp) }
        return record
    }
}
