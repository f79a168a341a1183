import Glibc
import ProbeCore
import Units
import Wire

/// A few probes to each of several destinations at once, and what came back: for questions that a check's own streams
/// leave open.
public struct ShortRun: Sendable {
    /// What one destination did.
    public struct Outcome: Sendable {
        public var sent: Int
        public var answered: Int
        /// Nil without an answer.
        public var medianRoundTrip: Nanoseconds?
    }

    public var streams: [StreamPlan]
    public var probesPerStream: Int
    public var interval: Nanoseconds
    /// How long the last answer may take.
    public var patience: Nanoseconds

    public init(
        streams: [StreamPlan],
        probesPerStream: Int = 8,
        interval: Nanoseconds = .milliseconds(200),
        patience: Nanoseconds = .seconds(1)
    ) {
        self.streams = streams
        self.probesPerStream = probesPerStream
        self.interval = interval
        self.patience = patience
    }

    /// Blocks until it is over; the outcomes stand in the order of the streams.
    public func run(errorEstimate: ErrorEstimate) throws -> [Outcome] {
        guard !streams.isEmpty else { return [] }
        let plan = ProbePlan(
            streams: streams,
            run: RunPlan(leadInRounds: 0, measuredRounds: probesPerStream, tailLimit: 0),
            interval: interval,
            replyTimeout: patience,
            errorEstimate: errorEstimate
        )
        let prober = try Prober(plan)
        var log = ObservationLog(intervals: streams.map { _ in interval }, replyTimeout: patience)
        try prober.start()
        while true {
            let ended = prober.isFinished
            prober.ring.drain { log.append($0) }
            if ended { break }
            usleep(20_000)
        }
        return log.streams.map { stream in
            let trips = stream.latestRoundTrips(probesPerStream).sorted()
            return Outcome(
                sent: stream.sentCount,
                answered: stream.answeredCount,
                medianRoundTrip: trips.isEmpty ? nil : trips[trips.count / 2]
            )
        }
    }
}
