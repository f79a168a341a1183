import Foundation
import Results
import Testing
import Units

@testable import Agent
@testable import SampleChecks

/// What goes out of a full spool, and in which order: the packets of incidents, whole results, assessments.
@Suite struct SpoolLighteningTests {
    private static let small = 12_000_000
    /// Octets of packets in each result: random, so that no compression makes them smaller than the three quarters
    /// that Base64 carries.
    private static let packetOctets = 700_000

    private let folder: TemporaryFolder
    private let clock = ManualClock()
    private let reported = Reported<SpoolEvent>()

    init() throws { folder = try TemporaryFolder(inMemory: true) }

    private func open() -> Spool {
        Spool(SpoolSettings(directory: folder.path, size: Self.small), clock: clock) { [reported] in reported($0) }
    }

    /// A result whose incidents hold packets, as any other in every other part.
    private func result(_ number: Int, packets octets: Int = packetOctets) throws -> SpooledDocument {
        var generator = SeededGenerator(seed: UInt64(number) + 1)
        var result = SampleIncidents.document
        result.id = "result-\(number)"
        result.schedule = nil
        result.endedAt = UTCTime(ManualClock.start + .seconds(60) * Int64(number))
        var incidents = try #require(result.incidents)
        let share = octets / incidents.count
        for index in incidents.indices {
            let random = Data((0..<share).map { _ in UInt8.random(in: 0...255, using: &generator) })
            incidents[index].packets?.data = random.base64EncodedString()
        }
        result.incidents = incidents
        return try SpooledDocument(result)
    }

    private func packets(_ document: SpooledDocument) throws -> Int {
        let result = try ResultDocument.decode(Data(document.json))
        return result.incidents?.compactMap(\.packets).count ?? 0
    }

    private func waiting(_ spool: Spool) -> [SpooledDocument] { spool.pending(.result, upTo: .max, octets: .max) }

    @Test func packetsGoBeforeAnyResultDoesTheOldestFirst() throws {
        let spool = open()
        spool.store(document(0, kind: .assessment, octets: 1_000))
        let count = 40
        for number in 0..<count { #expect(spool.store(try result(number)) == .durable) }
        let waiting = waiting(spool)
        // 28 MB came, and 8 fit: nothing but packets went.
        #expect(waiting.map(\.id) == (0..<count).map { "result-\($0)" })
        #expect(spool.waiting(.assessment) == ["assessment-0"])
        #expect(spool.status.dropped.isEmpty)
        let kept = try waiting.map(packets)
        let lightened = kept.count { $0 == 0 }
        #expect(kept == Array(repeating: 0, count: lightened) + Array(repeating: 2, count: count - lightened))
        #expect((25..<count).contains(lightened))
        #expect(spool.status.lightened == lightened)
        #expect(spool.status.size <= Self.small - SpoolDatabase.journalReserve && folder.size <= Self.small)
        let told = reported.all.reduce(0) { sum, event in
            if case .lightened(let count, _) = event { sum + count } else { sum }
        }
        #expect(told == lightened)
        for document in waiting.prefix(lightened) {
            let result = try ResultDocument.decode(Data(document.json))
            #expect(result.incidentsLeftOut?.packetRecords == 2)
            #expect(result.criteria == SampleIncidents.document.criteria)
        }
        spool.close()
        #expect(open().status.lightened == lightened)
    }

    @Test func whereNoPacketsAreLeftTheOldestResultsGoAndAssessmentsLast() throws {
        let spool = open()
        for number in 0..<3 { spool.store(document(number, kind: .assessment, octets: 1_000_000)) }
        for number in 0..<8 { spool.store(try result(number)) }
        // Without packets, and far larger than any result is.
        for number in 100..<120 { spool.store(document(number, octets: 1_000_000)) }
        let (status, waiting) = (spool.status, waiting(spool))
        #expect(status.lightened == 8)
        let dropped = reported.all.compactMap { event in
            if case .dropped(let kind, let id, _) = event { "\(kind) \(id)" } else { nil }
        }
        let all = (0..<8).map { "result-\($0)" } + (100..<120).map { "result-\($0)" }
        #expect(dropped == all.prefix(dropped.count).map { "result \($0)" })
        #expect(waiting.map(\.id) == Array(all.dropFirst(dropped.count)))
        #expect(dropped.count > 8 && status.dropped == [.result: dropped.count])
        #expect(spool.waiting(.assessment).count == 3)
        // Packets went before the first result did.
        let first = try #require(reported.all.firstIndex { if case .dropped = $0 { true } else { false } })
        let lightened = reported.all[..<first].reduce(0) { sum, event in
            if case .lightened(let count, _) = event { sum + count } else { sum }
        }
        #expect(lightened == 8)
        // And assessments only once no result is left.
        for number in 10..<25 { spool.store(document(number, kind: .assessment, octets: 1_000_000)) }
        #expect(spool.waiting().isEmpty)
        #expect(spool.waiting(.assessment).last == "assessment-24")
        let kinds = reported.all.compactMap { event -> DocumentKind? in
            if case .dropped(let kind, _, _) = event { kind } else { nil }
        }
        #expect(kinds == kinds.filter { $0 == .result } + kinds.filter { $0 == .assessment })
        #expect(kinds.contains(.assessment))
    }

    /// One alone that does not fit loses its packets, and stays.
    @Test func aSingleResultThatIsTooLargeIsKeptWithoutItsPackets() throws {
        let spool = open()
        spool.store(try result(1, packets: 9_000_000))
        #expect(try waiting(spool).map(packets) == [0])
        #expect(spool.status.lightened == 1 && spool.status.droppedInAll == 0)
    }
}
