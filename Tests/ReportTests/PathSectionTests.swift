import Readiness
import Report
import Results
import Testing
import Units

@testable import SampleChecks

@Suite("The path in a report")
struct PathSectionTests {
    private func document(_ path: PathEvidence?) -> ResultDocument {
        var evidence = SampleCheck().evidence
        evidence.path = path
        return ResultDocument(
            evidence: evidence,
            verdict: Verdict.reached(on: evidence, profile: .teams),
            description: SampleDocuments.description(of: evidence)
        )
    }

    private func section(_ path: PathEvidence?) -> [Substring] {
        let lines = LayoutTests.lines(document(path))
        guard let start = lines.firstIndex(of: "PATH") else { return [] }
        return Array(lines[(start + 1)...].prefix { !$0.isEmpty })
    }

    @Test func isThereOnlyWhereSomebodyLooked() {
        #expect(section(nil).isEmpty)
        #expect(section(PathEvidence()).isEmpty)
    }

    @Test func reads() throws {
        var wireless = WirelessEvidence(interface: "wlan0")
        wireless.append(
            WirelessSample(
                at: WallInstant(nanosecondsSinceUnixEpoch: 0),
                accessPoint: "00:11:22:33:44:55",
                ssid: "Branch Voice",
                frequency: 5_180,
                channelWidth: 80,
                signal: -61,
                transmitRate: 866.7
            )
        )
        let route = PacketRoute(
            interface: "wlan0",
            kind: InterfaceKind(name: "wifi"),
            source: try IPPrefix("10.1.0.2").address,
            gateway: try IPPrefix("10.1.0.1").address,
            prefix: nil,
            table: 254,
            metric: nil,
            mtu: 1_500
        )
        let relay = try IPPrefix("52.112.0.9").address
        let destination = DestinationRoute(name: "stamp://relay:3478", address: relay, outcome: .route(route))
        let path = PathEvidence(
            routes: [destination],
            ranges: RangesEvidence(ranges: .shipped, age: .zero, routes: [destination], outside: []),
            proxies: [ProxySetting(variable: "https_proxy", address: "http://proxy:3128")],
            links: [
                LinkEvidence(
                    interface: "wlan0",
                    kind: InterfaceKind(name: "wifi"),
                    during: LinkGrowth(receiveErrors: 3)
                )
            ],
            wireless: [wireless],
            neighbours: [
                SwitchNeighbour(
                    interface: "wlan0",
                    name: "sw-1",
                    chassis: "00:1b:21:aa:bb:cc",
                    port: "7",
                    portDescription: nil,
                    vlan: 120
                )
            ]
        )
        let text = section(path).map { $0.drop { $0 == " " } }.joined(separator: " ")
        #expect(
            text == """
                stamp://relay:3478: by wlan0 (wifi) via 10.1.0.1, from 10.1.0.2, MTU 1,500. \
                wlan0 (wifi): speed not told; during the check 3 errors, 0 received and 0 unsent packets dropped. \
                wlan0: "Branch Voice" of 00:11:22:33:44:55, 5 GHz (5180 MHz), 80 MHz wide, −61 dBm (median), \
                866.7 Mbit/s. wlan0 is on port 7 of switch sw-1, VLAN 120. \
                Microsoft's media ranges, of 2026-06-06: via 10.1.0.1 by wlan0. \
                Proxies in the environment: https_proxy http://proxy:3128.
                """
        )
        for line in LayoutTests.lines(document(path)) { #expect(line.count <= 80, "\(line)") }
    }
}
