import Units

/// One check as the agent has it made: by this same program in a process of its own, so that whatever becomes of a
/// check, its memory included, the agent goes on.
public struct CheckCall: Hashable, Sendable {
    public var configurationFile: String
    public var scheduled: ScheduledCheck

    public init(configurationFile: String, scheduled: ScheduledCheck) {
        self.configurationFile = configurationFile
        self.scheduled = scheduled
    }

    /// What follows the program's name.
    public var arguments: [String] {
        let schedule = scheduled.schedule
        var arguments = [
            "check", "--config", configurationFile, "--format", "json", "--quiet", "--trigger", "schedule",
        ]
        for endpoint in schedule.endpoints ?? [] { arguments += ["--endpoint", endpoint.description] }
        if let duration = schedule.probe.duration { arguments += ["--duration", "\(duration.count)ns"] }
        return arguments
    }

    /// A check that has not ended by then never will: what it measures, the search for its endpoints' names, and its
    /// questions afterwards.
    public var timeLimit: Nanoseconds {
        (scheduled.schedule.probe.duration ?? ProbeDefaults.duration) * 2 + .seconds(120)
    }
}
