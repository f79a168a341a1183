import Units
import Wire

/// Sorts the probe thread's records by stream: everything a run saw, kept until it is analysed, or, where a run is
/// analysed piece by piece (``SegmentCutter``), its latest part.
public struct ObservationLog: Sendable {
    public internal(set) var streams: [StreamLog]
    /// Steps of this host's wall clock during the run, on the run's own clock: when, and by how much it jumped
    /// forward.
    public internal(set) var localClockSteps: [(at: WallInstant, by: Nanoseconds)] = []
    /// What was counted up to cuts whose segments were not taken yet, oldest first.
    var divided: [DividedCounts] = []

    public init(streams: Int, interval: Nanoseconds, replyTimeout: Nanoseconds) {
        self.streams = Array(repeating: StreamLog(interval: interval, replyTimeout: replyTimeout), count: streams)
    }

    /// The same for streams that differ in their intervals, one for each.
    public init(intervals: [Nanoseconds], replyTimeout: Nanoseconds) {
        streams = intervals.map { StreamLog(interval: $0, replyTimeout: replyTimeout) }
    }

    public mutating func append(_ record: PacketRecord) {
        if record.kind == .clockStep {
            let at = WallInstant(nanosecondsSinceUnixEpoch: record.at)
            localClockSteps.append((at, Nanoseconds(record.value)))
        } else if Int(record.stream) < streams.count {
            streams[Int(record.stream)].append(record)
        }
    }
}

/// Everything one stream saw.
public struct StreamLog: Sendable {
    /// An ICMP error for one of the stream's packets.
    public struct Unreachable: Hashable, Sendable {
        public var source: IPAddress
        public var type: UInt8
        public var code: UInt8
        public var fromEndpoint: Bool
    }

    /// The marks of one reply.
    struct Marks {
        var trafficClass: UInt8
        var farTrafficClass: UInt8?
    }

    public let interval: Nanoseconds
    let replyTimeout: Nanoseconds
    /// The number of the first packet that is kept. All packets are told by their place after it.
    var firstSequence = 0
    var sent: [SentPacket] = []
    var replies: [ReceivedReply] = []
    var marks: [Marks] = []
    var answered: [Bool] = []
    var firstMeasured: Int?
    var endOfMeasured = 0
    /// The packets that are judged, where they are not all that the run measures.
    var judged: Range<Int>?
    /// When the first packet that counts was sent and when the last, where the packets themselves are not kept.
    var totalSpan: ClosedRange<WallInstant>?
    /// The first packet that no segment has been made of yet.
    var nextJudged = 0
    /// Packets that are no longer kept and were never answered.
    var forgottenUnanswered = 0
    /// The far end's kernel transmit timestamps, by its own sequence number.
    var farTransmits: [UInt32: WallInstant] = [:]

    /// How long after its place in the grid each packet left this host: was handed to the kernel, where the kernel does
    /// not tell more.
    public internal(set) var lateness: [Nanoseconds] = []
    /// Distinct packets answered so far, however late.
    public internal(set) var answeredCount = 0
    /// Places in the grid at which this thread came too late to send.
    public internal(set) var missed = 0
    /// Sends that the kernel refused, by errno.
    public internal(set) var sendFailures: [Int32: Int] = [:]
    /// Datagrams that were no replies of this session, by ``StampRefusal/code`` or ``StunRefusal/code``.
    public internal(set) var refusals: [String: Int] = [:]
    /// ICMP errors, by what they say.
    public internal(set) var unreachable: [Unreachable: Int] = [:]
    /// The greatest clock error that the far end claimed; nil when it never claimed to be synchronised, or not
    /// always.
    public internal(set) var farClockError: Nanoseconds?
    var farUnsynchronized = false
    /// Replies that said that the far end's policy forbids the mark asked for.
    public internal(set) var marksRefusedByPolicy = 0
    /// Replies shorter or longer than their requests.
    public internal(set) var unequalLengths = 0
    /// TTL or hop limit of the latest reply as it arrived here, and of its request as it arrived there.
    public internal(set) var timeToLive: UInt8?
    public internal(set) var farTimeToLive: UInt8?
    /// The source port that the far end saw: another than ours where an address translator sits between.
    public internal(set) var reflexivePort: UInt16?
    /// Where the far end saw the stream come from, as far as it says.
    public internal(set) var reflexive = ReflexiveLog()
    /// What a STUN or TURN server answered; empty for any other far end.
    public internal(set) var relay = RelayLog()
    /// The far end answers the Class of Service TLV.
    public internal(set) var reportsMarks = false

    init(interval: Nanoseconds, replyTimeout: Nanoseconds) {
        self.interval = interval
        self.replyTimeout = replyTimeout
    }

    mutating func append(_ record: PacketRecord) {
        switch record.kind {
        case .sent: appendSent(record)
        case .transmitted: appendTransmitted(record)
        case .reply: appendReply(record)
        case .stunReply: appendStunReply(record)
        case .reflexive: reflexive.note(record)
        case .rateReduced: relay.noteRate(record)
        case .farTransmitted:
            farTransmits[record.reflectorSequence] = WallInstant(nanosecondsSinceUnixEpoch: record.farSentAt)
        case .missed: missed += 1
        case .sendFailed: sendFailures[Int32(record.detail), default: 0] += 1
        case .refused:
            if let code = record.refusalCode { refusals[code, default: 0] += 1 }
        case .unreachable:
            let (type, code) = (UInt8(record.detail >> 8), UInt8(record.detail & 0xff))
            let what = Unreachable(
                source: record.address,
                type: type,
                code: code,
                fromEndpoint: record.flags.contains(.fromEndpoint)
            )
            unreachable[what, default: 0] += 1
        case .clockStep: break
        }
    }

    /// The place of a packet after the first that is kept; far beyond the last for one that no longer is.
    @inline(__always)
    private func place(_ sequence: UInt32) -> Int { Int(sequence &- UInt32(truncatingIfNeeded: firstSequence)) }

    private mutating func appendSent(_ record: PacketRecord) {
        // The probe thread numbers its packets without gaps; anything else would be a fault of its own.
        guard place(record.sequence) == sent.count else { return }
        let at = WallInstant(nanosecondsSinceUnixEpoch: record.at)
        sent.append(SentPacket(sentAt: at, hasKernelTimestamp: false))
        answered.append(false)
        lateness.append(Nanoseconds(record.value))
        if record.flags.contains(.measured) {
            firstMeasured = firstMeasured ?? sent.count - 1
            endOfMeasured = sent.count
        }
    }

    /// A kernel timestamp before the send call, or long after it, belongs to another packet: it is not taken.
    private mutating func appendTransmitted(_ record: PacketRecord) {
        let index = place(record.sequence)
        guard index < sent.count, !sent[index].hasKernelTimestamp else { return }
        let at = WallInstant(nanosecondsSinceUnixEpoch: record.at)
        let delay = at - sent[index].sentAt
        guard delay > .microseconds(-100), delay < .seconds(1) else { return }
        sent[index] = SentPacket(sentAt: at, hasKernelTimestamp: true)
        // Time spent in this host's own queues is no delay of the network, but it is late all the same.
        lateness[index] += max(.zero, delay)
    }

    private mutating func appendReply(_ record: PacketRecord) {
        let index = place(record.sequence)
        guard index < sent.count else { return }
        let far = FarTimestamps(
            receivedAt: WallInstant(nanosecondsSinceUnixEpoch: record.farReceivedAt),
            sentAt: WallInstant(nanosecondsSinceUnixEpoch: record.farSentAt)
        )
        replies.append(
            ReceivedReply(
                sequence: UInt32(truncatingIfNeeded: index),
                arrivedAt: WallInstant(nanosecondsSinceUnixEpoch: record.at),
                hasKernelTimestamp: record.flags.contains(.kernelTimestamp),
                far: record.flags.contains(.farTimestamps) ? far : nil,
                reflectorSequence: record.reflectorSequence
            )
        )
        noteAnswer(to: index)
        noteFarEnd(record)
    }

    private mutating func noteAnswer(to index: Int) {
        guard !answered[index] else { return }
        answered[index] = true
        answeredCount += 1
    }

    /// A server tells no times, and numbers nothing.
    private mutating func appendStunReply(_ record: PacketRecord) {
        let index = place(record.sequence)
        guard index < sent.count else { return }
        replies.append(
            ReceivedReply(
                sequence: UInt32(truncatingIfNeeded: index),
                arrivedAt: WallInstant(nanosecondsSinceUnixEpoch: record.at),
                hasKernelTimestamp: record.flags.contains(.kernelTimestamp),
                far: nil,
                reflectorSequence: nil
            )
        )
        marks.append(Marks(trafficClass: record.trafficClass, farTrafficClass: nil))
        noteAnswer(to: index)
        relay.noteResponse(record.detail)
        if record.timeToLive != 0 { timeToLive = record.timeToLive }
        if record.reflexivePort != 0 { reflexivePort = record.reflexivePort }
    }

    private mutating func noteFarEnd(_ record: PacketRecord) {
        let hasMarks = record.flags.contains(.farTrafficClass)
        marks.append(
            Marks(trafficClass: record.trafficClass, farTrafficClass: hasMarks ? record.farTrafficClass : nil)
        )
        if hasMarks { reportsMarks = true }
        if record.flags.contains(.markRefusedByPolicy) { marksRefusedByPolicy += 1 }
        if record.flags.contains(.unequalLength) { unequalLengths += 1 }
        if record.timeToLive != 0 { timeToLive = record.timeToLive }
        if record.farTimeToLive != 0 { farTimeToLive = record.farTimeToLive }
        if record.reflexivePort != 0 { reflexivePort = record.reflexivePort }
        if record.flags.contains(.farSynchronized), !farUnsynchronized {
            farClockError = max(farClockError ?? .zero, Nanoseconds(Int64(record.farClockError)))
        } else {
            farUnsynchronized = true
            farClockError = nil
        }
    }
}

extension PacketRecord {
    /// Why the datagram of a `refused` record was refused.
    fileprivate var refusalCode: String? {
        let number = UInt8(truncatingIfNeeded: detail)
        return detail & Self.stunRefusals == 0
            ? StampRefusal(rawValue: number)?.code : StunRefusal(rawValue: number)?.code
    }
}

extension StreamLog {
    /// Whether each packet in a range of numbers was answered, however late; packets that do not count are left out.
    public func fates(in range: Range<Int>) -> [Bool] {
        let counted = range.clamped(to: measuredNumbers)
        return counted.map { answered[$0 - firstSequence] }
    }

    /// The far end numbers its replies by itself: it told when an earlier one left.
    public var showsStatefulReflector: Bool { !farTransmits.isEmpty }

    public var sentCount: Int { judged?.count ?? firstSequence + sent.count }
    public var replyCount: Int { replies.count }
    /// When the latest packet that counts was sent; nil while none was.
    public var lastMeasuredAt: WallInstant? { run.isEmpty ? nil : sent[run.upperBound - 1].sentAt }

    /// The packets that count, by their place among those that are kept; empty when none was sent.
    public var measured: Range<Int> { judged ?? run }

    /// The packets that count, by sequence number.
    public var measuredNumbers: Range<Int> {
        measured.lowerBound + firstSequence..<measured.upperBound + firstSequence
    }

    /// The packets kept that the run measures, those of other segments included.
    var run: Range<Int> { (firstMeasured ?? endOfMeasured)..<endOfMeasured }

    /// From the first packet that counts to the last; nil where there are fewer than two.
    public var measuredSpan: Nanoseconds? {
        guard measured.count > 1 else { return nil }
        if let totalSpan { return totalSpan.upperBound - totalSpan.lowerBound }
        return sent[measured.upperBound - 1].sentAt - sent[measured.lowerBound].sentAt
    }

    /// The same, with the far end's userspace send times replaced by its kernel's where it told them.
    public func observation() -> StreamObservation {
        StreamObservation(
            interval: interval,
            replyTimeout: replyTimeout,
            sent: sent,
            replies: replies.map { corrected($0) ?? $0 },
            measured: measured,
            run: run,
            firstSequence: UInt32(truncatingIfNeeded: firstSequence)
        )
    }

    /// How far the far end's kernel sent after the time in its replies; nil where it did not tell. Sorted.
    public var farSendDelays: [Nanoseconds] {
        replies.compactMap { reply in
            guard let before = reply.far, let after = corrected(reply)?.far else { return nil }
            return after.sentAt - before.sentAt
        }.sorted()
    }

    /// The replies to packets that count, and how far the far end's kernel sent after the time in those of which it
    /// told; not sorted.
    public var measuredSendDelays: (replies: Int, delays: [Nanoseconds]) {
        let counted = replies.filter { measured.contains(Int($0.sequence)) }
        let delays = counted.compactMap { reply -> Nanoseconds? in
            guard let before = reply.far, let after = corrected(reply)?.far else { return nil }
            return after.sentAt - before.sentAt
        }
        return (counted.count, delays)
    }

    /// How late the packets that count were sent.
    public var measuredLateness: ArraySlice<Nanoseconds> { lateness[measured] }

    /// Whether the packet before this number, of the same run, was answered; nil where it is not known.
    public func wasAnswered(before number: Int) -> Bool? {
        let place = number - firstSequence - 1
        return run.contains(place) ? answered[place] : nil
    }

    /// Nil when the far end did not say, or said something that cannot be: a reply does not leave before it was
    /// stamped, nor 50 ms after.
    private func corrected(_ reply: ReceivedReply) -> ReceivedReply? {
        guard let number = reply.reflectorSequence, let far = reply.far, let sentAt = farTransmits[number] else {
            return nil
        }
        let delay = sentAt - far.sentAt
        guard delay >= .microseconds(-1), delay < .milliseconds(50) else { return nil }
        var reply = reply
        reply.far = FarTimestamps(receivedAt: far.receivedAt, sentAt: sentAt)
        return reply
    }

    /// Share of the packets sent and the replies received whose time is the kernel's.
    public var kernelTimestamps: (of: Int, have: Int) {
        let have = sent.count { $0.hasKernelTimestamp } + replies.count { $0.hasKernelTimestamp }
        return (sent.count + replies.count, have)
    }

    /// DSCP of the measured packets' first replies as they arrived here, and of those packets as they arrived at
    /// the far end where it tells.
    public func markCounts() -> (farEnd: [DSCP: Int]?, returned: [DSCP: Int]) {
        var seen = Array(repeating: false, count: sent.count)
        var farEnd: [DSCP: Int] = [:]
        var returned: [DSCP: Int] = [:]
        for (reply, mark) in zip(replies, marks) where measured.contains(Int(reply.sequence)) {
            guard !seen[Int(reply.sequence)] else { continue }
            seen[Int(reply.sequence)] = true
            returned[DSCP(trafficClass: mark.trafficClass), default: 0] += 1
            if let far = mark.farTrafficClass { farEnd[DSCP(trafficClass: far), default: 0] += 1 }
        }
        return (reportsMarks ? farEnd : nil, returned)
    }

    /// The first replies to measured packets with their marks, in the order of their arrival.
    public func markedReplies() -> [MarkedReply] {
        var seen = Array(repeating: false, count: sent.count)
        var marked: [MarkedReply] = []
        for (reply, mark) in zip(replies, marks) where measured.contains(Int(reply.sequence)) {
            let index = Int(reply.sequence)
            guard !seen[index] else { continue }
            seen[index] = true
            marked.append(
                MarkedReply(
                    sentAt: sent[index].sentAt,
                    arrivedAt: reply.arrivedAt,
                    trafficClass: mark.trafficClass,
                    farTrafficClass: mark.farTrafficClass
                )
            )
        }
        return marked
    }

    /// The marks of every packet's first reply, and of the packet as it arrived at the far end: TOS octets or traffic
    /// classes, by packet number; nil where no reply came.
    public func marksByPacket() -> [(far: UInt8?, returned: UInt8)?] {
        var found: [(far: UInt8?, returned: UInt8)?] = Array(repeating: nil, count: sent.count)
        for (reply, mark) in zip(replies, marks) where found[Int(reply.sequence)] == nil {
            found[Int(reply.sequence)] = (mark.farTrafficClass, mark.trafficClass)
        }
        return found
    }

    /// Packets that should have been answered by `now` and were not.
    public func unanswered(by now: WallInstant) -> Int {
        var index = sent.count
        while index > 0, now - sent[index - 1].sentAt < .seconds(1) { index -= 1 }
        return forgottenUnanswered + answered[..<index].count { !$0 }
    }

    /// Round trips of the latest replies, oldest first.
    public func latestRoundTrips(_ count: Int) -> [Nanoseconds] {
        replies.suffix(count).map { reply in
            let inside = reply.far.map { $0.sentAt - $0.receivedAt } ?? .zero
            return reply.arrivedAt - sent[Int(reply.sequence)].sentAt - inside
        }
    }
}
