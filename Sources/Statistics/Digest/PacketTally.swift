/// Counts over the measured packets of one stream, in a form that adds up from part to part of a run.
struct PacketTally: Hashable, Sendable {
    private var fates: [PacketFate: Int] = [:]
    private(set) var reordered: Directed
    private(set) var duplicates: Directed
    /// The stream was answered, the lead-in and the tail included.
    private(set) var wasAnswered = false
    private var areTold = false
    private var allAnswered = true

    /// Nil where direction cannot be told.
    struct Directed: Hashable, Sendable {
        var forward: Int? = 0
        var reverse: Int? = 0
        var roundTrip = 0

        /// - Parameter isEmpty: nothing of what follows was answered, so that nothing of it was reordered or doubled.
        mutating func append(_ later: Directed, isEmpty: Bool) {
            roundTrip += later.roundTrip
            if isEmpty { return }
            forward = forward.flatMap { sum in later.forward.map { sum + $0 } }
            reverse = reverse.flatMap { sum in later.reverse.map { sum + $0 } }
        }
    }

    init() {
        reordered = Directed()
        duplicates = Directed()
    }

    init(_ stream: MatchedStream, _ directions: PathDirections) {
        for fate in directions.fates[stream.measured] { fates[fate, default: 0] += 1 }
        reordered = Directed(
            forward: directions.forwardReordered,
            reverse: directions.reverseReordered,
            roundTrip: directions.roundTripReordered
        )
        duplicates = Directed(
            forward: directions.forwardDuplicates,
            reverse: directions.reverseDuplicates,
            roundTrip: directions.copies
        )
        wasAnswered = stream.wasAnswered
        areTold = directions.areTold
        allAnswered = directions.allAnswered
    }

    mutating func append(_ later: PacketTally) {
        fates.merge(later.fates, uniquingKeysWith: +)
        let isEmpty = later[.answered] + later[.late] == 0
        reordered.append(later.reordered, isEmpty: isEmpty)
        duplicates.append(later.duplicates, isEmpty: isEmpty)
        wasAnswered = wasAnswered || later.wasAnswered
        areTold = areTold || later.areTold
        allAnswered = allAnswered && later.allAnswered
    }

    subscript(_ fate: PacketFate) -> Int { fates[fate] ?? 0 }

    /// Whether losses can be told apart by direction, but for those that are `lostSomewhere`.
    var lossIsKnown: Bool { wasAnswered && (allAnswered || areTold) }
}

extension PacketCounts {
    init(_ tally: PacketTally) {
        let arrivedForward = tally[.answered] + tally[.late] + tally[.lostReverse]
        func eachWay(_ counts: PacketTally.Directed) -> Int {
            counts.forward.flatMap { one in counts.reverse.map { one + $0 } } ?? counts.roundTrip
        }
        self.init(
            sent: PacketFate.allCases.reduce(0) { $0 + tally[$1] },
            forwardReceived: tally.lossIsKnown && tally[.lostSomewhere] == 0 ? arrivedForward : nil,
            received: tally[.answered],
            duplicates: eachWay(tally.duplicates),
            reordered: eachWay(tally.reordered),
            late: tally[.late]
        )
    }
}
