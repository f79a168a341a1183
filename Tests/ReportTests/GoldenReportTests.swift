import Report
import Results
import Testing

@testable import SampleChecks

/// Whole reports, as they are meant to look.
@Suite("Whole reports")
struct GoldenReportTests {
    private func expect(_ check: SampleCheck, _ report: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let text = TextReport.render(SampleDocuments.document(check), style: TextStyle(color: false))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let expected = (report + "\n").split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == expected.count, sourceLocation: sourceLocation)
        for (line, expected) in zip(lines, expected) { #expect(line == expected, sourceLocation: sourceLocation) }
    }

    @Test("ready")
    func ready() {
        expect(
            SampleDocuments.ready,
            """
            READY  Calls can go live at dublin.

              Checked 2026-11-24 06:00:12 UTC for 60 s from box-17, against profile teams,
              to stamp://reflect.example.net:3478-3481 (192.0.2.10).

            CRITERIA
                              grade           value interval      target/limit where
              UDP reachable   READY        answered ports 3478-3481
              one-way, p95    READY         12.3 ms 11.8 – 12.8   < 50 / 100   forward
              jitter, 15 s    READY          1.2 ms 1.15 – 1.25   < 10 / 30    forward 3478
              loss            READY             0 % 0 – 0.025     < 0.1 / 1
              DSCP 46         READY           100 %               all          forward
              DSCP 46         READY           100 %               all          reverse

            EVIDENCE
              stamp://reflect.example.net:3478-3481, one-way delay by the clocks' claims:
              its clock 1.23 ± 0.4 ms behind, drifting 3.1 ppm.
              port  ms            min    p50    p95    max      ± jitter    loss lost/sent
              3478  forward      9.84  11.07  12.30  18.45   0.40   1.20     0 % 0/3000
                    reverse      8.80   9.90  11.00  16.50   0.40   0.90     0 % 0/3000
                    round trip  18.64  20.97  23.30  34.95   0.02   2.10     0 % 0/3000
              3479  forward      9.84  11.07  12.30  18.45   0.40   1.20     0 % 0/3000
                    reverse      8.80   9.90  11.00  16.50   0.40   0.90     0 % 0/3000
                    round trip  18.64  20.97  23.30  34.95   0.02   2.10     0 % 0/3000
              3480  forward      9.84  11.07  12.30  18.45   0.40   1.20     0 % 0/3000
                    reverse      8.80   9.90  11.00  16.50   0.40   0.90     0 % 0/3000
                    round trip  18.64  20.97  23.30  34.95   0.02   2.10     0 % 0/3000
              3481  forward      9.84  11.07  12.30  18.45   0.40   1.20     0 % 0/3000
                    reverse      8.80   9.90  11.00  16.50   0.40   0.90     0 % 0/3000
                    round trip  18.64  20.97  23.30  34.95   0.02   2.10     0 % 0/3000
              Jitter: the worst 15 s.
              Voice quality: MOS 4.4, an estimate by the E-model (G.107).
              Its clock: synchronised to ± 0.2 ms, it says.
              Its replies left 0.009 ms (p50) after the time they carry; corrected in 11,996
              of 12,000 by its Follow-Up Telemetry.

              This host's clock: synchronised to ± 0.2 ms, says kernel (chrony).
              This host's probe: sent late by 0.04 ms (p50), 0.31 ms (p99), 0.9 ms (max); 0
              sends missed; 100 % of times from the kernel; 0 replies dropped here.
              DSCP: arrived there with 46 (12,000); replies arrived here with 46 (12,000).
              Load: 336 kbit/s sent, 336 kbit/s received (IP).

            NOT MEASURED
              – The mark on packets as they left this host: nothing was captured on the
                wire.
              – The line with many calls at once: a check carries one call's packets on each
                port.

            linecheck 0.1.0 · result 01a20c23-f339-72ce-b286-3756b8f117ae
            """
        )
    }

    @Test("not ready, with a blocked port")
    func blockedPort() {
        expect(
            SampleDocuments.blockedPort,
            """
            NOT READY  Calls must not go live at dublin yet.

              Checked 2026-11-24 06:00:12 UTC for 60 s from box-17, against profile teams,
              to stamp://reflect.example.net:3478-3481 (192.0.2.10).

            CRITERIA
                              grade           value interval      target/limit where
              UDP reachable   READY        answered ports 3478-3479, 3481
              UDP reachable   NOT READY      silent port 3480
              one-way, p95    READY         12.3 ms 11.8 – 12.8   < 50 / 100   forward
              jitter, 15 s    READY          1.2 ms 1.15 – 1.25   < 10 / 30    forward 3478
              loss            READY         0.033 % 0.009 – 0.086 < 0.1 / 1    forward
              DSCP 46         READY           100 %               all          forward
              DSCP 46         READY           100 %               all          reverse

            FINDINGS
              NOT READY  udp.blocked
                UDP port 3480 of stamp://reflect.example.net:3478-3481 did not answer while
                others did: something on the way blocks it.
                → Allow UDP 3478-3481 outbound, to this endpoint as to Microsoft's media
                  address ranges (by range and not by domain name), past proxies and deep
                  packet inspection. A firewall that forces media onto TCP degrades calls.
                address 192.0.2.10; ports 3480; packets received 0; packets sent 3,000

            EVIDENCE
              stamp://reflect.example.net:3478-3481, one-way delay by the clocks' claims:
              its clock 1.23 ± 0.4 ms behind, drifting 3.1 ppm.
              port  ms            min    p50    p95    max      ± jitter    loss lost/sent
              3478  forward      9.84  11.07  12.30  18.45   0.40   1.20   0.1 % 3/3000
                    reverse      8.80   9.90  11.00  16.50   0.40   0.90     0 % 0/3000
                    round trip  18.64  20.97  23.30  34.95   0.02   2.10   0.1 % 3/3000
              3479  forward      9.84  11.07  12.30  18.45   0.40   1.20     0 % 0/3000
                    reverse      8.80   9.90  11.00  16.50   0.40   0.90     0 % 0/3000
                    round trip  18.64  20.97  23.30  34.95   0.02   2.10     0 % 0/3000
              3481  forward      9.84  11.07  12.30  18.45   0.40   1.20     0 % 0/3000
                    reverse      8.80   9.90  11.00  16.50   0.40   0.90     0 % 0/3000
                    round trip  18.64  20.97  23.30  34.95   0.02   2.10     0 % 0/3000
              Jitter: the worst 15 s.
              Voice quality: MOS 4.4, an estimate by the E-model (G.107).
              Its clock: synchronised to ± 0.2 ms, it says.
              Its replies left 0.009 ms (p50) after the time they carry; corrected in 11,996
              of 12,000 by its Follow-Up Telemetry.

              This host's clock: synchronised to ± 0.2 ms, says kernel (chrony).
              This host's probe: sent late by 0.04 ms (p50), 0.31 ms (p99), 0.9 ms (max); 0
              sends missed; 100 % of times from the kernel; 0 replies dropped here.
              DSCP: arrived there with 46 (9,000); replies arrived here with 46 (9,000).
              Load: 336 kbit/s sent, 252 kbit/s received (IP).

            NOT MEASURED
              – The mark on packets as they left this host: nothing was captured on the
                wire.
              – The line with many calls at once: a check carries one call's packets on each
                port.

            linecheck 0.1.0 · result 01a20c23-f339-72ce-b286-3756b8f117ae
            """
        )
    }

    @Test("inconclusive")
    func inconclusive() {
        expect(
            SampleDocuments.inconclusive,
            """
            INCONCLUSIVE  This check cannot say whether dublin is ready.

              Checked 2026-11-24 06:00:12 UTC for 8.8 s from box-17, against profile teams,
              to stamp://reflect.example.net:3478-3481 (192.0.2.10).

            CRITERIA
                              grade           value interval      target/limit where
              UDP reachable   READY        answered ports 3478-3481
              one-way, p95    INCONCLUSIVE  50.4 ms 49.7 – 100.5  < 50 / 100   forward
                              to settle it takes clocks within 0.3 ms of each other (within
                              50 ms here)
              jitter, 15 s    INCONCLUSIVE  0.96 ms 0.91 – 2.45   < 10 / 30    forward 3478
                              to settle it takes a check of at least 15 s (8.8 s here)
              loss            INCONCLUSIVE      0 % 0 – 0.17      < 0.1 / 1
                              to settle it takes 3,000 packets, 1,240 more, at the loss seen
                              here (0 %): a check of 15 s
              DSCP 46         READY           100 %               all          reverse

            FINDINGS
              INCONCLUSIVE  clock.unsynchronized
                This host's clock is not synchronised, so one-way delays are known only as
                far as the round trip bounds them.
                → Run chrony or another NTP client on this host, or state the clock's error
                  with --clock-error where it is known.
                source kernel

              NOTE  dscp.far_end_unknown
                stamp://reflect.example.net:3478-3481 does not report the DSCP that arrives
                there, so whether DSCP 46 survives the way there is not known.
                → Check against a reflector that reports Class of Service (RFC 8972), such
                  as linecheck reflect.
                address 192.0.2.10; ports 3478-3481

              NOTE  check.interrupted
                The check was ended after 8.8 s of 60 s; its intervals are as wide as so few
                packets make them.
                → Let a check run to its end before it is used to sign anything off.
                duration 8.8 s; intended duration 60 s

            EVIDENCE
              stamp://reflect.example.net:3478-3481, one-way delay bounded by the round
              trip: its clock 1.23 ± 50 ms behind, drifting 3.1 ppm.
              port  ms            min    p50    p95    max      ± jitter    loss lost/sent
              3478  forward     40.32  45.36  50.40  75.60  50.00   0.96     0 % 0/440
                    reverse     40.16  45.18  50.20  75.30  50.00   0.72     0 % 0/440
                    round trip  80.48  90.54  100.6  150.9   0.02   1.68     0 % 0/440
              3479  forward     40.32  45.36  50.40  75.60  50.00   0.96     0 % 0/440
                    reverse     40.16  45.18  50.20  75.30  50.00   0.72     0 % 0/440
                    round trip  80.48  90.54  100.6  150.9   0.02   1.68     0 % 0/440
              3480  forward     40.32  45.36  50.40  75.60  50.00   0.96     0 % 0/440
                    reverse     40.16  45.18  50.20  75.30  50.00   0.72     0 % 0/440
                    round trip  80.48  90.54  100.6  150.9   0.02   1.68     0 % 0/440
              3481  forward     40.32  45.36  50.40  75.60  50.00   0.96     0 % 0/440
                    reverse     40.16  45.18  50.20  75.30  50.00   0.72     0 % 0/440
                    round trip  80.48  90.54  100.6  150.9   0.02   1.68     0 % 0/440
              Jitter: the mean of a run shorter than 15 s.
              Voice quality: MOS 4.4, an estimate by the E-model (G.107).
              Its clock: not synchronised, or it does not say.

              This host's clock: not synchronised, says kernel.
              This host's probe: sent late by 0.04 ms (p50), 0.31 ms (p99), 0.9 ms (max); 0
              sends missed; 100 % of times from the kernel; 0 replies dropped here.
              DSCP: replies arrived here with 46 (12,000).
              Load: 336 kbit/s sent, 336 kbit/s received (IP).

            NOT MEASURED
              – The mark on packets as they left this host: nothing was captured on the
                wire.
              – The mark on packets as they arrived at the far end: it does not report it.
              – The line with many calls at once: a check carries one call's packets on each
                port.

            linecheck 0.1.0 · result 01a20c23-f339-72ce-b286-3756b8f117ae
            """
        )
    }

    @Test("how many calls the line carries")
    func capacity() {
        let report = TextReport.render(SampleDocuments.withCapacity, style: TextStyle(color: false))
        let lines = report.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let start = lines.firstIndex(of: "CALLS") ?? 0
        let expected = """
            CALLS
              The line carries 8 calls within target; with more, latency one way and loss
              broke first.
              Queueing begins between 672 kbit/s and 1.34 Mbit/s each way.
              calls     each way   p95 ms  jitter     loss
                  4   336 kbit/s     12.3     1.2      0 % carried
                  8   672 kbit/s     12.3     1.2      0 % carried
                 16  1.34 Mbit/s     62.5     1.2    2.1 % broke: latency one way and loss
            """
        #expect(lines[start...].prefix(8).joined(separator: "\n") == expected)
        #expect(report.contains("Load: 8 calls to each endpoint, 336 kbit/s sent"))
        #expect(!report.contains("many calls at once"))
    }
}
