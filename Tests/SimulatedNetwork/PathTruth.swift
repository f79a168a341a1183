import Units

/// What really happened to the packets of one stream.
public struct PathTruth: Sendable {
    /// A request that reached the far end and was answered there.
    public struct Request: Sendable {
        public var sequence: Int
        public var arrivedAt: Nanoseconds
        /// From one network interface to the other.
        public var delay: Nanoseconds
    }

    /// A reply, or a copy of one, that this host read before the run ended.
    public struct Reply: Sendable {
        /// Which of ``PathTruth/requests`` it answers.
        public var request: Int
        public var sequence: Int
        public var arrivedAt: Nanoseconds
        public var delay: Nanoseconds
        /// Between the two, within the far end.
        public var stay: Nanoseconds
    }

    /// When each packet left, by sequence number; of those sent twice the first.
    public internal(set) var departures: [Nanoseconds] = []
    /// In the order of arrival at the far end.
    public internal(set) var requests: [Request] = []
    /// In the order of arrival here.
    public internal(set) var replies: [Reply] = []
    public internal(set) var replyTimeout: Nanoseconds

    init(replyTimeout: Nanoseconds) { self.replyTimeout = replyTimeout }
}

/// The truth about the packets of a range of sequence numbers.
extension PathTruth {
    /// The first reply to each packet, in the order of arrival, without those that came too late.
    public var firstReplies: [Reply] {
        var seen: Set<Int> = []
        return replies.filter { seen.insert($0.sequence).inserted && !isLate($0) }
    }

    public func isLate(_ reply: Reply) -> Bool { reply.arrivedAt - departures[reply.sequence] > replyTimeout }

    public func lostForward(_ range: Range<Int>) -> Set<Int> { Set(range).subtracting(requests.map(\.sequence)) }

    /// A late reply counts as lost.
    public func lostReverse(_ range: Range<Int>) -> Set<Int> {
        Set(range).subtracting(lostForward(range)).subtracting(firstReplies.map(\.sequence))
    }

    /// Copies beyond the first that reached the far end.
    public func forwardDuplicates(_ range: Range<Int>) -> Int {
        let arrivals = requests.filter { range.contains($0.sequence) }
        return arrivals.count - Set(arrivals.map(\.sequence)).count
    }

    /// Copies of replies beyond the first of each.
    public func reverseDuplicates(_ range: Range<Int>) -> Int {
        let arrivals = replies.filter { range.contains($0.sequence) }
        return arrivals.count - Set(arrivals.map(\.request)).count
    }

    /// Requests that arrived after one sent later, among those of which a reply was seen: of the others nobody here
    /// can know (RFC 4737 §3.3).
    public func forwardReordered(_ range: Range<Int>) -> Int {
        let answered = Set(replies.map(\.request))
        var seen: Set<Int> = []
        let arrivals = requests.indices.filter { answered.contains($0) }.map { requests[$0].sequence }
            .filter { seen.insert($0).inserted }
        return Self.reordered(arrivals) { range.contains(arrivals[$0]) }
    }

    /// Replies that arrived in time but after one that left the far end later.
    public func reverseReordered(_ range: Range<Int>) -> Int {
        var seen: Set<Int> = []
        let arrivals = replies.filter { seen.insert($0.request).inserted && !isLate($0) }
        return Self.reordered(arrivals.map(\.request)) { range.contains(arrivals[$0].sequence) }
    }

    private static func reordered(_ keys: [Int], where counts: (Int) -> Bool) -> Int {
        var greatest = -1
        var count = 0
        for (index, key) in keys.enumerated() {
            if key < greatest, counts(index) { count += 1 }
            greatest = max(greatest, key)
        }
        return count
    }

    /// Requests of these packets of whose replies nothing was seen and that were copies, were overtaken or overtook
    /// others: each leaves a number missing at another place than where its packet is missing, and may so stand for
    /// one loss in the other direction.
    public func hidden(_ range: Range<Int>) -> Int {
        let seen = Set(replies.map(\.request))
        let copies = Dictionary(grouping: requests, by: \.sequence).mapValues(\.count)
        var least = Int.max
        let overtook = requests.reversed().map { request in
            defer { least = min(least, request.sequence) }
            return request.sequence > least
        }
        var greatest = -1
        var count = 0
        for (index, request) in requests.enumerated() {
            let isOutOfPlace = request.sequence < greatest || overtook[requests.count - 1 - index]
            let isHidden = !seen.contains(index) && (copies[request.sequence] != 1 || isOutOfPlace)
            if isHidden, range.contains(request.sequence) { count += 1 }
            greatest = max(greatest, request.sequence)
        }
        return count
    }
}
