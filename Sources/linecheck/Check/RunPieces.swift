import Agent
import LinuxNet
import ProbeCore
import Readiness
import Units

/// The pieces of a run as they become complete.
struct RunPieces {
    /// What the pieces are to be.
    enum Purpose {
        /// Results of their own, of a run without an end: each with the path as it was.
        case results
        /// Parts of one check, which looks at the path itself: those in which nothing was sent are among them.
        case oneCheck(SegmentPlan)
    }

    let prober: Prober
    let origin: ClockReading
    private(set) var log: ObservationLog
    private let settings: CheckSettings
    private let interval: Nanoseconds
    private let length: Nanoseconds
    private let areResults: Bool
    private var cutter: SegmentCutter
    private var surroundings: SurroundingsKeeper
    private var dropsBefore = 0

    init(
        _ settings: CheckSettings,
        _ load: Load,
        _ run: MeasurementRun,
        _ prober: Prober,
        of purpose: Purpose = .results
    ) throws {
        let plan: SegmentPlan
        switch purpose {
        case .results: (plan, areResults) = (SegmentPlan(length: settings.duration), true)
        case .oneCheck(let parts): (plan, areResults) = (parts, false)
        }
        length = plan.length
        self.settings = settings
        self.prober = prober
        origin = prober.origin
        interval = run.pace.interval
        log = run.emptyLog()
        cutter = SegmentCutter(plan, start: origin.wall, replyTimeout: ProbeDefaults.replyTimeout)
        surroundings = try SurroundingsKeeper(
            load.targets,
            settings,
            run.capturedStreams(prober),
            plan,
            start: origin.wall,
            watchesPath: areResults
        )
    }

    /// When the piece that now grows began.
    var segmentStart: WallInstant { max(origin.wall, cutter.nextCut - length) }

    /// Takes what the ring holds; gives the pieces that are complete with it.
    ///
    /// - Parameter now: on the run's own clock.
    mutating func look(_ now: WallInstant) throws -> [ClosedSegment] {
        prober.ring.drain { log.append($0) }
        try surroundings.look(now)
        var complete: [ClosedSegment] = []
        while let segment = cutter.next(&log, now: now) {
            if let closed = close(segment, intended: segment.duration) { complete.append(closed) }
        }
        return complete
    }

    /// What is left once the run has ended.
    mutating func last() -> [ClosedSegment] {
        let end = log.streams.compactMap(\.lastMeasuredAt).max().map { $0 + interval } ?? origin.wall
        let rest = areResults ? cutter.last(&log, at: end) : cutter.rest(of: &log, at: end)
        return rest.compactMap { segment in
            close(segment, intended: segment.end < end ? segment.duration : max(length, segment.duration))
        }
    }

    /// Nil where nothing was measured: this host slept, say.
    private mutating func close(_ segment: LogSegment, intended: Nanoseconds) -> ClosedSegment? {
        let (path, capture) = surroundings.finish()
        let drops = prober.socketDrops
        defer { dropsBefore = drops }
        guard segment.measuredPackets > 1 || !areResults else { return nil }
        let measurement = Measurement(
            log: segment.log,
            outcome: ProbeOutcome(
                measuredRounds: Int(segment.duration.count / interval.count),
                socketDrops: drops - dropsBefore
            ),
            startedAt: segment.start,
            endedAt: segment.end,
            wasInterrupted: false,
            origin: origin,
            localAddresses: prober.localAddresses,
            keptReplies: Array(repeating: nil, count: log.streams.count),
            capture: capture
        )
        return ClosedSegment(
            number: segment.number,
            measurement: measurement,
            path: path,
            clock: LocalClock.now(operatorError: settings.clockError),
            intended: intended
        )
    }
}
