import Readiness
import Results
import Units

/// Five working days, a check an hour from 8 to 18 h, of a site that never was.
enum SampleAssessment {
    /// Monday, 2026-11-23 00:00:00 UTC.
    static let from = WallInstant(nanosecondsSinceUnixEpoch: 1_795_392_000_000_000_000)
    static let until = from + .seconds(5 * 86_400)
    static let endpoint = "stamp://reflect.example.net:3478-3481"

    static var slots: [AssessmentSlot] {
        (0..<5).flatMap { day in
            (8..<18).map { hour in
                // Slots are not on whole microseconds, as a schedule's phase is not.
                let at = from + .seconds(Int64(day * 86_400 + hour * 3_600)) + Nanoseconds(123_456_789)
                return AssessmentSlot(id: AssessmentSlot.ID(schedule: "hourly", at: at), hour: hour)
            }
        }
    }

    static var window: AssessmentWindow {
        let ports = (3478...3481).map { AssessmentPort(endpoint: endpoint, port: UInt16($0)) }
        return AssessmentWindow(name: "go-live", from: from, until: until, slots: slots, ports: ports)
    }

    static var atRisk: SampleCheck { .of { $0.streams[1].forwardJitter = 12.5 } }

    /// The result of a check that a slot asked for; `number` makes its identifier.
    static func result(_ document: ResultDocument, slot: AssessmentSlot, number: Int) -> ResultDocument {
        var document = document
        var generator = Numbered(state: UInt64(number))
        document.id = ResultID(at: slot.id.at, using: &generator).description
        document.startedAt = UTCTime(slot.id.at + .seconds(2))
        document.endedAt = UTCTime(slot.id.at + .seconds(62))
        return document
    }

    static var emptyState: AssessmentState {
        var generator = Numbered(state: 1_000)
        return AssessmentState(id: ResultID(at: from, using: &generator), name: "go-live")
    }

    /// All ready but those named by the slot's number.
    static func state(slots count: Int = 50, but others: [Int: SampleCheck] = [:], missed: Set<Int> = [])
        -> AssessmentState
    {
        let ready = SampleDocuments.document(SampleDocuments.ready)
        var state = emptyState
        for (number, slot) in slots.prefix(count).enumerated() {
            guard !missed.contains(number) else {
                state.recordMissed(slot.id, reason: "another check was running")
                continue
            }
            let document = others[number].map { SampleDocuments.document($0) } ?? ready
            state.record(result(document, slot: slot, number: number), slot: slot.id)
        }
        return state
    }

    static func document(_ state: AssessmentState, now: WallInstant = until) -> AssessmentDocument {
        AssessmentDocument(
            state.assessment(of: window, rules: AssessmentRules(), now: now),
            id: state.id,
            description: AssessmentDescription(site: "dublin", agent: "box-17", version: "0.1.0", timeZone: "UTC")
        )
    }

    /// By name.
    static var all: [(name: String, document: AssessmentDocument)] {
        let blocked = SampleDocuments.blockedPort
        return [
            ("go", document(state(but: [3: atRisk, 10: SampleDocuments.inconclusive], missed: [20]))),
            ("no-go so far", document(state(slots: 12, but: [5: blocked]), now: from + .seconds(2 * 86_400))),
            ("insufficient", document(state(slots: 30))), ("nothing", document(emptyState)),
            ("not begun", document(emptyState, now: from)),
            ("everything wrong", document(state(but: [0: SampleDocuments.everythingWrong, 1: atRisk]))),
        ]
    }
}

/// Identifiers by number.
private struct Numbered: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state
    }
}
