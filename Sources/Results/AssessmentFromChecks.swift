import Readiness
import Units

/// What an assessment says of itself beyond what its checks came to.
public struct AssessmentDescription: Sendable {
    public var id: ResultID
    public var site: String
    public var agent: String
    /// Linecheck's.
    public var version: String
    public var name: String
    public var from: WallInstant
    public var until: WallInstant
    /// Up to when hours and checks are counted.
    public var countedUntil: WallInstant
    public var timezone: String
    public var schedules: [String]
    public var rules: AssessmentRulesDocument
    /// The hours asked for in which some port had no conclusive check.
    public var missedHours: [WallInstant]
    /// A moment by the clocks of the time zone, RFC 3339 with their offset.
    public var localText: @Sendable (WallInstant) -> String

    public init(
        id: ResultID,
        site: String,
        agent: String,
        version: String,
        name: String,
        from: WallInstant,
        until: WallInstant,
        countedUntil: WallInstant,
        timezone: String,
        schedules: [String],
        rules: AssessmentRulesDocument,
        missedHours: [WallInstant],
        localText: @escaping @Sendable (WallInstant) -> String
    ) {
        self.id = id
        self.site = site
        self.agent = agent
        self.version = version
        self.name = name
        self.from = from
        self.until = until
        self.countedUntil = countedUntil
        self.timezone = timezone
        self.schedules = schedules
        self.rules = rules
        self.missedHours = missedHours
        self.localText = localText
    }
}

extension AssessmentDocument {
    /// The most entries of a list that grows with the number of checks.
    public static let listedAtMost = 24

    /// - Parameters:
    ///   - checks: those that count, in whatever order.
    ///   - untested: what else the verdict says nothing about.
    public init(
        _ description: AssessmentDescription,
        outcomes: [RuleOutcome],
        tally: AssessmentTally,
        checks: [CheckSummary],
        untested: [String]
    ) {
        let checks = checks.sorted { ($0.startedAt, $0.id) < ($1.startedAt, $1.id) }
        let local = description.localText
        self.init(
            schema: "\(Self.schemaName)/\(Self.schemaMajor)",
            id: description.id.description,
            site: description.site,
            agent: description.agent,
            version: description.version,
            name: description.name,
            verdict: AssessmentVerdict(outcomes),
            isFinal: description.countedUntil >= description.until,
            from: UTCTime(description.from),
            until: UTCTime(description.until),
            timezone: description.timezone,
            fromLocal: local(description.from),
            untilLocal: local(description.until),
            countedUntil: UTCTime(min(description.countedUntil, description.until)),
            profile: checks.last?.profile,
            schedules: description.schedules,
            rules: description.rules,
            outcomes: outcomes.map(RuleOutcomeDocument.init),
            checks: CheckCountsDocument(tally),
            shareMeetingTarget: tally.shareMeetingTarget.map {
                [$0.lowerBound.roundedRatio, $0.upperBound.roundedRatio]
            },
            coverage: CoverageDocument(
                tally,
                missedHours: description.missedHours.prefix(Self.listedAtMost).map(local),
                missedHoursCount: description.missedHours.count
            ),
            criteria: AssessedCriterionDocument.all(checks),
            worst: WorstWindowDocument.worst(of: checks, local: local),
            findings: FindingCountDocument.all(checks),
            untested: untested
        )
    }
}

extension AssessedCriterionDocument {
    private struct Kind: Hashable {
        var endpoint: String
        var name: String
        var statistic: String
    }

    /// Over checks in the order of their time; endpoints and criteria are in the order of their first appearance.
    static func all(_ checks: [CheckSummary]) -> [AssessedCriterionDocument] {
        var kinds: [Kind] = []
        var found: [Kind: [CriterionSummary]] = [:]
        for endpoint in checks.lazy.flatMap(\.endpoints) {
            for criterion in endpoint.criteria {
                let kind = Kind(endpoint: endpoint.endpoint, name: criterion.name, statistic: criterion.statistic)
                if found[kind, default: []].isEmpty { kinds.append(kind) }
                found[kind, default: []].append(criterion)
            }
        }
        let order = Dictionary(
            kinds.enumerated().map { ($1.endpoint, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        return kinds.compactMap { kind in found[kind].flatMap { Self(kind, $0) } }
            .sorted {
                let (left, right) = (order[$0.endpoint] ?? 0, order[$1.endpoint] ?? 0)
                return (left, $0.rank, $0.statistic) < (right, $1.rank, $1.statistic)
            }
    }

    private init?(_ kind: Kind, _ criteria: [CriterionSummary]) {
        guard let last = criteria.last else { return nil }
        func count(_ grade: Grade) -> Int { criteria.count { $0.grade == grade } }
        let values = criteria.compactMap(\.value).sorted()
        let worst = criteria.filter { $0.value != nil }.max { $0.excess < $1.excess }?.value
        self.init(
            name: kind.name,
            endpoint: kind.endpoint,
            statistic: kind.statistic,
            unit: last.unit,
            target: last.target,
            limit: last.limit,
            ready: count(.ready),
            atRisk: count(.atRisk),
            notReady: count(.notReady),
            inconclusive: count(.inconclusive),
            // The lower of the two in the middle, so that it is a value that was measured.
            median: values.isEmpty ? nil : values[(values.count - 1) / 2],
            worst: worst
        )
    }

    private var rank: Int {
        Criterion.Name.allCases.firstIndex { $0.rawValue == name } ?? Criterion.Name.allCases.count
    }
}

extension WorstWindowDocument {
    static func worst(of checks: [CheckSummary], local: (WallInstant) -> String) -> [WorstWindowDocument] {
        var found: [(check: CheckSummary, endpoint: String, criterion: CriterionSummary)] = []
        for check in checks {
            for endpoint in check.endpoints {
                for criterion in endpoint.criteria where criterion.grade >= .atRisk {
                    found.append((check, endpoint.endpoint, criterion))
                }
            }
        }
        found.sort { left, right in
            let (one, other) = (left.criterion, right.criterion)
            if one.grade != other.grade { return one.grade > other.grade }
            if one.excess != other.excess { return one.excess > other.excess }
            return (left.check.startedAt, left.check.id, left.endpoint, one.name, one.statistic)
                < (right.check.startedAt, right.check.id, right.endpoint, other.name, other.statistic)
        }
        return found.prefix(AssessmentDocument.listedAtMost).map { entry in
            WorstWindowDocument(
                result: entry.check.id,
                startedAt: entry.check.startedAt,
                endedAt: entry.check.endedAt,
                startedLocal: local(entry.check.startedAt.instant),
                endpoint: entry.endpoint,
                criterion: entry.criterion
            )
        }
    }
}

extension FindingCountDocument {
    /// The gravest first, then those that most checks found.
    static func all(_ checks: [CheckSummary]) -> [FindingCountDocument] {
        var found: [String: (severity: Grade, checks: Int, latest: String)] = [:]
        for check in checks {
            for (code, severity) in check.findings {
                let entry = found[code] ?? (severity, 0, "")
                found[code] = (max(entry.severity, severity), entry.checks + 1, check.id)
            }
        }
        return found.sorted {
            ($1.value.severity, $1.value.checks, $0.key) < ($0.value.severity, $0.value.checks, $1.key)
        }
        .map {
            FindingCountDocument(
                code: $0.key,
                severity: $0.value.severity.rawValue,
                checks: $0.value.checks,
                latest: $0.value.latest
            )
        }
    }
}
