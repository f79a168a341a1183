import Agent
import Testing

/// Files that are not YAML, or are more of it than a configuration can be.
@Suite struct SyntaxTests {
    @Test(arguments: [
        ("site: [a", "1: while parsing a flow sequence (line 1), did not find expected ',' or ']'"),
        ("\nsite: [a\n\n", "3: while parsing a flow sequence (line 2), did not find expected ',' or ']'"),
        ("site: 'a", "1: while scanning a quoted scalar (line 1), found unexpected end of stream"),
        ("a: 1\nb: \"c\nd: 2\n", "3: while scanning a quoted scalar (line 2), found unexpected end of stream"),
        (
            "site: a\n\tprobe: b",
            "2: while scanning a plain scalar (line 1), found a tab character that violates indentation"
        ),
        ("site: a: b", "1: mapping values are not allowed in this context"),
        ("\nsite: *nothing", "2: found undefined alias"),
        ("probe:\n    dscp: 0\n  codec: g722", "3: while parsing a block mapping (line 1), did not find expected key"),
        (
            "site: @a",
            "1: while scanning for the next token (line 1), found character that cannot start any token"
        ),
        ("\nsite: a\u{0}", "2: control characters are not allowed"),
        ("a\r\nb\r\n\u{7}", "3: control characters are not allowed"),
        ("- a\nb: c", "2: while parsing a block collection (line 1), did not find expected '-' indicator"),
        (
            "site: a\n---\nsite: b",
            "2: expected a single document in the stream (line 1), but found another document"
        ),
        ("site: \"\\q\"", "1: while parsing a quoted scalar (line 1), found unknown escape character"),
        ("site: !<a", "1: while scanning a tag (line 1), did not find the expected '>'"),
        ("%YAML 9.9\n---\nsite: a", "1: found incompatible YAML document"),
        ("}", "1: while parsing a block node (line 1), did not find expected node content"),
    ])
    func whatIsNotYAMLIsSaidInOneLine(yaml: String, problem: String) {
        let parts = problem.split(separator: ": ", maxSplits: 1)
        check(yaml, "\(parts[0]): not valid YAML: \(parts[1])")
    }

    @Test(arguments: ["[", "{a: ", "- ", "? ", "[{a: "])
    func deepNestingIsRefused(opening: String) {
        let text = refusal(String(repeating: opening, count: 100_000))
        #expect(text == "linecheck.yaml:1: the file is nested too deeply")
        _ = refusal(String(repeating: opening, count: 990))
    }

    @Test func deepNestingOfLinesIsRefused() {
        let yaml = (0..<2_000).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        #expect(refusal(yaml).hasSuffix(": the file is nested too deeply"))
    }

    @Test func aBombOfAliasesIsRefused() {
        var yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let aliases = repeatElement("*a\(level - 1)", count: 9).joined(separator: ", ")
            yaml += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let message = "3: the file has more than 16 aliases, as '*name'; write the values out"
        check(yaml, message)
        check(yaml + "? *a9\n: b\n", message)
    }

    @Test func asManyAliasesAsAreAllowedAreCheapEvenAsKeys() {
        // The steepest growth that 16 aliases can make, as a key that has to be compared.
        var yaml = "a0: &a0 [x, x, x]\n"
        for level in 1...5 { yaml += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1), *a\(level - 1)]\n" }
        yaml += "? *a5\n: b\n"
        // Told where the anchor is, not where the alias is: the parser keeps only that.
        #expect(
            refusal(yaml).hasSuffix(
                "linecheck.yaml:6: the file has no key a list; it can have site, endpoints, probe, grading, microsoft"
            )
        )
    }

    @Test func asterisksInCommentsAreNoAliases() throws {
        #expect(try read(String(repeating: "  # *never* and *never*\n", count: 50) + "site: 5 * 5").site == "5 * 5")
    }

    @Test func aHundredThousandEndpointsAreRead() throws {
        let names = (0..<100_000).map { "  - host\($0)\n" }.joined()
        #expect(try read("endpoints:\n\(names)").endpoints.count == 100_000)
    }

    @Test func aHundredThousandBadEntriesAreEachNamed() {
        let faults = refusal("endpoints:\n" + String(repeating: "  - 'a b'\n", count: 100_000)).split(separator: "\n")
        #expect(faults.count == 100_000)
        #expect(faults.last?.hasPrefix("linecheck.yaml:100001: ") == true)
    }

    @Test func tenThousandUnknownKeysAreEachNamed() {
        let yaml = (0..<10_000).map { "key\($0): value\n" }.joined()
        #expect(refusal(yaml).split(separator: "\n").count == 10_000)
    }

    @Test func aLongScalarIsRefusedAsAnyOther() {
        let long = String(repeating: "a", count: 1_000_000)
        check("site: \(long)", "1: site: a site's name has 1 to 200 characters, and none that control a terminal")
    }
}

/// No bytes may trap the reader. The inputs come from their seeds, so a failure repeats.
@Suite struct HostileFileTests {
    private static let good = """
        # a comment
        site: "Berlin"
        endpoints: [&far reflector.example.net, "[::1]:3478-3480", 'stamp://192.0.2.1']
        probe:
          duration: 1h30m
          interval: 20 ms
          codec: g722
          dscp: EF
          key_file: |
            key
          clock_error: 1ms
        grading:
          profile: microsoft-client-edge
          loss: {target: 0.1 %, limit: 0.01, statistic: worst_15s}
          jitter:
            ? target
            : 10ms
        """

    @Test func theOriginalIsGood() throws {
        #expect(try read(Self.good).endpoints.count == 3)
    }

    @Test func everyTruncation() {
        let bytes = Array(Self.good.utf8)
        for count in bytes.indices { _ = refusal(String(decoding: bytes[..<count], as: UTF8.self)) }
    }

    @Test func randomBytes() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...60, using: &generator)
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            _ = refusal(String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test func randomPiecesOfYAML() {
        var generator = SeededGenerator(seed: 2)
        let pieces = [
            "site", "probe", "endpoints", "grading", "loss", "target", ": ", ":", "\n", "\n  ", "\n    ", "- ", "[",
            "]",
            "{", "}", ",", "&a ", "*a", "? ", "'", "\"", "|", ">", "#", "!!str ", "!", "%", "---\n", "...\n", "<<", "~",
            "\t", "\u{0}", "\u{85}", "\u{2028}", "\u{feff}", "\\x", "\\u12", "é", "0", "20ms", "1 %", "\r",
        ]
        var accepted = 0
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...16, using: &generator)
            let text = (0..<count).compactMap { _ in pieces.randomElement(using: &generator) }.joined()
            accepted += refusal(text).isEmpty ? 1 : 0
        }
        #expect(accepted > 100)
    }

    @Test func mutationsOfAGoodFile() {
        var generator = SeededGenerator(seed: 3)
        let original = Array(Self.good.utf8)
        var accepted = 0
        for _ in 0..<5_000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let offset = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[offset] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                case 1: bytes.remove(at: offset)
                case 2:
                    bytes.insert(
                        Array(":-#[]{}'\"\n *&?!|>%@,~".utf8).randomElement(using: &generator) ?? 0,
                        at: offset
                    )
                default: bytes.insert(contentsOf: bytes[offset..<min(bytes.count, offset + 20)], at: offset)
                }
            }
            accepted += refusal(String(decoding: bytes, as: UTF8.self)).isEmpty ? 1 : 0
        }
        #expect(accepted > 100)
    }
}
