import Agent
import Foundation
import Results
import Testing
import Units

@Suite struct PrometheusTextTests {
    private var status: AgentStatus {
        var status = AgentStatus(
            site: "Branch \"42\"\nBerlin",
            version: "0.1.0",
            process: 1,
            startedAt: WallInstant(nanosecondsSinceUnixEpoch: 0)
        )
        var schedule = AgentStatus.ScheduleStatus()
        schedule.made = 12
        schedule.missed = 3
        schedule.failed = 1
        status.schedules["hours"] = schedule
        status.delivery = DeliveryDocument(
            spool: "durable",
            pending: 7,
            oldestPendingSeconds: 61.5,
            held: 0,
            setAside: 2,
            dropped: 5,
            lastSuccessAt: nil,
            lastFailureAt: nil,
            lastFailure: nil
        )
        return status
    }

    @Test func thePageIsAsPrometheusReadsIt() {
        let page = PrometheusText.render(status, latest: [:])
        for line in [
            "linecheck_agent_info{site=\"Branch \\\"42\\\"\\nBerlin\",version=\"0.1.0\"} 1",
            "# TYPE linecheck_checks_total counter", "linecheck_checks_total{schedule=\"hours\"} 12",
            "linecheck_checks_missed_total{schedule=\"hours\"} 3",
            "linecheck_checks_failed_total{schedule=\"hours\"} 1", "linecheck_spool_pending 7",
            "linecheck_spool_oldest_seconds 61.5", "linecheck_spool_set_aside 2", "linecheck_spool_dropped_total 5",
            "linecheck_spool_durable 1",
        ] {
            #expect(page.split(separator: "\n").contains(Substring(line)), "\(line)")
        }
        let names = page.split(separator: "\n").filter { !$0.hasPrefix("#") }
        // Each sample is a name, its labels, and one number.
        for line in names {
            #expect(Double(line.split(separator: " ").last ?? "") != nil, "\(line)")
        }
        #expect(page.hasSuffix("\n"))
    }

    @Test func theStatusReadsBack() throws {
        let encoded = try JSONEncoder().encode(status)
        #expect(try JSONDecoder().decode(AgentStatus.self, from: encoded) == status)
    }
}
