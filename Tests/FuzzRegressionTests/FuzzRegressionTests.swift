import Foundation
import FuzzEntries
import Testing

/// What fuzzing once found stays found, and every seed of a corpus holds.
@Suite("Inputs of the fuzzers")
struct FuzzRegressionTests {
    private static let fuzzing = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fuzzing")

    /// In the order of their names.
    private static func inputs(_ kind: String, _ entry: FuzzEntry) throws -> [URL] {
        let folder = fuzzing.appending(path: kind).appending(path: entry.rawValue)
        guard FileManager.default.fileExists(atPath: folder.path()) else { return [] }
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .sorted { $0.path() < $1.path() }
    }

    private static func run(_ input: URL, _ entry: FuzzEntry) throws {
        let octets = [UInt8](try Data(contentsOf: input))
        do {
            try entry.run(octets)
        } catch {
            Issue.record("\(entry.rawValue), \(input.lastPathComponent): \(error)")
        }
    }

    @Test("what was once found is found no more", arguments: FuzzEntry.allCases)
    func regressions(entry: FuzzEntry) throws {
        for input in try Self.inputs("Regressions", entry) { try Self.run(input, entry) }
    }

    @Test("every seed holds", arguments: FuzzEntry.allCases)
    func seeds(entry: FuzzEntry) throws {
        let seeds = try Self.inputs("Corpus", entry)
        #expect(!seeds.isEmpty)
        for seed in seeds { try Self.run(seed, entry) }
    }

    @Test("nothing at all, and nothing but one octet, hold", arguments: FuzzEntry.allCases)
    func smallest(entry: FuzzEntry) throws {
        try entry.run([])
        for octet in UInt8.min...UInt8.max { try entry.run([octet]) }
    }
}
