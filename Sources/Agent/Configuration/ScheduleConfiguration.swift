import Foundation
import Settings
import Units
import Yams

extension Schedule {
    /// One of the list `schedules`.
    ///
    /// - Parameter endpoints: those of the configuration, of which a schedule can name some.
    init?(_ node: Node, endpoints: [Endpoint], _ reader: YAMLReader) {
        let keys = reader.mapping(node, name: "a schedule", known: ConfigurationKeys.schedule)
        guard !keys.isEmpty else {
            reader.fault("a schedule is empty; give it a name, and every, at or continuous", at: node)
            return nil
        }
        let name = reader.value(keys["name"], name: "schedules.name", SettingText.scheduleName)
        if keys["name"] == nil { reader.fault("a schedule needs a name", at: node) }
        let rhythm = Self.rhythm(keys, node, reader)
        let zone = reader.value(keys["timezone"], name: "schedules.timezone", SettingText.timeZone)
        guard let name, let rhythm else { return nil }
        self.init(name: name, rhythm: rhythm, timeZone: zone ?? .current)
        hours = reader.value(keys["between"], name: "schedules.between") { (text) throws(TextRefusal) in
            try DayHours(text)
        }
        days =
            reader.words(keys["days"], name: "schedules.days", SettingText.days)?.reduce(into: []) { $0.formUnion($1) }
            ?? days
        probe = ProbeSettings(keys, name: "schedules", reader)
        if isContinuous { takePieces(keys, reader) }
        self.endpoints = reader.words(keys["endpoints"], name: "schedules.endpoints") { (text) throws(TextRefusal) in
            let endpoint = try Endpoint(text)
            guard endpoints.contains(endpoint) else {
                throw TextRefusal("'\(text)' is not one of the endpoints of this file")
            }
            return endpoint
        }
    }

    private static func rhythm(_ keys: [String: Node], _ node: Node, _ reader: YAMLReader) -> Rhythm? {
        let every = reader.value(keys["every"], name: "schedules.every") { (text) throws(TextRefusal) in
            Rhythm.every(try SettingText.duration(text, within: Self.periods))
        }
        let times = reader.words(keys["at"], name: "schedules.at") { (text) throws(TextRefusal) in
            try TimeOfDay(text)
        }
        let continuous = reader.value(keys["continuous"], name: "schedules.continuous", SettingText.flag) ?? false
        switch (keys["every"], keys["at"], continuous) {
        case (nil, nil, true): return .continuous(ProbeDefaults.duration)
        case (_, _, true):
            reader.fault("a schedule that is continuous has neither every nor at", at: keys["continuous"])
        case (nil, nil, false):
            reader.fault("a schedule needs every, as 15min, at, as [08:30, 13:00], or continuous: true", at: node)
        case (_?, _?, false): reader.fault("a schedule has every or at, not both", at: keys["at"])
        case (_?, nil, false): return every
        case (nil, _?, false): return times.flatMap { $0.isEmpty ? nil : .at($0.sorted()) }
        }
        return nil
    }

    /// A check without end is judged in pieces, which are as long as other schedules' checks.
    private mutating func takePieces(_ keys: [String: Node], _ reader: YAMLReader) {
        let length = probe.duration ?? ProbeDefaults.duration
        probe.duration = length
        rhythm = .continuous(length)
        guard !Self.pieces.contains(length) else { return }
        reader.fault(
            "schedules.duration is \(length.text), and a check that is continuous is judged in pieces of "
                + "\(Self.pieces.lowerBound.text) to \(Self.pieces.upperBound.text)",
            at: keys["duration"]
        )
    }

    static func list(_ node: Node, endpoints: [Endpoint], _ reader: YAMLReader) -> [Schedule] {
        guard !reader.isNothing(node) else { return [] }
        guard let list = node.sequence else {
            reader.fault("schedules must be a list, each with a name and every, at or continuous", at: node)
            return []
        }
        var found: [Schedule] = []
        for item in list {
            guard let schedule = Schedule(item, endpoints: endpoints, reader) else { continue }
            if found.contains(where: { $0.name == schedule.name }) {
                reader.fault("schedules: the name '\(schedule.name)' stands twice", at: item)
            } else {
                found.append(schedule)
            }
        }
        return found
    }
}

extension MetricsSettings {
    init(_ node: Node, _ reader: YAMLReader) {
        self.init()
        let keys = reader.mapping(node, name: "metrics", known: ConfigurationKeys.metrics)
        port = reader.value(keys["port"], name: "metrics.port") { (text) throws(TextRefusal) in
            UInt16(try SettingText.integer(text, within: 1...65_535))
        }
    }
}

extension SettingText {
    /// A name that also goes into file names, metrics and log lines.
    static func scheduleName(_ text: String) throws(TextRefusal) -> String {
        let allowed = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0) || $0 == 0x2d
                || $0 == 0x5f
        }
        guard allowed, (1...60).contains(text.utf8.count) else {
            throw TextRefusal("'\(text)' is no name here: 1 to 60 letters, digits, - and _")
        }
        return text
    }

    static func timeZone(_ text: String) throws(TextRefusal) -> TimeZone {
        guard let zone = TimeZone(identifier: text) else {
            throw TextRefusal("'\(text)' is not a time zone; write it as Europe/Berlin, or UTC")
        }
        return zone
    }

    static func days(_ text: String) throws(TextRefusal) -> Set<Weekday> { try Weekday.days(text) }
}

extension YAMLReader {
    /// One value, or a list of them.
    func words<Value>(
        _ node: Node?,
        name: String,
        _ convert: (String) throws(TextRefusal) -> Value
    ) -> [Value]? {
        guard let node else { return nil }
        guard let list = node.sequence else { return value(node, name: name, convert).map { [$0] } }
        if list.isEmpty { fault("\(name) is an empty list; leave out the key where the default is meant", at: node) }
        return list.compactMap { value($0, name: name, convert) }
    }
}

extension ConfigurationKeys {
    /// A schedule has the keys of `probe` besides, where it differs from that section.
    public static let ownOfSchedule = ["name", "every", "at", "continuous", "between", "days", "timezone", "endpoints"]
    public static let schedule = ownOfSchedule + probe
    public static let metrics = ["port"]
}
