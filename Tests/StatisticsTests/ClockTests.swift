import Foundation
import ProbeCore
import Statistics
import Testing
import Units

private let sharp = TimestampQuality(local: .zero, far: .zero)
private let noClaims = ClockClaims(localError: nil, farError: nil)

/// Nearest-rank percentile of true delays, nanoseconds.
private func percentile(_ percent: Int, _ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted[max(1, (percent * sorted.count + 99) / 100) - 1]
}

/// The true delays of the packets that count.
private func measured(_ delays: [Int: Double], _ path: SimulatedPath) -> [Double] {
    delays.filter { (path.leadIn..<(path.leadIn + path.measured)).contains($0.key) }.map(\.value)
}

/// A path drawn at random: asymmetric, loaded, skewed, with far-off clocks.
private func randomPath(_ seed: UInt64) -> SimulatedPath {
    var random = SeededRandom(seed: seed &+ 1_000_000)
    var path = SimulatedPath(seed: seed, streams: Int(1 + random.next() % 3), measured: 600)
    path.forward.delay = 0.05 + 60 * random.unit()
    path.reverse.delay = 0.05 + 60 * random.unit()
    path.forward.queueing = 5 * random.unit()
    path.reverse.queueing = 5 * random.unit()
    path.forward.loss = .random(0.05 * random.unit())
    path.reverse.loss = .bursts(enter: 0.01 * random.unit(), leave: 0.2)
    path.clock.skewPPM = 200 * random.unit() - 100
    path.clock.offset = [0, 0.003, -0.003, 4000, -4000, 1e8][Int(random.next() % 6)] * random.unit()
    path.reflector.stay = random.unit()
    return path
}

@Suite("One-way delay and the offset between the clocks")
struct ClockOffsetTests {
    @Test("true delays lie within the stated interval, and none is negative", arguments: 1...200)
    func covers(seed: UInt64) throws {
        let path = randomPath(seed)
        let run = path.run()
        let statistics = EndpointStatistics.analyse(run.observations, claims: noClaims, timestamps: sharp)
        let clock = try #require(statistics.clock)
        #expect(clock.method == .roundTripBounded && clock.steps.isEmpty && !clock.claimsContradicted, "seed \(seed)")
        for (stream, truth) in zip(statistics.streams, run.truths) {
            try expectCovered(stream.forward.delay, truth.forwardDelay, path, seed)
            try expectCovered(stream.reverse.delay, truth.reverseDelay, path, seed)
            #expect(stream.method == .roundTripBounded)
        }
        let middle = Double(path.leadIn + path.measured + path.tail) * path.interval / 2
        let offsetError = Double(clock.offset.count) - path.clock.offset(at: middle)
        #expect(abs(offsetError) <= Double(clock.uncertainty.count) + 1_000, "seed \(seed)")
        // Physics leaves half the least round trip; the freedom of the line's slope adds a little.
        let roundTrip = statistics.streams.compactMap { $0.roundTrip.delay?.minimum.milliseconds }.min() ?? 0
        #expect(clock.uncertainty.milliseconds <= roundTrip * 0.5 * 1.15 + 1.2, "seed \(seed)")
        #expect(clock.uncertainty.milliseconds >= roundTrip * 0.5 * 0.9, "seed \(seed)")
    }

    private func expectCovered(
        _ delay: DelayStatistics?,
        _ truth: [Int: Double],
        _ path: SimulatedPath,
        _ seed: UInt64
    ) throws {
        let delay = try #require(delay)
        let actual = measured(truth, path)
        #expect(delay.count == actual.count, "seed \(seed)")
        let allowed = Double(delay.uncertainty.count) + 2
        for (stated, percent) in [(delay.median, 50), (delay.p95, 95), (delay.p99, 99)] {
            #expect(abs(Double(stated.count) - percentile(percent, actual)) <= allowed, "seed \(seed), p\(percent)")
        }
        let least = try #require(actual.min())
        let greatest = try #require(actual.max())
        let mean = actual.reduce(0, +) / Double(actual.count)
        #expect(abs(Double(delay.minimum.count) - least) <= allowed, "seed \(seed)")
        #expect(abs(Double(delay.maximum.count) - greatest) <= allowed, "seed \(seed)")
        #expect(abs(Double(delay.mean.count) - mean) <= allowed, "seed \(seed)")
        #expect(delay.minimum >= .zero)
    }

    @Test("constant symmetric delays and equal rates leave half the round trip and what a clock may stray unseen")
    func symmetric() throws {
        var path = SimulatedPath(measured: 1500)
        path.clock.offset = 12.5
        path.reflector.stay = 3
        let statistics = EndpointStatistics.analyse(path.run().observations, claims: noClaims, timestamps: sharp)
        let clock = try #require(statistics.clock)
        #expect(abs(clock.offset.milliseconds - 12_500) < 0.001)
        // Half a millisecond may have gone unseen.
        #expect(abs(clock.uncertainty.milliseconds - 10.5) < 0.05)
        let forward = try #require(statistics.streams[0].forward.delay)
        #expect(abs(forward.p95.milliseconds - 10) < 0.001)
        #expect(abs((statistics.streams[0].roundTrip.delay?.p95.milliseconds ?? 0) - 20) < 0.001)
        #expect(statistics.streams[0].roundTrip.delay?.uncertainty == .zero)
    }

    @Test("an asymmetric path shifts the estimate by half the difference, within the uncertainty")
    func asymmetric() throws {
        var path = SimulatedPath(measured: 1500)
        path.forward.delay = 30
        let statistics = EndpointStatistics.analyse(path.run().observations, claims: noClaims, timestamps: sharp)
        let clock = try #require(statistics.clock)
        // The far clock seems ahead, since forward takes longer.
        #expect(abs(clock.offset.milliseconds - 10) < 0.01)
        #expect(abs(clock.uncertainty.milliseconds - 20.5) < 0.1)
    }

    @Test("timestamps of poor quality widen the uncertainty by as much")
    func timestampQuality() throws {
        let path = SimulatedPath(measured: 1500)
        let quality = TimestampQuality(local: .microseconds(300), far: .microseconds(200))
        let statistics = EndpointStatistics.analyse(path.run().observations, claims: noClaims, timestamps: quality)
        let clock = try #require(statistics.clock)
        #expect(abs(clock.uncertainty.milliseconds - 12.5) < 0.1)
        let stream = statistics.streams[0]
        #expect(stream.forward.delay?.uncertainty == clock.uncertainty + .microseconds(500))
        #expect(stream.roundTrip.delay?.uncertainty == .microseconds(1000))
        #expect(stream.forward.jitter?.uncertainty == .microseconds(1000))
        #expect(stream.roundTrip.jitter?.uncertainty == .microseconds(2000))
    }

    @Test("timestamps taken late by what their quality admits never make a delay negative or a bound wrong")
    func noisyTimestamps() throws {
        for seed in 1...20 as ClosedRange<UInt64> {
            var path = SimulatedPath(seed: seed, measured: 1000)
            path.forward.delay = 0.02
            path.reverse.delay = 0.02
            path.reflector.stay = 0.2
            path.clock.skewPPM = 30
            var run = path.run()
            var random = SeededRandom(seed: seed)
            for index in run.observations[0].replies.indices {
                let reply = run.observations[0].replies[index]
                run.observations[0].replies[index].far = reply.far.map {
                    FarTimestamps(
                        receivedAt: $0.receivedAt + Nanoseconds(Int64(random.unit() * 100_000)),
                        sentAt: $0.sentAt - Nanoseconds(Int64(random.unit() * 100_000))
                    )
                }
            }
            let quality = TimestampQuality(local: .zero, far: .microseconds(100))
            let statistics = EndpointStatistics.analyse(run.observations, claims: noClaims, timestamps: quality)
            let clock = try #require(statistics.clock)
            #expect(clock.steps.isEmpty)
            let delay = try #require(statistics.streams[0].forward.delay)
            #expect(delay.minimum >= .zero)
            #expect(abs(delay.median.milliseconds - 0.02) <= delay.uncertainty.milliseconds, "seed \(seed)")
            #expect(delay.uncertainty < .microseconds(900), "seed \(seed)")
        }
    }
}

@Suite("Skew")
struct ClockSkewTests {
    @Test("is estimated to within 1 ppm over a minute, with its sign", arguments: 1...20)
    func accurate(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var path = SimulatedPath(seed: seed, streams: 2)
        path.forward.queueing = 0.5
        path.reverse.queueing = 1
        path.reverse.delay = 25
        path.clock.skewPPM = 160 * random.unit() - 80
        let clock = try #require(
            EndpointStatistics.analyse(path.run().observations, claims: noClaims, timestamps: sharp).clock
        )
        let skew = try #require(clock.skewPPM)
        let half = try #require(clock.skewUncertaintyPPM)
        #expect(abs(skew - path.clock.skewPPM) < 1, "seed \(seed)")
        #expect(abs(skew - path.clock.skewPPM) <= half + 0.01, "seed \(seed)")
        #expect(half < 1, "seed \(seed)")
    }

    @Test("is removed from the delays")
    func removed() throws {
        var path = SimulatedPath()
        path.clock.skewPPM = 80
        let statistics = EndpointStatistics.analyse(path.run().observations, claims: noClaims, timestamps: sharp)
        let forward = try #require(statistics.streams[0].forward.delay)
        let reverse = try #require(statistics.streams[0].reverse.delay)
        #expect(forward.maximum - forward.minimum < .microseconds(5))
        #expect(reverse.maximum - reverse.minimum < .microseconds(5))
    }

    @Test("of a run of a few seconds is not claimed")
    func tooShort() throws {
        var path = SimulatedPath(measured: 200)
        path.forward.queueing = 1
        path.clock.skewPPM = 30
        let clock = try #require(
            EndpointStatistics.analyse(path.run().observations, claims: noClaims, timestamps: sharp).clock
        )
        #expect(clock.skewPPM == nil && clock.skewUncertaintyPPM == nil)
    }

    @Test("a queue that grows in one direction only is not taken for skew")
    func growingQueue() throws {
        var path = SimulatedPath()
        path.forward.routeChanges = (1...60).map { (Double($0), 0.5) }
        let statistics = EndpointStatistics.analyse(path.run().observations, claims: noClaims, timestamps: sharp)
        let clock = try #require(statistics.clock)
        #expect(clock.skewPPM == nil)
        let reverse = try #require(statistics.streams[0].reverse.delay)
        #expect(reverse.maximum - reverse.minimum < .microseconds(100))
        let forward = try #require(statistics.streams[0].forward.delay)
        #expect(forward.maximum - forward.minimum > .milliseconds(29))
    }
}

@Suite("What the clocks claim")
struct ClockClaimTests {
    private func claims(_ local: Double, _ far: Double) -> ClockClaims {
        ClockClaims(localError: .milliseconds(rounding: local), farError: .milliseconds(rounding: far))
    }

    @Test("decides when it is tighter than physics, and then resolves asymmetry")
    func tight() throws {
        var path = SimulatedPath(measured: 1500)
        path.forward.delay = 60
        path.forward.queueing = 2
        path.clock.offset = 0.0007
        let statistics = EndpointStatistics.analyse(
            path.run().observations,
            claims: claims(0.5, 0.5),
            timestamps: sharp
        )
        let clock = try #require(statistics.clock)
        #expect(clock.method == .synchronized && !clock.claimsContradicted)
        #expect(clock.uncertainty <= .milliseconds(rounding: 2.001))
        #expect(abs(clock.offset.milliseconds - 0.7) <= clock.uncertainty.milliseconds)
        let forward = try #require(statistics.streams[0].forward.delay)
        #expect(abs(forward.minimum.milliseconds - 60) <= forward.uncertainty.milliseconds)
        #expect(statistics.streams[0].method == .synchronized)
    }

    @Test("a lab on one clock measures one-way delay exactly")
    func oneClock() throws {
        var path = SimulatedPath(measured: 500)
        path.forward.delay = 7
        let statistics = EndpointStatistics.analyse(
            path.run().observations,
            claims: claims(0, 0),
            timestamps: sharp
        )
        #expect(statistics.clock?.method == .synchronized)
        #expect(statistics.clock?.uncertainty == .zero)
        #expect(abs((statistics.streams[0].forward.delay?.p95.milliseconds ?? 0) - 7) < 0.0001)
        #expect(abs((statistics.streams[0].reverse.delay?.p95.milliseconds ?? 0) - 10) < 0.0001)
    }

    @Test("is no help when looser than physics, but cuts what it can")
    func loose() throws {
        let path = SimulatedPath(measured: 500)
        let statistics = EndpointStatistics.analyse(
            path.run().observations,
            claims: claims(50, 50),
            timestamps: sharp
        )
        #expect(statistics.clock?.method == .roundTripBounded)
        #expect(statistics.clock?.claimsContradicted == false)
    }

    @Test("is set aside when physics contradicts it", arguments: [0.5, -0.5])
    func wrong(offset: Double) throws {
        var path = SimulatedPath(measured: 500)
        path.clock.offset = offset
        let statistics = EndpointStatistics.analyse(
            path.run().observations,
            claims: claims(1, 2),
            timestamps: sharp
        )
        let clock = try #require(statistics.clock)
        #expect(clock.claimsContradicted && clock.method == .roundTripBounded)
        #expect(abs(clock.offset.milliseconds - offset * 1000) < 0.1)
        #expect(abs(clock.uncertainty.milliseconds - 10.5) < 0.2)
    }

    @Test("of one end alone is no claim")
    func oneEnd() throws {
        var path = SimulatedPath(measured: 500)
        path.clock.offset = 5
        let statistics = EndpointStatistics.analyse(
            path.run().observations,
            claims: ClockClaims(localError: .zero, farError: nil),
            timestamps: sharp
        )
        #expect(statistics.clock?.claimsContradicted == false)
        #expect(statistics.clock?.method == .roundTripBounded)
    }
}

@Suite("Clocks that step or bend")
struct ClockStepTests {
    @Test("a step is found within a second, by its size, and the network is not blamed", arguments: 1...40)
    func step(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let size = [0.004, 0.02, 0.5, 3600][Int(random.next() % 4)] * (random.chance(0.5) ? 1 : -1)
        let at = 3 + 54 * random.unit()
        var path = SimulatedPath(seed: seed, streams: Int(1 + random.next() % 4))
        path.forward.delay = 5 + 20 * random.unit()
        path.reverse.delay = 5 + 20 * random.unit()
        path.forward.queueing = 0.5
        path.reverse.queueing = 0.5
        path.clock.steps = [(at, size)]
        path.clock.skewPPM = 60 * random.unit() - 30
        let run = path.run()
        let statistics = EndpointStatistics.analyse(run.observations, claims: noClaims, timestamps: sharp)
        let clock = try #require(statistics.clock)
        try #require(clock.steps.count == 1, "seed \(seed), \(size) s at \(at)")
        let found = (clock.steps[0].at - SimulatedPath.start).seconds
        #expect(abs(found - at) < 1, "seed \(seed)")
        #expect(abs(clock.steps[0].by.seconds - size) < 0.0005 + abs(size) * 0.001, "seed \(seed)")
        for (stream, truth) in zip(statistics.streams, run.truths) {
            let forward = try #require(stream.forward.delay)
            let reverse = try #require(stream.reverse.delay)
            #expect(forward.minimum >= .zero && reverse.minimum >= .zero)
            let f = truth.forwardDelay.values
            let g = truth.reverseDelay.values
            #expect(forward.maximum - forward.minimum < Nanoseconds(rounding: (f.max() ?? 0) - (f.min() ?? 0) + 1e6))
            #expect(reverse.maximum - reverse.minimum < Nanoseconds(rounding: (g.max() ?? 0) - (g.min() ?? 0) + 1e6))
            let forwardError = Double(forward.p95.count) - percentile(95, Array(f))
            #expect(abs(forwardError) <= Double(forward.uncertainty.count) + 5e4, "seed \(seed)")
            #expect((stream.forward.jitter?.maximum ?? .maximum) < .milliseconds(3), "seed \(seed)")
            #expect((stream.reverse.jitter?.maximum ?? .maximum) < .milliseconds(3), "seed \(seed)")
            #expect((stream.forward.delayVariation?.maximum ?? .maximum) < .milliseconds(12), "seed \(seed)")
        }
    }

    @Test("several steps are all found")
    func several() throws {
        var path = SimulatedPath(streams: 4)
        path.clock.steps = [(10, 0.1), (25, -0.3), (40, 0.012)]
        path.forward.queueing = 0.3
        path.reverse.queueing = 0.3
        let clock = try #require(
            EndpointStatistics.analyse(path.run().observations, claims: noClaims, timestamps: sharp).clock
        )
        #expect(clock.steps.map { ($0.by.milliseconds / 2).rounded() * 2 } == [100, -300, 12])
        #expect(abs(clock.offset.milliseconds - -188) < 0.2)
    }

    @Test("a small step shows in spite of a clock that runs badly", arguments: [400.0, -400])
    func stepAndSkew(skew: Double) throws {
        var path = SimulatedPath(streams: 2)
        path.forward.queueing = 0.3
        path.reverse.queueing = 0.3
        path.clock.skewPPM = skew
        path.clock.steps = [(30, 0.003)]
        let clock = try #require(
            EndpointStatistics.analyse(path.run().observations, claims: noClaims, timestamps: sharp).clock
        )
        try #require(clock.steps.count == 1)
        #expect(abs(clock.steps[0].by.milliseconds - 3) < 0.2)
    }

    @Test("a change of route is not a clock step, whichever way it goes", arguments: 1...20)
    func routeChange(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var path = SimulatedPath(seed: seed, streams: 2)
        path.forward.delay = 60
        path.reverse.delay = 60
        path.forward.queueing = 1
        path.reverse.queueing = 1
        path.forward.routeChanges = [(20, 60 * random.unit() - 20), (40, -30)]
        if seed.isMultiple(of: 2) { path.reverse.routeChanges = [(30, 30 * random.unit() - 15)] }
        let run = path.run()
        let statistics = EndpointStatistics.analyse(run.observations, claims: noClaims, timestamps: sharp)
        #expect(statistics.clock?.steps.isEmpty == true, "seed \(seed)")
        let forward = try #require(statistics.streams[0].forward.delay)
        let truth = measured(run.truths[0].forwardDelay, path)
        let spread = Double((forward.maximum - forward.minimum).count)
        #expect(abs(spread - ((truth.max() ?? 0) - (truth.min() ?? 0))) < 1e6, "seed \(seed)")
    }

    @Test("heavy queueing is not a clock step", arguments: 1...15)
    func queueing(seed: UInt64) throws {
        var path = SimulatedPath(seed: seed)
        path.forward.queueing = 30
        path.reverse.queueing = 20
        let statistics = EndpointStatistics.analyse(path.run().observations, claims: noClaims, timestamps: sharp)
        #expect(statistics.clock?.steps.isEmpty == true, "seed \(seed)")
    }

    @Test("a clock that is slewed for a while bends the line: shorter lines follow it", arguments: 1...10)
    func slew(seed: UInt64) throws {
        var path = SimulatedPath(seed: seed)
        path.forward.delay = 4
        path.reverse.delay = 6
        path.forward.queueing = 0.3
        path.reverse.queueing = 0.3
        path.clock.slew = (15, 40, seed.isMultiple(of: 2) ? 500 : -500)
        let run = path.run()
        let statistics = EndpointStatistics.analyse(run.observations, claims: noClaims, timestamps: sharp)
        let clock = try #require(statistics.clock)
        #expect(clock.steps.isEmpty, "seed \(seed)")
        let forward = try #require(statistics.streams[0].forward.delay)
        let truth = Array(run.truths[0].forwardDelay.values)
        #expect(forward.minimum >= .zero)
        #expect(forward.count > 2900)
        #expect(abs(Double(forward.p95.count) - percentile(95, truth)) <= Double(forward.uncertainty.count) + 5e5)
        #expect(forward.uncertainty < .milliseconds(8), "seed \(seed)")
    }

    @Test("a few senseless timestamps cost a few delays, not the run")
    func garbage() throws {
        var path = SimulatedPath(measured: 1500)
        path.reflector.stay = 0
        var run = path.run()
        for index in [300, 301, 900] {
            run.observations[0].replies[index].far = FarTimestamps(
                receivedAt: WallInstant(nanosecondsSinceUnixEpoch: 0),
                sentAt: WallInstant(nanosecondsSinceUnixEpoch: 0)
            )
        }
        let statistics = EndpointStatistics.analyse(run.observations, claims: noClaims, timestamps: sharp)
        let forward = try #require(statistics.streams[0].forward.delay)
        #expect(forward.count > 1200)
        #expect(abs(forward.p95.milliseconds - 10) < 0.5)
        #expect(forward.uncertainty < .milliseconds(12))
        #expect(statistics.streams[0].packets.received == 1500)
    }
}
