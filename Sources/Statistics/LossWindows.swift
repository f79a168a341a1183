import Units

/// The worst loss ratio within a sliding window.
enum LossWindows {
    /// The greatest ratio of lost to offered packets in any `size` consecutive packets; nil when there are fewer.
    ///
    /// Windows of which less than half entered the direction say too little and are passed over, and so are those whose
    /// middle `isJudged` denies.
    static func worst(
        _ outcomes: [LossSample.Outcome],
        size: Int,
        isJudged: (Int) -> Bool = { _ in true }
    ) -> Double? {
        guard size > 0, outcomes.count >= size else { return nil }
        var lost = 0
        var offered = 0
        var worst: Double?
        for (index, outcome) in outcomes.enumerated() {
            if outcome == .lost { lost += 1 }
            if outcome != .absent { offered += 1 }
            if index >= size {
                if outcomes[index - size] == .lost { lost -= 1 }
                if outcomes[index - size] != .absent { offered -= 1 }
            }
            if index >= size - 1, offered > 0, 2 * offered >= size, isJudged(index - size / 2) {
                worst = max(worst ?? 0, Double(lost) / Double(offered))
            }
        }
        return worst
    }

    /// The same over the packets of several streams together, in the order of sending. Streams that did not run at
    /// the same time (within a second at both ends) have no window in common: nil.
    static func worst(_ samples: [LossSample], within duration: Nanoseconds) -> Double? {
        guard ranTogether(samples) else { return nil }
        if samples.contains(where: \.wasThinned) { return worstByTime(samples, within: duration) }
        var size = 0
        for sample in samples {
            guard let packets = duration.packets(every: sample.interval), sample.outcomes.count >= packets else {
                return nil
            }
            size += packets
        }
        if samples.count == 1 { return worst(samples[0].outcomes, size: size, isJudged: samples[0].judged.contains) }
        let merged = samples.flatMap(\.packets).sorted { $0.sentAt < $1.sentAt }
        return worst(merged.map(\.outcome), size: size) { merged[$0].isJudged }
    }

    /// Where packets came to be sent further apart during the run, so that as many of them would span more time: the
    /// windows are those that end with a packet and lie within the run, and whose middle packet is judged.
    private static func worstByTime(_ samples: [LossSample], within duration: Nanoseconds) -> Double? {
        let merged = samples.flatMap(\.packets).sorted { $0.sentAt < $1.sentAt }
        guard let first = merged.first?.sentAt, let nominal = samples.map(\.interval).min() else { return nil }
        var (start, lost, offered) = (0, 0, 0)
        var worst: Double?
        for (end, packet) in merged.enumerated() {
            if packet.outcome == .lost { lost += 1 }
            if packet.outcome != .absent { offered += 1 }
            while packet.sentAt - merged[start].sentAt >= duration {
                if merged[start].outcome == .lost { lost -= 1 }
                if merged[start].outcome != .absent { offered -= 1 }
                start += 1
            }
            // Each packet stands for one interval; half of one is granted to the sender's own timing.
            guard packet.sentAt - first + nominal + nominal / 2 >= duration else { continue }
            guard merged[(start + end) / 2].isJudged else { continue }
            if offered > 0, 2 * offered >= end - start + 1 {
                worst = max(worst ?? 0, Double(lost) / Double(offered))
            }
        }
        return worst
    }

    private static func ranTogether(_ samples: [LossSample]) -> Bool {
        let starts = samples.compactMap(\.judgedSentAt.first)
        let ends = samples.compactMap(\.judgedSentAt.last)
        guard starts.count == samples.count, let start = starts.min(), let lastStart = starts.max(),
            let end = ends.max(), let firstEnd = ends.min()
        else { return false }
        return lastStart - start <= .seconds(1) && end - firstEnd <= .seconds(1)
    }
}

extension LossSample {
    fileprivate var packets: [(sentAt: WallInstant, outcome: Outcome, isJudged: Bool)] {
        outcomes.indices.map { (sentAt[$0], outcomes[$0], judged.contains($0)) }
    }
}
