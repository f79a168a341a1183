import Units

extension ObservationLog {
    /// A log that only counts: what segments come to without their packets.
    public static var totals: ObservationLog { ObservationLog(streams: 0, interval: .zero, replyTimeout: .zero) }

    /// Adds what the next segment counted. Its streams then tell what they would tell of the whole run, but for its
    /// packets.
    public mutating func addTotals(of segment: ObservationLog) {
        localClockSteps += segment.localClockSteps
        guard streams.count == segment.streams.count else {
            streams = segment.streams.map { $0.totals() }
            return
        }
        for index in streams.indices { streams[index].addTotals(of: segment.streams[index].totals()) }
    }
}

extension StreamLog {
    func totals() -> StreamLog {
        var totals = counts()
        totals.firstSequence = measuredNumbers.lowerBound
        totals.judged = 0..<measured.count
        totals.answeredCount = answeredCount
        totals.totalSpan =
            measured.isEmpty ? nil : sent[measured.lowerBound].sentAt...sent[measured.upperBound - 1].sentAt
        return totals
    }

    /// - Parameter later: of packets that follow.
    fileprivate mutating func addTotals(of later: StreamLog) {
        addPackets(of: later)
        missed += later.missed
        sendFailures.merge(later.sendFailures, uniquingKeysWith: +)
        refusals.merge(later.refusals, uniquingKeysWith: +)
        unreachable.merge(later.unreachable, uniquingKeysWith: +)
        marksRefusedByPolicy += later.marksRefusedByPolicy
        unequalLengths += later.unequalLengths
        timeToLive = later.timeToLive ?? timeToLive
        farTimeToLive = later.farTimeToLive ?? farTimeToLive
        reflexivePort = later.reflexivePort ?? reflexivePort
        reportsMarks = reportsMarks || later.reportsMarks
        reflexive.append(later.reflexive)
        relay.append(later.relay)
        farUnsynchronized = farUnsynchronized || later.farUnsynchronized
        farClockError = farUnsynchronized ? nil : [farClockError, later.farClockError].compactMap(\.self).max()
    }

    private mutating func addPackets(of later: StreamLog) {
        answeredCount += later.answeredCount
        guard let more = later.totalSpan else { return }
        guard let known = totalSpan else {
            (firstSequence, judged, totalSpan) = (later.firstSequence, later.judged, more)
            return
        }
        judged = 0..<(later.measuredNumbers.upperBound - firstSequence)
        totalSpan = min(known.lowerBound, more.lowerBound)...max(known.upperBound, more.upperBound)
    }
}

extension ReflexiveLog {
    /// What follows begins with the mapping that held at the cut.
    mutating func append(_ later: ReflexiveLog) {
        changes += later.changes
        for mapping in later.mappings where !mappings.contains(mapping) && mappings.count < Self.most {
            mappings.append(mapping)
        }
    }
}

extension RelayLog {
    /// What follows knows of all steps before it.
    mutating func append(_ later: RelayLog) {
        responses.merge(later.responses, uniquingKeysWith: +)
        if later.rateSteps.count > rateSteps.count { rateSteps = later.rateSteps }
    }
}
