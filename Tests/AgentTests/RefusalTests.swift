import Agent
import Settings
import Testing

/// A bad file for every rule, with all that is said about it.
@Suite struct RefusalTests {
    @Test(arguments: [
        (
            "sites: here",
            "1: the file has no key 'sites'; it can have \(fileKeys)"
        ),
        (
            "probe:\n  port: 3478",
            "2: probe has no key 'port'; it can have duration, interval, payload, codec, dscp, key_file, clock_error, relay_interval, control_port, tcp_fallback"
        ),
        (
            "grading:\n  mos: 4",
            "2: grading has no key 'mos'; it can have profile, latency_one_way, round_trip, jitter, loss, reordering"
        ),
        (
            "grading:\n  loss:\n    target: 1 %\n    max: 2 %",
            "4: grading.loss has no key 'max'; it can have target, limit, statistic"
        ),
        (
            "Site: here",
            "1: the file has no key 'Site'; it can have \(fileKeys)"
        ),
        ("1: here", "1: the file has no key '1'; it can have \(fileKeys)"),
        (
            "[a]: here",
            "1: the file has no key a list; it can have \(fileKeys)"
        ),
        (
            "base: &base {dscp: 0}\nprobe:\n  <<: *base",
            """
            1: the file has no key 'base'; it can have \(fileKeys)
            3: probe has no key '<<'; it can have duration, interval, payload, codec, dscp, key_file, clock_error, relay_interval, control_port, tcp_fallback
            """
        ),
    ])
    func unknownKeys(yaml: String, message: String) { check(yaml, message) }

    @Test(arguments: [
        ("site: a\nprobe:\n  dscp: 0\nsite: b", "1: a mapping has the same key more than once: 'site'"),
        ("\nprobe:\n  dscp: 0\n  dscp: 1", "3: a mapping has the same key more than once: 'dscp'"),
        ("probe: {}\nsite: a\nsite: b\nprobe: {}", "1: a mapping has the same key more than once: 'probe', 'site'"),
        ("site: a\n\"site\": b", "1: a mapping has the same key more than once: 'site'"),
        ("site: a\n!name site: b", "2: the file has the key 'site' twice"),
        ("grading:\n  loss: {limit: 1 %, limit: 2 %}", "2: a mapping has the same key more than once: 'limit'"),
    ])
    func keysThatStandTwice(yaml: String, message: String) { check(yaml, message) }

    @Test(arguments: [
        ("- site", "1: the file must be a mapping of keys to values, not a list"),
        ("\n\nsite", "3: the file must be a mapping of keys to values, not 'site'"),
        ("''", "1: the file must be a mapping of keys to values, not ''"),
        ("site: [a, b]", "1: site must be one value, not a list"),
        ("site:\n  name: a", "2: site must be one value, not a mapping"),
        ("endpoints: reflector", "1: endpoints must be a list, each as '- HOST' or '- stamp://HOST:PORTS'"),
        ("endpoints:\n  host: a", "2: endpoints must be a list, each as '- HOST' or '- stamp://HOST:PORTS'"),
        ("endpoints:\n  - a\n  - host: b", "3: endpoints must be one value, not a mapping"),
        ("endpoints:\n  - [a]", "2: endpoints must be one value, not a list"),
        ("probe: 20ms", "1: probe must be a mapping of keys to values, not '20ms'"),
        ("probe:\n  - dscp: 0", "2: probe must be a mapping of keys to values, not a list"),
        ("probe:\n  dscp: [46]", "2: probe.dscp must be one value, not a list"),
        ("probe:\n  codec: {name: g722}", "2: probe.codec must be one value, not a mapping"),
        ("grading: teams", "1: grading must be a mapping of keys to values, not 'teams'"),
        ("grading:\n  loss: 1 %", "2: grading.loss must be a mapping of keys to values, not '1 %'"),
        ("grading:\n  loss:\n    limit: [1]", "3: grading.loss.limit must be one value, not a list"),
    ])
    func wrongKinds(yaml: String, message: String) { check(yaml, message) }

    @Test(arguments: [
        ("site:", "1: site has no value; leave out the key where the default is meant"),
        ("site: ~", "1: site has no value; leave out the key where the default is meant"),
        ("endpoints:\n  -", "2: endpoints has no value; leave out the key where the default is meant"),
        ("probe:\n  duration:\n", "2: probe.duration has no value; leave out the key where the default is meant"),
        ("probe:\n  payload: null", "2: probe.payload has no value; leave out the key where the default is meant"),
        (
            "grading:\n  jitter:\n    limit:\n",
            "3: grading.jitter.limit has no value; leave out the key where the default is meant"
        ),
    ])
    func missingValues(yaml: String, message: String) { check(yaml, message) }

    @Test(arguments: [
        ("''", true), ("\"a\\nb\"", true), ("\"\\e[31m\"", true), ("\"\\x7f\"", true), ("\"\\x9b31m\"", true),
        ("\"\\u2028\"", true), ("\"\\u202e\"", true), (String(repeating: "é", count: 201), true), ("a", false),
    ])
    func siteNames(text: String, isRefused: Bool) {
        let message = "1: site: a site's name has 1 to 200 characters, and none that control a terminal"
        check("site: \(text)", isRefused ? message : "")
    }

    @Test(arguments: [
        (
            "http://a",
            "2: endpoints: endpoint 'http://a': the scheme 'http://' is not known; it can be stamp://, turn://, stun://"
        ),
        ("''", "2: endpoints: endpoint '' names no host; write HOST or HOST:PORTS"),
        (
            "a:99999",
            "2: endpoints: endpoint 'a:99999': '99999' is not a UDP port or a range of them (1-65535, as in 3478-3481)"
        ),
        ("a\n  - b\n  - stamp://a:3478-3481", "4: endpoints: 'stamp://a:3478-3481' stands twice"),
    ])
    func endpoints(item: String, message: String) { check("endpoints:\n  - \(item)", message) }

    private static let durationForm = "write a number and one of ns, us, ms, s, min, h, d, as in 20ms"

    @Test(arguments: [
        ("duration: 60", "duration: '60' is not a duration; \(durationForm)"),
        ("duration: 999ms", "duration: '999ms' is outside 1 s to 24 h"),
        ("duration: 24h1ns", "duration: '24h1ns' is outside 1 s to 24 h"),
        ("duration: -5s", "duration: '-5s' is not a duration; \(durationForm)"),
        ("interval: 999us", "interval: '999us' is outside 1 ms to 1 s"),
        ("interval: 1000.4ms", "interval: '1000.4ms' is outside 1 ms to 1 s"),
        ("interval: fast", "interval: 'fast' is not a duration; \(durationForm)"),
        ("clock_error: 0ns", "clock_error: '0ns' is outside 1 ns to 10 s"),
        ("clock_error: 11s", "clock_error: '11s' is outside 1 ns to 10 s"),
        ("payload: 43", "payload: 43 is outside 44 to 8952"),
        ("payload: 8953", "payload: 8953 is outside 44 to 8952"),
        ("payload: 1e3", "payload: '1e3' is not a whole number"),
        ("payload: 182.0", "payload: '182.0' is not a whole number"),
        ("payload: 99999999999999999999", "payload: '99999999999999999999' is not a whole number"),
        ("codec: mp3", "codec: 'mp3' is not a codec known here; it can be g722, g711, silk, satin, opus"),
        ("dscp: 64", "dscp: '64' is not a DSCP; write 0 to 63, or one of EF, AF41, AF21, CS1, BE"),
        ("dscp: -1", "dscp: '-1' is not a DSCP; write 0 to 63, or one of EF, AF41, AF21, CS1, BE"),
        ("dscp: voice", "dscp: 'voice' is not a DSCP; write 0 to 63, or one of EF, AF41, AF21, CS1, BE"),
        ("key_file: ''", "key_file: names no file"),
    ])
    func probeSettings(setting: String, message: String) { check("probe:\n  \(setting)", "2: probe.\(message)") }

    @Test func aPayloadAndACodecAreOneTooMany() {
        let message = "probe: payload and codec say the same thing twice; keep one"
        check("probe:\n  payload: 200\n  dscp: 0\n  codec: g722", "4: \(message)")
        check("probe:\n  codec: g722\n  payload: 200", "2: \(message)")
    }

    @Test(arguments: [
        (
            "profile: zoom",
            "2: grading.profile: 'zoom' is not a profile; it can be teams, microsoft-client-edge, microsoft-customer-edge"
        ),
        (
            "jitter:\n    target: 5ms\n    statistic: p95",
            "4: grading.jitter.statistic: 'p95' cannot be judged for jitter; it can be worst_15s, mean, max"
        ),
        ("jitter:\n    target: 10", "3: grading.jitter.target: '10' is not a duration; \(durationForm)"),
        ("loss:\n    limit: 5ms", "3: grading.loss.limit: '5ms' is not a share; write it as 0.1 % or 0.001"),
        ("loss:\n    limit: 5", "3: grading.loss.limit: '5' is outside 0 to 1, which is 0 to 100 %"),
        ("loss:\n    limit: 101 %", "3: grading.loss.limit: '101 %' is outside 0 to 1, which is 0 to 100 %"),
        ("loss:\n    limit: -1 %", "3: grading.loss.limit: '-1 %' is outside 0 to 1, which is 0 to 100 %"),
        ("loss:\n    limit: nan", "3: grading.loss.limit: 'nan' is outside 0 to 1, which is 0 to 100 %"),
        (
            "round_trip:\n    target: 100ms",
            "3: grading.round_trip needs both target and limit: the profile 'teams' has none"
        ),
        (
            "reordering:\n    statistic: whole_check",
            "3: grading.reordering needs both target and limit: the profile 'teams' has none"
        ),
        ("latency_one_way:\n    target: 0ms", "3: grading: latency_one_way: the target 0.0 must be above 0"),
        (
            "latency_one_way:\n    target: 120ms",
            "3: grading: latency_one_way: the limit 100.0 must not be below the target 120.0"
        ),
        (
            "latency_one_way:\n    target: 20ms\n    limit: 19ms",
            "4: grading: latency_one_way: the limit 19.0 must not be below the target 20.0"
        ),
        ("loss:\n    limit: 0", "3: grading: loss: the limit 0.0 must not be below the target 0.001"),
    ])
    func gradingRules(setting: String, message: String) { check("grading:\n  \(setting)", message) }

    @Test func everyFaultIsNamedAtOnceInTheOrderOfTheLines() {
        check(
            """
            # the site
            location: here
            probe:
              interval: 5s
              # how it is marked
              dscp: 99
              duration: 0s
              size: 5
            grading:
              profile: none
              loss:
                limit: 2
              jitter: []
            endpoints:
              - ok.example
              - "[::1"
              - a:0
            """,
            """
            2: the file has no key 'location'; it can have \(fileKeys)
            4: probe.interval: '5s' is outside 1 ms to 1 s
            6: probe.dscp: '99' is not a DSCP; write 0 to 63, or one of EF, AF41, AF21, CS1, BE
            7: probe.duration: '0s' is outside 1 s to 24 h
            8: probe has no key 'size'; it can have duration, interval, payload, codec, dscp, key_file, clock_error, relay_interval, control_port, tcp_fallback
            10: grading.profile: 'none' is not a profile; it can be teams, microsoft-client-edge, microsoft-customer-edge
            12: grading.loss.limit: '2' is outside 0 to 1, which is 0 to 100 %
            13: grading.jitter must be a mapping of keys to values, not a list
            16: endpoints: endpoint '[::1': the bracket of the IPv6 address is not closed
            17: endpoints: endpoint 'a:0': '0' is not a UDP port or a range of them (1-65535, as in 3478-3481)
            """
        )
    }

    @Test func aFaultHasItsFileLineAndMessage() throws {
        let error = #expect(throws: ConfigurationError.self) { try Configuration(yaml: "\nsite: ''", file: "a.yaml") }
        let fault = try #require(error?.faults.first)
        #expect(fault.file == "a.yaml")
        #expect(fault.line == 2)
        #expect(fault.description == "a.yaml:2: \(fault.message)")
        var elsewhere = fault
        elsewhere.line = nil
        #expect(elsewhere.description == "a.yaml: \(fault.message)")
    }
}

/// Expects that all that is said about `yaml` is `messages`, a line for each without the file's name.
func check(_ yaml: String, _ messages: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let wanted = messages.split(separator: "\n").map { "linecheck.yaml:\($0)" }.joined(separator: "\n")
    #expect(refusal(yaml) == wanted, sourceLocation: sourceLocation)
}
