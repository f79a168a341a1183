import Readiness
import Results

/// What a result's grade is owed to: the criterion that missed its bound by most, or, where no criterion is that bad,
/// the finding that is.
public enum Decider: Hashable, Sendable, Codable {
    case criterion(DecidingCriterion)
    /// By its code and its sentence.
    case finding(code: String, summary: String)

    /// Nil for a result that is ready, or that has nothing of its own grade.
    init?(_ document: ResultDocument) {
        guard document.grade > .ready else { return nil }
        let worst = document.criteria.filter { $0.grade == document.grade }.map(DecidingCriterion.init)
        if let worst = worst.max(by: DecidingCriterion.isMilder) {
            self = .criterion(worst)
        } else if let finding = document.findings.first(where: { $0.severity == document.grade.rawValue }) {
            let facts = FindingFacts(finding)
            self = .finding(code: facts.code, summary: facts.summary)
        } else {
            return nil
        }
    }
}

/// The criterion that decides, with what it takes to say so in one line.
public struct DecidingCriterion: Hashable, Sendable, Codable {
    /// As in ``Criterion/Name``; a later version may have others.
    public var name: String
    public var endpoint: String
    public var port: UInt16?
    public var direction: String?
    /// In ``unit``; nil where nothing could be measured.
    public var value: Double?
    /// As in ``Criterion/Unit``.
    public var unit: String
    public var target: Double?
    public var limit: Double?
    public var statistic: String

    public init(
        name: String,
        endpoint: String,
        port: UInt16? = nil,
        direction: String? = nil,
        value: Double? = nil,
        unit: String,
        target: Double? = nil,
        limit: Double? = nil,
        statistic: String
    ) {
        self.name = name
        self.endpoint = endpoint
        self.port = port
        self.direction = direction
        self.value = value
        self.unit = unit
        self.target = target
        self.limit = limit
        self.statistic = statistic
    }

    init(_ criterion: CriterionDocument) {
        name = TextRules.storable(criterion.name, upTo: 64)
        endpoint = TextRules.storable(criterion.endpoint)
        port = criterion.port
        direction = criterion.direction.map { TextRules.storable($0, upTo: 16) }
        value = criterion.value
        unit = TextRules.storable(criterion.unit, upTo: 16)
        target = criterion.target
        limit = criterion.limit
        statistic = TextRules.storable(criterion.statistic, upTo: 32)
    }

    /// The value over its bound, where less is better; what is missing of all packets, where all of them should be.
    private var excess: Double {
        guard let value else { return 0 }
        guard let bound = limit ?? target, bound > 0 else { return 1 - value }
        return value / bound
    }

    /// The order in which a check's criteria are shown.
    private var rank: Int {
        Criterion.Name.allCases.firstIndex { $0.rawValue == name } ?? Criterion.Name.allCases.count
    }

    static func isMilder(_ left: Self, _ right: Self) -> Bool {
        if left.excess != right.excess { return left.excess < right.excess }
        if left.rank != right.rank { return left.rank > right.rank }
        return (left.port ?? 0, left.direction ?? "") > (right.port ?? 0, right.direction ?? "")
    }
}
