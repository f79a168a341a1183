import Agent
import Foundation
import Readiness
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
            parents.append((indent, String(rest[..<colon])))
            return parents.map(\.name).joined(separator: ".")
        }
    }

    @Test func asItIsItMeansTheDefaults() throws {
        #expect(Self.lines.count > 50)
        #expect(try read(Self.lines.joined(separator: "\n")) == Configuration())
    }

    @Test func everyKeyStandsInItOnce() {
        let sections = ["probe", "grading", "microsoft"] + Rule.Metric.allCases.map { "grading.\($0.rawValue)" }
        #expect(Self.paths.sorted() == (ConfigurationKeys.paths + sections).sorted())
    }

    @Test func eachSettingParsesByItself() throws {
        for index in Self.lines.indices where Self.isCommentedOut(Self.lines[index]) {
            let message = refusal(Self.text { $0 == index })
            // A metric that the profile does not judge is told in two numbers.
            let isHalfARule = message.contains("needs both target and limit")
            #expect(message.isEmpty || isHalfARule, "line \(index + 1): \(Self.lines[index])")
        }
    }

    @Test func allSettingsParseTogether() throws {
        let payload = try Self.index(of: "payload")
        let configuration = try read(Self.text { $0 != payload })
        #expect(configuration.site != nil)
        #expect(configuration.endpoints.count == 3)
        #expect(configuration.probe.keyFile != nil)
        #expect(configuration.probe.clockError != nil)
        let all = refusal(Self.text { _ in true })
        #expect(all.hasSuffix("probe: payload and codec say the same thing twice; keep one"))
    }

    @Test func whatItShowsAsDefaultsAreTheDefaults() throws {
        let (codec, payload) = try (Self.index(of: "codec"), Self.index(of: "payload"))
        let configuration = try read(Self.text { $0 != payload })
        #expect(configuration.probe.duration == ProbeDefaults.duration)
        #expect(configuration.probe.interval == ProbeDefaults.interval)
        #expect(configuration.probe.codec == ProbeDefaults.codec)
        #expect(configuration.probe.dscp == ProbeDefaults.dscp)
        #expect(configuration.profile.name == Profile.teams.name)
        #expect(Array(configuration.profile.rules.prefix(Profile.teams.rules.count)) == Profile.teams.rules)
        #expect(try read(Self.text { $0 != codec }).probe.payload == ProbeDefaults.codec.payload)
    }

    @Test func itTellsTheBoundsThatTheReaderKeeps() {
        let comments = Self.lines.joined(separator: "\n")
        for bounds in [ProbeDefaults.durations, ProbeDefaults.intervals, ProbeDefaults.clockErrors] {
            #expect(comments.contains("\(bounds.lowerBound.text) to \(bounds.upperBound.text)"))
        }
        #expect(comments.contains("\(ProbeDefaults.payloads.lowerBound) to \(ProbeDefaults.payloads.upperBound)"))
        #expect(comments.contains("at most \(PortSet.maximumCount)"))
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
            "grading.profile": "microsoft-client-edge", "microsoft.endpoints_file": "endpoints.json",
        ]
        for path in ConfigurationKeys.paths where !path.hasPrefix("grading.") || path == "grading.profile" {
            let value = try #require(values[path], "no value for \(path)")
            let parts = path.split(separator: ".")
            let yaml = parts.count == 1 ? "\(path): \(value)" : "\(parts[0]): {\(parts[1]): \(value)}"
            #expect(try read(yaml) != Configuration(), "\(path) has no effect")
        }
    }
}
