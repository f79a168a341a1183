import Foundation
import Readiness
import Results
import Testing
import Units

@testable import Agent

/// What must hold whatever the checks were, in whatever order they came, and however often.
@Suite struct AssessmentPropertyTests {
    /// 2026-12-05, 00:00 UTC.
    private static let end = WallInstant(nanosecondsSinceUnixEpoch: 1_796_428_800_000_000_000)

    private struct Scene {
        var assessment: Assessment
        var checks: [CheckSummary]
        var slots: [WallInstant]
    }

    /// Some of a week's checks, with grades mixed by chance.
    private func scene(_ random: inout SeededGenerator) throws -> Scene {
        let (assessment, configuration) = try AssessmentSamples.assessment()
        let slots = AssessmentSamples.slots(configuration)
        let share = Int.random(in: 0...100, using: &random)
        let goodness = Int.random(in: 0...100, using: &random)
        let ports: [UInt16] = [3_478, 3_479, 3_480, 3_481]
        let checks = slots.filter { _ in Int.random(in: 0..<100, using: &random) < share }.map { slot in
            let isGood = Int.random(in: 0..<100, using: &random) < goodness
            let grade = isGood ? .ready : Grade.allCases.randomElement(using: &random) ?? .ready
            let tested = Int.random(in: 0..<20, using: &random) == 0 ? Array(ports.dropLast()) : ports
            return AssessmentSamples.check(grade, at: slot, ports: tested)
        }
        return Scene(assessment: assessment, checks: checks, slots: slots)
    }

    @Test(arguments: 1...40)
    func neitherOrderNorRepetitionMatters(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let scene = try scene(&random)
        var (one, other) = (scene.assessment, scene.assessment)
        for check in scene.checks { one.add(check) }
        for check in (scene.checks + scene.checks.filter { _ in Bool.random(using: &random) }).shuffled(using: &random)
        {
            other.add(check)
        }
        #expect(one.checks == other.checks)
        for moment in scene.slots.shuffled(using: &random).prefix(3) + [Self.end] {
            #expect(one.document(at: moment) == other.document(at: moment))
        }
    }

    /// Killed at any octet of the journal, and started again: what was cut off is added again from its result.
    @Test(arguments: 1...20)
    func aCrashAtAnyPointChangesNothing(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let scene = try scene(&random)
        var whole = scene.assessment
        for check in scene.checks { whole.add(check) }
        var journal = Data()
        for check in scene.checks {
            journal += try AssessmentChecks.line(of: check)
            if Int.random(in: 0..<4, using: &random) == 0 {
                let cut = Int.random(in: 0...40, using: &random)
                journal.removeLast(min(cut, journal.count))
                // A journal that does not end a line is given an end, so that what follows is not lost as well.
                if journal.last != UInt8(ascii: "\n"), !journal.isEmpty { journal += [UInt8(ascii: "\n")] }
                journal += try AssessmentChecks.line(of: check)
            }
        }
        var kept = AssessmentChecks()
        _ = kept.read(journal: journal)
        var again = scene.assessment
        for check in kept.inOrder { again.add(check) }
        // The cut may have reached into the line before, whose result is added again as well.
        for check in scene.checks { again.add(check) }
        #expect(again.document(at: Self.end) == whole.document(at: Self.end))
        let coded = try JSONDecoder().decode(AssessmentChecks.self, from: JSONEncoder().encode(whole.checks))
        #expect(coded == whole.checks)
    }

    /// Counted anew, slot by slot, and told by the rules in words.
    @Test(arguments: 1...150)
    func theVerdictIsThatOfTheRules(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed) &* 7_919)
        let scene = try scene(&random)
        var assessment = scene.assessment
        for check in scene.checks { assessment.add(check) }
        let document = assessment.document(at: Self.end)
        // An hour is four slots here, since the hours of work begin with one.
        let places = Dictionary(uniqueKeysWithValues: scene.slots.enumerated().map { (UTCTime($1), $0) })
        let byHour = Dictionary(grouping: scene.checks) { (places[$0.slotAt] ?? 0) / 4 }
        let ports: [UInt16] = [3_478, 3_479, 3_480, 3_481]
        let least =
            ports.map { port in
                byHour.values.count {
                    $0.contains { $0.grade != .inconclusive && $0.endpoints[0].testedPorts.contains(port) }
                }
            }.min() ?? 0
        let isShort = least * 10 < 60 * 9
        let ready = scene.checks.count { $0.grade == .ready }
        let inconclusive = scene.checks.count { $0.grade == .inconclusive }
        let isOver = scene.checks.contains { $0.grade == .notReady }
        #expect(abs(document.coverage.ratio - Double(least) / 60) < 1e-6)
        if isShort { #expect(document.verdict != .go) }
        if isOver { #expect(document.verdict == .noGo) }
        let meets = !scene.checks.isEmpty && ready * 20 >= scene.checks.count * 19
        let cannot = (ready + inconclusive + 240 - scene.checks.count) * 20 < 240 * 19
        let isBroken = isOver || cannot && !scene.checks.isEmpty
        #expect(document.verdict == (isBroken ? .noGo : meets && !isShort ? .go : .insufficient))
    }

    /// Another check that is ready never makes a verdict worse; one that is over the limit never makes it better.
    @Test(arguments: 1...40)
    func aBetterCheckIsNoWorse(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed) &+ 1_000)
        let scene = try scene(&random)
        let rank: [AssessmentVerdict: Int] = [.go: 2, .insufficient: 1, .noGo: 0]
        var assessment = scene.assessment
        for check in scene.checks { assessment.add(check) }
        let before = rank[assessment.document(at: Self.end).verdict] ?? 0
        let made = Set(scene.checks.map(\.slotAt))
        guard let slot = scene.slots.first(where: { !made.contains(UTCTime($0)) }) else { return }
        var (better, worse) = (assessment, assessment)
        better.add(AssessmentSamples.check(.ready, at: slot))
        worse.add(AssessmentSamples.check(.notReady, at: slot))
        #expect(rank[better.document(at: Self.end).verdict] ?? 0 >= before)
        #expect(worse.document(at: Self.end).verdict == .noGo)
    }

    @Test func damagedLinesOfAJournalArePassedOver() throws {
        let (_, configuration) = try AssessmentSamples.assessment()
        let slots = AssessmentSamples.slots(configuration)
        let good = try AssessmentChecks.line(of: AssessmentSamples.check(.ready, at: slots[0]))
        let journal = good + Data("\n{}\nnull\n[1]\n{\"id\":\n\u{0}\n".utf8) + good.dropLast(9) + Data("\n".utf8) + good
        var checks = AssessmentChecks()
        let refused = checks.read(journal: journal)
        #expect(refused == 6)
        #expect(checks.byID.count == 1)
        #expect(good.last == UInt8(ascii: "\n") && good.dropLast().firstIndex(of: UInt8(ascii: "\n")) == nil)
    }
}
