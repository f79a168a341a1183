import Foundation
import GRDB
import Testing
import Units

@testable import Agent

/// A damaged file is moved out of the way, and a new one begun.
@Suite struct SpoolDamageTests {
    private let folder: TemporaryFolder
    private let clock = ManualClock()
    private let reported = Reported<SpoolEvent>()

    init() throws { folder = try TemporaryFolder(inMemory: true) }

    private func open() -> Spool {
        Spool(SpoolSettings(directory: folder.path), clock: clock) { [reported] in reported($0) }
    }

    private var moved: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.contains("damaged") }
            .sorted()
    }

    @Test func aFileThatIsNoDatabase() throws {
        _ = try folder.write(String(repeating: "not a database ", count: 1_000), to: SpoolDatabase.fileName)
        let spool = open()
        #expect(spool.store(document(1)) == .durable)
        #expect(spool.waiting() == ["result-1"])
        #expect(moved == ["spool.damaged-20261124T120000Z.sqlite"])
        #expect(spool.status.movedAside?.path == "\(folder.path)/\(moved[0])")
        #expect(reported.all.count == 1)
        guard case .movedAside = reported.all.first else {
            Issue.record("the damage was not reported")
            return
        }
        spool.close()
        #expect(open().status.movedAside?.at == ManualClock.start)
    }

    @Test func twoInTheSameSecondBothKeepTheirPlace() throws {
        for _ in 0..<2 {
            _ = try folder.write(String(repeating: "not a database ", count: 1_000), to: SpoolDatabase.fileName)
            open().close()
        }
        #expect(moved == ["spool.damaged-20261124T120000Z-2.sqlite", "spool.damaged-20261124T120000Z.sqlite"])
    }

    /// Pages overwritten by a failing disk, anywhere in the file.
    @Test(arguments: 1...20) func pagesThatWereOverwritten(seed: UInt64) throws {
        let spool = open()
        for number in 0..<200 { spool.store(document(number, octets: 2_000)) }
        spool.close()
        let path = SpoolDatabase.path(in: folder.path)
        var octets = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<3 {
            let start = Int.random(in: 0..<octets.count - 600, using: &generator)
            for offset in start..<start + 600 { octets[offset] = UInt8.random(in: 0...255, using: &generator) }
        }
        try Data(octets).write(to: URL(fileURLWithPath: path))
        let reopened = open()
        #expect(reopened.store(document(1_000)) == .durable)
        #expect(reopened.waiting().contains("result-1000"))
        let status = reopened.status
        // Either the file was moved, or the damage was in bodies, and the rows that it hit are known for it.
        #expect(status.movedAside != nil || (status.setAside > 0 && status.pending + status.setAside == 201))
        for document in reopened.pending(.result, upTo: .max, octets: .max) where document.id != "result-1000" {
            #expect(document.json.starts(with: Array("{\"id\":\"\(document.id)\"".utf8)))
        }
    }

    @Test func aBodyThatWasDamagedIsSetAsideAndTheOthersGoOn() throws {
        let spool = open()
        for number in 0..<3 { spool.store(document(number)) }
        let database = try SpoolDatabase.open(in: folder.path)
        try database.queue.write { database in
            try database.execute(sql: "UPDATE document SET body = x'789c0000' WHERE id = 'result-1'")
        }
        #expect(spool.waiting() == ["result-0", "result-2"])
        #expect(spool.setAside.map(\.id) == ["result-1"])
        #expect(spool.setAside.first?.reason == "damaged in the spool")
    }

    @Test func aPlaceThatCannotBeADirectoryIsLivedWith() throws {
        let file = try folder.write("", to: "file")
        let spool = Spool(SpoolSettings(directory: "\(file)/spool"), clock: clock)
        #expect(!spool.store(document(1)).isDurable)
        #expect(spool.store(document(1)) != .durable)
        #expect(spool.status.pending == 1)
        #expect(spool.status.held == 1)
        // It is delivered from memory meanwhile.
        #expect(spool.waiting() == ["result-1"])
        spool.settle(["result-1": .delivered], succeeded: true)
        #expect(spool.waiting().isEmpty)
        // And the next is written as soon as there is a place for it.
        #expect(!spool.store(document(2)).isDurable)
        try FileManager.default.removeItem(atPath: file)
        spool.flush()
        #expect(spool.condition == .durable)
        #expect(spool.status.held == 0)
        #expect(spool.waiting() == ["result-2"])
        #expect(spool.status.lastSuccess == ManualClock.start)
    }

    @Test func memoryIsBoundedAndWhatItLosesIsCountedInTheEnd() throws {
        let file = try folder.write("", to: "file")
        let spool = Spool(SpoolSettings(directory: "\(file)/spool"), clock: clock)
        spool.store(document(0, kind: .assessment, octets: 1_000_000))
        for number in 0..<40 { spool.store(document(number, octets: 1_000_000)) }
        let held = spool.status.held
        #expect(held < 41)
        #expect(spool.status.dropped == [.result: 41 - held])
        try FileManager.default.removeItem(atPath: file)
        spool.flush()
        #expect(spool.waiting(.assessment) == ["assessment-0"])
        #expect(spool.waiting().last == "result-39")
        #expect(spool.waiting().count == held - 1)
        spool.close()
        let reopened = Spool(SpoolSettings(directory: "\(file)/spool"), clock: clock)
        #expect(reopened.status.dropped == [.result: 41 - held])
    }
}
