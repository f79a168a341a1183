import Statistics
import Units

extension EndpointGrading {
    /// A finding with a remedy for every number that misses its target, and for what disturbs voice without having a
    /// number in the profile.
    func networkFindings(_ criteria: [Criterion]) -> [Finding] {
        let missed = criteria.filter { $0.grade == .atRisk || $0.grade == .notReady }
        let numbers = missed.compactMap(missedFinding)
        let reorderingMissed = missed.contains { $0.name == .reordering }
        return numbers
            + [burstyLoss(), reorderingMissed ? nil : reordering(severity: .info), duplicates()]
            .compactMap { $0 }
    }

    private func missedFinding(_ criterion: Criterion) -> Finding? {
        let severity = Finding.Severity(criterion.grade)
        switch criterion.name {
        case .latencyOneWay:
            return finding(.latencyHigh, criterion, "One-way latency", Self.latencyRemedy, delayFacts)
        case .roundTrip:
            return finding(.latencyHigh, criterion, "The round trip", Self.latencyRemedy, delayFacts)
        case .jitter:
            return finding(.jitterHigh, criterion, "Jitter", Self.jitterRemedy, [])
        case .loss:
            return finding(.lossHigh, criterion, "Packet loss", Self.lossRemedy, lossFacts(criterion.direction))
        case .reordering:
            return reordering(severity: severity)
        case .reachability, .dscp:
            return nil
        }
    }

    private func finding(
        _ code: Finding.Code,
        _ criterion: Criterion,
        _ subject: String,
        _ remedy: String,
        _ facts: [Finding.Evidence]
    ) -> Finding? {
        guard let value = criterion.value, let target = criterion.target, let limit = criterion.limit else {
            return nil
        }
        let (word, bound) = criterion.grade == .notReady ? ("limit", limit) : ("target", target)
        return Finding(
            code: code,
            severity: Finding.Severity(criterion.grade),
            summary: "\(subject) \(place(criterion)) is \(NumberText.value(value, criterion.unit))"
                + "\(statistic(criterion.statistic)), not below the \(word) of \(NumberText.value(bound, criterion.unit)).",
            evidence: evidence(criterion) + facts,
            remedy: remedy
        )
    }

    private func place(_ criterion: Criterion) -> String {
        let port = criterion.port.map { " on port \($0)" } ?? ""
        switch criterion.direction {
        case .forward: return "to \(endpoint.name)\(port)"
        case .reverse: return "back from \(endpoint.name)\(port)"
        case nil: return "between here and \(endpoint.name)\(port)"
        }
    }

    private func statistic(_ statistic: Statistic) -> String {
        switch statistic {
        case .p50: " (median)"
        case .mean: " (mean)"
        case .p95: " (95th percentile)"
        case .p99: " (99th percentile)"
        case .maximum: " (maximum)"
        case .worst15s: " in the worst 15 s"
        case .worst200ms: " in the worst 200 ms"
        case .wholeCheck: ""
        }
    }

    private func evidence(_ criterion: Criterion) -> [Finding.Evidence] {
        let unit = criterion.unit.rawValue
        var facts: [Finding.Evidence] = [.init("endpoint", .text(endpoint.name))]
        if let direction = criterion.direction { facts.append(.init("direction", .text(direction.rawValue))) }
        if let port = criterion.port { facts.append(.init("port", .count(Int(port)))) }
        if let value = criterion.value { facts.append(.init("value_\(unit)", .number(value))) }
        if let interval = criterion.interval {
            facts.append(.init("interval_low_\(unit)", .number(interval.lowerBound)))
            facts.append(.init("interval_high_\(unit)", .number(interval.upperBound)))
        }
        return facts
    }

    private var delayFacts: [Finding.Evidence] {
        let minima = answered.compactMap { $0.statistics.roundTrip.delay?.minimum }
        guard let least = minima.min() else { return [] }
        return [.init("round_trip_minimum_ms", .number(least.milliseconds))]
    }

    /// The pooled loss of that direction; of the round trip where there is none.
    private func pooledLoss(_ direction: Direction?) -> LossStatistics? {
        switch direction {
        case .forward: endpoint.statistics.forwardLoss
        case .reverse: endpoint.statistics.reverseLoss
        case nil: endpoint.statistics.roundTripLoss
        }
    }

    private func lossFacts(_ direction: Direction?) -> [Finding.Evidence] {
        guard let loss = pooledLoss(direction) else { return [] }
        var facts: [Finding.Evidence] = [
            .init("packets_lost", .count(loss.lost)), .init("packets_offered", .count(loss.offered)),
            .init("burst_ratio", .number(loss.burstRatio)),
        ]
        if let worst = loss.worst15s { facts.append(.init("worst_15s_ratio", .number(worst))) }
        if let worst = loss.worst200ms { facts.append(.init("worst_200ms_ratio", .number(worst))) }
        let late = answered.reduce(0) { $0 &+ $1.statistics.packets.late }
        if late > 0 { facts.append(.init("late_replies", .count(late))) }
        return facts
    }
}

// MARK: Without a number in the profile

extension EndpointGrading {
    /// Beyond a burst ratio of 2 losses come in runs that concealment cannot hide (G.107 knows no more than 2), once
    /// there are runs to speak of.
    private static let burstyRatio = 2.0
    private static let burstyRun = 3

    private func burstyLoss() -> Finding? {
        let all: [(Direction?, LossStatistics?)] =
            endpoint.statistics.forwardLoss == nil
            ? [(nil, endpoint.statistics.roundTripLoss)]
            : [(.forward, endpoint.statistics.forwardLoss), (.reverse, endpoint.statistics.reverseLoss)]
        let bursty = all.compactMap { direction, loss in loss.map { (direction, $0) } }
            .filter { $0.1.burstRatio >= Self.burstyRatio && $0.1.longestLossPeriod >= Self.burstyRun }
        guard let (direction, loss) = bursty.max(by: { $0.1.longestLossPeriod < $1.1.longestLossPeriod }) else {
            return nil
        }
        let length = check.interval * Int64(clamping: loss.longestLossPeriod)
        return Finding(
            code: .lossBursty,
            severity: .info,
            summary:
                "Losses \(way(direction)) come in bursts, the longest of \(NumberText.count(loss.longestLossPeriod)) "
                + "packets in a row (\(length.text)): words go missing rather than syllables.",
            evidence: [.init("endpoint", .text(endpoint.name))]
                + [direction.map { Finding.Evidence("direction", .text($0.rawValue)) }].compactMap { $0 }
                + [
                    .init("longest_run_packets", .count(loss.longestLossPeriod)),
                    .init("loss_periods", .count(loss.lossPeriods)), .init("burst_ratio", .number(loss.burstRatio)),
                ],
            remedy: "Look for Wi-Fi roaming and coverage gaps, for queues that overflow on a saturated link, and for "
                + "lines that fail over."
        )
    }

    private func way(_ direction: Direction?) -> String {
        switch direction {
        case .forward: "to \(endpoint.name)"
        case .reverse: "back from \(endpoint.name)"
        case nil: "between here and \(endpoint.name)"
        }
    }

    private func reordering(severity: Finding.Severity) -> Finding? {
        count(\.reordered, forward: \.forward.reordered, reverse: \.reverse.reordered).map { total, facts in
            Finding(
                code: .reorderingPresent,
                severity: severity,
                summary: "\(NumberText.count(total)) \(total == 1 ? "packet" : "packets") between here and "
                    + "\(endpoint.name) arrived out of order.",
                evidence: facts,
                remedy: "Look for load balancing by packet over unequal links (bonded lines, SD-WAN) and have it keep "
                    + "each flow on one link."
            )
        }
    }

    private func duplicates() -> Finding? {
        count(\.duplicates, forward: \.forward.duplicates, reverse: \.reverse.duplicates).map { total, facts in
            Finding(
                code: .duplicatesPresent,
                severity: .info,
                summary: "\(NumberText.count(total)) \(total == 1 ? "packet" : "packets") between here and "
                    + "\(endpoint.name) arrived more than once.",
                evidence: facts,
                remedy: "Look for a loop, a mirrored port that leaks, or links that send everything twice on purpose."
            )
        }
    }

    private func count(
        _ total: KeyPath<PacketCounts, Int>,
        forward: KeyPath<StreamStatistics, Int?>,
        reverse: KeyPath<StreamStatistics, Int?>
    ) -> (Int, [Finding.Evidence])? {
        let statistics = answered.map(\.statistics)
        let sum = statistics.reduce(0) { $0 &+ $1.packets[keyPath: total] }
        guard sum > 0 else { return nil }
        let affected = answered.filter { $0.statistics.packets[keyPath: total] > 0 }
        var facts: [Finding.Evidence] = [
            .init("endpoint", .text(endpoint.name)), .init("ports", .text(NumberText.ports(affected.map(\.port)))),
            .init("packets", .count(sum)),
            .init("packets_received", .count(statistics.reduce(0) { $0 &+ $1.packets.received })),
        ]
        for (name, path) in [("packets_forward", forward), ("packets_reverse", reverse)] {
            let known = statistics.compactMap { $0[keyPath: path] }
            if known.count == statistics.count { facts.append(.init(name, .count(known.reduce(0, &+)))) }
        }
        return (sum, facts)
    }
}

// MARK: Remedies

extension EndpointGrading {
    fileprivate static let latencyRemedy =
        "Take media the shortest way to Microsoft's network: break out locally instead of through a central site, "
        + "split media out of the VPN (a hairpin adds latency and jitter), and pass it by proxies and deep packet "
        + "inspection."
    fileprivate static let jitterRemedy =
        "Give voice (DSCP 46) a priority queue on the uplink and on the wireless controller, put voice clients on "
        + "5 GHz, pass media by deep packet inspection and the VPN, and look for a link that is saturated at the time "
        + "of the check."
    fileprivate static let lossRemedy =
        "Look in the direction shown for a saturated link, for interface errors, for a policer on the voice class, and "
        + "for weak or 2.4 GHz Wi-Fi; the same check by cable tells Wi-Fi from the line."
}
