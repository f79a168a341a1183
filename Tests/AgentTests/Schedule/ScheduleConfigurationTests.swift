import Agent
import Foundation
import Testing
import Units

/// The section schedules.
@Suite struct ScheduleConfigurationTests {
    @Test func aScheduleReadsAsPeopleWriteIt() throws {
        let configuration = try read(
            """
            endpoints: [a.example, "b.example:3478"]
            schedules:
              - name: working-hours
                every: 15min
                between: 07:00-19:00
                days: mon-fri
                timezone: Europe/Berlin
                endpoints: [a.example]
                duration: 90s
              - {name: night, at: ["01:30", "23:00"], days: [sat, sun], timezone: UTC}
              - {name: noon, at: "12:00"}
            metrics: {port: 9464}
            """
        )
        let first = try #require(configuration.schedules.first)
        #expect(configuration.schedules.map(\.name) == ["working-hours", "night", "noon"])
        #expect(first.rhythm == .every(.seconds(900)))
        #expect(first.hours == DayHours(from: TimeOfDay(minutes: 420), until: TimeOfDay(minutes: 1_140)))
        #expect(first.days == [.monday, .tuesday, .wednesday, .thursday, .friday])
        #expect(first.timeZone.identifier == "Europe/Berlin")
        #expect(first.endpoints == [configuration.endpoints[0]])
        #expect(first.probe.duration == .seconds(90))
        #expect(configuration.schedules[1].rhythm == .at([TimeOfDay(minutes: 90), TimeOfDay(minutes: 1_380)]))
        #expect(configuration.schedules[1].days == [.saturday, .sunday])
        #expect(configuration.schedules[2].endpoints == nil)
        #expect(configuration.metrics.port == 9464)
    }

    @Test func everyFaultIsToldAtOnceWithItsLine() {
        let message = refusal(
            """
            endpoints: [a.example]
            schedules:
              - {name: a b, every: 15min}
              - {name: c, every: 10s}
              - {name: d, every: 1h, at: ["08:00"]}
              - {name: e}
              - {name: f, every: 1h, between: 7-19}
              - {name: g, every: 1h, days: monday-funday}
              - {name: h, every: 1h, timezone: Mars/Base}
              - {name: i, every: 1h, endpoints: [z.example]}
              - {name: j, every: 1h, often: yes}
              - {name: k, every: 75s}
              - {every: 1h}
              - {name: k, every: 1h}
              - {name: k, every: 1h}
            metrics: {port: 70000}
            """
        )
        let lines = message.split(separator: "\n").map(String.init)
        for (line, part) in [
            (3, "'a b' is no name here"), (4, "'10s' is outside 60 s to 24 h"), (5, "every or at, not both"),
            (6, "needs every, as 15min, at, as [08:30, 13:00], or continuous"), (7, "'7' is not a time of day"),
            (8, "'funday' is not a day"),
            (9, "'Mars/Base' is not a time zone"), (10, "'z.example' is not one of the endpoints"),
            (11, "has no key 'often'"), (12, "wants a check every 75 s, but one that measures for 60 s"),
            (13, "a schedule needs a name"), (15, "the name 'k' stands twice"), (16, "70000 is outside 1 to 65535"),
        ] {
            #expect(lines.contains { $0.hasPrefix("linecheck.yaml:\(line):") && $0.contains(part) }, "line \(line)")
        }
    }

    @Test func aCheckWithoutEndHasHoursAndPieces() throws {
        let configuration = try read(
            """
            endpoints: [a.example]
            probe: {duration: 300s}
            schedules:
              - {name: always, continuous: true}
              - {name: day, continuous: true, between: 07:00-19:00, days: mon-fri, duration: 30s, timezone: UTC}
              - {name: old, continuous: no, every: 1h}
            """
        )
        #expect(configuration.schedules.map(\.isContinuous) == [true, true, false])
        // A piece is a minute if nothing else is said of it, however long other schedules' checks are.
        #expect(configuration.schedules[0].rhythm == .continuous(.seconds(60)))
        #expect(configuration.schedules[0].probe.duration == .seconds(60))
        #expect(configuration.schedules[1].rhythm == .continuous(.seconds(30)))
        #expect(configuration.schedules[1].hours?.description == "07:00-19:00")
    }

    @Test func aCheckWithoutEndHasNoMoments() {
        let message = refusal(
            """
            endpoints: [a.example]
            schedules:
              - {name: a, continuous: true, every: 1h}
              - {name: b, continuous: true, at: "08:00"}
              - {name: c, continuous: perhaps, every: 1h}
              - {name: d, continuous: true, duration: 2h}
              - {name: e, continuous: no}
            """
        )
        let lines = message.split(separator: "\n").map(String.init)
        for (line, part) in [
            (3, "neither every nor at"), (4, "neither every nor at"), (5, "perhaps"),
            (6, "judged in pieces of 5 s to 60 min"), (7, "needs every"),
        ] {
            #expect(lines.contains { $0.hasPrefix("linecheck.yaml:\(line):") && $0.contains(part) }, "\(message)")
        }
    }

    @Test func onlyTheSectionsThatChangedAreNamed() throws {
        let before = try read(
            "endpoints: [a.example]\nschedules: [{name: a, every: 1h}]\ncollector: {url: \"https://c\"}"
        )
        let after = try read(
            "endpoints: [a.example]\nschedules: [{name: a, every: 2h}]\ncollector: {url: \"https://d\"}"
        )
        #expect(after.sections(differingFrom: before) == ["collector", "schedules"])
        #expect(before.sections(differingFrom: before) == [])
    }
}
