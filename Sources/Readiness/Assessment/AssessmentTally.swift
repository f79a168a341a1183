import Units

/// The checks and slots of a window, counted.
public struct AssessmentTally: Hashable, Sendable {
    /// Checks by grade.
    public private(set) var grades: [Grade: Int] = [:]
    /// Slots asked for.
    public private(set) var expected = 0
    /// Slots with a conclusive check.
    public private(set) var covered = 0
    /// Slots whose checks were all inconclusive.
    public private(set) var unanswered = 0
    /// Slots without a check, by reason.
    public private(set) var missed: [String: Int] = [:]
    /// Slots whose check may yet come.
    public private(set) var pending = 0
    /// By the hour of the day, where slots were asked for.
    public private(set) var hours: [HourCoverage] = []
    /// By port asked for.
    public private(set) var ports: [PortCoverage] = []

    public var checks: Int { grades.values.reduce(0, +) }
    public var conclusive: Int { checks - count(.inconclusive) }
    public var missedCount: Int { missed.values.reduce(0, +) }

    public func count(_ grade: Grade) -> Int { grades[grade] ?? 0 }

    /// What a slot without a check is put down to when nothing was said of it.
    static let unknownReason = "not known why"

    init(_ window: AssessmentWindow, checks: [AssessedCheck], missed: [AssessmentSlot.ID: String], isOver: Bool) {
        for check in checks { grades[check.grade, default: 0] += 1 }
        var bySlot: [AssessmentSlot.ID: Bool] = [:]
        for check in checks {
            if let slot = check.slot { bySlot[slot] = (bySlot[slot] ?? false) || check.isConclusive }
        }
        var byHour: [Int: HourCoverage] = [:]
        for slot in window.askedFor {
            let isCovered = bySlot[slot.id]
            count(isCovered: isCovered, reason: missed[slot.id], isOver: isOver)
            byHour[slot.hour, default: HourCoverage(hour: slot.hour)].count(isCovered ?? false)
        }
        hours = byHour.values.sorted { $0.hour < $1.hour }
        ports = PortCoverage.counted(Set(window.ports), in: checks)
    }

    /// `isCovered` is nil where there was no check.
    private mutating func count(isCovered: Bool?, reason: String?, isOver: Bool) {
        expected += 1
        switch (isCovered, reason) {
        case (true?, _): covered += 1
        case (false?, _): unanswered += 1
        case (nil, let reason?): missed[reason, default: 0] += 1
        case (nil, nil) where isOver: missed[Self.unknownReason, default: 0] += 1
        case (nil, nil): pending += 1
        }
    }
}

/// The slots of one hour of the day, all days together.
public struct HourCoverage: Hashable, Sendable {
    /// 0...23, where the site is.
    public var hour: Int
    public var expected = 0
    /// With a conclusive check.
    public var covered = 0

    init(hour: Int) { self.hour = hour }

    mutating func count(_ isCovered: Bool) {
        expected += 1
        if isCovered { covered += 1 }
    }
}

/// The checks of one port.
public struct PortCoverage: Hashable, Sendable {
    public var port: AssessmentPort
    /// Checks that asked for it.
    public var checks = 0
    /// Checks that can say what becomes of it.
    public var answered = 0
    /// Of these, checks in which it was not ready.
    public var notReady = 0

    init(port: AssessmentPort) { self.port = port }

    static func counted(_ ports: Set<AssessmentPort>, in checks: [AssessedCheck]) -> [PortCoverage] {
        var coverage = Dictionary(uniqueKeysWithValues: ports.map { ($0, PortCoverage(port: $0)) })
        for port in checks.flatMap(\.ports) {
            coverage[port.port]?.checks += 1
            if port.grade != .inconclusive { coverage[port.port]?.answered += 1 }
            if port.grade == .notReady { coverage[port.port]?.notReady += 1 }
        }
        return coverage.values.sorted { $0.port < $1.port }
    }

    func isAnswered(for share: Double) -> Bool {
        answered > 0 && answered >= AssessmentRules.fewest(share, of: checks)
    }
}
