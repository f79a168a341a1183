import Readiness
import Results
import Units

/// A site's latest result as its row has it. What decides stays text: most of the time nobody reads it.
struct StoredLatest: Hashable, Sendable {
    var id: String
    var at: UTCTime
    var grade: Grade
    /// JSON; see ``DeciderColumn``.
    var decider: String?
    var agent: String
    var version: String

    var latest: LatestResult {
        LatestResult(
            id: id,
            at: at,
            grade: grade,
            decider: DeciderColumn.decider(decider),
            agent: agent,
            version: version
        )
    }
}

/// What the arrival of a document does to its site's row.
struct SiteArrival: Sendable {
    var receivedAt: UTCTime
    var at: UTCTime
    /// Nil for an assessment.
    var latest: StoredLatest?

    /// - Parameter decider: of a result, as its column has it.
    init(_ document: IngestedDocument, decider: String?) {
        receivedAt = document.receivedAt
        at = document.at
        guard case .result(let facts) = document.facts else { return }
        latest = StoredLatest(
            id: document.id,
            at: document.at,
            grade: facts.grade,
            decider: decider,
            agent: facts.agent,
            version: facts.version
        )
    }
}

/// How a site stands, kept up with every document that comes: the same in whatever order they come.
struct SiteState: Hashable, Sendable {
    var addedAt: UTCTime
    var heardAt: UTCTime?
    var latest: StoredLatest?
    var trend = StoredTrend()

    mutating func apply(_ arrival: SiteArrival) {
        heardAt = max(heardAt ?? arrival.receivedAt, arrival.receivedAt)
        guard let result = arrival.latest else { return }
        trend.note(result.grade, at: result.at)
        // Checks that began together have an order, too.
        if let latest, (latest.at, latest.id) >= (result.at, result.id) { return }
        latest = result
    }
}

/// The worst grade of each of the last quarters of days, a digit each: 0 for none, else one more than the grade's
/// column. Some more than are shown, since a site's clock may be ahead.
struct StoredTrend: Hashable, Sendable {
    static let length = Trend.quarters + 4

    /// The quarter that the last digit is of, counted from 1970.
    var until: Int64?
    var digits: [UInt8] = Array(repeating: 0, count: length)

    init() {}

    /// From columns.
    init(until: Int64?, text: String?) {
        guard let until, let text, text.utf8.count == Self.length else { return }
        self.until = until
        digits = text.utf8.map { $0 &- UInt8(ascii: "0") }
    }

    var text: String { String(decoding: digits.map { $0 &+ UInt8(ascii: "0") }, as: UTF8.self) }

    mutating func note(_ grade: Grade, at time: UTCTime) {
        let quarter = Self.quarter(time)
        if let until, quarter <= until {
            let age = until - quarter
            guard age < Int64(Self.length) else { return }
            let index = Self.length - 1 - Int(age)
            digits[index] = max(digits[index], UInt8(grade.column) + 1)
        } else {
            let moved = until.map { min(quarter - $0, Int64(Self.length)) } ?? 0
            digits.removeFirst(Int(moved))
            digits += Array(repeating: 0, count: Int(moved))
            until = quarter
            digits[Self.length - 1] = UInt8(grade.column) + 1
        }
    }

    /// The quarters that end with the one that has `now` in it.
    func trend(now: UTCTime) -> Trend {
        guard let until else { return .empty }
        let last = Self.quarter(now)
        return Trend(
            worst: (0..<Trend.quarters).map { index in
                let age = until - (last - Int64(Trend.quarters - 1 - index))
                guard age >= 0, age < Int64(Self.length) else { return nil }
                let digit = digits[Self.length - 1 - Int(age)]
                return Grade.allCases.first { $0.column + 1 == Int64(digit) }
            }
        )
    }

    private static func quarter(_ time: UTCTime) -> Int64 {
        TimeGrid.index(time, of: Trend.quarter)
    }
}
