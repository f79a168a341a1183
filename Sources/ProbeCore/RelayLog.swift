import Units
import Wire

/// What a STUN or TURN server's answers told, beside their times.
public struct RelayLog: Hashable, Sendable {
    /// From which request on the rate was divided by what.
    public struct RateStep: Hashable, Sendable {
        public var firstSequence: Int
        public var at: WallInstant
        public var divisor: Int
    }

    /// Responses by ERROR-CODE; successes under 0. Duplicates are counted too.
    public internal(set) var responses: [Int: Int] = [:]
    /// In the order of their beginning; empty while the rate stayed what it was.
    public internal(set) var rateSteps: [RateStep] = []

    /// By how much the rate was divided when this request was sent.
    public func divisor(ofRequest sequence: Int) -> Int {
        rateSteps.last { $0.firstSequence <= sequence }?.divisor ?? 1
    }

    mutating func noteResponse(_ code: UInt16) { responses[Int(code), default: 0] += 1 }

    mutating func noteRate(_ record: PacketRecord) {
        rateSteps.append(
            RateStep(
                firstSequence: Int(record.sequence),
                at: WallInstant(nanosecondsSinceUnixEpoch: record.at),
                divisor: Int(record.detail)
            )
        )
    }
}

/// The transport addresses that the far end saw this stream come from (RFC 8489's reflexive transport address).
public struct ReflexiveLog: Hashable, Sendable {
    public struct Mapping: Hashable, Sendable {
        /// When the first reply that showed it arrived, and the number of the request that it answered.
        public var at: WallInstant
        public var sequence: UInt32
        public var address: TransportAddress
    }

    /// The most changes that are kept one by one.
    static let most = 64

    /// Each that differed from the one before it, in the order of the requests; the first few where there are many.
    public internal(set) var mappings: [Mapping] = []
    /// How often the mapping changed, those left out of ``mappings`` included.
    public internal(set) var changes = 0

    mutating func note(_ record: PacketRecord) {
        if !mappings.isEmpty { changes += 1 }
        guard mappings.count < Self.most else { return }
        mappings.append(
            Mapping(
                at: WallInstant(nanosecondsSinceUnixEpoch: record.at),
                sequence: record.sequence,
                address: TransportAddress(address: record.address, port: record.reflexivePort)
            )
        )
    }
}
