import Foundation
import Report
import Results
import Testing

@Suite("The report on a trace")
struct TraceReportTests {
    private func hop(_ hop: Int, _ address: String?, _ dscp: String, more: String = "") -> String {
        let answers = address.map { #"[{"address": "\#($0)", "packets": 3}]"# } ?? "[]"
        let delay = address == nil ? "" : #""delay_ms": {"min": 0.5, "p50": 12.25, "max": 1234.5}, "dscp": \#(dscp),"#
        return #"""
            {"hop": \#(hop), "sent": 3, "answered": \#(address == nil ? 0 : 3), "answered_ratio": 1, \#(delay) \#(more)
             "addresses": \#(answers)}
            """#
    }

    private func port(_ port: Int, _ end: String, _ hops: [String]) -> String {
        #"""
        {"port": \#(port), "source_address": "192.0.2.1", "source_port": 40000, "not_sent": 0, "end": \#(end),
         "hops": [\#(hops.joined(separator: ","))]}
        """#
    }

    private func document(_ ports: [String], address: String = "192.0.2.9") throws -> TraceDocument {
        let json = #"""
            {"schema": "linecheck.trace/1", "id": "0192f0c1-0000-7000-8000-000000000000", "agent": "box-17",
             "version": "0.1.0", "started_at": "2026-11-24T06:00:12.000000Z",
             "ended_at": "2026-11-24T06:00:26.000000Z", "endpoint": "stamp://reflect.example.net:3478-3479",
             "address": "\#(address)", "protocol": "stamp", "dscp": 46, "payload_bytes": 182, "hearing": "raw_icmp",
             "settings": {"queries": 3, "max_hops": 30, "interval_s": 1, "timeout_s": 4, "longest_s": 16},
             "grade": "at_risk", "findings": [], "ignored": {"late": 2, "foreign": 9}, "interrupted": false,
             "ports": [\#(ports.joined(separator: ","))]}
            """#
        return try JSONDecoder().decode(TraceDocument.self, from: Data(json.utf8))
    }

    private func lines(_ document: TraceDocument) -> [String] {
        TraceReport.render(document, style: TextStyle(color: false)).split(separator: "\n").map(String.init)
    }

    @Test("Hops, ports that fare differently, labels and marks")
    func table() throws {
        let label = #""mpls": [[{"label": 16001, "traffic_class": 5, "ttl": 1}]],"#
        let document = try document([
            port(
                3478,
                #"{"state": "answered", "hop": 3}"#,
                [hop(1, "10.0.0.1", #"{"46": 3}"#), hop(2, nil, ""), hop(3, "192.0.2.9", #"{"46": 1, "0": 2}"#)]
            ),
            port(
                3479,
                #"{"state": "refused", "hop": 2, "address": "10.0.0.2", "meaning": "host unreachable"}"#,
                [hop(1, "10.0.0.1", #"{"46": 3}"#), hop(2, "10.0.0.2", #"{"46": 3}"#, more: label)]
            ),
        ])
        let lines = lines(document)
        let expected = """
            AT RISK  DSCP 46 does not keep on the way to 192.0.2.9.
              Traced 2026-11-24 06:00:12 UTC for 14 s from box-17 to
              stamp://reflect.example.net:3478-3479 (192.0.2.9): STAMP probes of 182 octets
              with DSCP 46, 3 for each port at each hop.
            HOPS
              hop address              ports          answered    min    p50    max DSCP
                1 10.0.0.1             all                 6/6   0.50  12.25 1234.5 46
                2 no answer            3478                0/3      –      –      – –
                  10.0.0.2             3479                3/3   0.50  12.25 1234.5 46
                  MPLS 16001 (class 5, TTL 1)
                3 192.0.2.9            3478                3/3   0.50  12.25 1234.5 mixed
                  DSCP 0 on 2, 46 on 1
              Round trips in ms; where ports share a line, p50 is the middle of theirs. DSCP
              as it arrived at the hop.
            PORTS
              3478                 answered by the destination, hop 3
              3479                 refused by hop 2 (10.0.0.2): host unreachable
              Messages that were not taken for answers: late 2.
            linecheck 0.1.0 · trace 0192f0c1-0000-7000-8000-000000000000
            """.split(separator: "\n").map(String.init)
        #expect(lines.count == expected.count)
        for (line, expected) in zip(lines, expected) { #expect(line == expected) }
    }

    @Test("An IPv6 address in full takes a line of its own, and no line is wider than 80 columns")
    func longAddress() throws {
        let address = "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"
        let document = try document(
            [port(3478, #"{"state": "answered", "hop": 1}"#, [hop(1, address, #"{"46": 3}"#)])],
            address: address
        )
        let lines = lines(document)
        #expect(lines.contains("    1 \(address)"))
        #expect(lines.allSatisfy { $0.count <= 80 })
    }
}
