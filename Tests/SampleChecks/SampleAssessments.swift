import Foundation
import Readiness
import Results
import Units

/// Assessments that never took place.
enum SampleAssessments {
    /// Checks of these kinds, a quarter of an hour apart from Monday, 7:00 in Berlin.
    static func document(
        _ samples: [SampleCheck],
        planned: Int? = nil,
        covered: Int = 60,
        missed: Int = 0,
        isFinal: Bool = true,
        untested: [String] = ["Hours in which the schedules ask for no check were not looked at."]
    ) -> AssessmentDocument {
        let start = WallInstant(nanosecondsSinceUnixEpoch: 1_796_018_400_000_000_000)
        let checks = samples.enumerated().map { index, sample in
            let slot = start + .seconds(Int64(index) * 900)
            var result = SampleDocuments.document(sample)
            result.id = String(result.id.dropLast(4)) + String(format: "%04d", index)
            result.startedAt = UTCTime(slot + .seconds(7))
            result.endedAt = UTCTime(slot + .seconds(67))
            return CheckSummary(result, slot: ScheduledSlotDocument(name: "office", slotAt: UTCTime(slot)))
        }
        let tally = AssessmentTally(
            grades: checks.map(\.grade),
            planned: planned ?? checks.count,
            ports: (3_478...3_481).map {
                .init(
                    endpoint: "stamp://reflect.example.net:3478-3481",
                    port: $0,
                    hoursAsked: 60,
                    hoursCovered: covered
                )
            }
        )
        let rules = AssessmentRules()
        var generator = Fixed()
        let description = AssessmentDescription(
            id: ResultID(at: start, using: &generator),
            site: "dublin",
            agent: "box-17",
            version: "0.1.0",
            name: "go-live",
            from: start - .seconds(7 * 3_600),
            until: start + .seconds(5 * 86_400),
            countedUntil: start + .seconds(isFinal ? 6 * 86_400 : 86_400),
            timezone: "Europe/Berlin",
            schedules: ["office"],
            rules: AssessmentRulesDocument(rules, between: nil, days: nil),
            missedHours: (0..<missed).map { start + .seconds(Int64($0) * 3_600) },
            localText: { UTCTime($0 + .seconds(3_600)).text.prefix(19) + "+01:00" }
        )
        return AssessmentDocument(
            description,
            outcomes: rules.outcomes(tally),
            tally: tally,
            checks: checks,
            untested: untested
        )
    }

    private struct Fixed: RandomNumberGenerator {
        mutating func next() -> UInt64 { 0x0123_4567_89ab_cdef }
    }

    static var go: AssessmentDocument { document(Array(repeating: SampleDocuments.ready, count: 240)) }

    static var noGo: AssessmentDocument {
        document(
            Array(repeating: SampleDocuments.ready, count: 200)
                + [SampleDocuments.blockedPort, SampleDocuments.everythingWrong, SampleDocuments.inconclusive],
            planned: 240,
            covered: 51,
            missed: 9
        )
    }

    static var insufficient: AssessmentDocument {
        document([SampleDocuments.inconclusive], planned: 240, covered: 1, missed: 20, isFinal: false)
    }

    /// As much as a certificate has room for, and more.
    static var crowded: AssessmentDocument {
        var crowded = document(
            Array(repeating: SampleDocuments.everythingWrong, count: 20)
                + Array(repeating: SampleDocuments.twoEndpoints, count: 40),
            planned: 80,
            covered: 20,
            missed: 40,
            untested: (1...12).map {
                "Something else that nobody looked at, number \($0), was not tested at this site."
            }
        )
        crowded.criteria += crowded.criteria
        crowded.findings += crowded.findings
        crowded.worst += crowded.worst
        crowded.site = "a site with a rather long name, as people give them when they are asked for one"
        return crowded
    }

    static var all: [(name: String, document: AssessmentDocument)] {
        [("go", go), ("no-go", noGo), ("insufficient", insufficient), ("crowded", crowded)]
    }
}
