import Readiness
import Testing
import Units

@Suite("Findings on the way that media takes")
struct PathFindingTests {
    @Test func aPlainPathFindsNothing() {
        let path = PathEvidence(
            routes: [SamplePaths.destination("relay", SamplePaths.route())],
            ranges: SamplePaths.ranges([SamplePaths.destination("52.112.0.0/14", SamplePaths.route())]),
            defaultRoutes: [SamplePaths.defaultRoute()],
            links: [LinkEvidence(interface: "eth0", kind: InterfaceKind(name: "ethernet"), speed: 1_000, duplex: .full)]
        )
        #expect(path.findings().isEmpty)
    }

    @Test(
        arguments: [
            "tun", "tap", "wireguard", "gre", "ip6gre", "sit", "ipip", "vti", "xfrm", "vxlan", "geneve", "gretap",
        ]
    )
    func everyKindOfTunnelIsAHairpin(kind: String) {
        let path = PathEvidence(routes: [SamplePaths.destination("relay", SamplePaths.route("t0", kind))])
        #expect(path.findings().codes == [.pathVPNHairpin])
        #expect(path.findings().fact("kind", of: .pathVPNHairpin) == .text(kind))
    }

    @Test(arguments: ["ethernet", "wifi", "vlan", "bridge", "bond", "veth", "macvlan", "cellular", "loopback"])
    func nothingElseIs(kind: String) {
        let path = PathEvidence(routes: [SamplePaths.destination("relay", SamplePaths.route("x0", kind))])
        #expect(path.findings().isEmpty)
    }

    @Test("PPP is a tunnel beside another way out, and the line itself where there is none")
    func ppp() {
        let routes = [SamplePaths.destination("relay", SamplePaths.route("ppp0", "ppp"))]
        let line = PathEvidence(routes: routes, defaultRoutes: [SamplePaths.defaultRoute("ppp0", "ppp")])
        #expect(line.findings().isEmpty)
        let both = [SamplePaths.defaultRoute("ppp0", "ppp", metric: 10), SamplePaths.defaultRoute()]
        let tunnel = PathEvidence(routes: routes, defaultRoutes: both)
        #expect(tunnel.findings().codes == [.pathVPNHairpin, .pathSeveralDefaultRoutes])
    }

    @Test func kindsFromWhatTheKernelSays() {
        func kind(_ driver: String?, _ hardware: UInt16, wireless: Bool = false) -> String {
            InterfaceKind(driver: driver, hardwareType: hardware, isWireless: wireless).name
        }
        #expect(kind("tun", 0xfffe) == "tun" && kind("tun", 1) == "tap" && kind(nil, 512) == "ppp")
        #expect(kind(nil, 1) == "ethernet" && kind(nil, 1, wireless: true) == "wifi" && kind(nil, 778) == "gre")
        #expect(kind("wireguard", 0xfffe) == "wireguard" && kind("vlan", 1) == "vlan" && kind(nil, 772) == "loopback")
        #expect(kind(nil, 9_999) == "unknown")
    }

    @Test func rangesOfOneFamilyByTwoWays() {
        let plain = SamplePaths.destination("52.112.0.0/14", SamplePaths.route())
        let other = SamplePaths.destination("52.122.0.0/15", SamplePaths.route("eth1"))
        let differing = PathEvidence(ranges: SamplePaths.ranges([plain, other])).findings()
        #expect(differing.codes == [.pathRangesRoutedDifferently] && differing[0].severity == .info)
        let missing = SamplePaths.destination("52.122.0.0/15", nil)
        let half = PathEvidence(ranges: SamplePaths.ranges([plain, missing])).findings()
        #expect(half.codes == [.pathRangesRoutedDifferently] && half[0].severity == .atRisk)
        let nowhere = PathEvidence(ranges: SamplePaths.ranges([missing, missing])).findings()
        #expect(nowhere.isEmpty, "a host without any way is another matter")
        let six = SamplePaths.destination("2603:1063::/38", nil, IPAddress(ipv6High: 0x2603_1063 << 32, low: 0))
        #expect(PathEvidence(ranges: SamplePaths.ranges([plain, six])).findings().isEmpty, "families are apart")
    }

    private static func ranges(_ days: Int64, _ change: (inout RangesEvidence) -> Void) -> [Finding] {
        let routes = [SamplePaths.destination("52.112.0.0/14", SamplePaths.route())]
        var ranges = SamplePaths.ranges(routes, age: .seconds(days * 86_400))
        change(&ranges)
        return PathEvidence(ranges: ranges).findings()
    }

    @Test func aListOfSixtyDaysIsStale() {
        func findings(_ days: Int64, _ change: (inout RangesEvidence) -> Void = { _ in }) -> [Finding] {
            Self.ranges(days) {
                $0.areMeasured = true
                change(&$0)
            }
        }
        #expect(findings(60).isEmpty)
        #expect(findings(61).codes == [.rangesStale])
        #expect(findings(61).fact("age_days", of: .rangesStale) == .count(61))
        #expect(findings(61).fact("list_as_of", of: .rangesStale) == .text("2026-06-06"))
    }

    @Test func whatCameWithLinecheckMayBeOldWhereNothingRestsOnIt() {
        #expect(Self.ranges(171) { _ in }.isEmpty)
        #expect(Self.ranges(171) { $0.ranges.source = .file("/list") }.codes == [.rangesStale])
        #expect(Self.ranges(171) { $0.ranges.source = .fetched(url: "https://x/") }.codes == [.rangesStale])
        #expect(Self.ranges(171) { $0.areMeasured = true }.codes == [.rangesStale])
        let other = SamplePaths.destination("52.122.0.0/15", SamplePaths.route("eth1"))
        let differing = Self.ranges(171) { $0.routes.append(other) }
        #expect(differing.codes == [.pathRangesRoutedDifferently, .rangesStale], "the ways to an old list's ranges")
        let nowhere = Self.ranges(171) { ranges in
            ranges.ranges.source = .file("/list")
            ranges.routes = [SamplePaths.destination("52.112.0.0/14", nil)]
        }
        #expect(nowhere.isEmpty, "a laboratory does not care")
    }

    @Test func aListThatCouldNotBeFetchedIsTold() {
        let found = Self.ranges(1) { $0.ranges.failure = "No list could be fetched" }
        #expect(found.codes == [.rangesNotFetched] && found[0].severity == .info)
        #expect(found[0].summary == "No list could be fetched.")
    }

    @Test func relaysOutsideTheRanges() {
        let outside = [RangesEvidence.Outsider(host: "world.tr.teams.microsoft.com", address: SamplePaths.gateway)]
        let found = PathEvidence(ranges: SamplePaths.ranges([], outside: outside)).findings()
        #expect(found.codes == [.pathOutsideMicrosoftRanges] && found[0].severity == .atRisk)
        #expect(found[0].summary.contains("world.tr.teams.microsoft.com (10.1.0.1) is outside"))
        #expect(MediaRanges.isMicrosoftName("WORLD.tr.teams.microsoft.com."))
        #expect(!MediaRanges.isMicrosoftName("teams.microsoft.com.example.net"))
        #expect(!MediaRanges.isMicrosoftName("notteams.microsoft.com"))
        #expect(MediaRanges.shipped.contains(SamplePaths.relay) && !MediaRanges.shipped.contains(SamplePaths.gateway))
    }

    @Test func proxiesWithoutTheirPasswords() {
        let found = ProxySetting.settings(in: [
            "https_proxy": "http://user:p%40ss@proxy.example:3128/", "HTTP_PROXY": "proxy.example:8080",
            "all_proxy": "socks5://a@b:c@[2001:db8::1]:1080", "no_proxy": "localhost", "PATH": "/bin", "ftp_proxy": "",
        ])
        #expect(
            found.map { "\($0.variable)=\($0.address)" } == [
                "HTTP_PROXY=proxy.example:8080", "all_proxy=socks5://[2001:db8::1]:1080",
                "https_proxy=http://proxy.example:3128/", "no_proxy=localhost",
            ]
        )
        #expect(PathEvidence(proxies: found).findings().codes == [.pathProxy])
        #expect(PathEvidence(proxies: ProxySetting.settings(in: ["no_proxy": "x"])).findings().isEmpty)
        let bare = ProxySetting.settings(in: ["http_proxy": "user:secret@proxy:3128"])
        #expect(bare.first?.address == "proxy:3128")
    }
}
