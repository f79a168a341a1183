import Foundation
import GRDB
import Glibc
import Testing
import Units

@testable import CollectorStore

@Suite struct SQLiteFileTests {
    @Test func whatIsAcknowledgedIsSynced() async throws {
        try await StoreKind.sqlite.with { store in
            let pragmas = try await store.database.write { session in
                try [
                    session.query("PRAGMA synchronous"), session.query("PRAGMA journal_mode"),
                ].map { try #require($0.first).values }
            }
            // 2 is FULL.
            #expect(pragmas == [[.integer(2)], [.text("wal")]])
        }
    }

    @Test func readersSeeOneStateWhileItIsWrittenTo() async throws {
        try await StoreKind.sqlite.with { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for number in 0..<100 {
                        let at = MadeUp.start + .seconds(Int64(number))
                        _ = try await store.store([try MadeUp.result("r\(number)", at: at)])
                    }
                }
                for _ in 0..<3 {
                    group.addTask {
                        for _ in 0..<50 {
                            let query = FleetQuery(now: MadeUp.start, silentAfter: MadeUp.hours(1))
                            let page = try await store.fleet(query)
                            #expect(page.counts.total == page.rows.count)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// Whoever adds a site or a reader is root, and that may be before the service ran for the first time.
    @Test(.enabled(if: geteuid() == 0)) func whatRootMakesIsTheServices() async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        try #require(chown(folder.path, 65_534, 65_534) == 0)
        let path = "\(folder.path)/collector.sqlite"
        let store = try await SQLStore.open(path)
        _ = try await store.addSite("Branch", now: MadeUp.start)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(names).isSuperset(of: ["collector.sqlite", "collector.sqlite-wal", "collector.sqlite-shm"]))
        for name in names {
            let found = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(name)")
            #expect(found[.ownerAccountID] as? Int == 65_534, "\(name)")
            #expect(found[.groupOwnerAccountID] as? Int == 65_534, "\(name)")
            #expect(found[.posixPermissions] as? Int == 0o600, "\(name)")
        }
        await store.close()
    }

    @Test func aDamagedFileIsToldFromOneThatIsMissing() async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let path = "\(folder.path)/collector.sqlite"
        try Data("This is no database, and it is long enough to show that it is none.".utf8)
            .write(to: URL(fileURLWithPath: path))
        let error = await #expect(throws: StoreError.self) { try await SQLStore.open(path) }
        #expect(error?.description.contains("restore it from a backup") == true, "\(String(describing: error))")
    }

    @Test func anotherProgramCanReadAndBackUpTheFile() async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let path = "\(folder.path)/collector.sqlite"
        let store = try await SQLStore.open(path)
        _ = try await store.store([try MadeUp.result("a")])
        let other = try DatabaseQueue(path: path)
        try other.backup(to: DatabaseQueue(path: "\(folder.path)/copy.sqlite"))
        await store.close()
        let copy = try await SQLStore.open("\(folder.path)/copy.sqlite")
        #expect(try await copy.store([try MadeUp.result("a")]) == [.duplicate])
        await copy.close()
    }
}
