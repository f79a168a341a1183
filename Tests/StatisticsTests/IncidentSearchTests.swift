import ProbeCore
import Testing
import Units

@testable import Statistics

@Suite("Windows of 15 s that break a bound")
struct IncidentSearchTests {
    static let bounds = [
        WindowBound(.latencyOneWay, percentile: 95, target: 50, limit: 100),
        WindowBound(.jitter, target: 10, limit: 30), WindowBound(.loss, target: 0.001, limit: 0.01),
    ]
    /// What the simulated clocks, which agree, claim.
    static let claims = ClockClaims(localError: .microseconds(10), farError: .microseconds(10))
    static let timestamps = TimestampQuality(local: .microseconds(20), far: .microseconds(20))

    static func incidents(
        _ path: SimulatedPath,
        bounds: [WindowBound] = bounds,
        limits: IncidentLimits = IncidentLimits(),
        claims: ClockClaims = claims
    ) -> (incidents: [Incident], run: SimulatedPath.Run) {
        let run = path.run()
        let search = IncidentSearch(bounds: bounds, limits: limits)
        let found = search.incidents(
            in: run.observations.map { [WatchedStream($0)] },
            claims: claims,
            timestamps: timestamps
        )
        return (found, run)
    }

    static func seconds(_ instant: WallInstant) -> Double { (instant - SimulatedPath.start).seconds }

    /// Two minutes, with nothing wrong.
    static var quiet: SimulatedPath {
        var path = SimulatedPath()
        path.measured = 6_000
        path.forward.queueing = 0.3
        path.reverse.queueing = 0.3
        return path
    }

    @Test("there are none on a line that keeps its bounds, nor for one lost packet in 15 s")
    func none() {
        #expect(Self.incidents(Self.quiet).incidents.isEmpty)
        var path = Self.quiet
        path.forward.loss = .packets([1_000, 3_000])
        #expect(Self.incidents(path).incidents.isEmpty)
    }

    @Test("a burst of losses is in the middle of its window, in its direction, with all its packets")
    func burst() throws {
        var path = Self.quiet
        path.streams = 2
        path.reverse.loss = .packets(Set(3_000..<3_040))
        let (incidents, run) = Self.incidents(path)
        #expect(incidents.map(\.port) == [0, 1] || incidents.map(\.port) == [1, 0])
        for incident in incidents {
            let broken = try #require(incident.broken.first)
            #expect(incident.broken.count == 1)
            #expect(broken.direction == .reverse && broken.bound.metric == .loss)
            #expect(broken.value == 40.0 / 750 && broken.isOverLimit && broken.isProven)
            #expect(broken.until - broken.from == .seconds(15))
            // Packet 3,000 of a stream left 60 s after the first.
            #expect(abs(Self.seconds(broken.from) - (60.4 - 7.5)) < 0.1)
            #expect(abs(Self.seconds(incident.keptFrom) - (60.4 - 37.5)) < 0.1)
            #expect(abs(Self.seconds(incident.keptUntil) - (60.4 + 37.5)) < 0.1)
            #expect(incident.packets.filter { $0.fate == .lostReverse }.map(\.sequence) == Array(3_000..<3_040))
            #expect(incident.packets.count { $0.fate == .lostForward } == 0)
            let truth = run.truths[incident.port]
            for packet in incident.packets {
                guard let forward = packet.forward, let expected = truth.forwardDelay[Int(packet.sequence)] else {
                    continue
                }
                #expect(abs(Double(forward.count) - expected) <= Double(incident.oneWayUncertainty?.count ?? 0))
            }
        }
    }

    @Test("an excursion of one direction's delay breaks delay, and its jumps jitter where they are many")
    func excursion() throws {
        var path = Self.quiet
        path.forward.routeChanges = [(at: 60, by: 60), (at: 63, by: -60)]
        let incident = try #require(Self.incidents(path).incidents.first)
        let broken = try #require(incident.broken.first)
        #expect(broken.bound.metric == .latencyOneWay && broken.direction == .forward)
        #expect(broken.value > 70 && broken.value < 75 && !broken.isOverLimit && broken.isProven)
        #expect(Self.seconds(broken.from) < 60 && Self.seconds(broken.until) > 63)
        #expect(incident.broken.allSatisfy { $0.direction == .forward })
    }

    @Test("a one-way value is proven only where the clocks' uncertainty leaves no way out")
    func uncertainty() throws {
        var path = Self.quiet
        path.forward.delay = 56
        let vague = ClockClaims(localError: nil, farError: nil)
        // 56 ms there and 10 back: without clocks it may be anything between nothing and 66.
        #expect(Self.incidents(path, claims: vague).incidents.isEmpty)
        path.forward.delay = 100
        let unproven = try #require(Self.incidents(path, claims: vague).incidents.first)
        #expect(unproven.worst.interval.contains(100) && !unproven.worst.isProven)
        let proven = try #require(Self.incidents(path).incidents.first)
        #expect(proven.worst.isProven && abs(proven.worst.value - 101) < 1)
    }

    @Test("a window's jitter and loss are those of the worst 15 s that the whole check has")
    func agreesWithStatistics() throws {
        var path = Self.quiet
        path.forward.queueing = 14
        path.forward.loss = .bursts(enter: 0.002, leave: 0.2)
        let (incidents, run) = Self.incidents(path)
        let statistics = EndpointStatistics.analyse(run.observations, claims: Self.claims, timestamps: Self.timestamps)
        let forward = statistics.streams[0].forward
        let broken = try #require(incidents.first).broken
        let jitter = try #require(broken.first { $0.bound.metric == .jitter && $0.direction == .forward })
        #expect(abs(jitter.value - (forward.jitter?.worst15s?.milliseconds ?? 0)) < 1e-6)
        let loss = try #require(broken.first { $0.bound.metric == .loss && $0.direction == .forward })
        #expect(loss.value == forward.loss?.worst15s)
    }

    @Test("what is bad throughout is one incident, cut down to what is kept at most")
    func throughout() throws {
        var path = Self.quiet
        path.measured = 15_000
        path.forward.delay = 130
        let incident = try #require(Self.incidents(path).incidents.first)
        #expect(Self.incidents(path).incidents.count == 1)
        #expect(Self.seconds(incident.until) - Self.seconds(incident.from) > 280)
        #expect(incident.broken.count == 8)
        #expect(abs((incident.keptUntil - incident.keptFrom).seconds - 120) < 0.1)
        #expect(incident.keptFrom <= incident.worst.from && incident.worst.until <= incident.keptUntil)
        var limits = IncidentLimits()
        limits.packets = 100
        #expect(Self.incidents(path, limits: limits).incidents.first?.packets.count == 100)
    }

    @Test("two that are far apart are two, two that are near are one")
    func apart() {
        var path = Self.quiet
        path.measured = 15_000
        path.forward.loss = .packets(Set(2_000..<2_020).union(4_000..<4_030))
        #expect(Self.incidents(path).incidents.count == 1)
        path.forward.loss = .packets(Set(2_000..<2_020).union(9_000..<9_030))
        let incidents = Self.incidents(path).incidents
        #expect(incidents.count == 2)
        // The worse one first.
        #expect(incidents.first?.packets.count { $0.fate == .lostForward } == 30)
    }

    @Test("a far end without times shows only round trips, and says what that leaves open")
    func withoutFarTimes() throws {
        var path = Self.quiet
        path.reflector.stamps = false
        path.reflector.numbering = .none
        path.forward.loss = .packets(Set(3_000..<3_040))
        path.forward.routeChanges = [(at: 90, by: 120)]
        let incident = try #require(Self.incidents(path).incidents.first)
        let loss = try #require(incident.broken.first { $0.bound.metric == .loss })
        #expect(loss.direction == nil && loss.interval == (loss.value / 2)...loss.value)
        let delay = try #require(incident.broken.first { $0.bound.metric == .latencyOneWay })
        // Whichever direction it was, it took at least half.
        #expect(delay.direction == nil && delay.isProven && delay.interval.upperBound > 1.9 * delay.value)
        #expect(incident.clock == nil && incident.oneWayUncertainty == nil)
        #expect(incident.packets.allSatisfy { $0.forward == nil && $0.stay == nil })
        #expect(incident.packets.count { $0.fate == .lostSomewhere } == 40)
        #expect(incident.packets.contains { ($0.roundTrip ?? .zero) > .milliseconds(130) })
    }

    @Test("a stretch of a longer check keeps its own numbers")
    func stretch() throws {
        var path = Self.quiet
        path.forward.loss = .packets(Set(3_000..<3_040))
        let run = path.run()
        let search = IncidentSearch(bounds: Self.bounds)
        let stream = WatchedStream(run.observations[0], firstSequence: 100_000)
        let found = search.incidents(in: [[stream]], claims: Self.claims, timestamps: Self.timestamps)
        let lost = try #require(found.first).packets.filter { $0.fate == .lostForward }.map(\.sequence)
        #expect(lost == Array(103_000..<103_040))
    }

    @Test("every packet's fate, copies and overtaking are the path's")
    func fates() throws {
        var path = Self.quiet
        path.seed = 5
        path.forward.loss = .random(0.02)
        path.reverse.loss = .random(0.01)
        path.reverse.duplicated = 0.01
        path.reverse.detoured = 0.01
        let (incidents, run) = Self.incidents(path)
        let truth = run.truths[0]
        let measured = run.observations[0].measured
        var limits = IncidentLimits()
        limits.longest = .seconds(600)
        let whole = try #require(Self.incidents(path, limits: limits).incidents.first)
        let packets = whole.packets.filter { measured.contains(Int($0.sequence)) }
        #expect(packets.count == measured.count && !incidents.isEmpty)
        func numbers(_ fate: PacketFate) -> Set<Int> {
            Set(packets.filter { $0.fate == fate }.map { Int($0.sequence) })
        }
        // Which of two neighbours was lost on which way nobody can tell; how many on each, and which two, is exact.
        #expect(numbers(.lostForward).count == truth.forwardLost.count)
        #expect(numbers(.lostReverse).count == truth.reverseLost.count)
        #expect(numbers(.lostForward).union(numbers(.lostReverse)) == truth.forwardLost.union(truth.reverseLost))
        #expect(numbers(.lostForward).subtracting(truth.forwardLost).count < 5)
        #expect(numbers(.lostSomewhere).isEmpty)
        #expect(packets.count { $0.reordered.contains(.reverse) } == truth.reverseReordered)
        #expect(packets.count { $0.reordered.contains(.forward) } == truth.forwardReordered)
        #expect(packets.count { $0.duplicated == .reverse } == truth.reverseDuplicates)
        #expect(packets.allSatisfy { $0.duplicated.subtracting(.reverse).isEmpty && !$0.reordered.contains(.unknown) })
    }

    @Test("copies made on the way there are told from copies made on the way back")
    func copies() throws {
        var path = Self.quiet
        path.forward.duplicated = 0.02
        path.forward.loss = .packets([3_000, 3_001])
        let (incidents, run) = Self.incidents(path)
        let packets = try #require(incidents.first).packets
        #expect(packets.count { $0.duplicated == .forward } > 40)
        #expect(packets.allSatisfy { $0.duplicated.subtracting(.forward).isEmpty })
        let numbers = Set(packets.map { Int($0.sequence) })
        let doubled = Dictionary(grouping: run.observations[0].replies) { Int($0.sequence) }.filter { $1.count > 1 }
        #expect(
            Set(packets.filter { !$0.duplicated.isEmpty }.map { Int($0.sequence) })
                == Set(doubled.keys).intersection(numbers)
        )
    }
}
