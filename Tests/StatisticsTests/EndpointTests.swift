import ProbeCore
import Statistics
import Testing
import Units

private let sharp = TimestampQuality(local: .zero, far: .zero)
private let noClaims = ClockClaims(localError: nil, farError: nil)

private func analyse(_ observations: [StreamObservation], _ claims: ClockClaims = noClaims) -> EndpointStatistics {
    EndpointStatistics.analyse(observations, claims: claims, timestamps: sharp)
}

@Suite("The worse direction's delay")
struct WorseDirectionTests {
    @Test("between half the round trip and all of it, when the clocks say nothing")
    func unknownOffset() throws {
        var path = SimulatedPath(measured: 1500)
        path.forward.delay = 30
        let worse = try #require(analyse(path.run().observations).worseDirectionDelay)
        // A round trip of 40 ms, none of it varying: 20 ms if symmetric, 40 ms if all on one side.
        #expect(abs(worse.value.milliseconds - 20) < 0.1)
        #expect(abs(worse.interval.lowerBound.milliseconds - 20) < 0.1)
        #expect(abs(worse.interval.upperBound.milliseconds - 40.5) < 0.2)
        #expect(worse.interval.contains(.milliseconds(30)))
    }

    @Test("is known on one clock, and which direction it is")
    func oneClock() throws {
        let claims = ClockClaims(localError: .microseconds(10), farError: .microseconds(10))
        var path = SimulatedPath(streams: 2, measured: 1500)
        path.forward.delay = 30
        let forward = try #require(analyse(path.run().observations, claims).worseDirectionDelay)
        #expect(abs(forward.value.milliseconds - 30) < 0.05 && forward.direction == .forward)
        #expect(forward.interval.contains(.milliseconds(30)))
        #expect(forward.interval.upperBound - forward.interval.lowerBound < .microseconds(100))
        path.reverse.delay = 45
        let reverse = try #require(analyse(path.run().observations, claims).worseDirectionDelay)
        #expect(abs(reverse.value.milliseconds - 45) < 0.05 && reverse.direction == .reverse)
    }

    @Test("its interval holds the truth, seed by seed", arguments: 1...60)
    func covers(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var path = SimulatedPath(seed: seed, streams: 2, measured: 800)
        path.forward.delay = 40 * random.unit()
        path.reverse.delay = 40 * random.unit()
        path.forward.queueing = 8 * random.unit()
        path.reverse.queueing = 8 * random.unit()
        path.clock.offset = 1000 * random.unit()
        path.clock.skewPPM = 50
        let run = path.run()
        let worse = try #require(analyse(run.observations).worseDirectionDelay)
        let truth = run.truths.flatMap { truth in
            [truth.forwardDelay, truth.reverseDelay].map { delays in
                let sorted = delays.filter { (10..<810).contains($0.key) }.map(\.value).sorted()
                return sorted[(95 * sorted.count + 99) / 100 - 1]
            }
        }.max()
        let actual = Nanoseconds(rounding: try #require(truth))
        #expect(worse.interval.lowerBound - Nanoseconds(10) <= actual, "seed \(seed)")
        #expect(actual <= worse.interval.upperBound + Nanoseconds(10), "seed \(seed)")
        #expect(worse.interval.contains(worse.value))
        #expect(worse.interval.lowerBound >= .zero)
    }

    @Test("its interval is widened by what timestamping leaves open")
    func timestamping() throws {
        var path = SimulatedPath(measured: 500)
        path.forward.delay = 30
        let quality = TimestampQuality(local: .microseconds(100), far: .microseconds(200))
        let claims = ClockClaims(localError: .zero, farError: .zero)
        let worse = try #require(
            EndpointStatistics.analyse(path.run().observations, claims: claims, timestamps: quality)
                .worseDirectionDelay
        )
        #expect(abs(worse.interval.lowerBound.milliseconds - 29.7) < 0.001)
        #expect(abs(worse.interval.upperBound.milliseconds - 30.3) < 0.001)
    }

    @Test("is half the round trip, up to all of it, without far timestamps")
    func halfRoundTrip() throws {
        var path = SimulatedPath(measured: 1000)
        path.forward.delay = 30
        path.reflector.stamps = false
        path.reflector.numbering = .none
        path.reflector.stay = 0
        let statistics = analyse(path.run().observations)
        #expect(statistics.clock == nil)
        let worse = try #require(statistics.worseDirectionDelay)
        #expect(worse.value == .milliseconds(20))
        #expect(worse.interval == .milliseconds(20)...Nanoseconds.milliseconds(40))
        let stream = statistics.streams[0]
        #expect(stream.method == .halfRoundTrip)
        #expect(stream.forward.delay?.p95 == .milliseconds(20))
        #expect(stream.forward.delay?.uncertainty == .milliseconds(20))
        #expect(stream.forward.delay == stream.reverse.delay)
        #expect(stream.forward.jitter == nil && stream.reverse.jitter == nil)
        #expect(stream.forward.delayVariation == nil)
        #expect(stream.roundTrip.jitter != nil && stream.roundTrip.delayVariation != nil)
        #expect(stream.rFactor != nil)
    }
}

@Suite("An endpoint's streams together")
struct EndpointTests {
    @Test("loss is pooled over the streams that were answered")
    func pooled() throws {
        var path = SimulatedPath(streams: 4, measured: 750)
        path.forward.loss = .random(0.02)
        path.reverse.loss = .random(0.01)
        let run = path.run()
        var silent = run.observations[0]
        silent.replies = []
        let statistics = analyse(run.observations + [silent])
        let forward = try #require(statistics.forwardLoss)
        #expect(forward.offered == 3000)
        #expect(forward.lost == run.truths.reduce(0) { $0 + $1.forwardLost.count })
        #expect(statistics.reverseLoss?.lost == run.truths.reduce(0) { $0 + $1.reverseLost.count })
        #expect(statistics.roundTripLoss?.offered == 3000)
        #expect(statistics.streams.count == 5)
        let last = statistics.streams[4]
        #expect(last.method == nil && last.rFactor == nil && last.mos == nil)
        #expect(last.packets.sent == 750 && last.packets.received == 0 && last.packets.forwardReceived == nil)
        #expect(last.roundTrip.loss?.lost == 750 && last.roundTrip.loss?.high == 1)
        #expect(last.forward.loss == nil && last.forward.delay == nil && last.roundTrip.delay == nil)
    }

    @Test("nothing is known of an endpoint that never answers, or was never asked")
    func silent() {
        var observation = SimulatedPath(measured: 100).run().observations[0]
        observation.replies = []
        for statistics in [analyse([observation]), analyse([])] {
            #expect(statistics.clock == nil && statistics.worseDirectionDelay == nil)
            #expect(statistics.roundTripP95 == nil && statistics.roundTripP95Interval == nil)
            #expect(statistics.forwardLoss == nil && statistics.roundTripLoss == nil)
        }
    }

    @Test("the slowest stream's round trip stands for the endpoint")
    func roundTrip() throws {
        let fast = SimulatedPath(measured: 300).run().observations[0]
        var slowPath = SimulatedPath(measured: 300)
        slowPath.forward.delay = 50
        let slow = slowPath.run().observations[0]
        let quality = TimestampQuality(local: .microseconds(50), far: .zero)
        let statistics = EndpointStatistics.analyse([fast, slow], claims: noClaims, timestamps: quality)
        #expect(abs((statistics.roundTripP95?.milliseconds ?? 0) - 60) < 0.001)
        let interval = try #require(statistics.roundTripP95Interval)
        #expect(abs(interval.lowerBound.milliseconds - 59.9) < 0.001)
        #expect(abs(interval.upperBound.milliseconds - 60.1) < 0.001)
    }

    @Test("lead-in and tail do not count")
    func onlyMeasured() {
        var path = SimulatedPath(measured: 500)
        path.forward.loss = .packets([2, 3, 515])
        path.reverse.routeChanges = [(0, 100), (0.05, -100)]
        let stream = analyse(path.run().observations).streams[0]
        #expect(stream.packets.sent == 500 && stream.packets.received == 500)
        #expect(stream.roundTrip.loss?.lost == 0)
        #expect((stream.roundTrip.delay?.maximum ?? .maximum) < .milliseconds(21))
        #expect(stream.roundTrip.delay?.count == 500)
    }

    @Test("a rating falls with delay, with variation and with loss")
    func rating() throws {
        func rate(_ change: (inout SimulatedPath) -> Void) throws -> Double {
            var path = SimulatedPath(measured: 1000)
            change(&path)
            return try #require(analyse(path.run().observations).streams[0].rFactor)
        }
        let good = try rate { _ in }
        // 10 ms of path, the least buffer and 20 ms of packetisation.
        #expect(abs(good - EModel.rating(delay: .milliseconds(50), lossRatio: 0)) < 0.01)
        #expect(try rate { $0.forward.delay = 400 } < good - 5)
        #expect(try rate { $0.forward.queueing = 60 } < good - 2)
        #expect(try rate { $0.reverse.loss = .random(0.03) } < good - 5)
        #expect(try rate { $0.forward.loss = .random(0.03) } < good - 5)
    }
}

@Suite("What no path should do")
struct HostileObservationTests {
    @Test("random replies neither trap nor yield negative delays", arguments: 1...150)
    func random(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let extremes: [Int64] = [.min, .max, 0, -1, 1_800_000_000_000_000_000]
        func instant(_ random: inout SeededRandom) -> WallInstant {
            let base = random.chance(0.2) ? extremes[Int(random.next() % 5)] : 1_800_000_000_000_000_000
            return WallInstant(nanosecondsSinceUnixEpoch: base) + Nanoseconds(Int64(random.next() % 60_000_000_000))
        }
        let sent = (0..<60).map { _ in SentPacket(sentAt: instant(&random), hasKernelTimestamp: false) }
        let replies = (0..<200).map { _ in
            ReceivedReply(
                sequence: random.chance(0.1) ? UInt32.max : UInt32(random.next() % 70),
                arrivedAt: instant(&random),
                hasKernelTimestamp: false,
                far: random.chance(0.2)
                    ? nil : FarTimestamps(receivedAt: instant(&random), sentAt: instant(&random)),
                reflectorSequence: seed.isMultiple(of: 3) && random.chance(0.01)
                    ? nil : UInt32(truncatingIfNeeded: random.next() % (random.chance(0.5) ? 80 : 1 << 32))
            )
        }
        let observation = StreamObservation(
            interval: [.zero, Nanoseconds(1), .milliseconds(20), .maximum][Int(seed % 4)],
            replyTimeout: [.zero, .seconds(3), .maximum][Int(seed % 3)],
            sent: sent,
            replies: replies,
            measured: seed.isMultiple(of: 2) ? 0..<1000 : 5..<50
        )
        let claims = ClockClaims(localError: .maximum, farError: .maximum)
        let statistics = EndpointStatistics.analyse(
            [observation, observation],
            claims: seed.isMultiple(of: 2) ? claims : noClaims,
            timestamps: TimestampQuality(local: .zero, far: .microseconds(10))
        )
        for stream in statistics.streams {
            for delay in [stream.forward.delay, stream.reverse.delay, stream.roundTrip.delay] {
                #expect((delay?.minimum ?? .zero) >= .zero, "seed \(seed)")
            }
            let lost = stream.roundTrip.loss?.lost ?? 0
            #expect(stream.packets.received + lost == stream.packets.sent, "seed \(seed)")
        }
    }
}
