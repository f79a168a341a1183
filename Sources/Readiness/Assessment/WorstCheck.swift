import Units

/// A check that is among the worst by one criterion.
public struct WorstCheck: Hashable, Sendable {
    /// The result's.
    public var id: String
    public var startedAt: WallInstant
    public var criterion: AssessedCriterion

    /// So many of each criterion.
    static let kept = 3

    /// By criterion in the order of their names, within each the worst first. What should be whole and is, is not
    /// named.
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
        return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            .flatMap { $0.value.sorted(by: isWorse).prefix(kept) }
    }

    private static func isTelling(_ criterion: AssessedCriterion) -> Bool {
        criterion.value != nil && (criterion.limit != nil || criterion.grade != .ready)
    }

    /// A strict order of everything, so that the order in which checks came does not show.
    private static func isWorse(_ left: WorstCheck, _ right: WorstCheck) -> Bool {
        let (first, second) = (left.criterion, right.criterion)
        if first.grade != second.grade { return first.grade > second.grade }
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
