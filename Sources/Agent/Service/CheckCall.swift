import Units

/// One check as the agent has it made: by this same program in a process of its own, so that whatever becomes of a
/// check, its memory included, the agent goes on.
public struct CheckCall: Hashable, Sendable {
    public var configurationFile: String
    public var scheduled: ScheduledCheck
    /// What the configuration says for all checks: the process reads it by itself, but how long it may take follows.
    public var base: ProbeSettings

    public init(configurationFile: String, scheduled: ScheduledCheck, base: ProbeSettings = .init()) {
        self.configurationFile = configurationFile
        self.scheduled = scheduled
        self.base = base
    }

    /// What follows the program's name.
    public var arguments: [String] {
        let schedule = scheduled.schedule
        var arguments = [
            "check", "--config", configurationFile, "--format", "json", "--quiet", "--trigger", "schedule",
        ]
        if schedule.isContinuous { arguments.append("--continuous") }
        for endpoint in schedule.endpoints ?? [] { arguments += ["--endpoint", endpoint.description] }
        return arguments + schedule.probe.arguments
    }

    /// A check that has not ended by then never will: what it measures, the search for its endpoints' names, and its
    /// questions afterwards.
    public var timeLimit: Nanoseconds {
        (scheduled.schedule.probe.overriding(base).duration ?? ProbeDefaults.duration) * 2 + .seconds(120)
    }
}

extension ProbeSettings {
    /// What is set here, as options of `linecheck check`.
    var arguments: [String] {
        func nanoseconds(_ length: Nanoseconds?) -> String? { length.map { "\($0.count)ns" } }
        let options = [
            ("--duration", nanoseconds(duration)), ("--interval", nanoseconds(interval)),
            ("--payload", payload.map(String.init)), ("--codec", codec?.rawValue),
            ("--dscp", dscp.map { String($0.value) }), ("--key-file", keyFile),
            ("--clock-error", nanoseconds(clockError)),
        ]
        return options.flatMap { name, value in value.map { [name, $0] } ?? [] }
    }
}
