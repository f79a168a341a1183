import Foundation
import Testing

extension EndToEnd {
    /// Through a router that drops and refuses.
    @Suite("Firewalls", .enabled(if: RelayLab.isAvailable, "SKIPPED: coturn, nftables and openssl are needed"))
    struct Firewalls {
        @Test("Dropped, refused and choosy ports are told apart, and TCP beside them")
        func truthTable() async throws {
            let report = try await RelayLab.with { lab in
                try await lab.startTurnServer()
                try await lab.startTLSServer(subject: "/O=Inspector/CN=proxy.example")
                try lab.filter(
                    "udp dport 3479 drop",
                    "ip dscp ef udp dport 3480 drop",
                    "udp dport 3481 reject with icmp type admin-prohibited"
                )
                return try await lab.check(["--endpoint", "turn://\(RelayLab.server)", "--duration", "2s"]).report
            }
            #expect(try report.stream(port: 3478).reachability.state == "answered")
            #expect(try report.stream(port: 3479).reachability.state == "silent")
            let refused = try report.stream(port: 3481).reachability
            #expect(refused.state == "refused" && refused.icmpSource == "10.78.1.1")
            let tried = try #require(try report.stream(port: 3480).reachability.tried)
            #expect(tried.first { $0.kind == "same" }?.answered == 0)
            #expect(tried.first { $0.kind == "unmarked" }.map { $0.answered == $0.sent } == true)
            #expect(report.findings("udp.blocked_when_marked").first?.evidence?["ports"]?.text == "3480")
            #expect(
                report.findings("udp.blocked").compactMap { $0.evidence?["ports"]?.text }.sorted() == ["3479", "3481"]
            )
            let fallback = try #require(report.endpoints.first?.fallback)
            #expect(fallback.tcp == "connected" && fallback.tls?.state == "untrusted")
            let interception = try #require(report.findings("tls.interception").first)
            #expect(interception.evidence?["certificate_issuer"]?.text.contains("Inspector") == true)
        }

        @Test("A check without an end asks as well why a port is silent, while its streams go on")
        func continuous() async throws {
            let lines = try await RelayLab.with { lab in
                try await lab.startTurnServer()
                try lab.filter("udp dport 3479 drop", "ip dscp ef udp dport 3480 drop")
                let endpoint = "turn://\(RelayLab.server):3478-3480"
                let check = try lab.start(
                    [try Executables.built("linecheck"), "check", "--continuous", "--format", "json", "--quiet"]
                        + ["--endpoint", endpoint, "--duration", "5s"],
                    at: .site
                )
                // Of what is judged when the run has ended nothing is asked.
                for _ in 0..<600 where check.standardOutput.filter({ $0 == "\n" }).count < 3 {
                    try await Task.sleep(for: .milliseconds(100))
                }
                let lines = check.standardOutput.split(separator: "\n").prefix(3).map(String.init)
                _ = try await check.stop(signal: SIGINT, within: 20)
                return lines
            }
            let pieces = try lines.map { try CheckReport(json: $0) }
            #expect(pieces.count == 3)
            for piece in pieces {
                let marked = try #require(try piece.stream(port: 3480).reachability.tried)
                #expect(marked.first { $0.kind == "same" }?.answered == 0)
                #expect(marked.first { $0.kind == "unmarked" }.map { $0.answered == $0.sent } == true)
                let silent = try #require(try piece.stream(port: 3479).reachability.tried)
                #expect(silent.allSatisfy { $0.answered == 0 && $0.sent > 0 } && silent.count == 2)
                #expect(try piece.stream(port: 3478).reachability.tried == nil)
                #expect(piece.findings("udp.blocked_when_marked").first?.evidence?["ports"]?.text == "3480")
                let answered = try piece.stream(port: 3478).packets
                #expect(answered.received == answered.sent)
            }
        }

        @Test("UDP that is blocked is told from an endpoint that is down")
        func blockedOrDown() async throws {
            let (blocked, down) = try await RelayLab.with { lab in
                try await lab.startTurnServer()
                try await lab.startTLSServer(subject: "/CN=relay")
                try lab.filter("udp dport 3478-3481 drop")
                let options = ["--endpoint", "turn://\(RelayLab.server)", "--duration", "1s"]
                let blocked = try await lab.check(options).report
                try lab.filter("drop")
                return (blocked, try await lab.check(options).report)
            }
            #expect(blocked.endpoints.first?.fallback?.tcp == "connected")
            #expect(blocked.findings("udp.blocked").first?.summary.contains("is blocked on the way") == true)
            #expect(down.endpoints.first?.fallback?.tcp == "timed_out")
            #expect(down.findings("udp.blocked").first?.summary.contains("neither by UDP nor on TCP 443") == true)
            #expect(blocked.grade == "not_ready" && down.grade == "not_ready")
        }

        @Test(
            "Each refusal is told by its code and source",
            arguments: [
                ("port-unreachable", "port unreachable"), ("host-unreachable", "host unreachable"),
                ("net-unreachable", "no route to destination"), ("prot-unreachable", "protocol unreachable"),
                ("net-prohibited", "administratively prohibited"), ("host-prohibited", "administratively prohibited"),
                ("admin-prohibited", "administratively prohibited"),
            ]
        )
        func refusals(code: String, reason: String) async throws {
            let report = try await RelayLab.with { lab in
                try lab.filter("udp dport 3478 reject with icmp type \(code)")
                return try await lab.check(["--endpoint", "\(RelayLab.server):3478", "--duration", "1s"]).report
            }
            let refused = try report.stream(port: 3478).reachability
            #expect(refused.state == "refused" && refused.reason == reason)
            #expect(refused.icmpSource == "10.78.1.1" && refused.byEndpoint == false)
        }

        @Test(
            "Each refusal by IPv6 is told by its code and source",
            arguments: [
                ("no-route", "no route to destination"), ("admin-prohibited", "administratively prohibited"),
                ("addr-unreachable", "host unreachable"), ("port-unreachable", "port unreachable"),
                ("policy-fail", "refused by a routing policy"), ("reject-route", "refused by a routing policy"),
            ]
        )
        func refusalsByIPv6(code: String, reason: String) async throws {
            let report = try await RelayLab.with { lab in
                try lab.filter("udp dport 3478 reject with icmpv6 type \(code)")
                return try await lab.check(["--endpoint", "[\(RelayLab.serverIPv6)]:3478", "--duration", "1s"]).report
            }
            let refused = try report.stream(port: 3478).reachability
            #expect(refused.state == "refused" && refused.reason == reason)
            #expect(refused.icmpSource == "fd78:1::1" && refused.byEndpoint == false)
        }

        @Test(
            "A link whose MTU is too small, of which no router tells, answers only small packets",
            arguments: [RelayLab.server, "[\(RelayLab.serverIPv6)]"]
        )
        func smallMTU(address: String) async throws {
            let report = try await RelayLab.with { lab in
                try await lab.startReflector()
                try lab.setMTU(1_280)
                try lab.dropOwn("icmp type destination-unreachable", "icmpv6 type packet-too-big")
                let options = ["--endpoint", "\(address):3478-3479", "--payload", "1300", "--duration", "1s"]
                return try await lab.check(options).report
            }
            let finding = try #require(report.findings("udp.blocked_when_large").first)
            #expect(finding.evidence?["ports"]?.text == "3478-3479")
            let tried = try #require(try report.stream(port: 3479).reachability.tried)
            #expect(tried.first { $0.kind == "same" }.map { $0.payloadBytes == 1_300 && $0.answered == 0 } == true)
            #expect(tried.first { $0.kind == "small" }.map { $0.payloadBytes == 44 && $0.answered == $0.sent } == true)
            #expect(report.grade == "not_ready")
        }

        @Test(
            "Where the router tells of the small MTU, packets go in pieces and nothing is called blocked",
            arguments: [RelayLab.server, "[\(RelayLab.serverIPv6)]"]
        )
        func toldMTU(address: String) async throws {
            let report = try await RelayLab.with { lab in
                try await lab.startReflector()
                try lab.setMTU(1_280)
                let options = ["--endpoint", "\(address):3478", "--payload", "1300", "--duration", "2s"]
                return try await lab.check(options).report
            }
            #expect(report.findings("udp.blocked_when_large").isEmpty && report.findings("udp.blocked").isEmpty)
            #expect(try report.stream(port: 3478).reachability.state == "answered")
        }

        @Test(
            "A certificate that only an authority added to this host vouches for is interception of Microsoft's names"
        )
        func locallyTrusted() async throws {
            let name = "world.tr.teams.microsoft.com"
            let (report, stranger) = try await RelayLab.with { lab in
                try await lab.startTurnServer()
                try await lab.startTLSServer(subject: "/O=Inspector/CN=\(name)", names: [name])
                try lab.name(RelayLab.server, as: [name, "relay.lab.example"])
                try lab.trustTLSServer()
                let options = ["--duration", "1s", "--endpoint"]
                let report = try await lab.check(options + ["turn://\(name):3478"]).report
                return (report, try await lab.check(options + ["turn://relay.lab.example:3478"]).report)
            }
            #expect(report.endpoints.first?.fallback?.tls?.state == "locally_trusted")
            let finding = try #require(report.findings("tls.interception").first)
            #expect(finding.severity == "at_risk" && finding.summary.contains("is not Microsoft's"))
            #expect(finding.evidence?["certificate_issuer"]?.text.contains("Inspector") == true)
            #expect(stranger.endpoints.first?.fallback?.tls?.state == "untrusted", "it is another name's")
            #expect(stranger.findings("tls.interception").map(\.severity) == ["at_risk"])
        }

        @Test("A port that lets only short packets through is found")
        func short() async throws {
            let report = try await RelayLab.with { lab in
                try await lab.startReflector()
                try lab.filter("udp dport 3479 udp length > 100 drop")
                return try await lab.check(["--endpoint", "\(RelayLab.server):3478-3479", "--duration", "1s"]).report
            }
            let finding = try #require(report.findings("udp.blocked_when_large").first)
            #expect(finding.evidence?["ports"]?.text == "3479")
            let tried = try #require(try report.stream(port: 3479).reachability.tried)
            #expect(tried.first { $0.kind == "small" }.map { $0.payloadBytes == 44 && $0.answered == $0.sent } == true)
        }

        @Test("Ports that are singled out are told by a control port")
        func singledOut() async throws {
            let report = try await RelayLab.with { lab in
                try await lab.startReflector(["--ports", "3478-3481,5004"])
                try lab.filter("udp dport 3480 numgen random mod 100 < 20 drop")
                let options = ["--endpoint", "\(RelayLab.server)", "--control-port", "5004", "--duration", "6s"]
                return try await lab.check(options).report
            }
            let finding = try #require(report.findings("path.ports_singled_out").first)
            #expect(finding.evidence?["ports"]?.text == "3480")
            #expect(finding.summary.contains("more loss"))
            #expect(report.endpoints.first?.controlPort?.port == 5_004)
        }
    }
}
