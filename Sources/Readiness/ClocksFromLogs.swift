import ProbeCore
import Statistics
import Units

extension LocalClock {
    /// The clock as it turned out during a run: one that was stepped was not as right as it claimed to be.
    public func during(_ log: ObservationLog) -> LocalClock {
        var clock = self
        clock.steps = log.localClockSteps.map { ClockStep(at: $0.at, by: $0.by) }
        return clock
    }
}

extension ClockClaims {
    /// What both hosts claimed while one endpoint was measured.
    ///
    /// This host's claim was made at the start; a step shows by how much it was wrong. The far end's is the greatest
    /// error that it owned to, and counts only where it claimed one on every stream that it answered.
    public init(_ logs: [StreamLog], localClock: LocalClock) {
        let stepped = localClock.steps.reduce(Nanoseconds.zero) { $0 + $1.by.magnitude }
        let answered = logs.filter { $0.answeredCount > 0 }
        let far = answered.compactMap(\.farClockError)
        self.init(
            localError: localClock.synchronized ? localClock.maximumError.map { $0 + stepped } : nil,
            farError: far.count == answered.count ? far.max() : nil
        )
    }
}

extension TimestampQuality {
    /// How far a timestamp may be from the moment that the packet passed the network interface.
    ///
    /// Kernel timestamps are taken within the network stack: 20 µs stand for the way through it. Times read in a
    /// process are as late as its scheduling; nobody measures by how much, so 1 ms is allowed for here, and for a
    /// far end that does not send Follow-Up Telemetry 100 µs, which is the time of one busy batch.
    public init(_ logs: [StreamLog]) {
        let kernel = logs.reduce((of: 0, have: 0)) { sum, log in
            let next = log.kernelTimestamps
            return (sum.of + next.of, sum.have + next.have)
        }
        let replies = logs.reduce(0) { $0 + $1.replyCount }
        let followUps = logs.reduce(0) { $0 + $1.farSendDelays.count }
        self.init(
            local: Double(kernel.have) >= 0.99 * Double(kernel.of) ? .microseconds(20) : .milliseconds(1),
            far: Double(followUps) >= 0.9 * Double(replies) ? .microseconds(20) : .microseconds(100)
        )
    }
}
