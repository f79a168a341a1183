import Exposition
import Readiness
import Results
import Units

/// The agent's state in Prometheus' text format (0.0.4).
public enum PrometheusText {
    /// - Parameter latest: the latest result of each schedule.
    public static func render(_ status: AgentStatus, latest: [String: ResultDocument]) -> String {
        var page = ExpositionPage()
        page.gauge("linecheck_agent_info", "The agent.", [(["site": status.site, "version": status.version], 1)])
        let schedules = status.schedules.sorted { $0.key < $1.key }
        page.counter("linecheck_checks_total", "Checks that came to a result.") {
            schedules.map { (["schedule": $0.key], Double($0.value.made)) }
        }
        page.counter("linecheck_checks_missed_total", "Checks that were not made.") {
            schedules.map { (["schedule": $0.key], Double($0.value.missed)) }
        }
        page.counter("linecheck_checks_failed_total", "Checks that came to no result.") {
            schedules.map { (["schedule": $0.key], Double($0.value.failed)) }
        }
        render(latest.sorted { $0.key < $1.key }, &page)
        if let delivery = status.delivery { render(delivery, &page) }
        return page.text
    }

    private static func render(_ latest: [(key: String, value: ResultDocument)], _ page: inout ExpositionPage) {
        page.gauge(
            "linecheck_grade",
            "The latest check's grade: 0 ready, 1 at risk, 2 not ready, 3 inconclusive.",
            latest.map { (["schedule": $0.key], Double($0.value.grade.rank)) }
        )
        page.gauge(
            "linecheck_check_ended_timestamp_seconds",
            "When the latest check ended.",
            latest.map { (["schedule": $0.key], $0.value.endedAt.instant.seconds) }
        )
        let criteria = latest.flatMap { entry in entry.value.criteria.map { (entry.key, $0) } }
        page.gauge("linecheck_criterion_grade", "A criterion's grade, as linecheck_grade.", criteria.map(grade))
        page.gauge("linecheck_criterion_value", "What a criterion was judged on.", criteria.compactMap(value))
        page.gauge(
            "linecheck_probe_missed_sends",
            "Probes that this host came too late to send, in the latest check.",
            latest.map { (["schedule": $0.key], Double($0.value.probeQuality.missedSends)) }
        )
        page.gauge(
            "linecheck_probe_send_error_p99_seconds",
            "How late probes left this host, in the latest check.",
            latest.map { (["schedule": $0.key], $0.value.probeQuality.sendErrorMicroseconds.p99 / 1e6) }
        )
    }

    private static func labels(_ schedule: String, _ criterion: CriterionDocument) -> [String: String] {
        var labels = ["schedule": schedule, "criterion": criterion.name, "endpoint": criterion.endpoint]
        labels["port"] = criterion.port.map { "\($0)" }
        labels["direction"] = criterion.direction
        labels["statistic"] = criterion.statistic
        return labels
    }

    private static func grade(_ entry: (String, CriterionDocument)) -> ([String: String], Double) {
        (labels(entry.0, entry.1), Double(entry.1.grade.rank))
    }

    private static func value(_ entry: (String, CriterionDocument)) -> ([String: String], Double)? {
        entry.1.value.map { value in
            (labels(entry.0, entry.1).merging(["unit": entry.1.unit]) { $1 }, value)
        }
    }

    private static func render(_ delivery: DeliveryDocument, _ page: inout ExpositionPage) {
        page.gauge(
            "linecheck_spool_pending",
            "Documents that wait for the collector.",
            [([:], Double(delivery.pending))]
        )
        page.gauge(
            "linecheck_spool_set_aside",
            "Documents that the collector refused.",
            [([:], Double(delivery.setAside))]
        )
        page.gauge(
            "linecheck_spool_oldest_seconds",
            "How long the oldest of them has waited.",
            [([:], delivery.oldestPendingSeconds ?? 0)]
        )
        page.counter("linecheck_spool_dropped_total", "Documents dropped for want of room.") {
            [([:], Double(delivery.dropped))]
        }
        page.gauge(
            "linecheck_spool_durable",
            "1 where results lie on the disk, 0 where they wait in memory.",
            [([:], delivery.held == 0 ? 1 : 0)]
        )
    }
}

extension WallInstant {
    fileprivate var seconds: Double { Double(nanosecondsSinceUnixEpoch) / 1e9 }
}
