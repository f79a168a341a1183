import Readiness
import Testing

/// Every rule of an assessment at and around its bound.
@Suite struct AssessmentRulesTests {
    private static func tally(
        ready: Int = 0,
        atRisk: Int = 0,
        notReady: Int = 0,
        inconclusive: Int = 0,
        planned: Int? = nil,
        covered: [Int] = [100]
    ) -> AssessmentTally {
        let grades =
            Array(repeating: Grade.ready, count: ready) + Array(repeating: .atRisk, count: atRisk)
            + Array(repeating: .notReady, count: notReady) + Array(repeating: .inconclusive, count: inconclusive)
        return AssessmentTally(
            grades: grades,
            planned: planned ?? grades.count,
            ports: covered.enumerated().map {
                .init(endpoint: "stamp://a:3478-3481", port: UInt16(3_478 + $0), hoursAsked: 100, hoursCovered: $1)
            }
        )
    }

    private func outcome(
        _ rule: RuleOutcome.Rule,
        _ tally: AssessmentTally,
        _ rules: AssessmentRules = .init()
    ) -> RuleOutcome.Outcome? {
        rules.outcomes(tally).first { $0.rule == rule }?.outcome
    }

    private func verdict(_ tally: AssessmentTally, _ rules: AssessmentRules = .init()) -> AssessmentVerdict {
        AssessmentVerdict(rules.outcomes(tally))
    }

    @Test func exactlyTheShareAskedForMeetsIt() {
        #expect(outcome(.shareMeetingTarget, Self.tally(ready: 95, atRisk: 5)) == .met)
        #expect(outcome(.shareMeetingTarget, Self.tally(ready: 94, atRisk: 6)) == .broken)
        #expect(outcome(.shareMeetingTarget, Self.tally(ready: 19, atRisk: 1)) == .met)
    }

    /// Shares as people write them, against every count that is exactly as much: 99.9 / 100 is not 0.999.
    @Test(arguments: [999, 950, 901, 333, 70, 1])
    func noRoundingLiesBetweenAShareAndItsCount(perMille: Int) {
        let rules = AssessmentRules(shareMeetingTarget: Double(perMille) / 10 / 100)
        for scale in 1...7 {
            let (ready, made) = (perMille * scale, 1_000 * scale)
            #expect(outcome(.shareMeetingTarget, Self.tally(ready: ready, atRisk: made - ready), rules) == .met)
            let less = Self.tally(ready: ready - 1, atRisk: made - ready + 1)
            #expect(outcome(.shareMeetingTarget, less, rules) == .broken)
        }
    }

    @Test func anInconclusiveCheckLeavesTheShareOpen() {
        // 94 of 100 proven, 95 if the inconclusive one was all right.
        #expect(outcome(.shareMeetingTarget, Self.tally(ready: 94, atRisk: 5, inconclusive: 1)) == .open)
        #expect(outcome(.shareMeetingTarget, Self.tally(ready: 93, atRisk: 6, inconclusive: 1)) == .broken)
        #expect(outcome(.shareMeetingTarget, Self.tally(ready: 95, inconclusive: 5)) == .met)
        #expect(outcome(.shareMeetingTarget, Self.tally(inconclusive: 5)) == .open)
    }

    @Test func aCheckThatWasNotMadeMightHaveBeenAllRight() {
        // 5 of 10 made; all ten could come to 9 of 10.
        let rules = AssessmentRules(shareMeetingTarget: 0.9)
        #expect(outcome(.shareMeetingTarget, Self.tally(ready: 4, atRisk: 1, planned: 10), rules) == .open)
        #expect(outcome(.shareMeetingTarget, Self.tally(ready: 3, atRisk: 2, planned: 10), rules) == .broken)
        // More were made than planned, as when the schedule was changed.
        #expect(outcome(.shareMeetingTarget, Self.tally(ready: 3, atRisk: 2, planned: 1), rules) == .broken)
    }

    @Test func soManyMayBeOverTheLimitAndNoMore() {
        for bound in [0, 1, 3] {
            let rules = AssessmentRules(shareMeetingTarget: 0, overLimitAtMost: bound)
            #expect(outcome(.overLimitAtMost, Self.tally(ready: 100, notReady: bound), rules) == .met)
            #expect(outcome(.overLimitAtMost, Self.tally(ready: 100, notReady: bound + 1), rules) == .broken)
            // What is only at risk, or open, is not over it.
            #expect(outcome(.overLimitAtMost, Self.tally(atRisk: 50, inconclusive: 50), rules) == .met)
        }
    }

    @Test func thePortThatIsCoveredLeastDecides() {
        #expect(outcome(.coverage, Self.tally(ready: 1, covered: [100, 90])) == .met)
        #expect(outcome(.coverage, Self.tally(ready: 1, covered: [100, 89])) == .open)
        #expect(outcome(.coverage, Self.tally(ready: 1, covered: [])) == .open)
        let nothingAsked = AssessmentTally(
            grades: [.ready],
            planned: 1,
            ports: [.init(endpoint: "a", port: 1, hoursAsked: 0, hoursCovered: 0)]
        )
        #expect(outcome(.coverage, nothingAsked) == .open)
        #expect(outcome(.coverage, nothingAsked, AssessmentRules(coverage: 0)) == .open)
    }

    @Test func nothingMeasuredIsInsufficient() {
        #expect(verdict(Self.tally(covered: [0])) == .insufficient)
        let nothingAskedFor = AssessmentRules(shareMeetingTarget: 0, overLimitAtMost: 5, coverage: 0)
        #expect(verdict(Self.tally(covered: [0]), nothingAskedFor) == .insufficient)
        #expect(AssessmentVerdict([]) == .insufficient)
    }

    @Test func theVerdictIsThatOfTheWorstRule() {
        #expect(verdict(Self.tally(ready: 100)) == .go)
        #expect(verdict(Self.tally(ready: 100, covered: [89])) == .insufficient)
        #expect(verdict(Self.tally(ready: 100, notReady: 1)) == .noGo)
        // Over a hard limit is proven, however little was measured.
        #expect(verdict(Self.tally(notReady: 1, planned: 1_000, covered: [1])) == .noGo)
        #expect(verdict(Self.tally(ready: 94, atRisk: 5, inconclusive: 1)) == .insufficient)
    }

    @Test func sentencesHaveTheNumbers() {
        let sentences = AssessmentRules().outcomes(
            Self.tally(ready: 1_200, atRisk: 60, inconclusive: 20, planned: 1_300, covered: [100, 89])
        ).map(\.summary)
        #expect(
            sentences == [
                "1,200 of 1,280 checks met every target: 93.8 %; at least 95 % were asked for. With 40 checks "
                    + "inconclusive or not made, it may be up to 95.4 %.",
                "0 checks were over a hard limit; none may be.",
                "89 of 100 hours have a conclusive check of port 3479 of stamp://a:3478-3481, the least covered: 89 %; "
                    + "at least 90 % were asked for.",
            ]
        )
        let met = AssessmentRules(overLimitAtMost: 2).outcomes(Self.tally(ready: 20, notReady: 1)).map(\.summary)
        #expect(
            met == [
                "20 of 21 checks met every target: 95.2 %; at least 95 % were asked for.",
                "1 check was over a hard limit; at most 2 may be.",
                "100 of 100 hours have a conclusive check of every port: 100 %; at least 90 % were asked for.",
            ]
        )
    }

    /// Whatever is counted: a verdict is GO only where each rule is met by what was measured alone, and NO-GO only
    /// where no outcome of what was not measured could have met it.
    @Test func aVerdictClaimsOnlyWhatIsProven() {
        for ready in 0...4 {
            for atRisk in 0...3 {
                for notReady in 0...2 {
                    for inconclusive in 0...2 {
                        for missing in 0...2 {
                            for covered in [89, 90] {
                                checkClaims(ready, atRisk, notReady, inconclusive, missing, covered)
                            }
                        }
                    }
                }
            }
        }
    }

    private func checkClaims(
        _ ready: Int,
        _ atRisk: Int,
        _ notReady: Int,
        _ inconclusive: Int,
        _ missing: Int,
        _ covered: Int
    ) {
        let rules = AssessmentRules(shareMeetingTarget: 0.6, overLimitAtMost: 1, coverage: 0.9)
        let made = ready + atRisk + notReady + inconclusive
        let found = verdict(
            Self.tally(
                ready: ready,
                atRisk: atRisk,
                notReady: notReady,
                inconclusive: inconclusive,
                planned: made + missing,
                covered: [covered]
            ),
            rules
        )
        let isProvenGood = made > 0 && ready * 10 >= made * 6 && notReady <= 1 && covered >= 90
        let isProvenBad =
            notReady > 1 || made > 0 && (ready + inconclusive + missing) * 10 < (made + missing) * 6
        #expect(found == (isProvenBad ? .noGo : isProvenGood ? .go : .insufficient))
    }
}
