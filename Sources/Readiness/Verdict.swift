import Units

/// A grade, for one criterion or for a site. Ordered from best to worst, as a site's grade is its worst criterion.
public enum Grade: String, Hashable, Sendable, CaseIterable {
    case ready
    case inconclusive
    case atRisk = "at_risk"
    case notReady = "not_ready"
}
