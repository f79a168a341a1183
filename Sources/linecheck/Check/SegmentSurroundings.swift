import Agent
import LinuxNet
import ProbeCore
import Readiness
import Units

/// What is watched beside the packets while one segment of a run without end lasts, from a little before its first
/// packet until it is judged.
struct SegmentSurroundings {
    let path: CheckPath
    let captures: CheckCaptures
}

/// Begins what is watched in time for each segment.
struct SurroundingsKeeper {
    private let targets: [Target]
    private let settings: CheckSettings
    private let streams: [CapturedStream]
    private let length: Nanoseconds
    private var nextCut: WallInstant
    /// Oldest first: of segments that are not judged yet.
    private var waiting: [SegmentSurroundings] = []

    private static let lead = Nanoseconds.milliseconds(500)

    init(
        _ targets: [Target],
        _ settings: CheckSettings,
        _ streams: [CapturedStream],
        _ plan: SegmentPlan,
        start: WallInstant
    ) throws {
        self.targets = targets
        self.settings = settings
        self.streams = streams
        length = plan.length
        nextCut = plan.firstCut(after: start)
        try begin()
    }

    private mutating func begin() throws {
        waiting.append(
            SegmentSurroundings(
                path: CheckPath(targets: targets, settings: settings),
                captures: try CheckCaptures(settings.capture, of: streams, mark: settings.dscp)
            )
        )
    }

    /// - Parameter now: on the run's own clock.
    mutating func look(_ now: WallInstant) throws {
        guard now >= nextCut - Self.lead else { return }
        try begin()
        nextCut = nextCut + length
    }

    /// Those of the oldest segment that is not judged yet.
    mutating func finish() -> (path: PathEvidence?, capture: CaptureOutcome) {
        guard !waiting.isEmpty else { return (nil, CaptureOutcome(evidence: .off, logs: [])) }
        let oldest = waiting.removeFirst()
        return (oldest.path.finish(), oldest.captures.finish())
    }
}
