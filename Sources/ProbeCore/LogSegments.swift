import Units

/// What was counted up to a cut, until its segment is taken.
struct DividedCounts: Sendable {
    /// Without their packets.
    var streams: [StreamLog]
    var steps: [(at: WallInstant, by: Nanoseconds)]
}

extension ObservationLog {
    /// What is counted from now on belongs to the next segment.
    mutating func divide() {
        divided.append(DividedCounts(streams: streams.map { $0.counts() }, steps: localClockSteps))
        localClockSteps = []
        for index in streams.indices { streams[index].beginCounts() }
    }

    /// The segment that ends at `cut`, or with the run: the counts that were divided off, and its packets with those
    /// around them.
    mutating func takeDivided(from start: WallInstant, until cut: WallInstant?, _ plan: SegmentPlan) -> ObservationLog {
        var segment = ObservationLog(streams: 0, interval: .zero, replyTimeout: .zero)
        let counts = divided.removeFirst()
        segment.localClockSteps = counts.steps
        for index in streams.indices {
            segment.streams.append(streams[index].takeJudged(counts.streams[index], from: start, until: cut, plan))
        }
        return segment
    }

    /// Whether every stream that was answered before `cut` was answered after it: so that it can be told in which
    /// direction the last packets before it were lost.
    func showsFates(of cut: WallInstant) -> Bool { streams.allSatisfy { $0.showsFates(of: cut) } }

    /// Lets go of packets sent before `instant`, but for those that the next segment needs.
    mutating func forget(before instant: WallInstant, _ plan: SegmentPlan) {
        for index in streams.indices { streams[index].forget(before: instant, plan) }
    }

    /// The packets sent within a period that are still kept one by one, all streams: what a record of an incident is
    /// made from, whatever segments the period lies in. They are `measured` so far as the run measures them.
    public func excerpt(from start: WallInstant, through end: WallInstant) -> ObservationLog {
        var excerpt = ObservationLog(streams: 0, interval: .zero, replyTimeout: .zero)
        let steps = divided.flatMap(\.steps) + localClockSteps
        excerpt.localClockSteps = steps.filter { $0.at >= start && $0.at <= end }
        excerpt.streams = streams.map { stream in
            let places = stream.firstPlace(sentFrom: start)..<stream.firstPlace(sentFrom: end + Nanoseconds(1))
            return stream.part(places, counts: stream.counts(), judged: stream.run.clamped(to: places))
        }
        return excerpt
    }
}

extension StreamLog {
    /// Everything but the packets.
    func counts() -> StreamLog {
        var copy = StreamLog(interval: interval, replyTimeout: replyTimeout)
        copy.missed = missed
        copy.sendFailures = sendFailures
        copy.refusals = refusals
        copy.unreachable = unreachable
        copy.farClockError = farClockError
        copy.farUnsynchronized = farUnsynchronized
        copy.marksRefusedByPolicy = marksRefusedByPolicy
        copy.unequalLengths = unequalLengths
        copy.timeToLive = timeToLive
        copy.farTimeToLive = farTimeToLive
        copy.reflexivePort = reflexivePort
        copy.reflexive = reflexive
        copy.relay = relay
        copy.reportsMarks = reportsMarks
        return copy
    }

    /// Counts from the beginning, but for what still holds: where the far end sees the stream come from, the rate that
    /// its server allows, and what it is known to tell.
    mutating func beginCounts() {
        missed = 0
        sendFailures = [:]
        refusals = [:]
        unreachable = [:]
        farClockError = nil
        farUnsynchronized = false
        marksRefusedByPolicy = 0
        unequalLengths = 0
        reflexive.beginCounts()
        relay.beginCounts()
    }

    /// The place of the first packet sent at `instant` or later; kernel timestamps move packets by less than their
    /// distance, so that places rise with times.
    func firstPlace(sentFrom instant: WallInstant) -> Int {
        var (low, high) = (0, sent.count)
        while low < high {
            let middle = (low + high) / 2
            if sent[middle].sentAt < instant { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func showsFates(of cut: WallInstant) -> Bool {
        let place = firstPlace(sentFrom: cut)
        return answered[place...].contains(true) || !answered[..<place].contains(true)
    }

    /// Where the part of the run begins that goes with a segment from `first` on: long enough before it, and not
    /// without a packet that was answered, where one is kept.
    private func contextStart(before first: Int, at start: WallInstant, _ plan: SegmentPlan) -> Int {
        let place = min(first, firstPlace(sentFrom: start - plan.context(interval: interval)))
        guard !answered[place..<first].contains(true) else { return place }
        return answered[..<place].lastIndex(of: true) ?? place
    }

    mutating func takeJudged(
        _ counts: StreamLog,
        from start: WallInstant,
        until cut: WallInstant?,
        _ plan: SegmentPlan
    ) -> StreamLog {
        let end = max(nextJudged, cut.map(firstPlace(sentFrom:)) ?? sent.count)
        let judged = run.clamped(to: nextJudged..<end)
        let context = contextStart(before: judged.lowerBound, at: start, plan)
        nextJudged = end
        return part(context..<sent.count, counts: counts, judged: judged)
    }

    /// Some of the packets as a log of their own.
    func part(_ places: Range<Int>, counts: StreamLog, judged: Range<Int>) -> StreamLog {
        var part = counts
        part.firstSequence = firstSequence + places.lowerBound
        part.sent = Array(sent[places])
        part.answered = Array(answered[places])
        part.lateness = Array(lateness[places])
        let run = run.clamped(to: places)
        part.firstMeasured = run.lowerBound - places.lowerBound
        part.endOfMeasured = run.upperBound - places.lowerBound
        part.judged = judged.lowerBound - places.lowerBound..<judged.upperBound - places.lowerBound
        part.answeredCount = answered[judged].count { $0 }
        part.farTransmits = farTransmits
        for (reply, marks) in zip(replies, marks) where places.contains(Int(reply.sequence)) {
            part.replies.append(reply.moved(back: places.lowerBound))
            part.marks.append(marks)
        }
        return part
    }

    mutating func forget(before instant: WallInstant, _ plan: SegmentPlan) {
        // A silence that lasts longer than packets are kept leaves no answered one before it.
        let needed = nextJudged < sent.count ? sent[nextJudged].sentAt : instant
        let context = firstPlace(sentFrom: needed - plan.context(interval: interval))
        let count = min(context, nextJudged, firstPlace(sentFrom: instant))
        guard count > 0 else { return }
        forgottenUnanswered += answered[..<count].count { !$0 }
        sent.removeFirst(count)
        answered.removeFirst(count)
        lateness.removeFirst(count)
        forgetReplies(before: count)
        firstSequence += count
        nextJudged -= count
        endOfMeasured = max(0, endOfMeasured - count)
        firstMeasured = firstMeasured.map { max(0, $0 - count) }
    }

    /// Moves what is kept to the front, in place.
    private mutating func forgetReplies(before count: Int) {
        var kept = 0
        for index in replies.indices where Int(replies[index].sequence) >= count {
            replies[kept] = replies[index].moved(back: count)
            marks[kept] = marks[index]
            kept += 1
        }
        replies.removeLast(replies.count - kept)
        marks.removeLast(marks.count - kept)
        forgetTransmits()
    }

    /// Keeps the far end's transmit timestamps of replies that are kept, and the latest: theirs may yet come.
    private mutating func forgetTransmits() {
        guard let latest = replies.last?.reflectorSequence else { return }
        let numbers = Set(replies.lazy.compactMap(\.reflectorSequence))
        farTransmits = farTransmits.filter { number, _ in
            numbers.contains(number) || latest &- number < Self.transmitsKept
        }
    }

    /// As many as the latest replies may be out of order.
    private static let transmitsKept: UInt32 = 1_024
}

extension ReceivedReply {
    fileprivate func moved(back count: Int) -> ReceivedReply {
        var reply = self
        reply.sequence -= UInt32(truncatingIfNeeded: count)
        return reply
    }
}

extension ReflexiveLog {
    /// The mapping that holds stays, and is no change.
    mutating func beginCounts() {
        mappings = Array(mappings.suffix(1))
        changes = 0
    }
}

extension RelayLog {
    /// The rate that holds stays.
    mutating func beginCounts() { responses = [:] }
}
