import Units

/// A check that is among the worst by one criterion.
public struct WorstCheck: Hashable, Sendable {
    /// The result's.
    public var id: String
    public var startedAt: WallInstant
    public var criterion: AssessedCriterion

    /// So many of each criterion, of those that missed its target.
    static let kept = 3

    /// By criterion, the worst graded first, and within each the worst first: those that missed the target, or where
    /// none did the one that came nearest. What should be whole and is, is not named.
    static func ranked(_ checks: [AssessedCheck]) -> [WorstCheck] {
        var groups: [[String]: [WorstCheck]] = [:]
        for check in checks {
            for (key, criteria) in Dictionary(grouping: check.criteria, by: { [$0.name, $0.statistic] }) {
                let named = criteria.filter(isTelling).map { criterion in
                    WorstCheck(id: check.id, startedAt: check.startedAt, criterion: criterion)
                }
                guard let worst = named.min(by: isWorse) else { continue }
                groups[key, default: []].append(worst)
            }
        }
        let ranked = groups.mapValues { group in
            let missed = group.filter { hasMissed($0.criterion) }
            return Array((missed.isEmpty ? group : missed).sorted(by: isWorse).prefix(missed.isEmpty ? 1 : kept))
        }
        return ranked.sorted { left, right in
            let grades = [left, right].map { $0.value.first.map { shown($0.criterion) } ?? .ready }
            return grades[0] == grades[1] ? left.key.lexicographicallyPrecedes(right.key) : grades[0] > grades[1]
        }
        .flatMap(\.value)
    }

    private static func hasMissed(_ criterion: AssessedCriterion) -> Bool { criterion.grade >= .atRisk }

    /// What is left open did not miss the target, so that there the value decides.
    private static func shown(_ criterion: AssessedCriterion) -> Grade {
        hasMissed(criterion) ? criterion.grade : .ready
    }

    private static func isTelling(_ criterion: AssessedCriterion) -> Bool {
        criterion.limit == nil ? hasMissed(criterion) : criterion.value != nil
    }

    /// A strict order of everything, so that the order in which checks came does not show.
    private static func isWorse(_ left: WorstCheck, _ right: WorstCheck) -> Bool {
        let (first, second) = (left.criterion, right.criterion)
        let grades = [first, second].map(shown)
        if grades[0] != grades[1] { return grades[0] > grades[1] }
        if badness(first) != badness(second) { return badness(first) > badness(second) }
        if left.startedAt != right.startedAt { return left.startedAt < right.startedAt }
        if left.id != right.id { return left.id < right.id }
        return place(first).lexicographicallyPrecedes(place(second))
    }

    /// More is worse where there is a limit; what has none is a share that should be whole.
    private static func badness(_ criterion: AssessedCriterion) -> Double {
        let value = criterion.value ?? 0
        return criterion.limit == nil ? -value : value
    }

    private static func place(_ criterion: AssessedCriterion) -> [String] {
        [criterion.endpoint, criterion.port.map(String.init) ?? "", criterion.direction ?? ""]
    }
}
