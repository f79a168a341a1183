import ProbeCore
import Statistics
import Units

/// One endpoint's evidence from part to part of a run, in room that does not grow with its packets.
public struct EndpointEvidenceDigest: Sendable {
    fileprivate struct Marks: Sendable {
        var farEnd: [DSCP: Int]?
        var returned: [DSCP: Int] = [:]
        var trail = MarkTrail()
    }

    private var statistics = EndpointDigest()
    private var marks: [Marks] = []
    private var sendDelays = TimeHistogram()
    private var replies = 0

    public init() {}

    /// Takes the next part of the run; the same streams each time.
    ///
    /// - Parameters:
    ///   - clock: this host's as it claimed to be when the run began, with its steps up to the end of the part.
    ///   - steps: of these, those during the part.
    public mutating func add(_ endpoint: EndpointLogs, clock: LocalClock, steps: [ClockStep]) {
        let logs = endpoint.logs
        statistics.add(
            ports: endpoint.ports.map { $0.logs.map { $0.observation() } },
            claims: ClockClaims(logs, localClock: clock),
            timestamps: TimestampQuality(logs),
            reflectorIsStateful: logs.contains(where: \.showsStatefulReflector),
            localStep: steps.reduce(.zero) { $0 + $1.by.magnitude }
        )
        if marks.isEmpty { marks = endpoint.ports.map { _ in Marks() } }
        for (index, port) in endpoint.ports.enumerated() { marks[index].add(port.logs) }
        for log in logs {
            let told = log.measuredSendDelays
            replies += told.replies
            for delay in told.delays { sendDelays.add(delay) }
        }
    }

    /// - Parameter totals: what the endpoint's streams counted in the whole run, without their packets.
    public func evidence(totals: EndpointLogs, clock: LocalClock, errorText: (Int32) -> String) -> EndpointEvidence {
        let statistics = statistics.statistics
        let ports = zip(zip(totals.ports, marks), statistics.streams).map { part, statistics in
            var port = PortEvidence(
                part.0,
                statistics: statistics,
                farEndDSCP: part.1.farEnd,
                returnDSCP: part.1.returned,
                errorText: errorText
            )
            port.trail = part.1.trail
            return port
        }
        return EndpointEvidence(
            name: totals.name,
            address: totals.address,
            ports: ports,
            statistics: statistics,
            authenticated: totals.authenticated,
            farClockError: ClockClaims(totals.logs, localClock: clock).farError,
            sendTimeCorrection: SendTimeCorrection(sendDelays, of: replies)
        )
    }
}

extension EndpointEvidenceDigest.Marks {
    fileprivate mutating func add(_ logs: [StreamLog]) {
        let counts = logs.map { $0.markCounts() }
        let farEnd = counts.compactMap(\.farEnd)
        if !farEnd.isEmpty { self.farEnd = [self.farEnd ?? [:], farEnd.summed()].summed() }
        returned = [returned, counts.map(\.returned).summed()].summed()
        trail.append(MarkTrail(logs))
    }
}

extension SendTimeCorrection {
    /// Nil where no reply's send time was replaced.
    fileprivate init?(_ delays: TimeHistogram, of replies: Int) {
        guard let maximum = delays.maximum, let median = delays.percentile(50) else { return nil }
        self.init(corrected: delays.count, replies: replies, median: median.value, maximum: maximum)
    }
}

/// How well the probe worked, from part to part of a run.
public struct ProbeQualityDigest: Sendable {
    private var lateness = TimeHistogram()
    private var timestamps = (of: 0, have: 0)

    public init() {}

    public mutating func add(_ logs: [StreamLog]) {
        for log in logs {
            for late in log.measuredLateness { lateness.add(late) }
            let kernel = log.kernelTimestamps
            timestamps.of += kernel.of
            timestamps.have += kernel.have
        }
    }

    /// Percentiles are right to within 1/1,024 of themselves.
    ///
    /// - Parameter totals: what the run's streams counted, without their packets.
    public func quality(totals: [StreamLog], socketDrops: Int) -> ProbeQuality {
        func percentile(_ share: Double) -> Nanoseconds {
            let rank = min(lateness.count, Int(share * Double(lateness.count)) + 1)
            return lateness.reading(atRank: rank)?.value ?? .zero
        }
        return ProbeQuality(
            sendErrorMedian: percentile(0.5),
            sendErrorP99: percentile(0.99),
            sendErrorMaximum: lateness.maximum ?? .zero,
            missedSends: totals.reduce(0) { $0 + $1.missed } + totals.sendsRefusedByHost,
            kernelTimestampsRatio: timestamps.of == 0 ? 0 : Double(timestamps.have) / Double(timestamps.of),
            socketDrops: socketDrops
        )
    }
}
