/// Loss periods (RFC 3357 §4.3): runs of consecutive lost packets, among those that entered the direction.
struct LossPeriods: Hashable, Sendable {
    private(set) var count = 0
    private(set) var longest = 0
    /// Losses before the first packet that was delivered, and after the last.
    private var leading = 0
    private var trailing = 0
    private var hasDelivered = false

    init() {}

    init(_ outcomes: some Sequence<LossSample.Outcome>) {
        for outcome in outcomes where outcome != .absent {
            guard outcome == .lost else {
                trailing = 0
                hasDelivered = true
                continue
            }
            trailing += 1
            if trailing == 1 { count += 1 }
            if !hasDelivered { leading += 1 }
            longest = max(longest, trailing)
        }
    }

    /// Those of the packets that follow. A period that crosses the seam is one.
    mutating func append(_ later: LossPeriods) {
        let crosses = trailing > 0 && later.leading > 0
        count += later.count - (crosses ? 1 : 0)
        longest = max(longest, later.longest, trailing + later.leading)
        if !hasDelivered { leading += later.leading }
        trailing = later.hasDelivered ? later.trailing : trailing + later.trailing
        hasDelivered = hasDelivered || later.hasDelivered
    }

    /// BurstR (G.107 §7.2): the mean length of a loss period over 1/(1 − p), the mean expected of random loss.
    /// 1 where it is not defined: without losses, and where all is lost.
    static func burstRatio(lost: Int, periods: Int, offered: Int) -> Double {
        guard periods > 0, lost < offered else { return 1 }
        let mean = Double(lost) / Double(periods)
        return mean * (1 - Double(lost) / Double(offered))
    }
}
