import Settings
import Testing
import Units

@testable import Agent

/// Deliveries in virtual time, to collectors that fail at random. A failing run names its seed.
@Suite struct PushPropertyTests {
    /// What a run needs, and its end.
    private struct Run {
        let spool: Spool
        let collector: SimulatedCollector
        let clock = ManualClock()
        var delivery: Delivery
        let folder: TemporaryFolder

        init(seed: UInt64, batch: Int = 8) throws {
            folder = try TemporaryFolder(inMemory: true)
            spool = Spool(SpoolSettings(directory: folder.path), clock: clock)
            collector = SimulatedCollector(seed: seed)
            var settings = CollectorSettings(url: "https://collector.example")
            settings.batch = batch
            delivery = Delivery(
                spool: spool,
                settings: settings,
                backoff: Backoff(),
                userAgent: "linecheck/test",
                transport: collector,
                clock: clock,
                generator: SeededGenerator(seed: seed &+ 1)
            )
        }

        /// Until so many are stored, or the steps are used up.
        mutating func deliver(_ count: Int, steps: Int) {
            for _ in 0..<steps where collector.stored.count < count {
                let step = delivery.step()
                clock.advance(max(step.wait, .milliseconds(1)))
            }
        }
    }

    @Test(arguments: 1...12) func everythingArrivesOnceAndPoisonStandsInNobodysWay(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var run = try Run(seed: seed, batch: Int.random(in: 1...20, using: &generator))
        run.collector.faults = Double.random(in: 0...0.6, using: &generator)
        run.collector.most = Int.random(in: 1...20, using: &generator)
        let count = 40
        for number in 0..<count { run.spool.store(document(number)) }
        run.spool.store(document(count, kind: .assessment))
        for _ in 0..<Int.random(in: 0...5, using: &generator) {
            let id = "result-\(Int.random(in: 0..<count, using: &generator))"
            run.collector.poison[id] = SimulatedCollector.Poison.allCases.randomElement(using: &generator)
        }
        let poisoned = Set(run.collector.poison.keys)
        run.deliver(count + 1 - poisoned.count, steps: 1_500)
        let all = Set((0..<count).map { "result-\($0)" } + ["assessment-\(count)"])
        #expect(Set(run.collector.stored) == all.subtracting(poisoned), "seed \(seed)")
        #expect(run.collector.stored.count == all.count - poisoned.count, "seed \(seed)")
        // What is not delivered is kept.
        let setAside = Set(run.spool.setAside.map(\.id))
        let kept = setAside.union(run.spool.waiting())
        #expect(setAside.isSubset(of: poisoned), "seed \(seed)")
        // An answer that was lost leaves a document here that is stored there.
        #expect(kept.subtracting(run.collector.stored) == poisoned, "seed \(seed)")
        #expect(run.spool.status.dropped.isEmpty)
    }

    @Test(arguments: 1...5) func goodDocumentsAreNeverSetAsideHoweverBadTheWeather(seed: UInt64) throws {
        var run = try Run(seed: seed, batch: 4)
        run.collector.faults = 0.9
        for number in 0..<20 { run.spool.store(document(number)) }
        run.deliver(20, steps: 600)
        #expect(run.spool.setAside.isEmpty, "seed \(seed)")
        #expect(Set(run.collector.stored).count == run.collector.stored.count)
        #expect(run.spool.waiting().count + run.collector.stored.count >= 20)
    }

    @Test(arguments: SimulatedCollector.Poison.allCases)
    func onePoisonedDocumentDelaysTheOthersByNoMoreThanAFewRequests(poison: SimulatedCollector.Poison) throws {
        var run = try Run(seed: 7, batch: 16)
        run.collector.poison["result-3"] = poison
        for number in 0..<64 { run.spool.store(document(number)) }
        for _ in 0..<30 { run.clock.advance(max(run.delivery.step().wait, .milliseconds(1))) }
        #expect(run.collector.stored.count == 63)
        // New ones go first, whatever becomes of the poisoned one, which in the end is known for what it is.
        for number in 64..<100 {
            run.spool.store(document(number))
            run.clock.advance(.seconds(301))
            _ = run.delivery.step()
            #expect(run.collector.stored.last == "result-\(number)")
            run.clock.advance(.seconds(301))
            _ = run.delivery.step()
        }
        #expect(run.spool.setAside.map(\.id) == ["result-3"])
    }

    @Test func aCollectorThatRefusesEverythingDoesNotEmptyTheSpoolInNoTime() throws {
        var run = try Run(seed: 1, batch: 10)
        run.collector.fixed = .answered(HTTPResponse(status: 400, body: Array("{\"reason\":\"no\"}".utf8)))
        for number in 0..<200 { run.spool.store(document(number)) }
        let end = run.clock.read().monotonic + .seconds(3_600)
        while run.clock.read().monotonic < end {
            run.clock.advance(max(run.delivery.step().wait, .milliseconds(1)))
        }
        #expect(run.spool.status.pending > 140)
        #expect(run.spool.status.setAside > 3)
    }

    @Test(arguments: [401, 403, 404, 407, 429, 302, 503]) func anOutageKeepsEverythingAndIsPaced(status: Int) throws {
        var run = try Run(seed: 3)
        run.collector.fixed = .answered(HTTPResponse(status: status))
        for number in 0..<20 { run.spool.store(document(number)) }
        let end = run.clock.read().monotonic + .seconds(24 * 3_600)
        while run.clock.read().monotonic < end {
            run.clock.advance(max(run.delivery.step().wait, .milliseconds(1)))
        }
        // 300 s at most, 150 s on average; far fewer than one a second, and never given up.
        #expect((400...900).contains(run.collector.requests), "\(run.collector.requests)")
        #expect(run.spool.status.pending == 20)
        #expect(run.spool.status.lastFailure?.reason.contains("\(status)") == true)
        run.collector.fixed = nil
        run.deliver(20, steps: 50)
        #expect(run.collector.stored.count == 20)
    }

    @Test func backlogsGrowBackToFullBatches() throws {
        var run = try Run(seed: 4, batch: 50)
        run.collector.most = 12
        for number in 0..<300 { run.spool.store(document(number)) }
        run.deliver(300, steps: 1_000)
        #expect(run.collector.stored.count == 300)
        #expect(run.collector.requests < 90, "\(run.collector.requests)")
    }

    @Test func noSuchFileIsAFailureThatIsToldAndMended() throws {
        let folder = try TemporaryFolder(inMemory: true)
        let clock = ManualClock()
        let spool = Spool(SpoolSettings(directory: folder.path), clock: clock)
        spool.store(document(1))
        var settings = CollectorSettings(url: "https://collector.example")
        settings.tokenFile = .file("\(folder.path)/token")
        let collector = SimulatedCollector(seed: 1)
        var delivery = Delivery(
            spool: spool,
            settings: settings,
            backoff: Backoff(),
            userAgent: "linecheck/test",
            transport: collector,
            clock: clock
        )
        let step = delivery.step()
        #expect(
            step.events.map(\.description) == [
                "could not deliver results: \(folder.path)/token cannot be read: No such file or directory"
            ]
        )
        #expect(collector.requests == 0)
        _ = try folder.write("abcdefgh\n", to: "token")
        clock.advance(.seconds(2))
        _ = delivery.step()
        #expect(collector.stored == ["result-1"])
        #expect(collector.last?.headers.contains { $0 == ("Authorization", "Bearer abcdefgh") } == true)
    }

    /// A collector, or something on the way, can repeat what it was sent.
    @Test func secretsThatComeBackAreTakenOut() throws {
        let folder = try TemporaryFolder(inMemory: true)
        let clock = ManualClock()
        let spool = Spool(SpoolSettings(directory: folder.path), clock: clock)
        for number in 0..<2 { spool.store(document(number)) }
        var settings = CollectorSettings(url: "https://collector.example")
        settings.batch = 1
        settings.tokenFile = .file(try folder.write("t0ken-very-secret", to: "token"))
        settings.proxyCredentialsFile = .file(try folder.write("user:pa55word", to: "proxy"))
        let collector = SimulatedCollector(seed: 1)
        var delivery = Delivery(
            spool: spool,
            settings: settings,
            backoff: Backoff(),
            userAgent: "linecheck/test",
            transport: collector,
            clock: clock
        )
        var texts: [String] = []
        for body in ["{\"reason\":\"bad: Bearer t0ken-very-secret\"}", "{\"detail\":\"user:pa55word and pa55word\"}"] {
            for status in [422, 401, 500, 413] {
                spool.releaseSetAside()
                collector.fixed = .answered(HTTPResponse(status: status, body: Array(body.utf8)))
                clock.advance(.seconds(301))
                texts += delivery.step().events.map(\.description)
                texts.append("\(spool.status) \(spool.setAside)")
            }
        }
        collector.fixed = .cut("odd: pa55word")
        clock.advance(.seconds(301))
        texts += delivery.step().events.map(\.description)
        #expect(texts.count > 8)
        for text in texts { #expect(!text.contains("secret") && !text.contains("pa55word"), "\(text)") }
        #expect(texts.contains { $0.contains("(redacted)") })
    }
}
