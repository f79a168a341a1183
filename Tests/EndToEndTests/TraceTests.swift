import Foundation
import Testing

extension EndToEnd {
    /// `linecheck trace` over routers whose kernels forward, rewrite and drop: every hop, port and share must be the
    /// one that was set up.
    @Suite("Trace")
    struct Trace {
        private static let ports = [3478, 3479, 3480, 3481]

        private func far(_ family: Family) -> String { family == .ipv4 ? TraceLab.far.ipv4 : "[\(TraceLab.far.ipv6)]" }
        private func farAddress(_ family: Family) -> String {
            family == .ipv4 ? TraceLab.far.ipv4 : TraceLab.far.ipv6
        }
        private func hop(_ number: Int, _ family: Family) -> String {
            family == .ipv4 ? "10.66.\(number).2" : "fd66:\(number)::2"
        }

        @Test("The hops are those that traceroute finds, each with the mark", arguments: Family.allCases)
        func clean(family: Family) async throws {
            let (outcome, peer) = try await TraceLab.with { lab in
                let outcome = try await lab.traced([far(family)])
                return (outcome, try lab.traceroute(to: farAddress(family), port: 3478))
            }
            #expect(peer == (1...4).map { hop($0, family) })
            #expect(outcome.report.hearing == "raw_icmp")
            #expect(outcome.report.ports.map(\.port) == Self.ports)
            for port in outcome.report.ports {
                #expect(port.addresses == peer + [farAddress(family)])
                #expect(port.end.state == "answered" && port.end.hop == 5)
                for hop in port.hops {
                    #expect(hop.sent == 3 && hop.answered == 3)
                    #expect(hop.dscp == ["46": 3])
                    #expect(hop.ecn == ["0": 3])
                    let delay = try #require(hop.delayMs)
                    #expect(0 < delay.min && delay.min <= delay.p50 && delay.p50 <= delay.max)
                }
            }
            #expect(outcome.report.findings.isEmpty)
            #expect(outcome.report.grade == "ready" && outcome.status == 0)
        }

        @Test("Links with VLAN tags on the way change nothing", arguments: Family.allCases)
        func vlan(family: Family) async throws {
            let (outcome, tagged) = try await TraceLab.with(vlan: 77) { lab in
                let tcpdump = try lab.watchTags(onLink: 1)
                try await tcpdump.waitUntilItSays("listening on")
                let outcome = try await lab.traced([far(family)])
                return (outcome, try await tcpdump.stop(signal: SIGINT).standardOutput)
            }
            for port in outcome.report.ports {
                #expect(port.addresses == (1...4).map { hop($0, family) } + [farAddress(family)])
                #expect(port.hops.allSatisfy { $0.dscp == ["46": 3] })
            }
            #expect(outcome.status == 0)
            let frames = tagged.split(separator: "\n")
            #expect(frames.count >= 4 * 3 * 5 && frames.allSatisfy { $0.contains("vlan 77,") }, "the link was a VLAN's")
        }

        // MARK: Marks

        @Test("The hop that rewrites the mark of one port as it sends on", arguments: Family.allCases)
        func bleachedOnEgress(family: Family) async throws {
            let header = family == .ipv4 ? "ip" : "ip6"
            let outcome = try await TraceLab.with { lab in
                try lab.rules(["udp dport 3479 \(header) dscp set 0"], hook: "postrouting", at: "r3")
                return try await lab.traced([far(family)])
            }
            let findings = outcome.report.findings("dscp.bleached.forward")
            let finding = try #require(findings.first)
            #expect(findings.count == 1)
            #expect(finding.text("ports") == "3479")
            #expect(finding.number("last_hop") == 3 && finding.text("last_hop_address") == hop(3, family))
            #expect(finding.number("first_hop") == 4 && finding.text("first_hop_address") == hop(4, family))
            #expect(finding.number("share_ratio") == 1)
            #expect(finding.text("dscp_seen") == "0")
            #expect(outcome.report.port(3479)?.hops.map(\.dscp) == [46, 46, 46, 0, 0].map { ["\($0)": 3] })
            for port in [3478, 3480, 3481] {
                #expect(outcome.report.port(port)?.hops.allSatisfy { $0.dscp == ["46": 3] } == true)
            }
            #expect(outcome.report.grade == "at_risk" && outcome.status == 1)
        }

        @Test(
            "A router that rewrites as it takes in quotes what it made of it: the hop before is the last that was right"
        )
        func remarkedOnIngress() async throws {
            let outcome = try await TraceLab.with { lab in
                try lab.rules(["udp dport 3478-3481 ip dscp set 34"], hook: "prerouting", at: "r3")
                return try await lab.traced([TraceLab.far.ipv4])
            }
            let finding = try #require(outcome.report.findings("dscp.remarked.forward").first)
            #expect(finding.text("ports") == "3478-3481")
            #expect(finding.number("last_hop") == 2 && finding.number("first_hop") == 3)
            #expect(finding.text("dscp_seen") == "34")
            #expect(finding.number("share_ratio") == 1)
        }

        @Test("The share of packets that lose their mark is the share that the router changed")
        func partlyBleached() async throws {
            let (outcome, changed) = try await TraceLab.with { lab in
                try lab.rules(
                    ["udp dport 3480 numgen random mod 2 0 counter ip dscp set 0"],
                    hook: "postrouting",
                    at: "r2"
                )
                let outcome = try await lab.traced([TraceLab.far.ipv4, "--ports", "3480", "--queries", "20"])
                return (outcome, try #require(try lab.counters(at: "r2").first))
            }
            let hops = try #require(outcome.report.port(3480)).hops
            #expect(hops.allSatisfy { $0.answered == 20 })
            #expect(hops.map { $0.dscp?["0"] ?? 0 }.reduce(0, +) == changed)
            #expect(hops.prefix(2).allSatisfy { $0.dscp == ["46": 20] })
            let finding = try #require(outcome.report.findings("dscp.bleached.forward").first)
            #expect(finding.number("last_hop") == 2 && finding.number("first_hop") == 3)
            #expect(finding.number("share_ratio").map { abs($0 - Double(changed) / 60) < 1e-6 } == true)
        }

        @Test(
            "A router that rewrites every second packet is found, in step with the probes or not",
            arguments: [UInt64(1), 2, 3]
        )
        func periodic(seed: UInt64) async throws {
            let (outcome, counted) = try await TraceLab.with { lab in
                // Behind r3 are two hops, so that in ascending order one of them would meet every packet that is touched.
                let rules = [
                    "udp dport 3478-3481 numgen inc mod 2 0 counter ip dscp set 0", "udp dport 3478-3481 counter",
                ]
                try lab.rules(rules, hook: "postrouting", at: "r3")
                let outcome = try await lab.traced([TraceLab.far.ipv4, "--queries", "6", "--seed", "\(seed)"])
                return (outcome, try lab.counters(at: "r3"))
            }
            let hops = outcome.report.ports.flatMap(\.hops)
            #expect(hops.reduce(0) { $0 + ($1.dscp?["0"] ?? 0) } == counted[0])
            #expect(counted[1] == 48 && counted[0] == 24, "half of the probes to two hops")
            let findings = outcome.report.findings.map(\.code)
            #expect(findings.contains("dscp.bleached.forward") && !findings.contains("path.quote_rewritten"))
            for finding in outcome.report.findings("dscp.bleached.forward") {
                #expect(finding.number("last_hop") == 3)
            }
            #expect(outcome.status == 1)
        }

        @Test("A reflector that wants authentication is traced with its key")
        func authenticated() async throws {
            let (with, without) = try await TraceLab.with { lab in
                let key = FileManager.default.temporaryDirectory.appendingPathComponent("lc-\(getpid())-key-\(UUID())")
                defer { try? FileManager.default.removeItem(at: key) }
                try "0123456789abcdef0123456789abcdef".write(to: key, atomically: true, encoding: .utf8)
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key.path)
                try await lab.startReflector(["--ports", "4478-4479", "--key-file", key.path])
                let options = [TraceLab.far.ipv4, "--ports", "4478-4479"]
                let with = try await lab.traced(options + ["--key-file", key.path])
                return (with, try await lab.traced(options))
            }
            for port in with.report.ports {
                #expect(port.end.state == "answered" && port.hops.count == 5)
                #expect(port.hops.allSatisfy { $0.dscp == ["46": 3] })
            }
            #expect(with.status == 0)
            #expect(without.report.ports.allSatisfy { $0.end.state == "silent" && $0.end.hop == 4 })
        }

        @Test("ECN is told apart from the mark")
        func congestionMark() async throws {
            let outcome = try await TraceLab.with { lab in
                try lab.rules(["udp dport 3478 ip ecn set ce"], hook: "postrouting", at: "r2")
                return try await lab.traced([TraceLab.far.ipv4, "--ports", "3478"])
            }
            let hops = try #require(outcome.report.port(3478)).hops
            #expect(hops.allSatisfy { $0.dscp == ["46": 3] })
            #expect(hops.map { $0.ecn } == [0, 0, 3, 3, 3].map { ["\($0)": 3] })
            #expect(outcome.report.grade == "ready")
        }

        // MARK: Ports that go no further

        @Test("A port that a router drops", arguments: Family.allCases)
        func dropped(family: Family) async throws {
            let outcome = try await TraceLab.with { lab in
                try lab.rules(["udp dport 3481 drop"], hook: "forward", at: "r2")
                return try await lab.traced([far(family)])
            }
            let findings = outcome.report.findings("path.port_blocked_at_hop")
            let finding = try #require(findings.first)
            #expect(findings.count == 1)
            #expect(finding.text("ports") == "3481")
            #expect(finding.number("hop") == 2 && finding.text("hop_address") == hop(2, family))
            #expect(finding.number("next_hop") == 3 && finding.text("next_hop_address") == hop(3, family))
            let end = try #require(outcome.report.port(3481)).end
            #expect(end.state == "silent" && end.hop == 2)
            for port in [3478, 3479, 3480] { #expect(outcome.report.port(port)?.end.state == "answered") }
            #expect(outcome.report.grade == "not_ready" && outcome.status == 2)
        }

        @Test(
            "A port that a router refuses, with the reason that it gives",
            arguments: [
                ("icmp type admin-prohibited", 3, 13, "communication administratively prohibited"),
                ("icmp type host-prohibited", 3, 10, "host administratively prohibited"),
                ("icmp type net-unreachable", 3, 0, "network unreachable"),
                ("icmp type port-unreachable", 3, 3, "port unreachable"),
            ]
        )
        func refused(with: String, type: Int, code: Int, meaning: String) async throws {
            let outcome = try await TraceLab.with { lab in
                try lab.rules(["udp dport 3479 reject with \(with)"], hook: "forward", at: "r3")
                return try await lab.traced([TraceLab.far.ipv4])
            }
            let end = try #require(outcome.report.port(3479)).end
            #expect(end.state == "refused" && end.hop == 3 && end.address == hop(3, .ipv4))
            #expect(end.icmpType == type && end.icmpCode == code && end.meaning == meaning)
            #expect(outcome.report.findings("path.port_refused_at_hop").map { $0.text("ports") } == ["3479"])
            #expect(outcome.status == 2)
        }

        @Test("A port on which nothing listens is at the end of an open path", arguments: Family.allCases)
        func nothingListens(family: Family) async throws {
            let outcome = try await TraceLab.with { lab in
                try await lab.traced([far(family), "--ports", "3478,5000"])
            }
            let closed = try #require(outcome.report.port(5000))
            #expect(closed.end.state == "port_unreachable" && closed.end.hop == 5)
            #expect(closed.hops.last?.dscp == ["46": 3])
            #expect(outcome.report.findings.map(\.code) == ["endpoint.port_refused"])
            #expect(outcome.status == 0)
        }

        // MARK: Routers that say little

        @Test("A hop that reports nothing is shown as such, and costs no more than was said")
        func silentHop() async throws {
            let outcome = try await TraceLab.with { lab in
                try lab.rules(["icmp type time-exceeded drop"], hook: "output", at: "r3")
                return try await lab.traced([TraceLab.far.ipv4])
            }
            for port in outcome.report.ports {
                #expect(port.addresses == ["10.66.1.2", "10.66.2.2", "*", "10.66.4.2", "10.66.5.2"])
                #expect(port.end.state == "answered")
            }
            #expect(outcome.report.findings("path.hop_silent").map { $0.text("hops") } == ["3"])
            #expect(outcome.status == 0)
        }

        @Test("A router that limits what it reports is named, and no port is called dropped for it")
        func limitedHop() async throws {
            let outcome = try await TraceLab.with { lab in
                try lab.setting("ipv4/icmp_ratelimit", "1000", at: "r2")
                return try await lab.traced([TraceLab.far.ipv4, "--queries", "5"])
            }
            let answered = outcome.report.ports.map { $0.hops[1].answered }.reduce(0, +)
            #expect((1..<20).contains(answered))
            #expect(outcome.report.findings.map(\.code) == ["path.hop_limits_reports"])
            #expect(outcome.report.findings("path.hop_limits_reports").first?.text("hops") == "2")
            #expect(outcome.status == 0)
        }

        @Test("Where every router limits what it reports, the silence of a port proves nothing")
        func limitedEverywhere() async throws {
            let outcome = try await TraceLab.with { lab in
                for place in ["r1", "r2", "r3", "r4", "far"] {
                    try lab.setting("ipv4/icmp_ratelimit", "20000", at: place)
                }
                return try await lab.traced([TraceLab.far.ipv4, "--ports", "5000-5011"])
            }
            #expect(outcome.report.findings("path.port_blocked_at_hop").isEmpty)
            #expect(outcome.report.findings("path.ends_at_hop").count == 1)
            #expect(outcome.report.grade == "inconclusive" && outcome.status == 3)
        }

        // MARK: Ways that differ

        @Test("Ports that a router sends different ways are shown on the way that traceroute finds for the same flow")
        func parallelWays() async throws {
            let (outcome, peers) = try await TraceLab.with(parallel: true) { lab in
                let outcome = try await lab.traced([TraceLab.far.ipv4, "--ports", "3478-3489", "--queries", "2"])
                let peers = try outcome.report.ports.map {
                    try lab.traceroute(to: TraceLab.far.ipv4, port: $0.port, sourcePort: $0.sourcePort)
                }
                return (outcome, peers)
            }
            for (port, peer) in zip(outcome.report.ports, peers) { #expect(Array(port.addresses.prefix(4)) == peer) }
            let third = Set(outcome.report.ports.map { $0.addresses[2] })
            #expect(third == ["10.66.3.2", "10.66.13.2"])
            let finding = try #require(outcome.report.findings("path.differs_by_port").first)
            #expect(finding.number("first_hop") == 3)
        }

        // MARK: The command

        @Test("Without CAP_NET_RAW hops are found, and what is not known of marks is said", arguments: Family.allCases)
        func withoutCapability(family: Family) async throws {
            guard let setpriv = Executables.tool("setpriv") else { throw LabFailure("setpriv is needed (util-linux)") }
            let outcome = try await TraceLab.with { lab in
                try await lab.traced(
                    [far(family)],
                    wrapper: [setpriv, "--bounding-set=-net_raw", "--inh-caps=-net_raw"]
                )
            }
            #expect(outcome.report.hearing == "error_queue")
            for port in outcome.report.ports {
                #expect(port.addresses == (1...4).map { hop($0, family) } + [farAddress(family)])
                #expect(port.hops.dropLast().allSatisfy { $0.dscp == nil && $0.answered == 3 })
                #expect(port.hops.last?.dscp == ["46": 3])
            }
            #expect(outcome.report.findings.map(\.code) == ["dscp.hops_unknown"])
            #expect(outcome.status == 0)
        }

        @Test("The text fits 80 columns, and the time it may take is said before")
        func text() async throws {
            let finished = try await TraceLab.with { lab in
                try lab.rules(["udp dport 3481 drop"], hook: "forward", at: "r2")
                return try await lab.trace(["[\(TraceLab.far.ipv6)]", "--interval", "100ms", "--timeout", "1s"])
            }
            #expect(finished.standardError.contains("takes up to"))
            #expect(finished.standardOutput.split(separator: "\n").allSatisfy { $0.count <= 80 })
            #expect(finished.standardOutput.contains("nothing beyond hop 2 (fd66:2::2)"))
            #expect(finished.status == 2)
        }

        @Test(
            "What cannot be traced is refused with the reason",
            arguments: [
                (["http://x"], Int32(64), "scheme"), (["x:0"], 64, "port"),
                (["127.0.0.1", "--payload", "20"], 64, "44"),
                (["127.0.0.1", "--ports", "1000-1063", "--queries", "100"], 64, "at most 20000"),
                (["no-such-host.invalid"], 68, "no-such-host.invalid"),
            ]
        )
        func refusals(arguments: [String], status: Int32, reason: String) async throws {
            let program = try Program([try Executables.built("linecheck"), "trace"] + arguments, name: "refused")
            let finished = try await program.end(within: 20)
            #expect(finished.status == status)
            #expect(finished.standardError.contains(reason))
        }
    }
}
