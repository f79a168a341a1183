import Units

/// What an assessment keeps of one check.
public struct AssessedCheck: Hashable, Sendable {
    /// The result's.
    public var id: String
    /// By this host's clock.
    public var startedAt: WallInstant
    /// Nil where no schedule asked for it: it counts, and covers nothing.
    public var slot: AssessmentSlot.ID?
    public var grade: Grade
    /// All but the reachability of ports that are well.
    public var criteria: [AssessedCriterion]
    public var ports: [AssessedPort]

    public init(
        id: String,
        startedAt: WallInstant,
        slot: AssessmentSlot.ID?,
        grade: Grade,
        criteria: [AssessedCriterion],
        ports: [AssessedPort]
    ) {
        self.id = id
        self.startedAt = startedAt
        self.slot = slot
        self.grade = grade
        self.criteria = criteria
        self.ports = ports
    }

    /// A check belongs where it was asked for, though it may have begun later.
    var belongsAt: WallInstant { slot?.at ?? startedAt }

    var isConclusive: Bool { grade != .inconclusive }
}

/// One criterion of a check, by the names that its document gives.
public struct AssessedCriterion: Hashable, Sendable {
    public var name: String
    public var statistic: String
    public var endpoint: String
    public var port: UInt16?
    public var direction: String?
    /// In `unit`; nil when nothing could be measured.
    public var value: Double?
    public var unit: String
    /// Nil where there is no number to stay below: then the value is a share that should be whole.
    public var target: Double?
    public var limit: Double?
    public var grade: Grade

    public init(
        name: String,
        statistic: String,
        endpoint: String,
        port: UInt16?,
        direction: String?,
        value: Double?,
        unit: String,
        target: Double?,
        limit: Double?,
        grade: Grade
    ) {
        self.name = name
        self.statistic = statistic
        self.endpoint = endpoint
        self.port = port
        self.direction = direction
        self.value = value
        self.unit = unit
        self.target = target
        self.limit = limit
        self.grade = grade
    }
}

/// What a check says of one port's reachability.
public struct AssessedPort: Hashable, Sendable {
    public var port: AssessmentPort
    public var grade: Grade

    public init(port: AssessmentPort, grade: Grade) {
        self.port = port
        self.grade = grade
    }
}
