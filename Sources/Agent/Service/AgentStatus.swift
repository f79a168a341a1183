import Readiness
import Results
import Units

/// How the agent stands: what `linecheck agent status` shows and the metrics are made of.
public struct AgentStatus: Codable, Hashable, Sendable {
    /// A check that was made.
    public struct Check: Codable, Hashable, Sendable {
        public var id: String
        public var endedAt: UTCTime
        public var grade: Grade
        /// The worst criterion that decided, in words.
        public var decidedBy: String?

        enum CodingKeys: String, CodingKey {
            case id, grade
            case endedAt = "ended_at"
            case decidedBy = "decided_by"
        }
    }

    /// One schedule.
    public struct ScheduleStatus: Codable, Hashable, Sendable {
        public var last: Check?
        public var made = 0
        public var missed = 0
        /// Checks that came to no result.
        public var failed = 0
        public var lastFailure: String?

        public init() {}

        enum CodingKeys: String, CodingKey {
            case last, made, missed, failed
            case lastFailure = "last_failure"
        }
    }

    public static let schemaName = "linecheck.agent_status/1"

    public var schema = AgentStatus.schemaName
    public var site: String
    public var version: String
    public var process: Int32
    public var startedAt: UTCTime
    /// When this was written: an agent that is alive writes at least every 10 s.
    public var writtenAt: UTCTime
    /// The schedule whose check runs now.
    public var checking: String?
    public var nextCheckAt: UTCTime?
    public var nextSchedule: String?
    /// By name.
    public var schedules: [String: ScheduleStatus] = [:]
    public var delivery: DeliveryDocument?
    /// Whether there is a collector to deliver to.
    public var hasCollector = false
    /// Why the configuration was not read anew when that was last asked for.
    public var refusedConfiguration: String?
    /// What somebody should know of this host's clock.
    public var clockTrouble: String?

    enum CodingKeys: String, CodingKey {
        case schema, site, version, process, checking, schedules, delivery
        case startedAt = "started_at"
        case writtenAt = "written_at"
        case nextCheckAt = "next_check_at"
        case nextSchedule = "next_schedule"
        case hasCollector = "has_collector"
        case refusedConfiguration = "refused_configuration"
        case clockTrouble = "clock_trouble"
    }

    public init(site: String, version: String, process: Int32, startedAt: WallInstant) {
        self.site = site
        self.version = version
        self.process = process
        self.startedAt = UTCTime(startedAt)
        writtenAt = UTCTime(startedAt)
    }

    /// An agent writes this often.
    public static let interval = Nanoseconds.seconds(10)
    /// Older than this, nobody writes any more.
    public static let stale = Nanoseconds.seconds(45)
}

extension AgentStatus.Check {
    public init(_ result: ResultDocument) {
        let deciding = result.criteria.first { $0.grade == result.grade }
        let finding = result.findings.first { $0.severity == result.grade.rawValue }
        self.init(
            id: result.id,
            endedAt: result.endedAt,
            grade: result.grade,
            decidedBy: result.grade == .ready ? nil : deciding.map { "\($0.name) to \($0.endpoint)" } ?? finding?.code
        )
    }
}
