import Agent
import Testing
import Units

/// The configuration's sections that `linecheck dscp` reads.
@Suite struct AuditSettingsTests {
    @Test func portsMarksAndRanges() throws {
        let audit = try read(
            """
            audit:
              audio: 40000-40019:EF
              video: 40020
              sharing: 40040-40059:10
              relay_ports: 3478-3479
              ranges: [192.0.2.0/24, "2001:db8::/32"]
            """
        ).audit
        #expect(audit.audio?.ports == 40_000...40_019 && audit.audio?.mark == .expeditedForwarding)
        #expect(audit.video?.ports == 40_020...40_020 && audit.video?.mark == nil)
        #expect(audit.sharing?.mark == DSCP(10))
        #expect(audit.relayPorts == 3_478...3_479)
        #expect(audit.ranges.map(\.description) == ["192.0.2.0/24", "2001:db8::/32"])
    }

    @Test func optionsOverrideTheFile() throws {
        let file = try read("audit: {audio: 40000-40019, relay_ports: 5000, ranges: [192.0.2.0/24]}").audit
        var options = AuditSettings()
        options.audio = try PortsAndMark("50000-50009:34")
        let merged = options.overriding(file)
        #expect(merged.audio == options.audio && merged.relayPorts == 5_000...5_000 && merged.ranges == file.ranges)
        options.ranges = [try IPPrefix("198.51.100.0/24")]
        #expect(options.overriding(file).ranges == options.ranges)
    }

    @Test(arguments: [
        ("audit: {port: 1}", "1: audit has no key 'port'; it can have audio, video, sharing, relay_ports, ranges"),
        ("audit:\n  audio: 50019-50000", "2: audit.audio: the port range '50019-50000' runs backwards"),
        (
            "audit:\n  audio: 50000-70000",
            "2: audit.audio: '50000-70000' is not a range of UDP ports (1-65535), as in 50000-50019"
        ),
        (
            "audit:\n  video: 50000:EE",
            "2: audit.video: 'EE' is not a DSCP; write 0 to 63, or one of EF, AF41, AF21, CS1, BE"
        ),
        ("audit:\n  ranges: 192.0.2.0/24", "2: audit.ranges must be a list, as [192.0.2.0/24]"),
        (
            "audit:\n  ranges:\n    - 192.0.2.0/33",
            "3: audit.ranges: '192.0.2.0/33': the length '33' must be within 0-32"
        ),
        (
            "microsoft:\n  endpoints_file: /x\n  endpoints_url: https://x/",
            "3: microsoft: endpoints_file and endpoints_url say the same thing twice; keep one"
        ),
        (
            "microsoft:\n  endpoints_url: http://x.example/",
            "2: microsoft.endpoints_url: 'http://x.example/' is not encrypted; write https://, http:// is only for this "
                + "host itself"
        ),
    ])
    func refusals(yaml: String, message: String) {
        #expect(refusal(yaml) == message.split(separator: "\n").map { "linecheck.yaml:\($0)" }.joined(separator: "\n"))
    }

    @Test func aListToBeFetched() throws {
        let url = "https://endpoints.office.com/endpoints/worldwide"
        #expect(try read("microsoft: {endpoints_url: \(url)}").endpointsList == .url(url))
    }
}
