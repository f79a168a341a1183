import Readiness
import Statistics
import Testing
import Units

@Suite("Findings on links")
struct LinkFindingTests {
    private func link(_ speed: Int?, _ duplex: LinkEvidence.Duplex?, _ during: LinkGrowth? = nil) -> [Finding] {
        let kind = InterfaceKind(name: "ethernet")
        let link = LinkEvidence(interface: "eth0", kind: kind, speed: speed, duplex: duplex, during: during)
        return PathEvidence(links: [link]).findings()
    }

    @Test func duplexAndSpeed() {
        #expect(link(100, .half).codes == [.linkHalfDuplex])
        #expect(link(10, .full).codes == [.linkSlow])
        #expect(link(10, .half).codes == [.linkHalfDuplex, .linkSlow])
        #expect(link(100, .full).isEmpty && link(nil, nil).isEmpty, "what a driver does not say is no fault")
        #expect(link(100, .half)[0].severity == .atRisk)
    }

    @Test func growingErrors() {
        let packets = LinkGrowth(receivedPackets: 50_000, sentPackets: 50_000)
        var few = packets
        few.receiveErrors = 10
        var many = packets
        (many.receiveErrors, many.checksumErrors) = (11, 11)
        #expect(link(1_000, .full, packets).isEmpty)
        #expect(link(1_000, .full, few).codes == [.linkErrors] && link(1_000, .full, few)[0].severity == .info)
        #expect(link(1_000, .full, many)[0].severity == .atRisk, "more than one packet in ten thousand")
        #expect(link(1_000, .full, many).fact("checksum_errors", of: .linkErrors) == .count(11))
    }

    @Test func drops() {
        #expect(link(1_000, .full, LinkGrowth(receiveDrops: 9)).isEmpty, "frames of unknown protocols are dropped too")
        #expect(link(1_000, .full, LinkGrowth(transmitDrops: 9)).codes == [.linkDrops])
    }
}

@Suite("Findings on Wi-Fi")
struct WirelessFindingTests {
    private let near = "00:11:22:33:44:55"
    private let far = "00:11:22:33:44:66"

    private func sample(
        _ second: Int64,
        _ point: String?,
        frequency: Int? = 5_180,
        signal: Int = -55,
        retries: Int? = nil
    ) -> WirelessSample {
        WirelessSample(
            at: SamplePaths.second(second),
            accessPoint: point,
            ssid: "Voice",
            frequency: frequency,
            signal: signal,
            transmitRate: 400,
            transmitRetries: retries
        )
    }

    private func evidence(_ samples: [WirelessSample]) -> WirelessEvidence {
        samples.reduce(into: WirelessEvidence(interface: "wlan0")) { $0.append($1) }
    }

    private func findings(_ samples: [WirelessSample], hurt: [HurtWindow] = []) -> [Finding] {
        PathEvidence(wireless: [evidence(samples)]).findings(hurt: hurt)
    }

    @Test func aGoodLinkFindsNothing() {
        #expect(findings((0..<60).map { sample($0, near) }).isEmpty)
        #expect(findings([]).isEmpty)
    }

    @Test func the2GHzBand() {
        let found = findings([sample(0, near, frequency: 2_437), sample(1, near)])
        #expect(found.codes == [.wifiBand2GHz, .wifiRoamed], "and the channel changed")
        #expect(found.fact("band_2ghz_ratio", of: .wifiBand2GHz) == .number(0.5))
        #expect(found[0].severity == .atRisk)
    }

    @Test(
        arguments: [
            (2_412, "2.4 GHz"), (2_484, "2.4 GHz"), (5_180, "5 GHz"), (5_885, "5 GHz"), (5_955, "6 GHz"),
            (7_115, "6 GHz"), (58_320, "60 GHz"), (900, nil),
        ]
    )
    func bands(frequency: Int, band: String?) {
        #expect(WirelessBand(megahertz: frequency)?.rawValue == band)
    }

    @Test func aWeakSignal() {
        #expect(findings((0..<9).map { sample($0, near, signal: -67) }).isEmpty)
        let weak = findings((0..<9).map { sample($0, near, signal: $0 < 5 ? -70 : -60) })
        #expect(weak.codes == [.wifiWeakSignal])
        #expect(weak.fact("signal_dbm", of: .wifiWeakSignal) == .count(-70))
    }

    @Test func changesAndWhenTheyWere() {
        let samples = [
            sample(0, near), sample(1, far), sample(2, nil), sample(3, nil), sample(4, far),
            sample(5, far, frequency: 5_240),
        ]
        let changes = evidence(samples).changes
        #expect(changes.map(\.kind) == [.roamed, .disconnected, .connected, .channel])
        #expect(changes.map(\.at) == [1, 2, 4, 5].map(SamplePaths.second))
        #expect(changes[0].from == near && changes[0].to == far)
    }

    @Test func retriesAreCountedAnewAfterARoam() {
        let samples = [
            sample(0, near, retries: 100), sample(1, near, retries: 110), sample(2, far, retries: 4),
            sample(3, far, retries: 6),
        ]
        #expect(evidence(samples).transmitRetries == 10 + 4 + 2)
        #expect(evidence([sample(0, near)]).transmitRetries == nil, "what a driver does not count is absent")
    }

    @Test func aRoamIsAtRiskOnlyWhereItHurt() {
        let samples = [sample(0, near), sample(20, far)]
        func window(_ start: Int64) -> HurtWindow {
            HurtWindow(
                endpoint: "relay",
                start: SamplePaths.second(start),
                end: SamplePaths.second(start + 15),
                lossRatio: 0.02
            )
        }
        let harmless = findings(samples, hurt: [window(0), window(30)])
        #expect(harmless.codes == [.wifiRoamed] && harmless[0].severity == .info)
        #expect(harmless.fact("hurt_windows", of: .wifiRoamed) == nil)
        let harmful = findings(samples, hurt: [window(15)])
        #expect(harmful[0].severity == .atRisk)
        guard case .text(let text) = harmful.fact("hurt_windows", of: .wifiRoamed) else {
            Issue.record("the windows are not named")
            return
        }
        #expect(text.contains("lost 2 %") && text.contains("relay"))
        // A window's end belongs to the next one.
        #expect(findings(samples, hurt: [window(5)])[0].severity == .info)
        #expect(findings(samples, hurt: [window(20)])[0].severity == .atRisk)
    }
}
