import Readiness
import Testing
import Units

@Suite("Assessments")
struct AssessmentTests {
    private let from = WallInstant(nanosecondsSinceUnixEpoch: 1_795_392_000_000_000_000)
    private let port = AssessmentPort(endpoint: "stamp://a:3478", port: 3478)

    private func slot(_ number: Int) -> AssessmentSlot {
        let at = from + .seconds(Int64(number) * 900)
        return AssessmentSlot(id: AssessmentSlot.ID(schedule: "often", at: at), hour: number / 4 % 24)
    }

    private func window(_ count: Int) -> AssessmentWindow {
        let until = from + .seconds(Int64(max(1, count)) * 900)
        return AssessmentWindow(
            name: "w",
            from: from,
            until: until,
            slots: (0..<count).map(slot),
            ports: [port]
        )
    }

    private func check(_ number: Int, _ grade: Grade, answered: Bool = true) -> AssessedCheck {
        AssessedCheck(
            id: "id-\(number)",
            startedAt: slot(number).id.at + .seconds(1),
            slot: slot(number).id,
            grade: grade,
            criteria: [],
            ports: [AssessedPort(port: port, grade: answered ? .ready : .inconclusive)]
        )
    }

    /// One check a slot, so many of each grade, then slots without one.
    private func checks(ready: Int, atRisk: Int = 0, notReady: Int = 0, inconclusive: Int = 0) -> [AssessedCheck] {
        let grades: [Grade] =
            Array(repeating: .ready, count: ready) + Array(repeating: .atRisk, count: atRisk)
            + Array(repeating: .notReady, count: notReady) + Array(repeating: .inconclusive, count: inconclusive)
        return grades.enumerated().map { check($0.offset, $0.element) }
    }

    private func assessed(
        _ checks: [AssessedCheck],
        of count: Int,
        rules: AssessmentRules = AssessmentRules(),
        missed: [AssessmentSlot.ID: String] = [:],
        isOver: Bool = true
    ) -> Assessment {
        let window = window(count)
        let now = isOver ? window.until : window.until - Nanoseconds(1)
        return Assessment(of: window, rules: rules, checks: checks, missed: missed, now: now)
    }

    private func state(_ rule: RuleOutcome.Rule, _ assessment: Assessment) -> RuleOutcome.State? {
        assessment.outcomes.first { $0.rule == rule }?.state
    }

    @Test("GO at exactly the share asked for, NO-GO one check below", arguments: [20, 40, 60, 100, 480, 1_000])
    func share(count: Int) {
        let needed = count * 95 / 100
        #expect(assessed(checks(ready: needed, atRisk: count - needed), of: count).verdict == .go)
        let below = assessed(checks(ready: needed - 1, atRisk: count - needed + 1), of: count)
        #expect(below.verdict == .noGo)
        #expect(state(.shareMeetingTarget, below) == .broken)
        #expect(state(.coverage, below) == .met)
    }

    @Test("NO-GO with one check over a hard limit more than allowed")
    func overLimit() {
        let rules = AssessmentRules(overLimitAtMost: 2)
        #expect(assessed(checks(ready: 98, notReady: 2), of: 100, rules: rules).verdict == .go)
        #expect(assessed(checks(ready: 97, notReady: 3), of: 100, rules: rules).verdict == .noGo)
        #expect(assessed(checks(ready: 99, notReady: 1), of: 100).verdict == .noGo)
    }

    @Test("GO at exactly the coverage asked for, INSUFFICIENT one slot below", arguments: [10, 50, 100, 480])
    func coverage(count: Int) {
        let needed = count * 9 / 10
        #expect(assessed(checks(ready: needed), of: count).verdict == .go)
        let below = assessed(checks(ready: needed - 1), of: count)
        #expect(below.verdict == .insufficient)
        #expect(state(.coverage, below) == .short)
        #expect(below.outcomes.first { $0.rule == .coverage }?.summary.contains("1 is missing") == true)
    }

    @Test("inconclusive checks count neither for nor against, and cover nothing")
    func inconclusive() {
        let enough = assessed(checks(ready: 90, inconclusive: 10), of: 100)
        #expect(enough.verdict == .go)
        #expect(enough.tally.conclusive == 90)
        #expect(enough.tally.unanswered == 10)
        #expect(assessed(checks(ready: 89, inconclusive: 11), of: 100).verdict == .insufficient)
        #expect(assessed(checks(ready: 0, inconclusive: 100), of: 100).verdict == .insufficient)
    }

    @Test("every port asked for must be answered for")
    func ports() {
        let numbers = 0..<100
        let enough = numbers.map { check($0, .ready, answered: $0 < 90) }
        #expect(assessed(enough, of: 100).verdict == .go)
        let short = assessed(numbers.map { check($0, .ready, answered: $0 < 89) }, of: 100)
        #expect(short.verdict == .insufficient)
        #expect(state(.ports, short) == .short)
        var window = window(100)
        window.ports.append(AssessmentPort(endpoint: "stamp://a:3478", port: 3479))
        let never = Assessment(
            of: window,
            rules: AssessmentRules(),
            checks: enough,
            missed: [:],
            now: window.until
        )
        #expect(never.verdict == .insufficient)
        #expect(never.untested.contains { $0.kind == .ports && $0.summary.contains("3479") })
    }

    @Test("GO only once the window is over, to the nanosecond")
    func notBefore() {
        let all = checks(ready: 100)
        #expect(assessed(all, of: 100).verdict == .go)
        let open = assessed(all, of: 100, isOver: false)
        #expect(open.verdict == .insufficient)
        #expect(open.outcomes.allSatisfy { $0.state == .open })
    }

    @Test("NO-GO as soon as the share is out of reach, and not before")
    func outOfReach() {
        // With 100 slots 5 may miss the target; the 6th settles it.
        #expect(assessed(checks(ready: 0, atRisk: 5), of: 100, isOver: false).verdict == .insufficient)
        #expect(assessed(checks(ready: 0, atRisk: 6), of: 100, isOver: false).verdict == .noGo)
        #expect(assessed(checks(ready: 10, notReady: 1), of: 100, isOver: false).verdict == .noGo)
        // Slots that were missed bring no more ready checks: of 99 again 4 may miss it.
        let missed = [slot(99).id: "the agent was not running"]
        #expect(assessed(checks(ready: 0, atRisk: 5), of: 100, missed: missed, isOver: false).verdict == .noGo)
    }

    @Test("nothing asked for, nothing seen: never GO")
    func nothing() {
        #expect(assessed([], of: 0).verdict == .insufficient)
        #expect(assessed([], of: 100).verdict == .insufficient)
        #expect(assessed([], of: 100).tally.missed == ["not known why": 100])
        #expect(assessed([], of: 100, isOver: false).tally.pending == 100)
    }

    @Test("checks outside the window are passed over; one that began late belongs to its slot")
    func edges() {
        var early = check(0, .notReady)
        early.slot = nil
        early.startedAt = from - Nanoseconds(1)
        var after = check(1, .notReady)
        after.slot?.at = window(100).until
        #expect(assessed(checks(ready: 100) + [early, after], of: 100).verdict == .go)
        early.startedAt = from
        #expect(assessed(checks(ready: 100) + [early], of: 100).verdict == .noGo)
        var late = checks(ready: 90)
        late[89].startedAt = window(100).until + .seconds(1)
        #expect(assessed(late, of: 100).verdict == .go)
    }

    @Test("a check that no slot asked for covers none")
    func withoutSlot() {
        var all = checks(ready: 90)
        all[0].slot = nil
        #expect(assessed(all, of: 100).verdict == .insufficient)
    }

    @Test("a slot reported as missed and checked all the same was not missed")
    func missedAndMade() {
        let tally = assessed(checks(ready: 3), of: 4, missed: [slot(0).id: "x", slot(3).id: "busy"]).tally
        #expect(tally.missed == ["busy": 1])
        #expect(tally.covered == 3)
    }

    @Test("the worst checks of a criterion: by grade, then by value, at most three")
    func worst() {
        let values: [(Double, Grade)] = [(9, .ready), (12, .atRisk), (31, .notReady), (14, .atRisk), (9.5, .ready)]
        let all = values.enumerated().map { number, value in
            var check = check(number, value.1)
            check.criteria = [criterion("jitter", value.0, value.1, limit: 30)]
            return check
        }
        #expect(assessed(all, of: 5).worst.map(\.criterion.value) == [31, 14, 12])
        #expect(assessed(all.reversed(), of: 5).worst == assessed(all, of: 5).worst)
    }

    @Test("of shares that should be whole the least is the worst, and whole ones are not named")
    func worstShare() {
        let all = [(1, Grade.ready), (0.5, .atRisk), (0.25, .atRisk)].enumerated().map { number, value in
            var check = check(number, value.1)
            check.criteria = [criterion("dscp", value.0, value.1, limit: nil)]
            return check
        }
        #expect(assessed(all, of: 3).worst.map(\.criterion.value) == [0.25, 0.5])
    }

    private func criterion(_ name: String, _ value: Double, _ grade: Grade, limit: Double?) -> AssessedCriterion {
        AssessedCriterion(
            name: name,
            statistic: "worst_15s",
            endpoint: "stamp://a:3478",
            port: nil,
            direction: "forward",
            value: value,
            unit: "ms",
            target: limit.map { $0 / 3 },
            limit: limit,
            grade: grade
        )
    }

    @Test("rules that cannot be are refused with value and bound")
    func refusals() {
        #expect(AssessmentRules().refusal == nil)
        for share in [0, -0.1, 1.01, .nan, .infinity] {
            #expect(AssessmentRules(shareMeetingTarget: share).refusal?.description.contains("\(share)") == true)
            #expect(AssessmentRules(coverage: share).refusal != nil)
        }
        #expect(AssessmentRules(overLimitAtMost: -1).refusal != nil)
    }
}
