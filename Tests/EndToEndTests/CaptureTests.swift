import Foundation
import Testing

extension EndToEnd {
    /// Rules at the site, at the router and at the far end rewrite marks; the check has to say which of them did.
    @Suite("DSCP on the wire")
    struct CaptureOnWire {
        private static func endpoint(_ family: Family, _ ports: String = "3478-3481") -> String {
            family == .ipv4 ? "10.88.2.2:\(ports)" : "[fd88:2::2]:\(ports)"
        }

        private static func word(_ family: Family) -> String { family == .ipv4 ? "ip" : "ip6" }

        private static func codes(_ outcome: CheckOutcome) -> [String] {
            outcome.report.findings.map(\.code).filter { $0.hasPrefix("dscp.") }.sorted()
        }

        private static func egress(_ outcome: CheckOutcome, _ port: UInt16) throws -> [String: Int] {
            try #require(try outcome.report.stream(port: port).wire).egress
        }

        @Test(
            "What leaves and what returns is counted packet by packet, and nothing is found",
            arguments: Family.allCases
        )
        func right(family: Family) async throws {
            let outcome = try await RoutedLab.with { lab in
                try await lab.startReflector()
                return try await lab.check(["--endpoint", Self.endpoint(family), "--duration", "2s"])
            }
            for stream in outcome.report.streams {
                #expect(stream.wire?.egress == ["46": stream.packets.sent])
                #expect(stream.wire?.return == ["46": stream.packets.received])
            }
            let marks = try #require(outcome.report.dscp)
            #expect(marks.egress == ["46": 400] && marks.capture?.interface == "eth0" && marks.capture?.dropped == 0)
            #expect(
                outcome.report.criteria.filter { $0.name == "dscp" }.map(\.basis) == [
                    "egress_capture", "far_end_report", "reply_mark",
                ]
            )
            #expect(Self.codes(outcome).isEmpty)
        }

        @Test("A rule on this host is told from the path, by the port that it touches", arguments: Family.allCases)
        func local(family: Family) async throws {
            let outcome = try await RoutedLab.with { lab in
                try lab.rewrite(
                    at: .site,
                    hook: "output",
                    "udp dport 3480 \(Self.word(family)) dscp set 34",
                    "udp dport 3481 \(Self.word(family)) dscp set 0"
                )
                try await lab.startReflector()
                return try await lab.check(["--endpoint", Self.endpoint(family), "--duration", "2s"])
            }
            let sent = try outcome.report.stream(port: 3480).packets.sent
            #expect(try Self.egress(outcome, 3480) == ["34": sent])
            #expect(try Self.egress(outcome, 3481) == ["0": sent])
            #expect(try Self.egress(outcome, 3478) == ["46": sent])
            #expect(try outcome.report.stream(port: 3480).forward?.dscp == ["34": sent])
            #expect(Self.codes(outcome) == ["dscp.bleached.local", "dscp.remarked.local"], "and not the path")
            let finding = try #require(outcome.report.findings("dscp.remarked.local").first)
            #expect(finding.evidence?["ports"]?.text == "3480" && finding.evidence?["share_ratio"]?.text == "1.0")
            #expect(outcome.report.grade != "ready")
        }

        @Test("A rule on the path forward leaves what this host sends alone", arguments: Family.allCases)
        func forward(family: Family) async throws {
            let outcome = try await RoutedLab.with { lab in
                try lab.rewrite(
                    at: .router,
                    hook: "forward",
                    "iifname \(RoutedLab.siteSide) udp dport 3479 \(Self.word(family)) dscp set 0"
                )
                try await lab.startReflector()
                return try await lab.check(["--endpoint", Self.endpoint(family), "--duration", "2s"])
            }
            let sent = try outcome.report.stream(port: 3479).packets.sent
            #expect(outcome.report.dscp?.egress == ["46": sent * 4])
            #expect(outcome.report.dscp?.farEnd == ["46": sent * 3, "0": sent])
            #expect(Self.codes(outcome) == ["dscp.bleached.forward"])
            #expect(outcome.report.findings("dscp.bleached.forward").first?.evidence?["ports"]?.text == "3479")
        }

        @Test("A rule for one in four replies is found with that share, on the way back alone")
        func returning() async throws {
            let outcome = try await RoutedLab.with { lab in
                try lab.rewrite(
                    at: .router,
                    hook: "forward",
                    "iifname \(RoutedLab.farSide) udp sport 3481 numgen inc mod 4 0 ip dscp set 10"
                )
                try await lab.startReflector()
                return try await lab.check(["--endpoint", Self.endpoint(.ipv4), "--duration", "2s"])
            }
            let stream = try outcome.report.stream(port: 3481)
            let rewritten = try #require(stream.reverse?.dscp?["10"])
            #expect(abs(rewritten * 4 - stream.packets.received) <= 4)
            #expect(stream.wire?.return == stream.reverse?.dscp, "the wire and the socket agree")
            #expect(Self.codes(outcome) == ["dscp.remarked.return"])
            let finding = try #require(outcome.report.findings("dscp.remarked.return").first)
            #expect(finding.evidence?["ports"]?.text == "3481" && finding.evidence?["since"] == nil)
        }

        @Test("A rule on this host for what comes in is told from the way back")
        func entering() async throws {
            let outcome = try await RoutedLab.with { lab in
                try lab.rewrite(at: .site, hook: "prerouting", "udp sport 3478 ip dscp set 0")
                try await lab.startReflector()
                return try await lab.check(["--endpoint", Self.endpoint(.ipv4, "3478"), "--duration", "1s"])
            }
            let stream = try outcome.report.stream(port: 3478)
            #expect(stream.wire?.return == ["46": stream.packets.received])
            #expect(stream.reverse?.dscp == ["0": stream.packets.received])
            #expect(Self.codes(outcome) == ["dscp.bleached.local"])
            #expect(outcome.report.findings("dscp.bleached.local").first?.evidence?["direction"]?.text == "reverse")
        }

        @Test("A rule that comes up during the check is found with its moment")
        func since() async throws {
            let (outcome, from, until) = try await RoutedLab.with { lab in
                try await lab.startReflector()
                let check = try lab.startCheck(["--endpoint", Self.endpoint(.ipv4), "--duration", "5s"])
                try await Task.sleep(for: .seconds(2.5))
                let from = Date()
                try lab.rewrite(at: .site, hook: "output", "udp dport 3478-3481 ip dscp set 0")
                let until = Date()
                return (try CheckOutcome(try await check.end(within: 45)), from, until)
            }
            let finding = try #require(outcome.report.findings("dscp.bleached.local").first)
            let text = try #require(finding.evidence?["since"]?.text)
            let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            let since = try #require(try? format.parse(text))
            // A packet leaves every 5 ms.
            #expect(since >= from.addingTimeInterval(-0.001) && since <= until.addingTimeInterval(0.5))
            #expect(finding.evidence?["share_within_ratio"]?.text == "1.0")
            #expect(Self.codes(outcome) == ["dscp.bleached.local"])
        }

        @Test("ECN bits are reported as such and are no other DSCP")
        func ecn() async throws {
            let outcome = try await RoutedLab.with { lab in
                try lab.rewrite(
                    at: .router,
                    hook: "forward",
                    "iifname \(RoutedLab.siteSide) udp dport 3478 ip ecn set ce",
                    "iifname \(RoutedLab.farSide) udp sport 3478 ip ecn set ect0"
                )
                try await lab.startReflector()
                return try await lab.check(["--endpoint", Self.endpoint(.ipv4, "3478"), "--duration", "1s"])
            }
            let stream = try outcome.report.stream(port: 3478)
            let count = stream.packets.sent
            #expect(
                outcome.report.dscp?.ecn == [
                    "egress": ["not_ect": count], "far_end": ["ce": count], "return": ["ect_0": count],
                ]
            )
            #expect(stream.forward?.dscp == ["46": count] && stream.reverse?.dscp == ["46": count])
            #expect(Self.codes(outcome).isEmpty)
        }

        @Test(
            "Each endpoint's packets are captured where its route leads them, replies where they come",
            arguments: Family.allCases
        )
        func routes(family: Family) async throws {
            let endpoints = family == .ipv4 ? ["10.88.2.2", "10.88.2.3"] : ["[fd88:2::2]", "[fd88:2::3]"]
            let outcome = try await RoutedLab.with { lab in
                try lab.addDetour()
                try lab.rewrite(
                    at: .site,
                    hook: "output",
                    "oifname eth1 udp dport 3480 \(Self.word(family)) dscp set 34"
                )
                try await lab.startReflector()
                return try await lab.check(endpoints.flatMap { ["--endpoint", $0] } + ["--duration", "2s"])
            }
            let streams = outcome.report.streams
            #expect(streams.count == 8)
            for stream in streams {
                let isRewritten = stream.port == 3_480 && stream.endpoint.contains(endpoints[0])
                #expect(stream.wire?.egress == [isRewritten ? "34" : "46": stream.packets.sent], "\(stream.endpoint)")
                #expect(stream.wire?.return == ["46": stream.packets.received], "\(stream.endpoint)")
            }
            #expect(outcome.report.dscp?.capture?.interface == "eth1,eth0")
            #expect(Self.codes(outcome) == ["dscp.remarked.local"])
        }

        @Test("Frames with a VLAN tag are counted packet by packet, in both directions", arguments: Family.allCases)
        func vlan(family: Family) async throws {
            let (outcome, frames) = try await RoutedLab.with(vlan: 77) { lab in
                try lab.rewrite(at: .site, hook: "output", "udp dport 3480 \(Self.word(family)) dscp set 34")
                try lab.rewrite(
                    at: .router,
                    hook: "forward",
                    "iifname \(RoutedLab.farSide) udp sport 3481 \(Self.word(family)) dscp set 0"
                )
                try await lab.startReflector()
                let options = ["-i", "eth0", "-n", "-e", "-l", "vlan", "and", "udp"]
                let watch = try lab.start(try Tcpdump.command(options), at: .site)
                try await watch.waitUntilItSays("listening on")
                let outcome = try await lab.check(["--endpoint", Self.endpoint(family), "--duration", "2s"])
                return (outcome, try await watch.stop(signal: SIGINT).standardOutput.split(separator: "\n"))
            }
            for stream in outcome.report.streams {
                #expect(stream.wire?.egress == [stream.port == 3_480 ? "34" : "46": stream.packets.sent])
                #expect(stream.wire?.return == [stream.port == 3_481 ? "0" : "46": stream.packets.received])
            }
            #expect(outcome.report.dscp?.capture?.interface == "eth0")
            #expect(Self.codes(outcome) == ["dscp.bleached.return", "dscp.remarked.local"])
            let packets = outcome.report.streams.reduce(0) { $0 + $1.packets.sent + $1.packets.received }
            #expect(frames.count >= packets && frames.allSatisfy { $0.contains("vlan 77,") }, "frames had the tag")
        }

        @Test("On loopback every packet counts once")
        func loopback() async throws {
            let outcome = try await RoutedLab.with { lab in
                try await lab.startReflector(["--listen", "10.88.2.2"])
                let linecheck = try Executables.built("linecheck")
                let check = try lab.start(
                    [linecheck, "check", "--format", "json", "--quiet", "--duration", "1s"]
                        + ["--endpoint", "10.88.2.2:3478"],
                    at: .far
                )
                return try CheckOutcome(try await check.end(within: 30))
            }
            let stream = try outcome.report.stream(port: 3478)
            #expect(outcome.report.dscp?.capture?.interface == "lo")
            #expect(stream.wire?.egress == ["46": stream.packets.sent])
            #expect(stream.wire?.return == ["46": stream.packets.received])
        }

        @Test("Without CAP_NET_RAW the check runs, claims nothing, and says how to grant it; with it alone it captures")
        func capabilities() async throws {
            let setpriv = try #require(Executables.tool("setpriv"), "setpriv (package util-linux) is needed")
            func check(_ lab: RoutedLab, _ capabilities: [String]) async throws -> CheckOutcome {
                let wrapper = [setpriv, "--reuid", "65534", "--regid", "65534", "--clear-groups", "--no-new-privs"]
                let program = try Self.readableCopy(in: lab.folder)
                let options = ["--endpoint", Self.endpoint(.ipv4, "3478"), "--duration", "1s"]
                let check = try lab.startCheck(options, wrapper: wrapper + capabilities, program: program)
                return try CheckOutcome(try await check.end(within: 30))
            }
            let (without, with) = try await RoutedLab.with { lab in
                try await lab.startReflector()
                let without = try await check(lab, ["--bounding-set", "-all"])
                let with = try await check(lab, ["--inh-caps", "+net_raw", "--ambient-caps", "+net_raw"])
                return (without, with)
            }
            #expect(without.report.dscp?.egress == nil && without.report.dscp?.capture == nil)
            #expect(!without.report.criteria.contains { $0.basis == "egress_capture" })
            #expect(without.report.dscp?.farEnd != nil, "the rest is measured")
            #expect(Self.codes(without) == ["dscp.capture.unavailable"])
            let finding = try #require(without.report.findings("dscp.capture.unavailable").first)
            #expect(finding.severity == "info" && finding.summary.contains("CAP_NET_RAW"))
            let stream = try with.report.stream(port: 3478)
            #expect(stream.wire?.egress == ["46": stream.packets.sent])
            #expect(Self.codes(with).isEmpty)
        }

        /// The package's build folder may be closed to others.
        private static func readableCopy(in folder: URL) throws -> String {
            let copy = folder.appendingPathComponent("linecheck")
            if !FileManager.default.fileExists(atPath: copy.path) {
                try FileManager.default.copyItem(atPath: try Executables.built("linecheck"), toPath: copy.path)
            }
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: copy.path)
            return copy.path
        }

        @Test("Capturing can be turned off, and an interface that is not there is a mistake")
        func settings() async throws {
            let (off, wrong) = try await RoutedLab.with { lab in
                try await lab.startReflector()
                let options = ["--endpoint", Self.endpoint(.ipv4, "3478"), "--duration", "1s"]
                let off = try await lab.check(options + ["--capture", "off"])
                return (off, try await lab.startCheck(options + ["--capture", "nowhere0"]).end(within: 30))
            }
            #expect(off.report.dscp?.egress == nil && Self.codes(off).isEmpty)
            #expect(wrong.status == 64 && wrong.standardError.contains("there is no interface 'nowhere0'"))
        }
    }
}
