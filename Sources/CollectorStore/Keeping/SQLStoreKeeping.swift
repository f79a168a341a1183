import Results
import Units

extension SQLStore {
    /// In one transaction, so that ingest waits no longer than for these.
    private static let hoursPerTransaction = 50
    private static let resultsPerTransaction = 200
    /// Sites that have nothing to drop take a transaction, too.
    private static let sitesPerCall = 500

    public func maintain(now: UTCTime, policy: KeepingPolicy) async throws -> KeepingReport {
        var report = KeepingReport()
        try await rollUp(now: now, policy, &report)
        guard !report.hasMore, !report.wasTaken else { return report }
        try await drop(now: now, policy, &report)
        return report
    }

    private func rollUp(now: UTCTime, _ policy: KeepingPolicy, _ report: inout KeepingReport) async throws {
        while report.hoursRolledUp < policy.hoursPerCall {
            let limit = min(Self.hoursPerTransaction, policy.hoursPerCall - report.hoursRolledUp)
            let done = try await database.write { session in
                try session.claimMaintenance() ? try RollUpKeeper.rollUp(upTo: limit, now: now, session) : nil
            }
            guard let done else {
                report.wasTaken = true
                return
            }
            report.hoursRolledUp += done
            guard done == limit else { return }
        }
        report.hasMore = true
    }

    private func drop(now: UTCTime, _ policy: KeepingPolicy, _ report: inout KeepingReport) async throws {
        let keeper = RetentionKeeper(policy: policy, now: now)
        for _ in 0..<Self.sitesPerCall {
            let room = policy.resultsPerCall - report.resultsDropped
            guard room > 0 else { break }
            let before = report
            let (after, isDone) = try await database.write { session -> (KeepingReport, Bool) in
                var report = before
                guard try session.claimMaintenance() else {
                    report.wasTaken = true
                    return (report, true)
                }
                guard try keeper.close(session), let site = try keeper.nextSite(session) else { return (report, true) }
                let limit = min(Self.resultsPerTransaction, room)
                try keeper.drop(site, upTo: limit, &report, session)
                return (report, false)
            }
            report = after
            guard !isDone else { return }
        }
        report.hasMore = true
    }
}
