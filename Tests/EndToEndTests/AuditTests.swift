import Foundation
import Testing

extension EndToEnd {
    @Suite("Audit of real media")
    struct Audit {
        private static func run(_ options: [String]) throws -> Finished {
            try Command.run([try Executables.built("linecheck"), "dscp", "--quiet"] + options)
        }

        private static func temporary(_ name: String) -> URL {
            FileManager.default.temporaryDirectory.appendingPathComponent("lc-\(getpid())-audit-\(UUID())-\(name)")
        }

        /// What `write_capture.py` puts into a file.
        private static func expectScapyCounts(_ report: AuditReportReader) throws {
            let audio = try report.counts("audio", "outbound")
            #expect(audio == .init(packets: 420, marked: 320, wrong: 0, unmarked: 100))
            #expect(try report.counts("audio", "inbound") == .init(packets: 250, marked: 0, wrong: 0, unmarked: 250))
            #expect(try report.counts("video", "outbound") == .init(packets: 80, marked: 80, wrong: 0, unmarked: 0))
            #expect(try report.counts("video", "inbound").packets == 0)
            #expect(try report.counts("sharing", "outbound") == .init(packets: 50, marked: 0, wrong: 50, unmarked: 0))
            #expect(try report.counts("unclassed", "outbound") == .init(packets: 15, marked: 0, wrong: 15, unmarked: 0))
            #expect(try report.classed("audio", "inbound").ecn == ["ect_1": 250])
            #expect(try report.classed("sharing", "outbound").dscp == ["10": 50])
            #expect(report.document.packets.captured == 839 && report.document.packets.media == 815)
            #expect(report.document.packets.withoutUdp == ["not_ip": 3, "not_udp": 4, "later_fragment": 3])
            #expect(try report.host("10.0.0.5", "audio", "outbound").unmarked == 100)
            #expect(try report.host("10.0.0.6", "audio", "outbound").marked == 20)
            #expect(try report.host("2001:db8::5", "sharing", "outbound").wrong == 50)
            #expect(
                report.codes == [
                    "dscp.bleached.return", "dscp.media.unclassed", "dscp.not_set.egress", "dscp.remarked.local",
                ]
            )
            #expect(report.document.grade == "at_risk")
        }

        @Test("Files that scapy wrote are counted packet by packet", arguments: ["a.pcap", "a.pcapng"])
        func scapy(name: String) throws {
            let file = Self.temporary(name)
            defer { try? FileManager.default.removeItem(at: file) }
            try Command.require(try Executables.peer("write_capture.py") + [file.path])
            let finished = try Self.run(["--format", "json", "--read", file.path])
            #expect(finished.status == 1)
            try Self.expectScapyCounts(try AuditReportReader(json: finished.standardOutput))
        }

        @Test("Several files are one audit, whatever their format")
        func severalFiles() throws {
            let files = ["b.pcap", "b.pcapng"].map(Self.temporary)
            defer { for file in files { try? FileManager.default.removeItem(at: file) } }
            for file in files { try Command.require(try Executables.peer("write_capture.py") + [file.path]) }
            let finished = try Self.run(["--format", "json", "--read"] + files.map(\.path))
            let report = try AuditReportReader(json: finished.standardOutput)
            #expect(try report.counts("audio", "outbound").packets == 840 && report.document.packets.captured == 1_678)
        }

        @Test("A file that was cut off counts as far as it goes; one that is none is refused")
        func damagedFiles() throws {
            let file = Self.temporary("c.pcap")
            defer { try? FileManager.default.removeItem(at: file) }
            try Command.require(try Executables.peer("write_capture.py") + [file.path])
            let whole = try Data(contentsOf: file)
            try whole.prefix(24 + 10 * (16 + 202) + 100).write(to: file)
            let cut = try Self.run(["--format", "json", "--read", file.path])
            #expect(try AuditReportReader(json: cut.standardOutput).document.packets.captured == 10)
            #expect(cut.standardError.contains("the 10 packets before it are counted"))
            try Data("no capture at all, only some text".utf8).write(to: file)
            let none = try Self.run(["--read", file.path])
            #expect(none.status == 66 && none.standardError.contains("cannot be read"))
            #expect(try Self.run(["--read", file.path + ".nowhere"]).status == 66)
        }

        @Test("Hosts beyond the bound are counted together, and none is lost")
        func hostBound() throws {
            let file = Self.temporary("d.pcap")
            defer { try? FileManager.default.removeItem(at: file) }
            try Command.require(try Executables.peer("write_capture.py") + [file.path])
            let finished = try Self.run(["--format", "json", "--hosts", "1", "--read", file.path])
            let report = try AuditReportReader(json: finished.standardOutput)
            #expect(report.document.hosts.count == 1)
            let all = report.document.hosts + (report.document.otherHosts.map { [$0] } ?? [])
            #expect(all.flatMap(\.classes).reduce(0) { $0 + $1.counts.packets } == 815)
        }

        @Test("Clients' ports, their marks and the relays can be others than Microsoft's")
        func options() throws {
            let file = Self.temporary("e.pcap")
            defer { try? FileManager.default.removeItem(at: file) }
            try Command.require(try Executables.peer("write_capture.py") + [file.path])
            let rules = ["--sharing", "50041:10", "--range", "192.0.2.0/24", "--relay-ports", "3481"]
            let finished = try Self.run(["--format", "json", "--read", file.path] + rules)
            let report = try AuditReportReader(json: finished.standardOutput)
            #expect(try report.counts("sharing", "outbound") == .init(packets: 50, marked: 50, wrong: 0, unmarked: 0))
            #expect(try report.counts("audio", "outbound").packets == 20, "by the range, not by port 3479")
            #expect(report.document.grade == "ready")
        }

        @Test("The same stands in a configuration file, which options override")
        func configured() throws {
            let (file, configuration) = (Self.temporary("f.pcap"), Self.temporary("f.yaml"))
            defer { for file in [file, configuration] { try? FileManager.default.removeItem(at: file) } }
            try Command.require(try Executables.peer("write_capture.py") + [file.path])
            try "audit: {sharing: '50041:10', ranges: [192.0.2.0/24], relay_ports: 3481}\n"
                .write(to: configuration, atomically: true, encoding: .utf8)
            let options = ["--format", "json", "--read", file.path, "--config", configuration.path]
            let report = try AuditReportReader(json: try Self.run(options).standardOutput)
            #expect(try report.counts("sharing", "outbound") == .init(packets: 50, marked: 50, wrong: 0, unmarked: 0))
            #expect(try report.counts("audio", "outbound").packets == 20, "by the range, not by port 3479")
            let over = try AuditReportReader(json: try Self.run(options + ["--sharing", "50041:18"]).standardOutput)
            #expect(try over.counts("sharing", "outbound").wrong == 50)
            try "audit: {audio: 0}\n".write(to: configuration, atomically: true, encoding: .utf8)
            let refused = try Self.run(options)
            #expect(refused.status == 78 && refused.standardError.contains("1: audit.audio: '0' is not a range"))
        }

        @Test(
            "The same flows are counted alike on an interface and in what tcpdump wrote of it",
            arguments: Family.allCases
        )
        func liveAndTcpdump(family: Family) async throws {
            let (sent, live, file) = try await RoutedLab.with { lab in
                let path = lab.folder.appendingPathComponent("site.pcap").path
                let options = ["-i", RoutedLab.siteSide, "-w", path, "-U"]
                let dump = try lab.start(try Tcpdump.command(options), at: .router)
                try await dump.waitUntilItSays("listening on")
                let audit = try Self.startAudit(lab, ["--interface", RoutedLab.siteSide])
                try await audit.waitUntilItSays("capturing")
                let sent = try await Self.send(
                    lab,
                    to: family == .ipv4 ? "10.88.2.2" : "fd88:2::2",
                    rate: 2_000,
                    flows: [(50_000, 46), (50_019, 0), (50_020, 34), (50_059, 46)]
                )
                try await Task.sleep(for: .milliseconds(500))
                let live = try await audit.stop(signal: SIGINT)
                _ = try await dump.stop(signal: SIGINT)
                return (sent, live, try Self.run(["--format", "json", "--read", path]))
            }
            for finished in [live, file] {
                let report = try AuditReportReader(json: finished.standardOutput)
                let audio = try report.counts("audio", "outbound")
                #expect(audio == .init(packets: sent[0] + sent[1], marked: sent[0], wrong: 0, unmarked: sent[1]))
                #expect(try report.counts("video", "outbound").marked == sent[2])
                #expect(try report.counts("sharing", "outbound").wrong == sent[3])
                #expect(finished.status == 1)
            }
        }

        /// The kernel takes the outer tag off the frame before a capture sees it, and keeps it beside.
        @Test("Frames with one VLAN tag, with two and without are counted alike on an interface")
        func liveTags() async throws {
            let live = try await RoutedLab.with { lab in
                let audit = try Self.startAudit(lab, ["--interface", RoutedLab.siteSide])
                try await audit.waitUntilItSays("capturing")
                let sender = try lab.start(try Executables.peer("write_capture.py") + ["interface:eth0"], at: .site)
                let sent = try await sender.end(within: 60)
                try #require(sent.status == 0, "\(sent.standardError)")
                try await Task.sleep(for: .milliseconds(500))
                return try await audit.stop(signal: SIGINT)
            }
            let report = try AuditReportReader(json: live.standardOutput)
            #expect(try report.counts("video", "outbound") == .init(packets: 80, marked: 80, wrong: 0, unmarked: 0))
            #expect(try report.counts("audio", "outbound") == .init(packets: 420, marked: 320, wrong: 0, unmarked: 100))
            #expect(try report.counts("sharing", "outbound") == .init(packets: 50, marked: 0, wrong: 50, unmarked: 0))
            #expect(try report.counts("audio", "inbound").packets == 250)
        }

        @Test("At 50,000 packets/s every packet is counted or said to be missed")
        func load() async throws {
            let (sent, live) = try await RoutedLab.with { lab in
                let audit = try Self.startAudit(lab, ["--interface", RoutedLab.siteSide])
                try await audit.waitUntilItSays("capturing")
                let flows = (0..<20).map { (50_000 + $0, $0 == 7 ? 0 : 46) }
                let sent = try await Self.send(lab, to: "10.88.2.2", rate: 50_000, flows: flows)
                try await Task.sleep(for: .seconds(1))
                return (sent, try await audit.stop(signal: SIGINT, within: 30))
            }
            let report = try AuditReportReader(json: live.standardOutput)
            let audio = try report.counts("audio", "outbound")
            let dropped = try #require(report.document.packets.dropped)
            let all = sent.reduce(0, +)
            #expect(audio.packets + dropped >= all && audio.packets <= all)
            if dropped == 0 { #expect(audio.unmarked == sent[7] && audio.marked == all - sent[7]) }
        }

        private static func startAudit(_ lab: RoutedLab, _ options: [String]) throws -> Program {
            try lab.start([try Executables.built("linecheck"), "dscp", "--format", "json"] + options, at: .router)
        }

        /// Packets sent from each source port with its mark, for two seconds.
        private static func send(
            _ lab: RoutedLab,
            to address: String,
            rate: Int,
            flows: [(port: Int, dscp: Int)]
        ) async throws -> [Int] {
            let sender = try lab.start(
                try Executables.peer("send_media.py") + [address, "3479", "\(rate)", "2"]
                    + flows.map { "\($0.port):\($0.dscp)" },
                at: .site
            )
            let finished = try await sender.end(within: 60)
            let counts = finished.standardOutput.split(separator: " ").dropLast().compactMap { Int($0) }
            try #require(finished.status == 0 && counts.count == flows.count)
            return counts
        }
    }
}
