import Foundation
import Results
import Testing
import Units

@testable import Agent
@testable import SampleChecks

/// What does not fit is dropped, in a stated order, and told.
@Suite struct SpoolLimitTests {
    private let folder: TemporaryFolder
    private let clock = ManualClock()

    init() throws { folder = try TemporaryFolder(inMemory: true) }

    private static let small = 12_000_000

    @Test func theOldestResultsGoFirstAndAreCountedAndReported() {
        let reported = Reported<SpoolEvent>()
        let spool = Spool(SpoolSettings(directory: folder.path, size: Self.small), clock: clock) { reported($0) }
        for number in 0..<3 { spool.store(document(number, kind: .assessment, octets: 1_000_000)) }
        for number in 0..<20 { spool.store(document(number, octets: 1_000_000)) }
        let waiting = spool.waiting()
        #expect(waiting.count < 20)
        #expect(waiting == (20 - waiting.count..<20).map { "result-\($0)" })
        #expect(spool.waiting(.assessment).count == 3)
        #expect(spool.status.dropped == [.result: 20 - waiting.count])
        let dropped = reported.all.compactMap { event in
            if case .dropped(.result, let id, _) = event { id } else { nil }
        }
        #expect(dropped == (0..<20 - waiting.count).map { "result-\($0)" })
        #expect(spool.status.size <= Self.small)
        #expect(folder.size <= Self.small)
        spool.close()
        let reopened = Spool(SpoolSettings(directory: folder.path, size: Self.small), clock: clock)
        #expect(reopened.status.dropped == [.result: 20 - waiting.count])
    }

    @Test func whatWasRefusedGoesBeforeWhatWaits() {
        let spool = Spool(SpoolSettings(directory: folder.path, size: Self.small), clock: clock)
        for number in 0..<4 { spool.store(document(number, octets: 1_000_000)) }
        spool.settle(["result-2": .setAside("refused")], succeeded: false)
        var number = 4
        while spool.status.droppedInAll == 0 {
            spool.store(document(number, octets: 1_000_000))
            number += 1
        }
        #expect(spool.setAside.isEmpty)
        #expect(spool.waiting().first == "result-0")
    }

    @Test func assessmentsGoWhenNothingElseIsLeft() {
        let spool = Spool(SpoolSettings(directory: folder.path, size: Self.small), clock: clock)
        spool.store(document(0, octets: 1_000_000))
        for number in 0..<25 { spool.store(document(number, kind: .assessment, octets: 1_000_000)) }
        #expect(spool.waiting().isEmpty)
        let waiting = spool.waiting(.assessment)
        #expect(waiting.last == "assessment-24")
        #expect(spool.status.dropped == [.result: 1, .assessment: 25 - waiting.count])
    }

    /// A collector may be away for a week, at a check a minute.
    @Test func aWeekOfChecksEveryMinuteFitsTheDefaultLimit() throws {
        let minutes = 7 * 24 * 60
        // The largest of the kinds of document: no site sends these all week.
        let sample = try #require(
            try SampleDocuments.all.map { try SpooledDocument($0.document.withoutPackets ?? $0.document) }
                .max { $0.json.count < $1.json.count }
        )
        let spool = Spool(SpoolSettings(directory: folder.path), clock: clock)
        let stored = 500
        for number in 0..<stored {
            var generator = SeededGenerator(seed: UInt64(number))
            spool.store(Self.varied(sample, using: &generator))
        }
        #expect(spool.status.pending == stored)
        let each = Double(spool.status.size) / Double(stored)
        #expect(each * Double(minutes) < Double(SpoolSettings.defaultSize - SpoolDatabase.journalReserve) / 2)
    }

    /// The document with other digits in its numbers, as another check would have them.
    private static func varied(_ document: SpooledDocument, using generator: inout SeededGenerator) -> SpooledDocument {
        var copy = document
        copy.id = ResultID(at: document.completedAt, using: &generator).description
        var isInText = false
        copy.json = document.json.map { octet in
            if octet == UInt8(ascii: "\"") { isInText.toggle() }
            guard !isInText, (0x31...0x39).contains(octet) else { return octet }
            return UInt8.random(in: 0x31...0x39, using: &generator)
        }
        return copy
    }
}
