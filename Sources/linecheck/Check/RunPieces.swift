import Agent
import LinuxNet
import ProbeCore
import Readiness
import Units

/// The pieces of a run without end as they become complete.
struct RunPieces {
    let prober: Prober
    let origin: ClockReading
    private(set) var log: ObservationLog
    private let settings: CheckSettings
    private let interval: Nanoseconds
    private var cutter: SegmentCutter
    private var surroundings: SurroundingsKeeper
    private var dropsBefore = 0

    init(_ settings: CheckSettings, _ load: Load, _ run: MeasurementRun, _ prober: Prober) throws {
        let plan = SegmentPlan(length: settings.duration)
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
            start: origin.wall
        )
    }

    /// When the piece that now grows began.
    var segmentStart: WallInstant { max(origin.wall, cutter.nextCut - settings.duration) }

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
        let planned = settings.duration
        return cutter.last(&log, at: end).compactMap { segment in
            close(segment, intended: segment.end < end ? segment.duration : max(planned, segment.duration))
        }
    }

    /// Nil where nothing was measured: this host slept, say.
    private mutating func close(_ segment: LogSegment, intended: Nanoseconds) -> ClosedSegment? {
        let (path, capture) = surroundings.finish()
        let drops = prober.socketDrops
        defer { dropsBefore = drops }
        guard segment.measuredPackets > 1 else { return nil }
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
