/// Loss periods (RFC 3357 §4.3): runs of consecutive lost packets, among those that entered the direction.
struct LossPeriods {
    var count = 0
    var longest = 0

    init(_ outcomes: some Sequence<LossSample.Outcome>) {
        var run = 0
        for outcome in outcomes where outcome != .absent {
            guard outcome == .lost else {
                run = 0
                continue
            }
            run += 1
            if run == 1 { count += 1 }
            longest = max(longest, run)
        }
    }

    /// BurstR (G.107 §7.2): the mean length of a loss period over 1/(1 − p), the mean expected of random loss.
    /// 1 where it is not defined: without losses, and where all is lost.
    static func burstRatio(lost: Int, periods: Int, offered: Int) -> Double {
        guard periods > 0, lost < offered else { return 1 }
        let mean = Double(lost) / Double(periods)
        return mean * (1 - Double(lost) / Double(offered))
    }
}
