import Units

/// What is known of the two directions of one stream apart: which lost what, reordered what and duplicated what.
struct PathDirections {
    /// By packet number, the lead-in and the tail included.
    var fates: [PacketFate]
    /// Whether losses can be told apart by direction, but for those that are `lostSomewhere`.
    var lossIsKnown: Bool
    /// The far end's numbers tell the directions, of part of the run at least.
    var areTold: Bool
    /// No measured packet was lost in a direction that is not known.
    var allAnswered: Bool
    var forwardReordered: Int?
    var reverseReordered: Int?
    var roundTripReordered: Int
    var forwardDuplicates: Int?
    var reverseDuplicates: Int?
    /// All extra copies that arrived.
    var copies: Int
    /// Replies that count, in the order in which their requests reached the far end; nil where its numbers do not
    /// tell.
    var forwardOrder: [Int]?

    /// Works out the directions of all streams of one endpoint.
    ///
    /// As long as every packet is answered exactly once a stateful reflector's numbers look like a stateless one's,
    /// and they go on looking so if all that is lost is lost in reverse. `reflectorIsStateful` tells that the far
    /// end is known to count on its own; else one stream that shows it speaks for all.
    static func of(_ streams: [MatchedStream], reflectorIsStateful: Bool) -> [PathDirections] {
        let numberings = streams.map(usableNumbering)
        let shown = numberings.contains { $0.map { $0.epochs.count == 1 && $0.isOwnCount } ?? false }
        return zip(streams, numberings).map { stream, numbering in
            let trusted = reflectorIsStateful || (shown && numbering?.epochs.count == 1)
            return PathDirections(stream, numbering: numbering) { trusted || !$0.copiesSequence }
        }
    }

    private static func usableNumbering(_ stream: MatchedStream) -> ReflectorNumbering? {
        guard let numbering = ReflectorNumbering(stream) else { return nil }
        let trial = LossAttribution(stream, numbering: numbering) { _ in true }
        return trial.contradictsNumbering ? nil : numbering
    }

    private init(
        _ stream: MatchedStream,
        numbering: ReflectorNumbering?,
        attributes: (ReflectorNumbering.Epoch) -> Bool
    ) {
        let attribution = LossAttribution(stream, numbering: numbering, attributes: attributes)
        fates = attribution.fates
        allAnswered = !fates[stream.measured].contains(.lostSomewhere)
        areTold = numbering?.epochs.contains(where: attributes) ?? false
        lossIsKnown = stream.wasAnswered && (allAnswered || areTold)
        copies = stream.replies.filter { !$0.isFirst && stream.measured.contains($0.sequence) }.count
        let inTime = stream.replies.filter { $0.isFirst && !$0.isLate }.map(\.sequence)
        roundTripReordered = Reordering.count(inTime) { stream.measured.contains($0) }
        guard let numbering, numbering.epochs.allSatisfy(attributes) else {
            claimOnlyAbsence()
            return
        }
        forwardReordered = numbering.forwardReordered(stream)
        reverseReordered = numbering.reverseReordered(stream)
        let unseen = attribution.unseenForwardCopies.filter(stream.measured.contains).count
        forwardDuplicates = numbering.forwardCopies(stream) + unseen
        reverseDuplicates = numbering.reverseCopies.filter(stream.measured.contains).count
        forwardOrder = numbering.answersInForwardOrder(stream)
    }

    /// Without the reflector's own numbers, nothing reordered or duplicated on the whole means nothing in either
    /// direction; of anything else the direction is unknown.
    private mutating func claimOnlyAbsence() {
        guard lossIsKnown else { return }
        if roundTripReordered == 0 {
            forwardReordered = 0
            reverseReordered = 0
        }
        if copies == 0 {
            forwardDuplicates = 0
            reverseDuplicates = 0
        }
    }
}

extension ReflectorNumbering {
    /// All replies, each once, in the order in which they were sent.
    private var inForwardOrder: [Numbered] { epochs.flatMap(\.replies) }

    /// Measured packets that reached the reflector after one sent later.
    fileprivate func forwardReordered(_ stream: MatchedStream) -> Int {
        var seen: Set<Int> = []
        let arrivals = inForwardOrder.map(\.sequence).filter { seen.insert($0).inserted }
        return Reordering.count(arrivals) { stream.measured.contains($0) }
    }

    /// Replies to measured packets that arrived in time but after one sent later.
    fileprivate func reverseReordered(_ stream: MatchedStream) -> Int {
        let ordered = inForwardOrder
        let ranksInArrivalOrder = ordered.indices.sorted { ordered[$0].reply < ordered[$1].reply }
        let inTime = ranksInArrivalOrder.filter { !stream.replies[ordered[$0].reply].isLate }
        return Reordering.count(inTime) { stream.measured.contains(ordered[$0].sequence) }
    }

    /// Replies to measured packets beyond the first for each, that the reflector sent on its own.
    fileprivate func forwardCopies(_ stream: MatchedStream) -> Int {
        var seen: Set<Int> = []
        return inForwardOrder.filter { !seen.insert($0.sequence).inserted && stream.measured.contains($0.sequence) }
            .count
    }

    fileprivate func answersInForwardOrder(_ stream: MatchedStream) -> [Int] {
        inForwardOrder.map(\.reply).filter { stream.replies[$0].isFirst && !stream.replies[$0].isLate }
    }
}
