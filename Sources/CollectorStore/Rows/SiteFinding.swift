import Readiness
import Results
import Units

/// Something that checks of a site found.
public struct SiteFinding: Hashable, Sendable {
    public var code: String
    /// As in the latest result that has it; nil for one that this version does not know.
    public var severity: Finding.Severity?
    /// Whether the latest result of the agent that found it last has it.
    public var isCurrent: Bool
    /// When that agent's results began that have it without a gap up to ``latestAt``, as far back as results are kept.
    public var since: UTCTime
    /// The latest result that has it.
    public var latestAt: UTCTime
    public var latestID: String
    /// How many results since the moment asked for have it.
    public var results: Int
    /// As the latest result that has it says it; nil once that is kept no longer.
    public var summary: String?
    public var remedy: String?

    public init(
        code: String,
        severity: Finding.Severity? = nil,
        isCurrent: Bool,
        since: UTCTime,
        latestAt: UTCTime,
        latestID: String,
        results: Int,
        summary: String? = nil,
        remedy: String? = nil
    ) {
        self.code = code
        self.severity = severity
        self.isCurrent = isCurrent
        self.since = since
        self.latestAt = latestAt
        self.latestID = latestID
        self.results = results
        self.summary = summary
        self.remedy = remedy
    }
}
