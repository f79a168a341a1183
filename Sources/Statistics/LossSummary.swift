import Units

extension LossStatistics {
    /// The statistics of one direction of one stream, or of several streams pooled.
    init(_ samples: [LossSample]) {
        self.init(samples.map(LossTally.init), worst: WorstLoss(samples))
    }

    /// The same from what each stream's losses add up to.
    ///
    /// The interval is Clopper-Pearson's for independent losses. Losses that come in bursts are fewer independent
    /// events than packets, so sample and losses are both divided by the burst ratio where that is above 1.
    init(_ tallies: [LossTally], worst: WorstLoss) {
        func sum(_ part: (LossTally) -> Int) -> Int { tallies.reduce(0) { $0 + part($1) } }
        let (lost, offered) = (sum(\.lost), sum(\.offered))
        let unattributed = sum(\.unattributed)
        let periodCount = sum(\.periods.count)
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
                of: Double(offered + sum(\.uncertainlyOffered)) / weight
            ),
            worst15s: worst.in15s,
            worst200ms: worst.in200ms,
            lossPeriods: periodCount,
            longestLossPeriod: tallies.map(\.periods.longest).max() ?? 0,
            burstRatio: burstRatio
        )
    }
}
