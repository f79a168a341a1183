import Readiness
import Units

/// What an assessment has seen, which is what must survive a restart.
///
/// The same facts in whichever order, each once or more often, make the same state. What they come to is computed
/// anew every time, from the window and the rules as they are then.
public struct AssessmentState: Codable, Hashable, Sendable {
    /// The final document's, given when the assessment is begun: whenever that document is made, it is the same one.
    public let id: String
    /// As in ``AssessmentWindow/name``.
    public let name: String
    /// By the result's identifier.
    public private(set) var checks: [String: AssessmentCheckDocument] = [:]
    /// Why slots had no check, by schedule and by the slot's nanoseconds since 1970.
    public private(set) var missed: [String: [Int: String]] = [:]

    enum CodingKeys: String, CodingKey {
        case id, name, checks, missed
    }

    public init(id: ResultID, name: String) {
        self.id = id.description
        self.name = name
    }

    /// Whether it was new.
    @discardableResult
    public mutating func record(_ result: ResultDocument, slot: AssessmentSlot.ID?) -> Bool {
        record(AssessmentCheckDocument(result, slot: slot))
    }

    /// Whether it was new.
    @discardableResult
    public mutating func record(_ check: AssessmentCheckDocument) -> Bool {
        guard checks[check.id] == nil else { return false }
        checks[check.id] = check
        return true
    }

    /// A slot that has a check, before or after this is said, was not missed.
    public mutating func recordMissed(_ slot: AssessmentSlot.ID, reason: String) {
        let instant = Int(slot.at.nanosecondsSinceUnixEpoch)
        // Of two reasons the same one stays in whichever order they are told.
        let reason = min(reason, missed[slot.schedule]?[instant] ?? reason)
        missed[slot.schedule, default: [:]][instant] = reason
    }

    /// What it comes to, or has come to so far.
    public func assessment(of window: AssessmentWindow, rules: AssessmentRules, now: WallInstant) -> Assessment {
        var reasons: [AssessmentSlot.ID: String] = [:]
        for (schedule, slots) in missed {
            for (instant, reason) in slots {
                let at = WallInstant(nanosecondsSinceUnixEpoch: Int64(instant))
                reasons[AssessmentSlot.ID(schedule: schedule, at: at)] = reason
            }
        }
        return Assessment(of: window, rules: rules, checks: checks.values.map(\.assessed), missed: reasons, now: now)
    }
}
