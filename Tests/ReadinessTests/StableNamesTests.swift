import Readiness
import Testing

/// What these lists hold has been published: names may be added, never changed or taken away.
@Suite("Stable names")
struct StableNamesTests {
    @Test("finding codes")
    func codes() {
        #expect(
            Finding.Code.allCases.map(\.rawValue) == [
                "udp.blocked", "endpoint.port_refused", "endpoint.replies_refused", "link.interrupted",
                "probe.not_sent",
                "probe.overloaded", "probe.socket_drops", "probe.no_kernel_timestamps", "check.interrupted",
                "clock.unsynchronized", "clock.claim_contradicted", "clock.stepped", "dscp.remarked.forward",
                "dscp.remarked.return", "dscp.bleached.forward", "dscp.bleached.return", "dscp.far_end_unknown",
                "dscp.return_not_tested", "dscp.not_set.egress", "dscp.remarked.local", "dscp.bleached.local",
                "dscp.capture.unavailable", "dscp.capture.drops", "dscp.media.none", "dscp.media.unclassed",
                "latency.high", "jitter.high", "loss.high", "loss.bursty",
                "reordering.present", "duplicates.present", "path.port_blocked_at_hop", "path.port_refused_at_hop",
                "path.ends_at_hop", "path.differs_by_port", "path.hop_silent", "path.hop_limits_reports",
                "path.quote_rewritten", "dscp.hops_unknown", "path.vpn_hairpin", "path.several_default_routes",
                "path.policy_routing", "path.mtu_low", "path.proxy", "path.outside_microsoft_ranges",
                "path.ranges_routed_differently", "ranges.stale", "ranges.not_fetched", "link.half_duplex",
                "link.slow", "link.errors", "link.drops", "wifi.band_2ghz", "wifi.weak_signal", "wifi.roamed",
                "udp.blocked_when_marked", "udp.blocked_when_large", "tls.interception", "nat.rebinding",
                "nat.port_dependent", "relay.limited", "relay.redirected", "path.ports_singled_out",
            ]
        )
    }

    @Test("severities, grades, and what a command exits with")
    func grades() {
        #expect(Finding.Severity.allCases.map(\.rawValue) == ["info", "inconclusive", "at_risk", "not_ready"])
        #expect(Grade.allCases.map(\.rawValue) == ["ready", "inconclusive", "at_risk", "not_ready"])
        #expect(Grade.allCases.sorted() == Grade.allCases, "from best to worst")
        #expect(Grade.allCases.map(\.exitStatus) == [0, 3, 1, 2])
    }

    @Test("criteria")
    func criteria() {
        #expect(
            Criterion.Name.allCases.map(\.rawValue)
                == ["reachability", "latency_one_way", "round_trip", "jitter", "loss", "reordering", "dscp"]
        )
        #expect(Criterion.Unit.allCases.map(\.rawValue) == ["ms", "ratio"])
        #expect(
            Statistic.allCases.map(\.rawValue)
                == ["p50", "mean", "p95", "p99", "max", "worst_15s", "worst_200ms", "whole_check"]
        )
        #expect(
            Basis.allCases.map(\.rawValue) == [
                "synchronized", "rtt_bounded", "half_round_trip", "round_trip", "per_direction", "replies", "icmp",
                "local_error", "far_end_report", "reply_mark", "egress_capture",
            ]
        )
    }
}
