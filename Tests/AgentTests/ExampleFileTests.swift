import Agent
import Foundation
import Readiness
import Settings
import Testing
import Units

/// The commented example that is installed as the configuration file.
@Suite struct ExampleFileTests {
    private static let lines: [String] = {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../config/linecheck.yaml")
        let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }()

    /// A setting that is commented out has no blank after its `#`; an explanation has one.
    private static func isCommentedOut(_ line: String) -> Bool {
        let text = line.drop { $0 == " " }
        return text.first == "#" && text.count > 1 && text.dropFirst().first != " "
    }

    private static func text(uncommenting choose: (Int) -> Bool) -> String {
        lines.enumerated().map { index, line in
            guard isCommentedOut(line), choose(index), let mark = line.firstIndex(of: "#") else { return line }
            return String(line[..<mark] + line[line.index(after: mark)...])
        }.joined(separator: "\n")
    }

    private static func index(of setting: String) throws -> Int {
        try #require(lines.firstIndex { $0.drop { $0 == " " }.hasPrefix("#\(setting):") })
    }

    /// The paths of all keys, whether commented out or not.
    private static var paths: [String] {
        var parents: [(indent: Int, name: String)] = []
        return lines.compactMap { line in
            let uncommented = isCommentedOut(line) ? line.replacing("#", with: "", maxReplacements: 1) : line
            let indent = uncommented.prefix { $0 == " " }.count
            let rest = uncommented.dropFirst(indent)
            guard let first = rest.first, first != "#", first != "-", let colon = rest.firstIndex(of: ":") else {
                return nil
            }
            parents.removeAll { $0.indent >= indent }
            // What a list holds is no path of its own.
            if ["schedules", "assessments"].contains(parents.first?.name) { return nil }
            parents.append((indent, String(rest[..<colon])))
            return parents.map(\.name).joined(separator: ".")
        }
    }

    @Test func asItIsItMeansTheDefaults() throws {
        #expect(Self.lines.count > 50)
        #expect(try read(Self.lines.joined(separator: "\n")) == Configuration())
    }

    @Test func everyKeyStandsInItOnce() {
        let sections =
            ["probe", "capture", "grading", "collector", "spool", "metrics", "microsoft", "audit"]
            + Rule.Metric.allCases.map { "grading.\($0.rawValue)" }
        #expect(Self.paths.sorted() == (ConfigurationKeys.paths + sections).sorted())
    }

    /// The lines of the one item of a list that is shown: they mean something together only.
    private static func item(of list: String) throws -> Range<Int> {
        let first = try #require(lines.firstIndex(of: "\(list):"))
        let end = try #require(lines.indices.first { $0 > first && lines[$0].isEmpty && lines[$0 + 1].hasPrefix("# ") })
        return first..<end
    }

    private static func index(of setting: String, in block: Range<Int>) throws -> Int {
        try #require(block.first { lines[$0].drop { " #-".contains($0) }.hasPrefix("\(setting):") })
    }

    /// The first of the endpoints that are shown, which schedules name.
    private static func endpoint() throws -> Int { try index(of: "endpoints", in: lines.indices) + 1 }

    /// Some blocks with their settings, but for some lines, beside the endpoint that they name.
    private static func configuration(_ blocks: [Range<Int>], without left: [Int]) throws -> Configuration {
        let endpoint = try endpoint()
        return try read(
            text { index in
                index == endpoint || blocks.contains { $0.contains(index) } && !left.contains(index)
            }
        )
    }

    @Test func theScheduleThatIsShownIsOne() throws {
        let block = try Self.item(of: "schedules")
        let lines = try ["every", "at", "continuous"].map { try Self.index(of: $0, in: block) }
        let every = try Self.configuration([block], without: [lines[1], lines[2]]).schedules
        #expect(every.map(\.name) == ["working-hours"])
        #expect(every.first?.rhythm == .every(.seconds(900)))
        #expect(every.first?.hours?.description == "07:00-19:00")
        #expect(every.first?.days.count == 5)
        #expect(every.first?.timeZone.identifier == "Europe/Berlin")
        #expect(every.first?.endpoints?.map(\.host) == ["reflector.example.net"])
        #expect(every.first?.probe.duration == .seconds(60))
        let at = try Self.configuration([block], without: [lines[0], lines[2]]).schedules
        #expect(at.first?.rhythm == .at([TimeOfDay(minutes: 510), TimeOfDay(minutes: 780)]))
        let continuous = try Self.configuration([block], without: [lines[0], lines[1]]).schedules
        #expect(continuous.first?.rhythm == .continuous(.seconds(60)))
    }

    @Test func theAssessmentThatIsShownIsOne() throws {
        let (block, schedule) = (try Self.item(of: "assessments"), try Self.item(of: "schedules"))
        let without = try ["at", "continuous"].map { try Self.index(of: $0, in: schedule) }
        let found = try Self.configuration([block, schedule], without: without).assessments
        let plan = try #require(found.first)
        #expect(found.count == 1)
        #expect(plan.name == "go-live")
        #expect(plan.from == (try ScheduleSlotsTests.instant("2026-11-29T23:00:00Z")))
        #expect(plan.until == (try ScheduleSlotsTests.instant("2026-12-04T23:00:00Z")))
        #expect(plan.schedules == ["working-hours"])
        #expect(plan.rules == AssessmentRules())
        #expect(plan.hours?.description == "07:00-19:00")
        #expect(plan.days?.count == 5)
    }

    @Test func everyKeyOfAListStandsInIt() throws {
        for key in ConfigurationKeys.ownOfSchedule + ["duration"] {
            _ = try Self.index(of: key, in: Self.item(of: "schedules"))
        }
        for key in ConfigurationKeys.assessment + ConfigurationKeys.assessmentCriteria {
            _ = try Self.index(of: key, in: Self.item(of: "assessments"))
        }
    }

    @Test func eachSettingParsesByItself() throws {
        let items = try [Self.item(of: "schedules"), Self.item(of: "assessments")]
        let endpoint = try Self.endpoint()
        for index in Self.lines.indices where Self.isCommentedOut(Self.lines[index]) {
            guard !items.contains(where: { $0.contains(index) }) else { continue }
            let message = refusal(Self.text { $0 == index || $0 == endpoint })
            // A metric that the profile does not judge is told in two numbers.
            let isHalfARule = message.contains("needs both target and limit")
            // A collector is named by its address, and some of its settings come in pairs.
            let isHalfACollector = message.contains("collector needs url")
            #expect(message.isEmpty || isHalfARule || isHalfACollector, "line \(index + 1): \(Self.lines[index])")
        }
    }

    /// Settings that stand in the place of another.
    private static func alternatives() throws -> [Int] {
        try ["at", "continuous", "endpoints_url"].map { try index(of: $0) }
    }

    @Test func allSettingsParseTogether() throws {
        let (payload, others) = try (Self.index(of: "payload"), Self.alternatives())
        let configuration = try read(Self.text { $0 != payload && !others.contains($0) })
        #expect(configuration.site != nil)
        #expect(configuration.endpoints.count == 4)
        #expect(configuration.schedules.count == 1)
        #expect(configuration.assessments.count == 1)
        #expect(configuration.probe.keyFile != nil)
        #expect(configuration.probe.clockError != nil)
        #expect(configuration.collector?.clientKey == .credential("client-key"))
        #expect(configuration.collector?.proxyCredentialsFile == .credential("proxy"))
        #expect(configuration.sinks.count == 3)
        let all = refusal(Self.text { !others.contains($0) })
        #expect(all.hasSuffix("probe: payload and codec say the same thing twice; keep one"))
    }

    @Test func whatItShowsAsDefaultsAreTheDefaults() throws {
        let (codec, payload) = try (Self.index(of: "codec"), Self.index(of: "payload"))
        let others = try Self.alternatives()
        let configuration = try read(Self.text { $0 != payload && !others.contains($0) })
        #expect(configuration.probe.duration == ProbeDefaults.duration)
        #expect(configuration.probe.interval == ProbeDefaults.interval)
        #expect(configuration.probe.codec == ProbeDefaults.codec)
        #expect(configuration.probe.dscp == ProbeDefaults.dscp)
        #expect(configuration.probe.relayInterval == ProbeDefaults.relayInterval)
        #expect(configuration.profile.name == Profile.teams.name)
        #expect(configuration.spool == SpoolSettings())
        #expect(configuration.collector?.batch == CollectorSettings.defaultBatch)
        #expect(configuration.collector?.timeout == CollectorSettings.defaultTimeout)
        #expect(Array(configuration.profile.rules.prefix(Profile.teams.rules.count)) == Profile.teams.rules)
        #expect(configuration.audit.audio == (try PortsAndMark("50000-50019:46")))
        #expect(configuration.audit.relayPorts == 3_478...3_481)
        #expect(
            try read(Self.text { $0 != codec && !others.contains($0) }).probe.payload == ProbeDefaults.codec.payload
        )
    }

    @Test func itTellsTheBoundsThatTheReaderKeeps() {
        let comments = Self.lines.joined(separator: "\n")
        for bounds in [
            ProbeDefaults.durations, ProbeDefaults.intervals, ProbeDefaults.clockErrors, ProbeDefaults.relayIntervals,
            CollectorSettings.timeouts, Schedule.periods, AssessmentPlan.lengths,
        ] {
            #expect(comments.contains("\(bounds.lowerBound.text) to \(bounds.upperBound.text)"))
        }
        #expect(comments.contains("\(ProbeDefaults.payloads.lowerBound) to \(ProbeDefaults.payloads.upperBound)"))
        #expect(comments.contains("at most \(PortSet.maximumCount)"))
        let (batches, sizes) = (CollectorSettings.batches, SpoolSettings.sizes)
        #expect(comments.contains("\(batches.lowerBound) to \(batches.upperBound)"))
        #expect(comments.contains("\(SettingText.size(sizes.lowerBound)) to \(SettingText.size(sizes.upperBound))"))
        for profile in Profile.all { #expect(comments.contains(profile.name)) }
        for codec in VoiceCodec.allCases { #expect(comments.contains(codec.rawValue)) }
        for metric in Rule.Metric.allCases {
            let words = comments.replacing("\n", with: " ").replacing("#", with: " ").split(separator: " ")
            let statistics = metric.statistics.map(\.rawValue).joined(separator: ", ")
            #expect(words.joined(separator: " ").contains("\(statistics)."), "\(metric.rawValue)")
        }
    }

    @Test func everyKeyOfTheListIsReallyRead() throws {
        let values = [
            "site": "here", "endpoints": "[a]", "probe.duration": "5s", "probe.interval": "5ms", "probe.payload": "50",
            "probe.codec": "opus", "probe.dscp": "0", "probe.key_file": "key", "probe.clock_error": "5s",
            "probe.relay_interval": "1s", "probe.control_port": "5004", "probe.tcp_fallback": "true",
            "capture.interface": "eth0", "grading.profile": "microsoft-client-edge",
            "spool.directory": "/here", "spool.size": "1 GB", "sinks": "[stdout]",
            "schedules": "[{name: a, every: 1h}]",
            "metrics.port": "9464",
            "microsoft.endpoints_file": "endpoints.json", "microsoft.endpoints_url": "https://list.example/",
            "audit.audio": "50000", "audit.video": "50000-50019:34", "audit.sharing": "50000",
            "audit.ranges": "['::/0']",
            "audit.relay_ports": "5000",
        ]
        for path in ConfigurationKeys.paths where !path.hasPrefix("grading.") || path == "grading.profile" {
            // Held to the same in the tests of that section.
            if path.hasPrefix("collector.") || path == "assessments" { continue }
            let value = try #require(values[path], "no value for \(path)")
            let parts = path.split(separator: ".")
            let yaml = parts.count == 1 ? "\(path): \(value)" : "\(parts[0]): {\(parts[1]): \(value)}"
            #expect(try read(yaml) != Configuration(), "\(path) has no effect")
        }
    }
}
