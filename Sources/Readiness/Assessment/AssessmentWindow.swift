import Units

/// A moment at which a schedule asks for a check.
public struct AssessmentSlot: Hashable, Sendable {
    /// Which schedule, and when: what tells a slot from every other.
    public struct ID: Hashable, Comparable, Sendable {
        public var schedule: String
        public var at: WallInstant

        public init(schedule: String, at: WallInstant) {
            self.schedule = schedule
            self.at = at
        }

        public static func < (left: Self, right: Self) -> Bool {
            left.at == right.at ? left.schedule < right.schedule : left.at < right.at
        }
    }

    public var id: ID
    /// 0...23, where the site is.
    public var hour: Int

    public init(id: ID, hour: Int) {
        self.id = id
        self.hour = hour
    }
}

/// A port that an assessment asks for.
public struct AssessmentPort: Hashable, Comparable, Sendable {
    /// As in a criterion: `stamp://host:3478-3481`.
    public var endpoint: String
    public var port: UInt16

    public init(endpoint: String, port: UInt16) {
        self.endpoint = endpoint
        self.port = port
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.endpoint == right.endpoint ? left.port < right.port : left.endpoint < right.endpoint
    }
}

/// A time whose checks are judged together, and what is asked for in it.
public struct AssessmentWindow: Hashable, Sendable {
    public var name: String
    /// By this host's clock, as `until` is.
    public var from: WallInstant
    /// The first moment that no longer belongs to it.
    public var until: WallInstant
    /// Every slot asked for; those outside the window are passed over.
    public var slots: [AssessmentSlot]
    public var ports: [AssessmentPort]

    public init(
        name: String,
        from: WallInstant,
        until: WallInstant,
        slots: [AssessmentSlot],
        ports: [AssessmentPort]
    ) {
        self.name = name
        self.from = from
        self.until = until
        self.slots = slots
        self.ports = ports
    }

    public func contains(_ instant: WallInstant) -> Bool { from <= instant && instant < until }

    /// The slots inside, each once.
    var askedFor: [AssessmentSlot] {
        var seen: Set<AssessmentSlot.ID> = []
        return slots.filter { contains($0.id.at) && seen.insert($0.id).inserted }
    }
}
