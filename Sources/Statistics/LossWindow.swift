import Units

/// Consecutive stretches of 15 s and what was lost in each, all streams of an endpoint together.
public struct LossWindow: Hashable, Sendable {
    public var start: WallInstant
    /// The first moment that is no longer in it.
    public var end: WallInstant
    /// Measured packets sent within it, and those that were not answered in time.
    public var sent: Int
    public var lost: Int

    public init(start: WallInstant, end: WallInstant, sent: Int, lost: Int) {
        self.start = start
        self.end = end
        self.sent = sent
        self.lost = lost
    }

    public var ratio: Double { sent == 0 ? 0 : Double(lost) / Double(sent) }

    /// A clock that steps by years does not make a list of millions.
    private static let maximumCount = 100_000

    static let length = Nanoseconds.seconds(15)

    /// From `origin` on, else from the first packet; a stretch in which nothing was sent is left out.
    static func consecutive(
        _ samples: [LossSample],
        length: Nanoseconds = Self.length,
        from origin: WallInstant? = nil
    ) -> [LossWindow] {
        guard let origin = origin ?? samples.compactMap(\.judgedSentAt.first).min(), length > .zero else { return [] }
        var found: [Int64: (sent: Int, lost: Int)] = [:]
        for sample in samples {
            for (sentAt, outcome) in zip(sample.judgedSentAt, sample.judgedOutcomes) where outcome != .absent {
                let place = (sentAt - origin).count / length.count
                guard found.count < maximumCount || found[place] != nil else { continue }
                found[place, default: (0, 0)].sent += 1
                if outcome == .lost { found[place, default: (0, 0)].lost += 1 }
            }
        }
        return found.sorted { $0.key < $1.key }.map { place, counts in
            let start = origin + length * place
            return LossWindow(start: start, end: start + length, sent: counts.sent, lost: counts.lost)
        }
    }

    /// Those of the part of a run that follows, laid out from the same origin: the one that the cut divides is one.
    static func append(_ later: [LossWindow], to windows: inout [LossWindow]) {
        var later = later[...]
        if let last = windows.indices.last, let first = later.first, first.start == windows[last].start {
            windows[last].sent += first.sent
            windows[last].lost += first.lost
            later = later.dropFirst()
        }
        windows.append(contentsOf: later.prefix(max(0, maximumCount - windows.count)))
    }
}
