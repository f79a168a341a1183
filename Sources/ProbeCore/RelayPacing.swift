import Units

/// How often a server that is not ours is asked: half as often, up to a few times, when it shows that it limits.
///
/// Its answers show it in two ways: it says so (486, 508), or it answers too few of a block of requests after it had
/// answered before. What that means, the relay's limit or a bad path, is not for the sender to say: it keeps the rates
/// apart, so that their answers can be compared.
public struct RelayPacing: Hashable, Sendable {
    /// How many requests are judged together, at the least.
    public static let shortestBlock = 20
    /// Answers to less than this share of a block are too few.
    public static let leastAnswered = 0.85
    /// The most by which the rate is divided.
    public static let greatestDivisor = 8

    /// What the rate is divided by.
    public private(set) var divisor = 1
    private let patience: UInt32
    private let blockLength: UInt32
    private var blockStart: UInt32 = 0
    /// Answers to the block's requests, and to those after it: the next block has begun before this one is judged.
    private var answers = 0
    private var laterAnswers = 0
    private var wasAnswered = false

    /// - Parameter patience: how many requests an answer may take: what a second holds.
    public init(interval: Nanoseconds) {
        patience = UInt32(clamping: max(2, Nanoseconds.seconds(1).count / max(1, interval.count) + 1))
        blockLength = max(patience, UInt32(Self.shortestBlock))
    }

    /// Call when request `sequence` is about to leave.
    ///
    /// - Returns: whether the rate falls with it.
    public mutating func noteRequest(_ sequence: UInt32) -> Bool {
        let end = blockStart &+ blockLength
        guard Int32(bitPattern: sequence &- end) >= Int32(bitPattern: patience) else { return false }
        guard wasAnswered, Double(answers) < Double(blockLength) * Self.leastAnswered, slowDown() else {
            begin(end, answers: laterAnswers)
            return false
        }
        begin(sequence, answers: 0)
        return true
    }

    /// Call with the first answer to request `sequence`.
    ///
    /// - Parameter next: the next request's number, from which a new rate holds.
    /// - Returns: whether the rate falls by it.
    public mutating func noteAnswer(_ sequence: UInt32, saysItLimits: Bool, next: UInt32) -> Bool {
        wasAnswered = true
        let age = sequence &- blockStart
        // Of the rate before: it says nothing of this one.
        guard age < 2 * blockLength else { return false }
        if age < blockLength { answers += 1 } else { laterAnswers += 1 }
        guard saysItLimits, slowDown() else { return false }
        begin(next, answers: 0)
        return true
    }

    /// Another stream to the same server has found that it limits: what it limits is this host, not one port.
    ///
    /// - Returns: whether the rate falls by it.
    public mutating func follow(_ other: RelayPacing, next: UInt32) -> Bool {
        guard divisor < other.divisor else { return false }
        divisor = other.divisor
        begin(next, answers: 0)
        return true
    }

    private mutating func begin(_ sequence: UInt32, answers: Int) {
        blockStart = sequence
        self.answers = answers
        laterAnswers = 0
    }

    private mutating func slowDown() -> Bool {
        guard divisor < Self.greatestDivisor else { return false }
        divisor *= 2
        return true
    }
}
