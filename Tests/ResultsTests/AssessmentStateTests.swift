import Foundation
import Readiness
import Results
import Testing
import Units

@testable import SampleChecks

@Suite("The state of an assessment")
struct AssessmentStateTests {
    private enum Fact {
        case check(ResultDocument, AssessmentSlot)
        case missed(AssessmentSlot, String)
    }

    private static let samples = [
        SampleDocuments.ready, SampleDocuments.ready, SampleDocuments.ready, SampleDocuments.ready,
        SampleAssessment.atRisk, SampleDocuments.inconclusive, SampleDocuments.allSilent,
        SampleDocuments.everythingWrong,
    ].map { SampleDocuments.document($0) }

    /// What became of the slots of a random window: mostly well, or anyhow.
    private func facts(_ random: inout Seeded) -> [Fact] {
        let choices = Bool.random(using: &random) ? 4 : Self.samples.count
        var facts: [Fact] = []
        for (number, slot) in SampleAssessment.slots.enumerated() {
            let sample = Self.samples[Int.random(in: 0..<choices, using: &random)]
            switch Int.random(in: 0..<20, using: &random) {
            case 0: facts.append(.missed(slot, ["busy", "late"].randomElement(using: &random) ?? "busy"))
            case 1: continue
            case 2:
                facts.append(.missed(slot, "busy"))
                fallthrough
            default:
                facts.append(.check(SampleAssessment.result(sample, slot: slot, number: number), slot))
            }
        }
        return facts
    }

    private func record(_ fact: Fact, in state: inout AssessmentState) {
        switch fact {
        case .check(let result, let slot): state.record(result, slot: slot.id)
        case .missed(let slot, let reason): state.recordMissed(slot.id, reason: reason)
        }
    }

    private func state(_ facts: [Fact]) -> AssessmentState {
        var state = SampleAssessment.emptyState
        for fact in facts { record(fact, in: &state) }
        return state
    }

    private func stored(_ state: AssessmentState) throws -> AssessmentState {
        try JSONDecoder().decode(AssessmentState.self, from: JSONEncoder().encode(state))
    }

    @Test("does not know in which order it was told, nor how often", arguments: 1...12 as ClosedRange<UInt64>)
    func order(seed: UInt64) {
        var random = Seeded(state: seed)
        let facts = facts(&random)
        let first = state(facts)
        let repeated = facts + facts.filter { _ in Bool.random(using: &random) }
        let second = state(repeated.shuffled(using: &random))
        #expect(second == first, "seed \(seed)")
        #expect(SampleAssessment.document(second) == SampleAssessment.document(first), "seed \(seed)")
    }

    @Test("of two reasons for a missed slot the same one stays in either order")
    func reasons() {
        let slot = SampleAssessment.slots[0]
        let facts = [Fact.missed(slot, "late"), .missed(slot, "busy")]
        #expect(state(facts) == state(facts.reversed()))
    }

    @Test("survives being stored at any moment", arguments: 1...6 as ClosedRange<UInt64>)
    func stored(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let facts = facts(&random)
        var (kept, restarted) = (SampleAssessment.emptyState, SampleAssessment.emptyState)
        for fact in facts {
            record(fact, in: &kept)
            record(fact, in: &restarted)
            if Int.random(in: 0..<4, using: &random) == 0 { restarted = try stored(restarted) }
        }
        #expect(try stored(restarted) == kept, "seed \(seed)")
        #expect(SampleAssessment.document(restarted) == SampleAssessment.document(kept), "seed \(seed)")
    }

    @Test("is never GO on short coverage, a broken rule or an open window", arguments: 1...40 as ClosedRange<UInt64>)
    func never(seed: UInt64) {
        var random = Seeded(state: seed)
        var facts = facts(&random).shuffled(using: &random)
        if Bool.random(using: &random) { facts.removeLast(Int.random(in: 0..<facts.count, using: &random)) }
        let document = SampleAssessment.document(state(facts))
        let counts = document.counts
        // Counted anew from the facts, by nothing of the product's.
        let grades = facts.compactMap { fact in if case .check(let result, _) = fact { result.grade } else { nil } }
        let conclusive = grades.count { $0 != .inconclusive }
        #expect(counts.checks == grades.count && counts.ready == grades.count { $0 == .ready }, "seed \(seed)")
        #expect(counts.covered == conclusive, "seed \(seed)")
        #expect(counts.covered + counts.missed + counts.inconclusive + counts.pending == 50, "seed \(seed)")
        let ready = grades.count { $0 == .ready }
        let isBad = grades.contains(.notReady) || conclusive > 0 && ready * 100 < conclusive * 95
        let expected: Assessment.Verdict = isBad ? .noGo : conclusive >= 45 ? .go : .insufficient
        #expect(document.verdict == expected, "seed \(seed)")
        let open = SampleAssessment.document(state(facts), now: SampleAssessment.until - Nanoseconds(1))
        #expect(open.verdict != .go, "seed \(seed)")
    }

    @Test("a verdict of NO-GO stays, whatever comes after", arguments: 1...20 as ClosedRange<UInt64>)
    func noWayBack(seed: UInt64) {
        var random = Seeded(state: seed)
        var state = SampleAssessment.emptyState
        var hasFallen = false
        for fact in facts(&random) {
            record(fact, in: &state)
            let assessment = state.assessment(
                of: SampleAssessment.window,
                rules: AssessmentRules(),
                now: SampleAssessment.from
            )
            #expect(!hasFallen || assessment.verdict == .noGo, "seed \(seed)")
            hasFallen = assessment.verdict == .noGo
        }
        #expect(!hasFallen || SampleAssessment.document(state).verdict == .noGo, "seed \(seed)")
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
