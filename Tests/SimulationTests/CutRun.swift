import ProbeCore
import Readiness
import SimulatedNetwork
import Statistics
import Units

/// A simulated check judged twice: as a whole, and cut into segments while its records came.
struct CutRun {
    let whole: CheckedRun
    let segments: [LogSegment]
    /// One for each segment, of the run's one endpoint.
    let parts: [EndpointStatistics]
    /// The segments put together by the product, as those of a check too long to be kept whole.
    let digested: CheckedRun

    init(_ scenario: Scenario, _ plan: SegmentPlan) throws {
        var check = try SimulatedCheck(scenario)
        var cutting = Cutting(scenario, plan, start: check.origin.wall)
        let outcome = check.run { cutting.take($0) }
        whole = try CheckedRun(scenario, outcome)
        segments = cutting.finish()
        digested = try CheckedRun(scenario, outcome, segments: segments)
        parts = segments.map { CheckedRun.statistics($0.log, scenario) }
    }
}

/// Cuts a run's records into segments as they come.
struct Cutting {
    private(set) var log: ObservationLog
    private var cutter: SegmentCutter
    private(set) var segments: [LogSegment] = []
    private var now: WallInstant
    /// What becomes of a segment that is complete; nil keeps it.
    var judge: ((LogSegment) -> Void)?

    init(_ scenario: Scenario, _ plan: SegmentPlan, start: WallInstant) {
        log = ObservationLog(
            streams: scenario.streams,
            interval: scenario.interval,
            replyTimeout: SimulatedCheck.replyTimeout
        )
        cutter = SegmentCutter(plan, start: start, replyTimeout: SimulatedCheck.replyTimeout)
        now = start
    }

    mutating func take(_ record: PacketRecord) {
        log.append(record)
        guard record.kind == .sent else { return }
        now = max(now, WallInstant(nanosecondsSinceUnixEpoch: record.at))
        while let segment = cutter.next(&log, now: now) { keep(segment) }
    }

    mutating func finish() -> [LogSegment] {
        for segment in cutter.last(&log, at: now) { keep(segment) }
        return segments
    }

    private mutating func keep(_ segment: LogSegment) {
        if let judge { judge(segment) } else { segments.append(segment) }
    }
}
