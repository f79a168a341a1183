import Agent
import Testing
import Units

/// What a schedule says of its own checks.
@Suite struct ScheduledProbeTests {
    /// A schedule can say of itself whatever the section probe says of all.
    @Test func aScheduleProbesInItsOwnWay() throws {
        let configuration = try read(
            """
            endpoints: [a.example]
            probe: {duration: 5min, dscp: 0, key_file: /etc/key}
            schedules:
              - {name: plain, every: 15min}
              - {name: own, every: 5min, duration: 30s, interval: 10ms, payload: 200, dscp: EF, key_file: b}
            """
        )
        let own = configuration.probe(of: configuration.schedules[1])
        #expect(own.duration == .seconds(30))
        #expect(own.interval == .milliseconds(10))
        #expect(own.payload == 200)
        #expect(own.dscp == .expeditedForwarding)
        #expect(own.keyFile == "b")
        #expect(configuration.probe(of: configuration.schedules[0]) == configuration.probe)
        #expect(configuration.checkLength(of: configuration.schedules[0]) == .seconds(320))
        let call = CheckCall(
            configurationFile: "f",
            scheduled: .init(schedule: configuration.schedules[1], slot: .init(nanosecondsSinceUnixEpoch: 0))
        )
        let options = "--duration 30000000000ns --interval 10000000ns --payload 200 --dscp 46 --key-file b"
        #expect(call.arguments.suffix(10) == options.split(separator: " ").map(String.init)[...])
    }

    /// Also where the section probe says how long.
    @Test func aCheckMustFitBetweenTwo() {
        check(
            "probe: {duration: 5min}\nschedules:\n  - {name: a, every: 5min}",
            "3: schedule 'a' wants a check every 5 min, but one that measures for 5 min takes up to 5 min 20 s; make "
                + "the time between them longer, or duration shorter"
        )
        check("probe: {duration: 5min}\nschedules:\n  - {name: a, every: 320s}", "")
        check(
            "schedules:\n  - {name: a, at: [\"08:00\", \"08:01\"]}",
            "2: schedule 'a' wants a check every 60 s, but one that measures for 60 s takes up to 80 s; make the time "
                + "between them longer, or duration shorter"
        )
        check(
            "schedules:\n  - {name: a, every: 1h, payload: 9, codec: opus}",
            "2: schedules.payload: 9 is outside 44 to 8952"
        )
    }

    /// However late in its period an agent is: hours that are shorter than the period have their check.
    @Test func aPeriodLongerThanItsHoursStillHasACheck() throws {
        let schedule = try read("schedules: [{name: a, every: 12h, between: 07:00-08:00, timezone: UTC}]").schedules[0]
        let day = WallInstant(nanosecondsSinceUnixEpoch: 20_000 * 86_400_000_000_000)
        for agent in 0..<200 {
            let slots = ScheduleSlots(schedule, agent: "agent-\(agent)").slots(
                after: day,
                through: day + .seconds(86_400)
            )
            #expect(slots.count == 1)
        }
    }
}
