import Agent
import Glibc
import LinuxNet
import ProbeCore
import Readiness
import Report
import Results
import Units
import Wire

/// A check without an end: its streams never stop, and each piece of it, a minute if nothing else is said, is judged
/// like a check of its own while they go on.
///
/// The probe thread fills its ring as in any check. This thread empties it, cuts the log (``SegmentCutter``) and hands
/// each segment to the ``SegmentJudge``, whose thread analyses, grades and writes. Of the questions that follow any
/// other check it asks only why a port was silent, while the streams go on: at the most four series of eight packets for
/// each such port.
struct ContinuousRun {
    private let settings: CheckSettings
    private let format: CheckCommand.Format
    private var progress: Progress
    private let clock = SystemClock()

    init(_ settings: CheckSettings, format: CheckCommand.Format, progress: Progress) {
        self.settings = settings
        self.format = format
        self.progress = progress
    }

    /// Until it is interrupted (SIGINT, SIGTERM, SIGHUP), or nobody reads what it writes any more.
    ///
    /// - Returns: the worst grade; nil where nothing was judged.
    mutating func run() throws -> Grade? {
        let signals = try systemCall { () throws(SystemError) in try Signals([SIGINT, SIGTERM, SIGHUP]) }
        DescriptorLimit.raise()
        let targets = try settings.endpoints.map(Target.init)
        let load = Load(targets: targets, calls: settings.calls, duration: settings.duration)
        let claim = LocalClock.now(operatorError: settings.clockError)
        let measurement = MeasurementRun(settings: settings, load: load, errorEstimate: claim.errorEstimate)
        let prober = try measurement.makeProber(measuredRounds: RunPlan.endless)
        let judge = makeJudge(load, claim.errorEstimate)
        progress.start(
            "measuring until interrupted, judged every \(settings.duration.text), to \(load.described(settings))"
        )
        var pieces = try RunPieces(settings, load, measurement, prober)
        try systemCall { () throws(SystemError) in try prober.start() }
        try watch(&pieces, signals, judge)
        progress.end()
        return judge.finish()
    }

    private func makeJudge(_ load: Load, _ errorEstimate: ErrorEstimate) -> SegmentJudge {
        let (settings, format) = (settings, format)
        let run = ResultID(at: clock.wall()).description
        return SegmentJudge { segment in
            var load = load
            load.duration = segment.intended
            let assembly = EvidenceAssembly(settings: settings, load: load, localClock: segment.clock)
            var document = assembly.document(
                segment.measurement,
                path: segment.path,
                search: nil,
                followUp: segment.isFollowed
                    ? FollowUp.ofPorts(settings, load, segment.measurement, errorEstimate) : FollowUp(load)
            )
            document.continuous = ContinuousDocument(run: run, segment: segment.number)
            Self.write(document, format)
            return document.grade
        }
    }

    private static func write(_ document: ResultDocument, _ format: CheckCommand.Format) {
        switch format {
        case .text:
            let color = Terminal.wantsColor(STDOUT_FILENO)
            if Terminal.standardErrorIsTerminal { Terminal.write("\r\u{1b}[K") }
            let line = MinuteLine.render(document, style: TextStyle(color: color), localOffset: Terminal.secondsFromUTC)
            Terminal.write(line + "\n", to: STDOUT_FILENO)
        // A page a minute is nothing to read: the command refuses it.
        case .json, .html:
            if let line = try? document.encodedLine() { Terminal.write(line, to: STDOUT_FILENO) }
        }
    }

    /// Empties the ring until the run has ended, and hands over what is complete.
    private mutating func watch(
        _ pieces: inout RunPieces,
        _ signals: borrowing Signals,
        _ judge: SegmentJudge
    ) throws {
        var interruptions = 0
        while true {
            let ended = pieces.prober.isFinished
            let now = pieces.origin.wall(at: clock.monotonic())
            let complete = try pieces.look(now)
            try MeasurementRun.requireAllRecords(pieces.prober)
            for segment in complete { handOver(segment, to: judge) }
            if ended { break }
            if signals.next(within: .milliseconds(100)) != nil {
                interruptions += 1
                if interruptions == 1 {
                    progress.note("interrupted: waiting for the last replies; again to stop at once")
                    pieces.prober.stop()
                } else {
                    pieces.prober.abandon()
                }
            } else if Terminal.isAbandoned(STDOUT_FILENO) {
                pieces.prober.abandon()
            }
            show(pieces, now)
        }
        for var segment in pieces.last() {
            // Nobody wants to wait now.
            segment.isFollowed = false
            handOver(segment, to: judge)
        }
    }

    private func handOver(_ segment: ClosedSegment, to judge: SegmentJudge) {
        guard !judge.take(segment) else { return }
        let start = UTCTime(segment.measurement.startedAt).text
        Terminal.error("this host cannot keep up: the packets from \(start) on were not judged")
    }

    private mutating func show(_ pieces: RunPieces, _ now: WallInstant) {
        guard Terminal.standardErrorIsTerminal, progress.isDue(at: clock.monotonic()) else { return }
        progress.show(
            pieces.log.runningFigures(at: now, elapsed: now - pieces.segmentStart, total: settings.duration)
        )
    }
}
