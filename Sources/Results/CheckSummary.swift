import Readiness
import Units

/// What an assessment keeps of one check.
public struct CheckSummary: Codable, Hashable, Sendable {
    /// The result's.
    public var id: String
    public var schedule: String
    /// When the schedule asked for the check, which decides where it counts.
    public var slotAt: UTCTime
    public var startedAt: UTCTime
    public var endedAt: UTCTime
    public var profile: String
    public var grade: Grade
    public var endpoints: [EndpointSummary]
    /// The codes of findings that stand for a grade, with that grade.
    public var findings: [String: Grade]

    enum CodingKeys: String, CodingKey {
        case id, schedule, profile, grade, endpoints, findings
        case slotAt = "slot_at"
        case startedAt = "started_at"
        case endedAt = "ended_at"
    }

    /// - Parameter slot: the schedule's name, and the moment it asked for.
    public init(_ document: ResultDocument, slot: ScheduledSlotDocument) {
        id = document.id
        schedule = slot.name
        slotAt = slot.slotAt
        startedAt = document.startedAt
        endedAt = document.endedAt
        profile = document.profile
        grade = document.grade
        endpoints = document.endpoints.map { EndpointSummary($0.endpoint, document) }
        findings = Dictionary(
            document.findings.compactMap { finding in
                Grade(rawValue: finding.severity).flatMap { $0 == .ready ? nil : (finding.code, $0) }
            },
            uniquingKeysWith: max
        )
    }
}

public struct EndpointSummary: Codable, Hashable, Sendable {
    public var endpoint: String
    /// The worst of its criteria; inconclusive without any.
    public var grade: Grade
    /// The ports that packets were sent to.
    public var testedPorts: [UInt16]
    /// The worst of each kind.
    public var criteria: [CriterionSummary]

    enum CodingKeys: String, CodingKey {
        case endpoint, grade, criteria
        case testedPorts = "tested_ports"
    }

    init(_ endpoint: String, _ document: ResultDocument) {
        self.endpoint = endpoint
        let own = document.criteria.filter { $0.endpoint == endpoint }
        grade = own.map(\.grade).max() ?? .inconclusive
        testedPorts = document.streams.filter { $0.endpoint == endpoint && $0.reachability.state != .notSent }
            .map(\.port).sorted()
        criteria = Dictionary(grouping: own.map(CriterionSummary.init)) { "\($0.name) \($0.statistic)" }
            .values.compactMap { $0.max { CriterionSummary.isMilder($0, $1) } }
            .sorted { ($0.rank, $0.statistic) < ($1.rank, $1.statistic) }
    }
}

/// The outcome of one criterion, without what it rests on.
public struct CriterionSummary: Codable, Hashable, Sendable {
    public var name: String
    public var statistic: String
    public var unit: String
    public var grade: Grade
    /// Absent where nothing could be measured.
    public var value: Double?
    public var target: Double?
    public var limit: Double?
    public var port: UInt16?
    public var direction: String?

    enum CodingKeys: String, CodingKey {
        case name, statistic, unit, grade, value, target, limit, port, direction
    }

    init(_ criterion: CriterionDocument) {
        name = criterion.name
        statistic = criterion.statistic
        unit = criterion.unit
        grade = criterion.grade
        value = criterion.value
        target = criterion.target
        limit = criterion.limit
        port = criterion.port
        direction = criterion.direction
    }

    /// By how much it misses: the value over its limit, for criteria that are better the lower they are. Marks and
    /// replies are shares of packets that should be all.
    var excess: Double {
        guard let value else { return 0 }
        guard let bound = limit ?? target, bound > 0 else { return 1 - value }
        return value / bound
    }

    /// The order in which a check's criteria are shown.
    var rank: Int { Criterion.Name.allCases.firstIndex { $0.rawValue == name } ?? Criterion.Name.allCases.count }

    static func isMilder(_ left: Self, _ right: Self) -> Bool {
        if left.grade != right.grade { return left.grade < right.grade }
        if left.excess != right.excess { return left.excess < right.excess }
        // The lower port, and forward, are named first.
        return (left.port ?? 0, left.direction ?? "") > (right.port ?? 0, right.direction ?? "")
    }
}
