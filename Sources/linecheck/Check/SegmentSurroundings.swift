import Agent
import LinuxNet
import ProbeCore
import Readiness
import Units

/// What is watched beside the packets while one segment of a run without end lasts, from a little before its first
/// packet until it is judged.
struct SegmentSurroundings {
    /// Nil where the path is watched for the whole run.
    let path: CheckPath?
    /// Nil where they could not be begun, for this reason.
    let captures: CheckCaptures?
    let failure: String?
}

/// Begins what is watched in time for each segment.
struct SurroundingsKeeper {
    private let targets: [Target]
    private let settings: CheckSettings
    private let streams: [CapturedStream]
    private let length: Nanoseconds
    private let watchesPath: Bool
    private var nextCut: WallInstant
    /// Oldest first: of segments that are not judged yet.
    private var waiting: [SegmentSurroundings] = []

    private static let lead = Nanoseconds.milliseconds(500)

    init(
        _ targets: [Target],
        _ settings: CheckSettings,
        _ streams: [CapturedStream],
        _ plan: SegmentPlan,
        start: WallInstant,
        watchesPath: Bool = true
    ) throws {
        self.targets = targets
        self.settings = settings
        self.streams = streams
        self.watchesPath = watchesPath
        length = plan.length
        nextCut = plan.firstCut(after: start)
        try begin()
    }

    private mutating func begin() throws {
        waiting.append(
            SegmentSurroundings(
                path: watchesPath ? CheckPath(targets: targets, settings: settings) : nil,
                captures: try CheckCaptures(settings.capture, of: streams, mark: settings.dscp),
                failure: nil
            )
        )
    }

    /// - Parameter now: on the run's own clock.
    mutating func look(_ now: WallInstant) throws {
        guard now >= nextCut - Self.lead else { return }
        do {
            try begin()
        } catch  where !watchesPath {
            // An interface that went away for a while is no reason to give up a check of hours.
            waiting.append(SegmentSurroundings(path: nil, captures: nil, failure: "\(error)"))
        }
        nextCut = nextCut + length
    }

    /// Those of the oldest segment that is not judged yet.
    mutating func finish() -> (path: PathEvidence?, capture: CaptureOutcome) {
        guard !waiting.isEmpty else { return (nil, CaptureOutcome(evidence: .off, logs: [])) }
        let oldest = waiting.removeFirst()
        let unavailable = CaptureEvidence.unavailable(
            reason: oldest.failure ?? "the capture could not be begun",
            remedy: "Capture on an interface that stays, or name none."
        )
        let captured = oldest.captures?.finish() ?? CaptureOutcome(evidence: unavailable, logs: [])
        return (oldest.path?.finish(), captured)
    }
}
