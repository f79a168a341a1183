import ProbeCore
import Testing

@Suite struct RunPlanTests {
    private let plan = RunPlan(leadInRounds: 2, measuredRounds: 3, tailLimit: 4)

    @Test func roundsBelongToLeadInMeasuredAndTail() {
        let parts = (0..<8).map { plan.part(of: $0) }
        #expect(parts == [.leadIn, .leadIn, .measured, .measured, .measured, .tail, .tail, .tail])
    }

    @Test func theTailEndsWhenItIsAnsweredOrAtItsLimit() {
        // One tail round is sent at least: until then there is nothing to answer.
        #expect((0...5).allSatisfy { !plan.ends(before: $0, tailsAnswered: true) })
        #expect(plan.ends(before: 6, tailsAnswered: true))
        #expect((0...8).allSatisfy { !plan.ends(before: $0, tailsAnswered: false) })
        #expect(plan.ends(before: 9, tailsAnswered: false))
    }

    @Test func aRunWithoutTailEndsWithTheMeasuredPart() {
        let plan = RunPlan(leadInRounds: 0, measuredRounds: 3, tailLimit: 0)
        #expect(!plan.ends(before: 2, tailsAnswered: false))
        #expect(plan.ends(before: 3, tailsAnswered: false))
    }

    @Test func aCutEndsTheMeasuredPartAndLeavesTheTail() {
        var cut = plan
        cut.cut(at: 3)
        #expect(cut.measuredRounds == 1)
        #expect((2..<5).map { cut.part(of: $0) } == [.measured, .tail, .tail])
        #expect(!cut.ends(before: 3, tailsAnswered: true))
        #expect(cut.ends(before: 4, tailsAnswered: true))
        #expect(cut.ends(before: 7, tailsAnswered: false))
        // Said again in each later round, it cuts no deeper and gives nothing back.
        cut.cut(at: 4)
        cut.cut(at: 9)
        #expect(cut.measuredRounds == 1)
    }

    @Test func aCutInTheLeadInLeavesNothingMeasured() {
        var cut = plan
        cut.cut(at: 1)
        #expect(cut.measuredRounds == 0)
        #expect(cut.part(of: 1) == .leadIn)
        #expect(cut.part(of: 2) == .tail)
    }

    @Test func aCutInTheTailChangesNothing() {
        var cut = plan
        cut.cut(at: 6)
        #expect(cut == plan)
    }
}
