import Readiness
import Units

/// What an assessment keeps of one check, as it is stored.
public struct AssessmentCheckDocument: Codable, Hashable, Sendable {
    /// The result's.
    public var id: String
    public var startedAt: UTCTime
    /// The slot that asked for it; absent where no schedule did.
    public var slot: AssessmentSlotDocument?
    public var grade: Grade
    public var criteria: [AssessmentCriterionDocument]
    public var ports: [AssessmentPortDocument]

    enum CodingKeys: String, CodingKey {
        case id, slot, grade, criteria, ports
        case startedAt = "started_at"
    }
}

/// Which schedule, and when to the nanosecond, since that tells slots apart.
public struct AssessmentSlotDocument: Codable, Hashable, Sendable {
    public var schedule: String
    /// Nanoseconds since 1970-01-01 00:00:00 UTC.
    public var at: Int64

    public init(_ slot: AssessmentSlot.ID) {
        schedule = slot.schedule
        at = slot.at.nanosecondsSinceUnixEpoch
    }

    public var slot: AssessmentSlot.ID {
        AssessmentSlot.ID(schedule: schedule, at: WallInstant(nanosecondsSinceUnixEpoch: at))
    }
}

/// A criterion without what only its own result needs.
public struct AssessmentCriterionDocument: Codable, Hashable, Sendable {
    public var name: String
    public var statistic: String
    public var endpoint: String
    public var port: UInt16?
    public var direction: String?
    public var value: Double?
    public var unit: String
    public var target: Double?
    public var limit: Double?
    public var grade: Grade
}

/// One port's reachability.
public struct AssessmentPortDocument: Codable, Hashable, Sendable {
    public var endpoint: String
    public var port: UInt16
    public var grade: Grade
}

extension AssessmentCheckDocument {
    /// - Parameter slot: The slot that asked for the check; nil where no schedule did.
    public init(_ result: ResultDocument, slot: AssessmentSlot.ID?) {
        let reachability = Criterion.Name.reachability.rawValue
        // Where a port is well its grade says all.
        let telling = result.criteria.filter { $0.name != reachability || $0.grade != .ready }
        id = result.id
        startedAt = result.startedAt
        self.slot = slot.map(AssessmentSlotDocument.init)
        grade = result.grade
        criteria = telling.map(AssessmentCriterionDocument.init)
        ports = result.criteria.filter { $0.name == reachability }.compactMap { criterion in
            criterion.port.map {
                AssessmentPortDocument(endpoint: criterion.endpoint, port: $0, grade: criterion.grade)
            }
        }
    }

    var assessed: AssessedCheck {
        AssessedCheck(
            id: id,
            startedAt: startedAt.instant,
            slot: slot?.slot,
            grade: grade,
            criteria: criteria.map(\.assessed),
            ports: ports.map { port in
                AssessedPort(port: AssessmentPort(endpoint: port.endpoint, port: port.port), grade: port.grade)
            }
        )
    }
}

extension AssessmentCriterionDocument {
    init(_ criterion: CriterionDocument) {
        self.init(
            name: criterion.name,
            statistic: criterion.statistic,
            endpoint: criterion.endpoint,
            port: criterion.port,
            direction: criterion.direction,
            value: criterion.value,
            unit: criterion.unit,
            target: criterion.target,
            limit: criterion.limit,
            grade: criterion.grade
        )
    }

    init(_ criterion: AssessedCriterion) {
        self.init(
            name: criterion.name,
            statistic: criterion.statistic,
            endpoint: criterion.endpoint,
            port: criterion.port,
            direction: criterion.direction,
            value: criterion.value,
            unit: criterion.unit,
            target: criterion.target,
            limit: criterion.limit,
            grade: criterion.grade
        )
    }

    var assessed: AssessedCriterion {
        AssessedCriterion(
            name: name,
            statistic: statistic,
            endpoint: endpoint,
            port: port,
            direction: direction,
            value: value,
            unit: unit,
            target: target,
            limit: limit,
            grade: grade
        )
    }
}
