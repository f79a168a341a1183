import Agent
import Foundation
import Testing
import Units

/// Which pieces of a check without end came, and which are told as missed.
@Suite struct ContinuousLedgerTests {
    private static let noon = WallInstant(nanosecondsSinceUnixEpoch: 1_795_521_600_000_000_000)

    private func at(_ seconds: Int64) -> WallInstant { Self.noon + .seconds(seconds) }

    private func ledger(hours: String? = nil, from: Int64 = -1) throws -> ContinuousLedger {
        var schedule = Schedule(name: "on", rhythm: .continuous(.seconds(60)), timeZone: .gmt)
        schedule.hours = try hours.map { try DayHours($0) }
        return ContinuousLedger(schedule, memory: .init(horizon: at(from)))
    }

    @Test func piecesThatCameAreNotMissed() throws {
        var ledger = try ledger()
        for minute in 0..<10 as Range<Int64> {
            #expect(ledger.cover(from: at(60 * minute), until: at(60 * minute + 60)) == at(60 * minute))
            #expect(ledger.missed(by: at(60 * minute + 75)).isEmpty)
        }
        #expect(ledger.missed(by: at(10 * 60 + 60)).isEmpty)
    }

    @Test func eachThatDidNotComeIsToldOnceAndNotBeforeItsTime() throws {
        var ledger = try ledger()
        _ = ledger.cover(from: at(0), until: at(60))
        #expect(ledger.missed(by: at(179)).isEmpty)
        #expect(ledger.missed(by: at(180)) == [at(60)])
        #expect(ledger.missed(by: at(181)).isEmpty)
        #expect(ledger.missed(by: at(300)) == [at(120), at(180)])
        #expect(ledger.missed(by: at(100)).isEmpty)
    }

    /// The process dies at 12:03:50 and begins anew at 12:03:52: its first piece reaches to 12:05.
    @Test func aPieceCoveredByLessThanHalfIsMissed() throws {
        var ledger = try ledger()
        for minute in 0..<3 as Range<Int64> { _ = ledger.cover(from: at(60 * minute), until: at(60 * minute + 60)) }
        #expect(ledger.cover(from: at(232), until: at(300)) == at(240))
        _ = ledger.cover(from: at(300), until: at(360))
        #expect(ledger.missed(by: at(479)) == [at(180)])
    }

    @Test func twoHalvesOfAPieceMakeItWhole() throws {
        var ledger = try ledger()
        #expect(ledger.cover(from: at(0), until: at(20)) == at(0))
        #expect(ledger.cover(from: at(25), until: at(60)) == at(0))
        #expect(ledger.missed(by: at(120)).isEmpty)
    }

    @Test func outsideItsHoursNothingIsMissed() throws {
        var ledger = try ledger(hours: "12:00-12:05")
        #expect(ledger.isOpen(at: at(0)) && ledger.isOpen(at: at(299)))
        #expect(!ledger.isOpen(at: at(-1)) && !ledger.isOpen(at: at(300)))
        #expect(ledger.missed(by: at(3_600)) == (0..<5).map { at(60 * $0) })
    }

    /// What came shortly before the agent stopped is still known when it runs again.
    @Test func aRestartForgetsNoPiece() throws {
        var before = try ledger()
        for minute in 0..<3 as Range<Int64> { _ = before.cover(from: at(60 * minute), until: at(60 * minute + 60)) }
        #expect(before.missed(by: at(130)).isEmpty)
        let file = try JSONEncoder().encode(before.memory)
        let schedule = Schedule(name: "on", rhythm: .continuous(.seconds(60)), timeZone: .gmt)
        var after = ContinuousLedger(
            schedule,
            memory: try JSONDecoder().decode(ContinuousLedger.Memory.self, from: file)
        )
        _ = after.cover(from: at(250), until: at(300))
        #expect(after.missed(by: at(360)) == [at(180)])
    }

    @Test func theAgentsTimeAwayIsMissed() throws {
        var ledger = try ledger(from: -600)
        #expect(ledger.missed(by: at(0)).count == 8)
    }
}
