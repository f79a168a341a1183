import Results
import Units

/// The checks that count in one assessment, each once: all that has to survive a restart.
///
/// A set: the order in which checks are added, and how often, makes no difference. Kept as one line of JSON for each,
/// a check is added for good by appending its line; a line that was cut off by a crash is passed over, and the check
/// added again from its result.
public struct AssessmentChecks: Hashable, Sendable {
    public private(set) var byID: [String: CheckSummary] = [:]

    public init() {}

    /// - Returns: whether it was not there before.
    @discardableResult
    public mutating func add(_ check: CheckSummary) -> Bool {
        guard byID[check.id] == nil else { return false }
        byID[check.id] = check
        return true
    }

    /// Those of slots after `moment` were made by a clock that was wrong.
    mutating func forget(after moment: WallInstant) {
        byID = byID.filter { $0.value.slotAt.instant <= moment }
    }

    /// In the order of their slots.
    public var inOrder: [CheckSummary] { byID.values.sorted { ($0.slotAt, $0.id) < ($1.slotAt, $1.id) } }
}

extension AssessmentChecks: Codable {
    public init(from decoder: any Decoder) throws {
        for check in try decoder.singleValueContainer().decode([CheckSummary].self) { add(check) }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(inOrder)
    }
}
