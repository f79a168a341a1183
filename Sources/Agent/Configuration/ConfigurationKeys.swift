import Readiness

/// Every key that a configuration file can have.
public enum ConfigurationKeys {
    public static let file = [
        "site", "endpoints", "probe", "capture", "grading", "collector", "spool", "sinks", "schedules",
        "metrics", "microsoft", "audit", "assessments",
    ]
    public static let probe =
        ["duration", "interval", "payload", "codec", "dscp", "key_file", "clock_error"]
        + ["relay_interval", "control_port", "tcp_fallback"]
    public static let capture = ["interface"]
    /// A profile, and the metrics whose rules a site can have for itself.
    public static let grading = ["profile"] + Rule.Metric.allCases.map(\.rawValue)
    public static let microsoft = ["endpoints_file", "endpoints_url"]
    public static let rule = ["target", "limit", "statistic"]

    /// All that hold a value, as paths from the top of the file: `probe.duration`.
    public static var paths: [String] {
        let rules = Rule.Metric.allCases.flatMap { metric in rule.map { "grading.\(metric.rawValue).\($0)" } }
        return ["site", "endpoints"] + probe.map { "probe.\($0)" } + ["capture.interface", "grading.profile"] + rules
            + collector.map { "collector.\($0)" } + spool.map { "spool.\($0)" } + ["sinks", "schedules", "assessments"]
            + metrics.map { "metrics.\($0)" }
            + microsoft.map { "microsoft.\($0)" } + audit.map { "audit.\($0)" }
    }
}
