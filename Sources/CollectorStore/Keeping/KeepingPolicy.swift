import Units

/// How long what is kept.
public struct KeepingPolicy: Hashable, Sendable {
    /// Results as they came, with their figures and findings, counted from when they came.
    public var raw: Nanoseconds
    /// Roll-ups of an hour; nil for ever.
    public var hourly: Nanoseconds?
    /// Roll-ups of a day; nil for ever.
    public var daily: Nanoseconds?
    /// Assessments; nil for ever.
    public var assessments: Nanoseconds?
    /// The most hours rolled up, and the most results dropped, in one call.
    public var hoursPerCall: Int
    public var resultsPerCall: Int

    public init(
        raw: Nanoseconds = .seconds(90 * 86_400),
        hourly: Nanoseconds? = nil,
        daily: Nanoseconds? = nil,
        assessments: Nanoseconds? = nil,
        hoursPerCall: Int = 1_000,
        resultsPerCall: Int = 2_000
    ) {
        self.raw = raw
        self.hourly = hourly
        self.daily = daily
        self.assessments = assessments
        self.hoursPerCall = hoursPerCall
        self.resultsPerCall = resultsPerCall
    }
}

/// What one call of ``ResultStore/maintain(now:policy:)`` did.
public struct KeepingReport: Hashable, Sendable {
    /// Hours of sites whose roll-ups were worked out.
    public var hoursRolledUp = 0
    public var resultsDropped = 0
    public var rollUpsDropped = 0
    public var assessmentsDropped = 0
    /// Whether another call now would do more.
    public var hasMore = false
    /// Whether another collector was at it, and this one did nothing.
    public var wasTaken = false

    public init() {}
}
