import Foundation
import Readiness
import Results
import Settings
import Units
import Yams

extension AssessmentPlan {
    static func list(_ node: Node, _ reader: YAMLReader) -> [AssessmentPlan] {
        var found: [AssessmentPlan] = []
        for item in reader.items(node, name: "assessments", form: "each with a name, from and until") {
            guard let plan = AssessmentPlan(item, reader) else { continue }
            if found.contains(where: { $0.name == plan.name }) {
                reader.fault("assessments: the name '\(plan.name)' stands twice", at: item)
            } else {
                found.append(plan)
            }
        }
        return found
    }

    private init?(_ node: Node, _ reader: YAMLReader) {
        let keys = reader.mapping(node, name: "an assessment", known: ConfigurationKeys.assessment)
        guard !keys.isEmpty else {
            reader.fault("an assessment is empty; give it a name, from and until", at: node)
            return nil
        }
        let name = reader.value(keys["name"], name: "assessments.name", SettingText.scheduleName)
        let zone = reader.value(keys["timezone"], name: "assessments.timezone", SettingText.timeZone) ?? .current
        let from = reader.value(keys["from"], name: "assessments.from", LocalTimeText.init)
        let until = reader.value(keys["until"], name: "assessments.until", LocalTimeText.init)
        if keys["name"] == nil { reader.fault("an assessment needs a name", at: node) }
        for key in ["from", "until"] where keys[key] == nil {
            reader.fault("an assessment needs \(key), as 2026-11-30 or 2026-11-30 08:00", at: node)
        }
        // A day stands for its first moment in `from`, and is still part of it in `until`.
        self.init(
            name: name ?? "",
            from: from?.instant(in: zone) ?? WallInstant(nanosecondsSinceUnixEpoch: 0),
            until: until?.endInstant(in: zone) ?? WallInstant(nanosecondsSinceUnixEpoch: 0),
            timeZone: zone
        )
        schedules = reader.words(keys["schedules"], name: "assessments.schedules", SettingText.scheduleName)
        if let criteria = keys["criteria"] { read(criteria, reader) }
        guard name != nil, from != nil, until != nil else { return nil }
        checkLength(keys, reader)
    }

    private mutating func read(_ node: Node, _ reader: YAMLReader) {
        let path = "assessments.criteria"
        let keys = reader.mapping(node, name: path, known: ConfigurationKeys.assessmentCriteria)
        func share(_ key: String) -> Double? {
            reader.value(keys[key], name: "\(path).\(key)", SettingText.ratio)
        }
        rules.shareMeetingTarget = share("share_meeting_target") ?? rules.shareMeetingTarget
        rules.coverage = share("coverage") ?? rules.coverage
        let over = reader.value(keys["over_limit_at_most"], name: "\(path).over_limit_at_most") {
            (text) throws(TextRefusal) in try SettingText.integer(text, within: AssessmentRules.overLimits)
        }
        rules.overLimitAtMost = over ?? rules.overLimitAtMost
        hours = reader.value(keys["between"], name: "\(path).between") { (text) throws(TextRefusal) in
            try DayHours(text)
        }
        days = reader.words(keys["days"], name: "\(path).days", SettingText.days)?
            .reduce(into: []) { $0.formUnion($1) }
    }

    private func checkLength(_ keys: [String: Node], _ reader: YAMLReader) {
        func written(_ key: String) -> String { keys[key]?.scalar?.string ?? "" }
        let times = "assessment '\(name)': until '\(written("until"))'"
        guard from < until else {
            reader.fault("\(times) is not after from '\(written("from"))'", at: keys["until"])
            return
        }
        guard !Self.lengths.contains(until - from) else { return }
        let bounds = "\(Self.lengths.lowerBound.text) to \(Self.lengths.upperBound.text)"
        reader.fault(
            "\(times) is \((until - from).text) after from '\(written("from"))', which is outside \(bounds)",
            at: keys["until"]
        )
    }
}

/// A day, or a minute of one, as somebody in a time zone writes it: `2026-11-30`, `2026-11-30 08:00`.
struct LocalTimeText: Hashable {
    private let day: CalendarDay
    /// Nil where only the day was written.
    private let time: TimeOfDay?

    init(_ text: String) throws(TextRefusal) {
        let refusal = TextRefusal("'\(text)' is not a time; write it as 2026-11-30 or 2026-11-30 08:00")
        let parts = text.split(omittingEmptySubsequences: false) { $0 == " " || $0 == "T" }
        guard (1...2).contains(parts.count), let midnight = UTCTime("\(parts[0])T00:00:00.000000Z") else {
            throw refusal
        }
        let days = midnight.microsecondsSinceUnixEpoch / 86_400_000_000
        guard (0...Self.lastDay).contains(days) else {
            throw TextRefusal("'\(text)' is outside 1970-01-01 to 2199-12-31")
        }
        day = CalendarDay(number: Int(days))
        guard parts.count == 2 else {
            time = nil
            return
        }
        guard let time = try? TimeOfDay(String(parts[1])) else { throw refusal }
        self.time = time
    }

    /// 2199-12-31: well before nanoseconds run out.
    private static let lastDay: Int64 = 84_005

    func instant(in zone: TimeZone) -> WallInstant {
        LocalDays(timeZone: zone).instant(day, minutes: time?.minutes ?? 0)
    }

    func endInstant(in zone: TimeZone) -> WallInstant {
        time == nil ? LocalDays(timeZone: zone).instant(day + 1, minutes: 0) : instant(in: zone)
    }
}

extension ConfigurationKeys {
    public static let assessment = ["name", "from", "until", "timezone", "schedules", "criteria"]
    public static let assessmentCriteria = [
        "share_meeting_target", "over_limit_at_most", "coverage", "between", "days",
    ]
}
