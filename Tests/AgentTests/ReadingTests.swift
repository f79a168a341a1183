import Agent
import Readiness
import Testing
import Units

/// What good files say.
@Suite struct ReadingTests {
    @Test func everySettingArrives() throws {
        let configuration = try read(
            """
            site: Berlin, 4th floor
            endpoints:
              - reflector.example.net
              - "[2001:db8::10]:3478"
            probe:
              duration: 15min
              interval: 10 ms
              codec: OPUS
              dscp: AF41
              key_file: /etc/linecheck/stamp.key
              clock_error: 500us
            grading:
              profile: microsoft-customer-edge
            microsoft:
              endpoints_file: /etc/linecheck/endpoints.json
            """
        )
        #expect(configuration.site == "Berlin, 4th floor")
        #expect(
            configuration.endpoints.map(\.description)
                == ["stamp://reflector.example.net:3478-3481", "stamp://[2001:db8::10]:3478"]
        )
        #expect(configuration.probe.duration == .seconds(900))
        #expect(configuration.probe.interval == .milliseconds(10))
        #expect(configuration.probe.codec == .opus)
        #expect(configuration.probe.payload == nil)
        #expect(configuration.probe.dscp == DSCP(34))
        #expect(configuration.probe.keyFile == "/etc/linecheck/stamp.key")
        #expect(configuration.probe.clockError == .microseconds(500))
        #expect(configuration.profile == .microsoftCustomerEdge)
        #expect(configuration.endpointsList == .file("/etc/linecheck/endpoints.json"))
    }

    @Test(arguments: [
        "", "\n\n", "# nothing\n  # but comments\n", "---\n", "---\n...\n", "{}", "~", "null", "\u{feff}",
        "site:\n".replacing("site:", with: "probe:"), "probe:\ngrading:\nendpoints:\n",
        "grading:\n  loss:\n  jitter: ~\n  round_trip: {}\n", "endpoints: []\nprobe: {}\n", "%YAML 1.1\n---\nprobe:\n",
    ])
    func whatSaysNothingLeavesEverythingToTheDefaults(yaml: String) throws {
        #expect(try read(yaml) == Configuration())
    }

    @Test func endsOfLinesAndABOMDoNotMatter() throws {
        let yaml = "site: here\nprobe:\n  dscp: 0\n"
        let unix = try read(yaml)
        #expect(try read("\u{feff}" + yaml) == unix)
        #expect(try read(yaml.replacing("\n", with: "\r\n")) == unix)
        #expect(try read(yaml.replacing("\n", with: "\r")) == unix)
        #expect(unix.site == "here")
    }

    @Test func everyWayToWriteAScalarIsTheSame() throws {
        for text in ["here", "'here'", "\"here\"", "!!str here", "|-\n  here", ">-\n  here", "\"\\x68ere\"", "&a here"]
        {
            #expect(try read("site: \(text)\n").site == "here", "from \(text)")
        }
        #expect(try read("site: yes").site == "yes")
        #expect(try read("site: 1.50").site == "1.50")
        #expect(try read("site: 'null'").site == "null")
        #expect(try read("{site: here, probe: {dscp: 8}}").probe.dscp == DSCP(8))
        #expect(try read("? site\n: here\n").site == "here")
    }

    @Test func aliasesStandForWhatTheyName() throws {
        let configuration = try read(
            """
            endpoints: [&far reflector.example.net, other.example.net]
            site: *far
            """
        )
        #expect(configuration.site == "reflector.example.net")
        #expect(configuration.endpoints.count == 2)
    }

    @Test func endpointsKeepTheirOrder() throws {
        let names = (0..<200).map { "host\($0 * 7919 % 200).example" }
        let configuration = try read("endpoints:\n" + names.map { "  - \($0)\n" }.joined())
        #expect(configuration.endpoints.map(\.host) == names)
    }

    @Test func boundsBelongToWhatTheyBound() throws {
        #expect(try read("probe: {duration: 1s}").probe.duration == ProbeDefaults.durations.lowerBound)
        #expect(try read("probe: {duration: 24h}").probe.duration == ProbeDefaults.durations.upperBound)
        #expect(try read("probe: {interval: 1ms}").probe.interval == ProbeDefaults.intervals.lowerBound)
        #expect(try read("probe: {interval: 1s}").probe.interval == ProbeDefaults.intervals.upperBound)
        #expect(try read("probe: {payload: 44}").probe.payload == 44)
        #expect(try read("probe: {payload: 8952}").probe.payload == 8_952)
        #expect(try read("probe: {clock_error: 1ns}").probe.clockError == Nanoseconds(1))
        #expect(try read("probe: {clock_error: 10s}").probe.clockError == .seconds(10))
        #expect(try read("probe: {dscp: 0}").probe.dscp == .bestEffort)
        #expect(try read("probe: {dscp: 63}").probe.dscp == DSCP(63))
    }

    @Test func everyCodePointHasItsName() throws {
        let names = ["EF": 46, "af41": 34, "AF21": 18, "CS1": 8, "BE": 0, "default": 0]
        for (name, value) in names { #expect(try read("probe: {dscp: \(name)}").probe.dscp == DSCP(value)) }
    }

    @Test func aSitesNameCanBeOfAnyScript() throws {
        for name in ["東京 3階", "Zürich", "می\u{200c}خواهم", "👩\u{200d}💻", String(repeating: "é", count: 200)] {
            #expect(try read("site: \(name)").site == name)
        }
    }
}
