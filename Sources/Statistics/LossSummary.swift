import Units

extension LossStatistics {
    /// The statistics of one direction of one stream, or of several streams pooled.
    ///
    /// The interval is Clopper-Pearson's for independent losses. Losses that come in bursts are fewer independent
    /// events than packets, so sample and losses are both divided by the burst ratio where that is above 1.
    init(_ samples: [LossSample]) {
        let outcomes = samples.flatMap(\.judgedOutcomes)
        let lost = outcomes.filter { $0 == .lost }.count
        let offered = outcomes.filter { $0 != .absent }.count
        let unattributed = samples.reduce(0) { $0 + $1.unattributed }
        let uncertainlyOffered = samples.reduce(0) { $0 + ($1.unattributedWereOffered ? 0 : $1.unattributed) }
        let periods = samples.map { LossPeriods($0.judgedOutcomes) }
        let periodCount = periods.reduce(0) { $0 + $1.count }
        let burstRatio = LossPeriods.burstRatio(lost: lost, periods: periodCount, offered: offered)
        let weight = max(1, burstRatio)
        self.init(
            offered: offered,
            lost: lost,
            unattributed: unattributed,
            ratio: offered > 0 ? Double(lost) / Double(offered) : 0,
            low: ClopperPearson.lower(lost: Double(lost) / weight, of: Double(offered) / weight),
            high: ClopperPearson.upper(
                lost: Double(lost + unattributed) / weight,
                of: Double(offered + uncertainlyOffered) / weight
            ),
            worst15s: LossWindows.worst(samples, within: .seconds(15)),
            worst200ms: LossWindows.worst(samples, within: .milliseconds(200)),
            lossPeriods: periodCount,
            longestLossPeriod: periods.map(\.longest).max() ?? 0,
            burstRatio: burstRatio
        )
    }
}
