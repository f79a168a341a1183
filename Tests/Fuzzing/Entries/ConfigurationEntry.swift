import Agent
import Readiness
import Settings
import Units
import Wire

/// Every text that a person writes, read as each thing that it could be: a configuration file, a key file, and the
/// arguments and values in them. An input is the text.
enum ConfigurationEntry {
    static func run(_ octets: [UInt8]) throws(BrokenInvariant) {
        let text = String(decoding: octets, as: UTF8.self)
        try readConfiguration(text)
        try readKey(text)
        try readEndpoint(text)
        try readPorts(text)
        try readDuration(text)
        try readSettings(text)
    }

    private static func readConfiguration(_ text: String) throws(BrokenInvariant) {
        do {
            try check(Configuration(yaml: text, file: "linecheck.yaml"))
        } catch let error as ConfigurationError {
            try require(!error.faults.isEmpty, "a configuration is refused for a reason")
            for fault in error.faults {
                try require(!fault.message.isEmpty, "a fault says what is wrong")
                try require((fault.line ?? 1) >= 1, "lines are counted from 1")
            }
        } catch let broken as BrokenInvariant {
            throw broken
        } catch {
            throw BrokenInvariant("a configuration is refused as such, not by \(error)")
        }
    }

    private static func check(_ configuration: Configuration) throws(BrokenInvariant) {
        try require(Set(configuration.endpoints).count == configuration.endpoints.count, "no endpoint stands twice")
        for rule in configuration.profile.rules {
            try require(rule.refusal == nil, "an accepted rule can be judged: \(rule)")
        }
        try checkAgent(configuration)
        let probe = configuration.probe
        try require(probe.duration.map(ProbeDefaults.durations.contains) ?? true, "the duration is in its bounds")
        try require(probe.interval.map(ProbeDefaults.intervals.contains) ?? true, "the interval is in its bounds")
        try require(probe.payload.map(ProbeDefaults.payloads.contains) ?? true, "the payload is in its bounds")
        try require(probe.clockError.map(ProbeDefaults.clockErrors.contains) ?? true, "the error is in its bounds")
        try require(probe.payload == nil || probe.codec == nil, "the size is said once")
        try require(probe.overriding(ProbeSettings()) == probe, "settings override none")
        try require(ProbeSettings().overriding(probe) == probe, "no settings override none")
    }

    private static func checkAgent(_ configuration: Configuration) throws(BrokenInvariant) {
        let names = configuration.schedules.map(\.name)
        try require(Set(names).count == names.count, "no schedule stands twice")
        for schedule in configuration.schedules {
            try require(
                schedule.isContinuous || schedule.shortestGap >= configuration.checkLength(of: schedule),
                "a check fits between two of '\(schedule.name)'"
            )
            try require(
                configuration.endpoints(of: schedule).allSatisfy(configuration.endpoints.contains),
                "a schedule measures against endpoints of the file"
            )
        }
        for plan in configuration.assessments {
            try require(AssessmentPlan.lengths.contains(plan.until - plan.from), "an assessment's length is in bounds")
            try require((plan.schedules ?? names).allSatisfy(names.contains), "an assessment's schedules are there")
            try require((0...1).contains(plan.rules.coverage), "a share is within 0 and 1")
        }
    }

    private static func readKey(_ text: String) throws(BrokenInvariant) {
        do {
            let key = try StampKey(text: text)
            try require("\(key)" == "StampKey(redacted)", "a key does not print")
        } catch let refusal as TextRefusal {
            let digits = text.filter(\.isHexDigit)
            let isShown = digits.count >= 32 && refusal.description.contains(digits.prefix(16))
            try require(!isShown, "a refusal does not show a key")
        } catch {
            throw BrokenInvariant("\(error)")
        }
    }

    private static func readEndpoint(_ text: String) throws(BrokenInvariant) {
        guard let endpoint = try? Endpoint(text) else { return }
        try require((try? Endpoint(endpoint.description)) == endpoint, "'\(endpoint)' reads back as the same endpoint")
    }

    private static func readPorts(_ text: String) throws(BrokenInvariant) {
        guard let ports = try? PortSet(text) else { return }
        try require((try? PortSet(ports.description)) == ports, "'\(ports)' reads back as the same ports")
        try require((1...PortSet.maximumCount).contains(ports.ports.count), "there are 1 to 64 ports")
        try require(Set(ports.ports).count == ports.ports.count, "each port stands once")
        try require(!ports.ports.contains(0), "no port is 0")
    }

    private static func readDuration(_ text: String) throws(BrokenInvariant) {
        guard let duration = try? Nanoseconds(text: text) else { return }
        try require(duration >= .zero && duration < .maximum, "a duration is neither negative nor saturated")
        let written = try? Nanoseconds(text: duration.text)
        let error = written.map { ($0 - duration).magnitude.seconds } ?? .infinity
        try require(error <= duration.seconds / 200, "\(duration.count) ns reads back from '\(duration.text)'")
    }

    private static func readSettings(_ text: String) throws(BrokenInvariant) {
        if let ratio = try? SettingText.ratio(text) {
            try require((0...1).contains(ratio), "a share is within 0 and 1, not \(ratio)")
        }
        if let payload = try? SettingText.integer(text, within: ProbeDefaults.payloads) {
            try require(ProbeDefaults.payloads.contains(payload), "a whole number is in its bounds")
        }
        if let site = try? SettingText.site(text) {
            try require(!site.isEmpty && site.count <= 200, "a site's name is neither empty nor endless")
        }
        _ = try? SettingText.dscp(text)
        _ = try? SettingText.codec(text)
    }
}
