import Foundation
import Readiness
import Results
import Testing
import Units

@testable import Agent
@testable import SampleChecks

/// Assessments that survive the agent.
@Suite struct AssessmentKeeperTests {
    /// 2026-12-05, 00:00 UTC.
    private static let end = WallInstant(nanosecondsSinceUnixEpoch: 1_796_428_800_000_000_000)

    private func keeper(_ folder: TemporaryFolder, until: String = "2026-12-04") throws -> AssessmentKeeper {
        let yaml = AssessmentSamples.yaml.replacing("2026-12-04", with: until)
        return AssessmentKeeper(
            try read(yaml),
            identity: AssessmentSamples.identity,
            phase: "box-17",
            directory: folder.path + "/assessments"
        )
    }

    private func results() throws -> [ResultDocument] {
        let slots = AssessmentSamples.slots(try read(AssessmentSamples.yaml))
        return slots.enumerated().map { index, slot in
            var result = SampleDocuments.document(index == 7 ? SampleDocuments.blockedPort : SampleDocuments.ready)
            var generator = SeededGenerator(seed: UInt64(index))
            result.id = ResultID(at: slot, using: &generator).description
            result.schedule = ScheduledSlotDocument(name: "office", slotAt: UTCTime(slot))
            result.startedAt = UTCTime(slot)
            result.endedAt = UTCTime(slot + .seconds(60))
            return result
        }
    }

    /// Killed at random, also in the middle of a line, and after a result was spooled but before it was kept.
    @Test(arguments: 1...8)
    func whateverIsKilledTheVerdictIsTheSame(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let (folder, quiet) = (try TemporaryFolder(inMemory: true), try TemporaryFolder(inMemory: true))
        let results = try results()
        var undisturbed = try keeper(quiet)
        var disturbed = try keeper(folder)
        let journal = folder.path + "/assessments/go-live.jsonl"
        for result in results {
            try undisturbed.keep(result)
            try disturbed.keep(result)
            guard Int.random(in: 0..<10, using: &random) == 0 else { continue }
            let data = try #require(FileManager.default.contents(atPath: journal))
            let cut = Int.random(in: 0...200, using: &random)
            try data.dropLast(cut).write(to: URL(fileURLWithPath: journal))
            disturbed = try keeper(folder)
            // Whoever starts again adds again what may not have been kept.
            try disturbed.keep(result)
        }
        for result in results.shuffled(using: &random) { try disturbed.keep(result) }
        #expect(try keeper(folder).documents(at: Self.end) == undisturbed.documents(at: Self.end))
        #expect(undisturbed.documents(at: Self.end).first?.checks.made == 240)
        #expect(undisturbed.documents(at: Self.end).first?.checks.notReady == 1)
    }

    @Test func everyResultCarriesHowItStandsWithIt() throws {
        let folder = try TemporaryFolder(inMemory: true)
        var keeper = try keeper(folder)
        for (index, result) in try results().prefix(10).enumerated() {
            let standing = try #require(keeper.standing(with: result))
            #expect(standing.name == "go-live")
            #expect(standing.checks.made == index + 1)
            #expect(standing.verdict == (index < 7 ? .go : .noGo))
            #expect(keeper.standing(with: result) == standing)
            try keeper.keep(result)
        }
        var unscheduled = try results()[20]
        unscheduled.schedule = nil
        #expect(keeper.standing(with: unscheduled) == nil)
        unscheduled.schedule = ScheduledSlotDocument(name: "office", slotAt: UTCTime(Self.end))
        #expect(keeper.standing(with: unscheduled) == nil)
    }

    @Test func theFinalDocumentIsDueOnce() throws {
        let folder = try TemporaryFolder(inMemory: true)
        var keeper = try keeper(folder)
        #expect(keeper.due(at: try ScheduleSlotsTests.instant("2026-12-04T23:00:00Z")) == [])
        for result in try results() { try keeper.keep(result) }
        let due = keeper.due(at: Self.end)
        #expect(due.count == 1)
        #expect(due.first?.isFinal == true)
        // Killed before it was concluded: the same again.
        keeper = try self.keeper(folder)
        #expect(keeper.due(at: Self.end + .seconds(3_600)) == due)
        let document = try #require(due.first)
        let spooled = try SpooledDocument(document)
        #expect(spooled.kind == .assessment && spooled.id == document.id)
        try keeper.conclude(document)
        #expect(keeper.due(at: Self.end) == [])
        let another = try self.keeper(folder)
        #expect(another.due(at: Self.end) == [])
        let saved = try #require(FileManager.default.contents(atPath: folder.path + "/assessments/go-live.json"))
        #expect(try AssessmentDocument.decode(saved) == document)
        // The same name for another time is another assessment.
        let longer = try self.keeper(folder, until: "2026-12-03")
        #expect(longer.due(at: Self.end).count == 1)
    }

    @Test func damageIsToldAndPassedOver() throws {
        let folder = try TemporaryFolder(inMemory: true)
        var first = try keeper(folder)
        let results = try results()
        try first.keep(results[0])
        let journal = URL(fileURLWithPath: folder.path + "/assessments/go-live.jsonl")
        try (Data(contentsOf: journal) + Data("{\"id\":1}\n{\"id".utf8)).write(to: journal)
        var second = try keeper(folder)
        #expect(second.complaints.count == 1)
        #expect(second.complaints.first?.hasPrefix("2 lines of '") == true)
        try second.keep(results[1])
        let third = try keeper(folder)
        #expect(third.documents(at: Self.end).first?.checks.made == 2)
    }
}
