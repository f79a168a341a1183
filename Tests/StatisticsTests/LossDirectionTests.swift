import ProbeCore
import Statistics
import Testing
import Units

private let sharp = TimestampQuality(local: .zero, far: .zero)
private let noClaims = ClockClaims(localError: nil, farError: nil)

private func analyse(_ run: SimulatedPath.Run, stateful: Bool = false) -> EndpointStatistics {
    EndpointStatistics.analyse(
        run.observations,
        claims: noClaims,
        timestamps: sharp,
        reflectorIsStateful: stateful
    )
}

@Suite("Loss, duplicates and reordering by direction")
struct LossDirectionTests {
    @Test("losses in both directions are counted exactly", arguments: 1...25)
    func bothDirections(seed: UInt64) throws {
        var path = SimulatedPath(seed: seed)
        path.forward.loss = seed.isMultiple(of: 2) ? .random(0.02) : .bursts(enter: 0.005, leave: 0.3)
        path.reverse.loss = seed.isMultiple(of: 3) ? .random(0.01) : .bursts(enter: 0.003, leave: 0.2)
        path.reflector.numbering = .counting(from: seed.isMultiple(of: 5) ? UInt32.max - 700 : UInt32(seed * 77))
        let run = path.run()
        let stream = analyse(run).streams[0]
        let forward = try #require(stream.forward.loss)
        let reverse = try #require(stream.reverse.loss)
        #expect(forward.lost == run.truths[0].forwardLost.count, "seed \(seed)")
        #expect(reverse.lost == run.truths[0].reverseLost.count, "seed \(seed)")
        #expect(forward.unattributed == 0 && reverse.unattributed == 0, "seed \(seed)")
        #expect(forward.offered == 3000)
        #expect(reverse.offered == 3000 - forward.lost)
        #expect(stream.packets.forwardReceived == 3000 - forward.lost)
        #expect(stream.packets.received == 3000 - forward.lost - reverse.lost)
        #expect(stream.roundTrip.loss?.lost == forward.lost + reverse.lost)
        #expect(stream.packets.duplicates == 0 && stream.packets.reordered == 0)
    }

    @Test("duplicates are told apart by direction, with losses about", arguments: 1...25)
    func duplicates(seed: UInt64) throws {
        var path = SimulatedPath(seed: seed)
        path.forward.duplicated = 0.02
        path.reverse.duplicated = 0.01
        path.forward.loss = .random(seed.isMultiple(of: 2) ? 0.01 : 0)
        let run = path.run()
        let stream = analyse(run).streams[0]
        #expect(stream.forward.duplicates == run.truths[0].forwardDuplicates, "seed \(seed)")
        #expect(stream.reverse.duplicates == run.truths[0].reverseDuplicates, "seed \(seed)")
        #expect(stream.forward.loss?.lost == run.truths[0].forwardLost.count, "seed \(seed)")
        #expect(stream.reverse.loss?.lost == 0, "seed \(seed)")
        #expect(stream.packets.duplicates == run.truths[0].forwardDuplicates + run.truths[0].reverseDuplicates)
        #expect(stream.packets.reordered == 0)
    }

    @Test("a duplicate whose reply was lost is still counted, and no packet is lost for it")
    func unseenDuplicate() throws {
        var path = SimulatedPath(measured: 100)
        path.forward.duplicated = 1
        var run = path.run()
        // Of the two replies to packet 50 only the first arrives.
        let replies = run.observations[0].replies
        let second = try #require(replies.lastIndex { $0.sequence == 50 })
        run.observations[0].replies.remove(at: second)
        let stream = analyse(run).streams[0]
        #expect(stream.forward.duplicates == 100)
        #expect(stream.forward.loss?.lost == 0 && stream.reverse.loss?.lost == 0)
        #expect(stream.roundTrip.duplicates == 99)
    }

    @Test("reordering is told apart by direction", arguments: 1...25)
    func reordering(seed: UInt64) throws {
        var path = SimulatedPath(seed: seed)
        path.forward.detoured = 0.01
        path.reverse.detoured = 0.02
        path.reverse.detour = 70
        let run = path.run()
        let stream = analyse(run).streams[0]
        #expect(run.truths[0].forwardReordered > 0 && run.truths[0].reverseReordered > 0)
        #expect(stream.forward.reordered == run.truths[0].forwardReordered, "seed \(seed)")
        #expect(stream.reverse.reordered == run.truths[0].reverseReordered, "seed \(seed)")
        #expect(
            stream.packets.reordered == run.truths[0].forwardReordered + run.truths[0].reverseReordered,
            "seed \(seed)"
        )
        #expect(stream.forward.loss?.lost == 0 && stream.reverse.loss?.lost == 0)
        #expect(stream.packets.duplicates == 0)
    }

    @Test("losses stay exact among reordered packets", arguments: 1...25)
    func lossAmongReordering(seed: UInt64) throws {
        var path = SimulatedPath(seed: seed)
        path.forward.detoured = 0.02
        path.reverse.detoured = 0.02
        path.forward.loss = .random(0.02)
        path.reverse.loss = .random(0.02)
        let run = path.run()
        let stream = analyse(run).streams[0]
        #expect(stream.forward.loss?.lost == run.truths[0].forwardLost.count, "seed \(seed)")
        #expect(stream.reverse.loss?.lost == run.truths[0].reverseLost.count, "seed \(seed)")
        #expect(stream.forward.duplicates == 0, "seed \(seed)")
    }

    @Test("all at once: the sums are exact, the directions nearly", arguments: 1...15)
    func everything(seed: UInt64) throws {
        var path = SimulatedPath(seed: seed)
        path.forward.detoured = 0.01
        path.reverse.detoured = 0.01
        path.forward.duplicated = 0.01
        path.reverse.duplicated = 0.01
        path.forward.loss = .random(0.01)
        path.reverse.loss = .bursts(enter: 0.002, leave: 0.2)
        let run = path.run()
        let truth = run.truths[0]
        let stream = analyse(run).streams[0]
        let forward = try #require(stream.forward.loss)
        let reverse = try #require(stream.reverse.loss)
        #expect(forward.lost + reverse.lost == truth.forwardLost.count + truth.reverseLost.count, "seed \(seed)")
        // A lost reply to a duplicate beside a packet lost forward looks like that packet's reply.
        #expect(abs(forward.lost - truth.forwardLost.count) <= 3, "seed \(seed)")
    }

    @Test("losses at head and tail are settled by the packets around the measured ones")
    func anchors() throws {
        var path = SimulatedPath(measured: 100)
        path.forward.loss = .packets([10, 11, 109])
        path.reverse.loss = .packets([12, 107, 108])
        let run = path.run()
        let stream = analyse(run).streams[0]
        #expect(stream.forward.loss?.lost == 3)
        #expect(stream.reverse.loss?.lost == 3)
        #expect(stream.forward.loss?.lossPeriods == 2)
        #expect(stream.reverse.loss?.longestLossPeriod == 2)
        #expect(stream.forward.loss?.unattributed == 0)
    }

    @Test("losses in a row across the edge of the measured packets are counted only as far as the numbers tell")
    func rowAcrossTheEdge() throws {
        var path = SimulatedPath(measured: 100)
        path.forward.loss = .packets([107, 108, 109])
        path.reverse.loss = .packets([110])
        let mostly = try #require(analyse(path.run()).streams[0].forward.loss)
        #expect(mostly.lost == 2 && mostly.unattributed == 1)
        path.forward.loss = .packets([8, 9])
        path.reverse.loss = .packets([10, 11])
        let stream = analyse(path.run()).streams[0]
        #expect(stream.forward.loss?.lost == 0 && stream.forward.loss?.unattributed == 2)
        #expect(stream.reverse.loss?.lost == 0 && stream.reverse.loss?.unattributed == 2)
        // All of one kind: nothing to confuse.
        path.forward.loss = .packets([])
        path.reverse.loss = .packets([8, 9, 10, 11])
        let plain = analyse(path.run()).streams[0]
        #expect(plain.reverse.loss?.lost == 2 && plain.reverse.loss?.unattributed == 0)
    }

    @Test("without an anchor behind them the last losses have no direction")
    func noTail() throws {
        var path = SimulatedPath(measured: 1000, tail: 0)
        path.forward.loss = .packets([200])
        path.reverse.loss = .packets([1007, 1008, 1009])
        let stream = analyse(path.run()).streams[0]
        let forward = try #require(stream.forward.loss)
        let reverse = try #require(stream.reverse.loss)
        #expect(forward.lost == 1 && reverse.lost == 0)
        #expect(forward.unattributed == 3 && reverse.unattributed == 3)
        #expect(stream.packets.forwardReceived == nil)
        #expect(stream.roundTrip.loss?.unattributed == 0 && stream.roundTrip.loss?.lost == 4)
        #expect(abs(forward.high - ClopperPearson.upper(lost: 4, of: 1000)) < 1e-4)
        #expect(abs(reverse.high - ClopperPearson.upper(lost: 3, of: 999)) < 1e-9)
        #expect(reverse.low == 0)
    }

    @Test("the first losses have no direction, unless the count begins at 0")
    func noHead() throws {
        var path = SimulatedPath(leadIn: 0, measured: 1000)
        path.forward.loss = .packets([0, 1, 2, 500])
        let unknown = analyse(path.run()).streams[0]
        #expect(unknown.forward.loss?.lost == 1 && unknown.forward.loss?.unattributed == 3)
        path.reflector.numbering = .counting(from: 0)
        let known = analyse(path.run()).streams[0]
        #expect(known.forward.loss?.lost == 4 && known.forward.loss?.unattributed == 0)
        #expect(known.reverse.loss?.lost == 0)
    }

    @Test("where some are lost forward and some in reverse at one place, the counts are exact")
    func mixedGap() throws {
        var path = SimulatedPath(measured: 200)
        path.forward.loss = .packets([50, 52, 53])
        path.reverse.loss = .packets([51, 54])
        let stream = analyse(path.run()).streams[0]
        #expect(stream.forward.loss?.lost == 3 && stream.reverse.loss?.lost == 2)
    }

    @Test("an overtaken packet does not hide that the reply to its overtaker was lost")
    func lostOvertaker() throws {
        var observation = SimulatedPath(measured: 100).run().observations[0]
        // 51 overtakes 50, its reply is lost in reverse; 52 is lost forward.
        observation.replies.removeAll { $0.sequence == 51 || $0.sequence == 52 }
        for index in observation.replies.indices {
            let sequence = observation.replies[index].sequence
            if sequence == 50 { observation.replies[index].reflectorSequence = 1051 }
            if sequence > 52 { observation.replies[index].reflectorSequence = 1000 + sequence - 1 }
        }
        let stream = analyse(SimulatedPath.Run(observations: [observation], truths: [])).streams[0]
        #expect(stream.forward.loss?.lost == 1 && stream.reverse.loss?.lost == 1)
        #expect(stream.forward.duplicates == 0)
    }

    @Test("a late reply reached the far end and counts as lost on the way back")
    func late() throws {
        var path = SimulatedPath(measured: 500)
        path.replyTimeout = .milliseconds(60)
        path.reverse.detoured = 0.05
        path.reverse.detour = 100
        let run = path.run()
        let stream = analyse(run).streams[0]
        let late = run.observations[0].replies.filter {
            (10..<510).contains(Int($0.sequence))
                && $0.arrivedAt - run.observations[0].sent[Int($0.sequence)].sentAt > .milliseconds(60)
        }
        #expect(late.count > 5)
        #expect(stream.packets.late == late.count)
        #expect(stream.packets.received == 500 - late.count)
        #expect(stream.packets.forwardReceived == 500)
        #expect(stream.forward.loss?.lost == 0)
        #expect(stream.reverse.loss?.lost == late.count)
        #expect(stream.roundTrip.loss?.lost == late.count)
        #expect(stream.packets.reordered == 0)
    }
}

@Suite("Reflectors that do not count, or lose count")
struct ReflectorNumberingTests {
    @Test("a stateless reflector leaves the direction of losses unknown", arguments: 1...10)
    func stateless(seed: UInt64) {
        var path = SimulatedPath(seed: seed)
        path.reflector.numbering = .copying
        path.forward.loss = .random(0.01)
        path.reverse.loss = .random(0.01)
        path.forward.duplicated = 0.01
        path.reverse.detoured = 0.01
        let run = path.run()
        let statistics = analyse(run)
        let stream = statistics.streams[0]
        #expect(stream.forward.loss == nil && stream.reverse.loss == nil)
        #expect(stream.forward.reordered == nil && stream.reverse.reordered == nil)
        #expect(stream.forward.duplicates == nil && stream.reverse.duplicates == nil)
        #expect(stream.packets.forwardReceived == nil)
        #expect(statistics.forwardLoss == nil && statistics.reverseLoss == nil)
        let lost = run.truths[0].forwardLost.count + run.truths[0].reverseLost.count
        #expect(stream.roundTrip.loss?.lost == lost)
        #expect(stream.packets.received == 3000 - lost)
        #expect(stream.packets.duplicates > 0 && stream.packets.reordered > 0)
        #expect(stream.rFactor != nil)
    }

    @Test("where nothing is lost, nothing is lost in either direction, whatever the reflector")
    func nothingLost() {
        for numbering in [SimulatedReflector.Numbering.copying, .none, .counting(from: 0), .counting(from: 9)] {
            var path = SimulatedPath(measured: 200)
            path.reflector.numbering = numbering
            let stream = analyse(path.run()).streams[0]
            #expect(stream.forward.loss?.lost == 0 && stream.reverse.loss?.lost == 0)
            #expect(stream.forward.reordered == 0 && stream.reverse.reordered == 0)
            #expect(stream.forward.duplicates == 0 && stream.reverse.duplicates == 0)
            #expect(stream.packets.forwardReceived == 200)
        }
    }

    @Test("numbers that equal the sender's do not tell the direction of reordering or of duplicates")
    func ambiguousWithoutLoss() {
        var path = SimulatedPath(measured: 500)
        path.reflector.numbering = .copying
        path.forward.detoured = 0.02
        let stream = analyse(path.run()).streams[0]
        #expect(stream.forward.reordered == nil && stream.reverse.reordered == nil)
        #expect(stream.packets.reordered > 0)
        #expect(stream.forward.duplicates == 0)
        path.forward.detoured = 0
        path.reverse.duplicated = 0.05
        let duplicated = analyse(path.run()).streams[0]
        #expect(duplicated.forward.duplicates == nil && duplicated.reverse.duplicates == nil)
        #expect(duplicated.packets.duplicates > 0)
    }

    @Test("pure reverse loss from a fresh counter needs to be told that it counts, or another stream that shows it")
    func freshCounter() {
        var path = SimulatedPath(measured: 1000)
        path.reflector.numbering = .counting(from: 0)
        path.reverse.loss = .packets([100, 200, 300])
        let run = path.run()
        #expect(analyse(run).streams[0].reverse.loss == nil)
        let told = analyse(run, stateful: true).streams[0]
        #expect(told.reverse.loss?.lost == 3 && told.forward.loss?.lost == 0)
        var other = path
        other.forward.loss = .packets([5])
        other.reverse.loss = .random(0)
        let both = SimulatedPath.Run(
            observations: run.observations + other.run().observations,
            truths: []
        )
        let shown = analyse(both).streams[0]
        #expect(shown.reverse.loss?.lost == 3 && shown.forward.loss?.lost == 0)
    }

    @Test("a restart splits the run: losses across it have no direction, all others do", arguments: [0.6, 5, 30])
    func restart(at: Double) throws {
        var path = SimulatedPath(measured: 3000)
        path.reflector.numbering = .counting(from: 0)
        path.reflector.restart = (at, .counting(from: 0))
        let seam = Int((at / 0.02).rounded(.up))
        path.forward.loss = .packets([15, seam - 1, seam, seam + 100])
        path.reverse.loss = .packets([20, seam + 1, seam + 200])
        let stream = analyse(path.run()).streams[0]
        let forward = try #require(stream.forward.loss)
        let reverse = try #require(stream.reverse.loss)
        #expect(forward.lost == 2 && reverse.lost == 2)
        #expect(forward.unattributed == 3)
        #expect(stream.packets.duplicates == 0)
    }

    @Test("a change from stateless to stateful attributes only what the counting one lost")
    func failover() throws {
        var path = SimulatedPath(measured: 3000)
        path.reflector.numbering = .copying
        path.reflector.restart = (30, .counting(from: 0))
        path.forward.loss = .packets([500, 2000])
        path.reverse.loss = .packets([600, 2100])
        let stream = analyse(path.run()).streams[0]
        #expect(stream.forward.loss?.lost == 1 && stream.reverse.loss?.lost == 1)
        #expect(stream.forward.loss?.unattributed == 2)
    }

    @Test("numbers that mean nothing are not read", arguments: ["shared", "constant", "random"])
    func meaningless(kind: String) {
        var path = SimulatedPath(measured: 1000)
        path.forward.loss = .random(0.02)
        var run = path.run()
        var random = SeededRandom(seed: 4)
        for index in run.observations[0].replies.indices {
            let number: UInt32 =
                switch kind {
                case "shared": UInt32(index * 4)
                case "constant": 0
                default: UInt32(truncatingIfNeeded: random.next())
                }
            run.observations[0].replies[index].reflectorSequence = number
        }
        let stream = analyse(run).streams[0]
        #expect(stream.forward.loss == nil && stream.reverse.loss == nil)
        #expect(stream.roundTrip.loss?.lost == run.truths[0].forwardLost.count)
        #expect(stream.packets.duplicates == 0)
    }
}
