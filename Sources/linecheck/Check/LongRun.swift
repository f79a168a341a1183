import Agent
import LinuxNet
import ProbeCore
import Readiness
import Report
import Synchronization
import Units

/// A check that is too long for its packets to be kept until its end: they are judged part by part while it goes on,
/// and its result is put together from the parts.
///
/// What it needs of memory depends on the number of its streams, not on how long it is.
struct LongRun {
    /// What is judged as a whole, however long it takes: as many packets as half an hour of four streams has, 20 ms
    /// apart.
    static let mostKept = 360_000
    /// How long a part is, the less the more streams there are.
    private static let lengths = Nanoseconds.seconds(60)...Nanoseconds.seconds(300)

    private let settings: CheckSettings
    private let assembly: EvidenceAssembly
    private let measurement: MeasurementRun
    private let length: Nanoseconds
    private let clock = SystemClock()

    /// Nil where all packets may be kept.
    init?(_ settings: CheckSettings, _ load: Load, _ localClock: LocalClock, _ measurement: MeasurementRun) {
        let perSecond = measurement.packetsPerSecond
        guard let length = settings.parts ?? Self.length(load.duration, packetsPerSecond: perSecond) else { return nil }
        self.settings = settings
        self.measurement = measurement
        self.length = length
        assembly = EvidenceAssembly(settings: settings, load: load, localClock: localClock)
    }

    /// How long the parts of a check are; nil where it is judged as a whole.
    static func length(_ duration: Nanoseconds, packetsPerSecond: Double) -> Nanoseconds? {
        guard duration.seconds * packetsPerSecond > Double(mostKept), duration >= lengths.lowerBound * 2 else {
            return nil
        }
        let fitting = Nanoseconds.seconds(rounding: Double(mostKept) / 4 / packetsPerSecond)
        // Cuts at full minutes.
        let minutes = min(max(fitting, lengths.lowerBound), lengths.upperBound) / 60_000_000_000
        return .seconds(60) * minutes.count
    }

    /// Long enough for J to have forgotten all before it, in every stream.
    private var plan: SegmentPlan {
        let slowest = measurement.emptyLog().streams.map(\.interval).max() ?? .zero
        return SegmentPlan(
            length: length,
            memory: min(SegmentPlan.defaultMemory, max(SegmentPlan.shortestContext, slowest * 600))
        )
    }

    /// Runs to the end; an interruption (SIGINT, SIGTERM, SIGHUP) shortens it, a second one ends it at once.
    func run(_ signals: borrowing Signals, progress: inout Progress) throws -> Measurement {
        let load = assembly.load
        let prober = try measurement.makeProber(
            measuredRounds: Int(load.duration.count / measurement.pace.interval.count)
        )
        var pieces = try RunPieces(settings, load, measurement, prober, of: .oneCheck(plan))
        let desk = DigestDesk(CheckDigest(assembly))
        let judge = SegmentJudge { segment in
            desk.digest.withLock { $0.add(segment.measurement) }
            return nil
        }
        try systemCall { () throws(SystemError) in try prober.start() }
        let interruptions = try watch(&pieces, signals, judge, &progress)
        for segment in pieces.last() { try handOver(segment, to: judge) }
        _ = judge.finish()
        let digest = desk.digest.withLock { $0 }
        return Measurement(
            log: digest.totals,
            outcome: prober.outcome,
            startedAt: prober.origin.wall,
            endedAt: clock.wall(),
            wasInterrupted: interruptions > 0,
            origin: prober.origin,
            localAddresses: prober.localAddresses,
            keptReplies: prober.keptReplies,
            capture: CaptureOutcome(evidence: .off, logs: []),
            digest: digest
        )
    }

    /// Empties the ring until the run has ended, and hands over what is complete; gives how often it was interrupted.
    private func watch(
        _ pieces: inout RunPieces,
        _ signals: borrowing Signals,
        _ judge: SegmentJudge,
        _ progress: inout Progress
    ) throws -> Int {
        var interruptions = 0
        while true {
            let ended = pieces.prober.isFinished
            let now = pieces.origin.wall(at: clock.monotonic())
            for segment in try pieces.look(now) { try handOver(segment, to: judge) }
            try MeasurementRun.requireAllRecords(pieces.prober)
            if ended { break }
            if signals.next(within: .milliseconds(100)) != nil {
                interruptions += 1
                MeasurementRun.interrupt(pieces.prober, interruptions, &progress)
            }
            guard progress.isDue(at: clock.monotonic()) else { continue }
            progress.show(
                pieces.log.runningFigures(
                    at: now,
                    elapsed: now - pieces.origin.wall,
                    total: assembly.load.duration
                )
            )
        }
        progress.end()
        return interruptions
    }

    /// A result with a part missing would be none.
    private func handOver(_ segment: ClosedSegment, to judge: SegmentJudge) throws {
        guard !judge.take(segment) else { return }
        throw CommandFailure(
            status: ExitStatus.system,
            message: "this host was too busy to judge the measurement while it went on; check again from a machine "
                + "with an idle processor, or with fewer streams"
        )
    }
}

/// What the judging thread and the one that empties the ring share.
private final class DigestDesk: Sendable {
    let digest: Mutex<CheckDigest>

    init(_ digest: CheckDigest) { self.digest = Mutex(digest) }
}
