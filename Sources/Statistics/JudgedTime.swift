import Units

/// A part of a run's time, open where the run itself begins or ends.
struct JudgedTime: Hashable {
    var from: WallInstant?
    /// The first moment that is no longer in it.
    var until: WallInstant?

    func contains(_ instant: WallInstant) -> Bool {
        if let from, instant < from { return false }
        if let until, instant >= until { return false }
        return true
    }

    func overlaps(_ start: WallInstant, _ end: WallInstant) -> Bool {
        if let from, end < from { return false }
        if let until, start >= until { return false }
        return true
    }

    /// What all of them together span; nil for none.
    static func spanning(_ times: [JudgedTime]) -> JudgedTime? {
        guard !times.isEmpty else { return nil }
        let starts = times.compactMap(\.from)
        let ends = times.compactMap(\.until)
        return JudgedTime(
            from: starts.count == times.count ? starts.min() : nil,
            until: ends.count == times.count ? ends.max() : nil
        )
    }
}
