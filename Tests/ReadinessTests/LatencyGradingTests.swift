import Readiness
import Statistics
import Testing
import Units

@testable import SampleChecks

@Suite("One-way latency")
struct LatencyGradingTests {
    /// A check whose worse direction's p95 is `value` ± `uncertainty`, with a round trip too wide to decide anything.
    static func check(_ value: Double, _ uncertainty: Double, roundTrip: ClosedRange<Double> = 0...500) -> SampleCheck {
        .of { endpoint in
            endpoint.uncertainty = uncertainty
            endpoint.roundTrip = roundTrip
            for index in endpoint.streams.indices {
                endpoint.streams[index].forwardDelay = value
                endpoint.streams[index].sampling = 0
            }
        }
    }

    @Test(
        "is graded on its interval",
        arguments: [
            (49.0, 0.9, .ready), (50, 0, .atRisk), (49.5, 0.5, .inconclusive), (75, 24, .atRisk),
            (100, 0, .notReady), (120, 10, .notReady), (99, 5, .atRisk),
        ] as [(Double, Double, Grade)]
    )
    func interval(value: Double, uncertainty: Double, grade: Grade) throws {
        let latency = try Judged(Self.check(value, uncertainty)).one(.latencyOneWay)
        #expect(latency.grade == grade)
        #expect(latency.value == value)
        #expect(latency.direction == .forward)
        #expect(latency.basis == .synchronized)
        #expect(latency.statistic == .p95)
        #expect(latency.target == 50 && latency.limit == 100)
    }

    @Test("says how well the clocks would have to agree")
    func clocksWithin() throws {
        let judged = Judged(Self.check(46, 10))
        #expect(try judged.one(.latencyOneWay).settle == "clocks within 4 ms of each other (within 10 ms here)")
        let risky = try Judged(Self.check(97, 10)).one(.latencyOneWay)
        #expect(risky.grade == .atRisk)
        #expect(risky.settle == "clocks within 3 ms of each other (within 10 ms here)")
    }

    @Test("an unsynchronised clock is an obstacle only where it is one")
    func unsynchronized() {
        var check = Self.check(46, 10)
        check.clock.synchronized = false
        check.clock.maximumError = nil
        #expect(Judged(check).finding(.clockUnsynchronized)?.severity == .inconclusive)
        var near = Self.check(10, 1)
        near.clock.synchronized = false
        #expect(Judged(near).finding(.clockUnsynchronized)?.severity == .info)
        #expect(Judged(Self.check(10, 1)).finding(.clockUnsynchronized) == nil)
    }

    @Test("the round trip decides what the directions leave open")
    func roundTripDecides() throws {
        let ready = try Judged(Self.check(45, 45, roundTrip: 89...91)).one(.latencyOneWay)
        #expect(ready.grade == .ready)
        #expect(ready.basis == .roundTrip)
        #expect(ready.settle == nil)
        let risky = try Judged(Self.check(60, 60, roundTrip: 119...121)).one(.latencyOneWay)
        #expect(risky.grade == .atRisk)
        let bad = try Judged(Self.check(110, 110, roundTrip: 219...221)).one(.latencyOneWay)
        #expect(bad.grade == .notReady)
    }

    @Test("the round trip decides strictly below twice the bound, and not when it straddles that")
    func roundTripEdge() throws {
        #expect(try Judged(Self.check(45, 45, roundTrip: 90...99.9)).one(.latencyOneWay).grade == .ready)
        #expect(try Judged(Self.check(45, 45, roundTrip: 90...100)).one(.latencyOneWay).grade == .inconclusive)
    }

    @Test("the round trip never overrules what one direction proves or itself estimates")
    func roundTripOverrulesNothing() throws {
        let proven = try Judged(Self.check(70, 35, roundTrip: 80...81)).one(.latencyOneWay)
        #expect(proven.grade != .ready)
        let missed = try Judged(Self.check(80, 25, roundTrip: 89...90)).one(.latencyOneWay)
        #expect(missed.grade == .atRisk)
        #expect(missed.settle == nil)
        let estimated = try Judged(Self.check(52, 4, roundTrip: 80...81)).one(.latencyOneWay)
        #expect(estimated.grade == .inconclusive)
    }

    @Test("without far-end times it lies between half the round trip and all of it")
    func halfRoundTrip() throws {
        func latency(_ trip: ClosedRange<Double>) throws -> Criterion {
            try Judged(
                .of {
                    $0.method = nil
                    $0.roundTrip = trip
                }
            ).one(.latencyOneWay)
        }
        let plain = try latency(30...31)
        #expect(plain.grade == .ready && plain.basis == .halfRoundTrip && plain.direction == nil)
        let decided = try latency(80...81)
        #expect(decided.grade == .ready && decided.basis == .roundTrip)
        let open = try latency(95...105)
        #expect(open.grade == .inconclusive)
        #expect(open.settle == "an endpoint whose replies carry its times, as a STAMP reflector's do")
        #expect(try latency(200...201).grade == .notReady)
    }

    @Test("with fewer than 59 replies a 95th percentile can be missed and never met")
    func fewSingletons() throws {
        func latency(_ value: Double, _ singletons: Int) throws -> Criterion {
            var check = Self.check(value, 0, roundTrip: value...(value + 1))
            check.endpoints[0].streams[2].singletons = singletons
            return try Judged(check).one(.latencyOneWay)
        }
        #expect(try latency(10, 59).grade == .ready)
        let few = try latency(10, 58)
        #expect(few.grade == .inconclusive)
        #expect(few.settle == "at least 59 replies on every port (58 here)")
        #expect(try latency(60, 10).grade == .atRisk)
        #expect(try latency(100, 10).grade == .notReady)
    }

    @Test("when sampling is the doubt, a longer check is what settles it")
    func sampling() throws {
        var check = Self.check(49, 0)
        for index in check.endpoints[0].streams.indices { check.endpoints[0].streams[index].sampling = 2 }
        let latency = try Judged(check).one(.latencyOneWay)
        #expect(latency.grade == .inconclusive)
        #expect(latency.settle == "a longer check, of about 4 min (60 s here)")
    }

    @Test("another statistic takes each direction by itself")
    func otherStatistic() throws {
        var profile = Profile.teams
        profile.rules = [Rule(.latencyOneWay, .maximum, target: 50, limit: 100)]
        let latency = try Judged(Self.check(40, 1), profile).one(.latencyOneWay)
        #expect(latency.value == 60)
        #expect(latency.interval == 59...61)
        #expect(latency.grade == .atRisk)
    }

    @Test("the round trip has a criterion where a profile asks for one")
    func roundTrip() throws {
        let good = try Judged(Self.check(40, 1, roundTrip: 90...99), .microsoftClientEdge).one(.roundTrip)
        #expect(good.grade == .ready && good.basis == .roundTrip)
        let bad = try Judged(Self.check(40, 1, roundTrip: 100...101), .microsoftClientEdge).one(.roundTrip)
        #expect(bad.grade == .notReady)
    }

    @Test("a finding names the direction and the remedy")
    func finding() throws {
        let finding = try #require(Judged(Self.check(120, 1)).finding(.latencyHigh))
        #expect(finding.severity == .notReady)
        #expect(
            finding.summary == "One-way latency to stamp://reflect.example.net:3478-3481 is 120 ms (95th percentile), "
                + "not below the limit of 100 ms."
        )
        #expect(finding.value("direction") == .text("forward"))
        #expect(finding.value("value_ms") == .number(120))
        #expect(finding.remedy.contains("split media out of the VPN"))
    }
}
