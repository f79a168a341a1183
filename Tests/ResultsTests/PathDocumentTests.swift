import Foundation
import Readiness
import Results
import Testing
import Units

@testable import SampleChecks

@Suite("The path in the document")
struct PathDocumentTests {
    private static let wall = WallInstant(nanosecondsSinceUnixEpoch: 1_800_000_000_000_000_000)

    private static func path() throws -> PathEvidence {
        let route = PacketRoute(
            interface: "wlan0",
            kind: InterfaceKind(name: "wifi"),
            source: try IPPrefix("10.1.0.2").address,
            gateway: try IPPrefix("10.1.0.1").address,
            prefix: try IPPrefix("0.0.0.0/0"),
            table: 254,
            metric: 600,
            mtu: 1_500,
            transform: TransformPolicy(destination: try IPPrefix("52.112.0.0/14"), tunnelEnd: nil)
        )
        let relay = try IPPrefix("52.112.0.9").address
        var wireless = WirelessEvidence(interface: "wlan0")
        for (second, point) in ["00:11:22:33:44:55", "00:11:22:33:44:66"].enumerated() {
            wireless.append(
                WirelessSample(
                    at: wall + .seconds(Int64(second)),
                    accessPoint: point,
                    ssid: "Voice",
                    frequency: 2_437,
                    channelWidth: 20,
                    signal: -70,
                    transmitRate: 54
                )
            )
        }
        return PathEvidence(
            routes: [
                DestinationRoute(name: "stamp://relay:3478", address: relay, outcome: .route(route)),
                DestinationRoute(
                    name: "stamp://other:3478",
                    address: relay,
                    outcome: .none(reason: "No route to host")
                ),
            ],
            ranges: RangesEvidence(
                ranges: .shipped,
                age: .zero,
                routes: [],
                outside: [.init(host: "h", address: relay)]
            ),
            defaultRoutes: [],
            rules: [PolicyRule(family: .ipv4, priority: 500, table: 100, selector: "dscp 46")],
            proxies: [ProxySetting(variable: "https_proxy", address: "http://proxy:3128")],
            links: [
                LinkEvidence(
                    interface: "wlan0",
                    kind: InterfaceKind(name: "wifi"),
                    hardwareAddress: "02:00:00:00:00:01",
                    subnets: [try IPPrefix("10.1.0.0/24")],
                    mtu: 1_500,
                    during: LinkGrowth(receivedPackets: 10, receiveErrors: 1)
                )
            ],
            wireless: [wireless],
            neighbours: [
                SwitchNeighbour(
                    interface: "eth0",
                    name: "sw-1",
                    chassis: "00:1b:21:aa:bb:cc",
                    port: "Gi1/0/7",
                    portDescription: nil,
                    vlan: 120
                )
            ],
            unread: [UnreadFact(fact: "ipsec", reason: "needs CAP_NET_ADMIN")]
        )
    }

    private static func document() throws -> ResultDocument {
        var evidence = SampleCheck().evidence
        evidence.path = try path()
        return ResultDocument(
            evidence: evidence,
            verdict: Verdict.reached(on: evidence, profile: .teams),
            description: SampleDocuments.description(of: evidence)
        )
    }

    @Test func isReadAsItWasWrittenAndValid() throws {
        let document = try Self.document()
        #expect(try ResultDocument.decode(document.encoded()) == document)
        for errors in try SchemaTests.errors([SchemaTests.tree(document)], closed: true) { #expect(errors == []) }
    }

    @Test func saysWhereTheHostIs() throws {
        let location = try #require(try Self.document().location)
        #expect(location.interface == "wlan0" && location.mac == "02:00:00:00:00:01")
        #expect(location.subnets == ["10.1.0.0/24"])
        #expect(location.accessPoint?.bssid == "00:11:22:33:44:66" && location.accessPoint?.ssid == "Voice")
        #expect(location.networkSwitch?.port == "Gi1/0/7" && location.networkSwitch?.vlan == 120)
    }

    @Test func keepsItsPublishedNames() throws {
        let text = String(decoding: try Self.document().encoded(), as: UTF8.self)
        for name in [
            "\"routes\"", "\"unroutable\" : \"No route to host\"", "\"mtu_bytes\" : 1500", "\"ipsec_policy\"",
            "\"signal_dbm\" : -70", "\"band\" : \"2.4 GHz\"", "\"frequency_mhz\" : 2437", "\"kind\" : \"roamed\"",
            "\"ipsec\" : \"needs CAP_NET_ADMIN\"", "\"access_point\"", "\"switch\"", "\"500: dscp 46 lookup 100\"",
        ] {
            #expect(text.contains(name), "\(name)")
        }
    }

    @Test func aFindingOfThePathIsInTheGrade() throws {
        let document = try Self.document()
        #expect(document.findings.contains { $0.code == "wifi.band_2ghz" })
        #expect(document.grade >= .atRisk)
    }
}
