import Units

/// The replies of one stream told apart by the session-reflector's own numbering.
///
/// A stateful reflector numbers each reply that it sends, one up from the last, from wherever it stands. Numbers are
/// unwrapped to 64 bits. Where they jump as no loss, duplication or reordering explains (the reflector restarted, or
/// another one took over) a new epoch begins, and nothing is concluded across the seam.
struct ReflectorNumbering {
    /// One reply on the wire: copies made on the way back share it.
    struct Numbered {
        var number: Int64
        var sequence: Int
        /// Where in the stream's replies its first copy stands.
        var reply: Int
    }

    struct Epoch {
        /// In the order in which the reflector sent them, each once.
        var replies: [Numbered]
        /// Every number equals the number of the packet answered: what a stateless reflector does, and what a
        /// stateful one does as long as it answers every packet exactly once.
        var copiesSequence: Bool
    }

    /// In the order of their first arrival.
    var epochs: [Epoch]
    /// Extra copies with the same number, made on the way back, by the packet they answer.
    var reverseCopies: [Int]

    /// Nil where the protocol has no such number, or the numbers make no sense as this session's.
    init?(_ stream: MatchedStream) {
        let packets = stream.replyTimeout.packets(every: stream.interval) ?? 1
        var reader = EpochReader(
            lateBy: Int64(min(packets, stream.sentAt.count)),
            firstSequence: stream.firstSequence
        )
        for (index, reply) in stream.replies.enumerated() {
            guard let number = reply.reflectorSequence else { return nil }
            reader.take(number: number, sequence: reply.sequence, reply: index)
        }
        guard !reader.epochs.isEmpty, reader.epochs.count <= 2 + stream.replies.count / 50 else { return nil }
        epochs = reader.epochs.map { epoch in
            Epoch(
                replies: epoch.replies.sorted { $0.number < $1.number },
                copiesSequence: epoch.copiesSequence
            )
        }
        reverseCopies = reader.reverseCopies
    }

    /// The reflector was seen to count on its own.
    var isOwnCount: Bool { epochs.contains { !$0.copiesSequence } }
}

/// Sorts replies into epochs as they arrive.
private struct EpochReader {
    struct OpenEpoch {
        var replies: [ReflectorNumbering.Numbered] = []
        var sequenceOfNumber: [Int64: Int] = [:]
        var copiesSequence = true
        /// The reply to the latest packet so far.
        var frontier: (sequence: Int, number: Int64)
    }

    /// How many numbers may be skipped or gone back at once by reordering and duplication.
    static let slack: Int64 = 16

    /// How many packets a late one may have been overtaken by.
    var lateBy: Int64
    /// The number on the wire of the first packet.
    var firstSequence: UInt32
    var epochs: [OpenEpoch] = []
    var reverseCopies: [Int] = []

    init(lateBy: Int64, firstSequence: UInt32) {
        self.lateBy = lateBy
        self.firstSequence = firstSequence
    }

    mutating func take(number: UInt32, sequence: Int, reply: Int) {
        // The epoch before may still have stragglers on the way.
        for index in epochs.indices.suffix(2).reversed() {
            let unwrapped = unwrap(number, near: epochs[index].frontier.number)
            if belongs(unwrapped, sequence, to: epochs[index]) {
                add(unwrapped, number, sequence, reply, to: index)
                return
            }
        }
        epochs.append(OpenEpoch(frontier: (sequence, Int64(number))))
        add(Int64(number), number, sequence, reply, to: epochs.count - 1)
    }

    /// The 64-bit number nearest to `reference` that has these low 32 bits.
    private func unwrap(_ number: UInt32, near reference: Int64) -> Int64 {
        reference + Int64(Int32(bitPattern: number &- UInt32(truncatingIfNeeded: reference)))
    }

    private func belongs(_ number: Int64, _ sequence: Int, to epoch: OpenEpoch) -> Bool {
        if let known = epoch.sequenceOfNumber[number] { return known == sequence }
        let advance = Int64(sequence - epoch.frontier.sequence)
        let step = number - epoch.frontier.number
        if advance >= 0 { return step >= -Self.slack && step <= 2 * advance + Self.slack }
        return step >= 2 * advance - Self.slack && step <= lateBy + Self.slack
    }

    private mutating func add(_ number: Int64, _ onWire: UInt32, _ sequence: Int, _ reply: Int, to index: Int) {
        if epochs[index].sequenceOfNumber[number] != nil {
            reverseCopies.append(sequence)
            return
        }
        epochs[index].sequenceOfNumber[number] = sequence
        epochs[index].replies.append(.init(number: number, sequence: sequence, reply: reply))
        if onWire != UInt32(truncatingIfNeeded: sequence) &+ firstSequence { epochs[index].copiesSequence = false }
        if sequence >= epochs[index].frontier.sequence { epochs[index].frontier = (sequence, number) }
    }
}
