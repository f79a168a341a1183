import Foundation
import Results

extension AssessmentChecks {
    /// A check as its line in the journal, with the end of the line.
    public static func line(of check: CheckSummary) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(check) + [UInt8(ascii: "\n")]
    }

    /// Reads a journal.
    ///
    /// - Returns: how many of its lines were passed over, since they are no summaries: cut off, or damaged.
    public mutating func read(journal: Data) -> Int {
        let decoder = JSONDecoder()
        var refused = 0
        for line in journal.split(separator: UInt8(ascii: "\n")) {
            if let check = try? decoder.decode(CheckSummary.self, from: line) {
                add(check)
            } else {
                refused += 1
            }
        }
        return refused
    }
}
