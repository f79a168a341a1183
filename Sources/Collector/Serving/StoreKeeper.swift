import CollectorStore
import Logging
import Results
import ServiceLifecycle
import Units

/// Brings roll-ups up to date and drops what has been kept long enough, a bounded piece at a time.
struct StoreKeeper: Service {
    let store: any ResultStore
    let policy: KeepingPolicy
    let clock: any ClockSource
    let metrics: CollectorMetrics
    let logger: Logger

    private static let pause = Duration.seconds(60)
    /// Between pieces, so that ingest gets its turn.
    private static let breath = Duration.milliseconds(200)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let hasMore = await keep()
                do { try await Task.sleep(for: hasMore ? Self.breath : Self.pause) } catch { return }
            }
        }
    }

    /// - Returns: whether there is more to do.
    private func keep() async -> Bool {
        do {
            let report = try await store.maintain(now: UTCTime(clock.read().wall), policy: policy)
            metrics.countDropped(report.resultsDropped)
            if report.resultsDropped + report.assessmentsDropped > 0 {
                logger.info(
                    "dropped what was kept long enough",
                    metadata: ["results": "\(report.resultsDropped)", "assessments": "\(report.assessmentsDropped)"]
                )
            }
            return report.hasMore && !report.wasTaken
        } catch {
            logger.warning("the store could not be tidied: \(error)")
            return false
        }
    }
}

extension KeepingPolicy {
    /// Where raw results are kept for ever, for longer than anybody will.
    init(_ settings: RetentionSettings) {
        self.init(
            raw: settings.raw ?? RetentionSettings.lengths.upperBound,
            hourly: settings.hourly,
            daily: settings.daily
        )
    }
}
