import Testing
import Units

@testable import CollectorStore

@Suite struct OpeningTests {
    @Test(arguments: StoreKind.allCases)
    func whatWasStoredIsThereAfterClosing(_ kind: StoreKind) async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let address = try await kind.freshAddress(in: folder)
        let first = try await SQLStore.open(address)
        _ = try await first.store([try MadeUp.result("a")])
        await first.close()
        await #expect(throws: StoreError.closed) { try await first.sites() }
        await #expect(throws: StoreError.closed) { try await first.store([try MadeUp.result("b")]) }
        let second = try await SQLStore.open(address)
        #expect(try await second.store([try MadeUp.result("a")]) == [.duplicate])
        try await second.check()
        await second.close()
    }

    @Test(arguments: StoreKind.allCases)
    func aNewerSchemaIsRefusedAndLeftAlone(_ kind: StoreKind) async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let address = try await kind.freshAddress(in: folder)
        let store = try await SQLStore.open(address)
        try await store.database.write { session in
            _ = try session.query("INSERT INTO linecheck_schema (version) VALUES (999)")
        }
        await store.close()
        let refusal = StoreError.newerSchema(found: 999, known: Schema.migrations(.sqlite).count)
        await #expect(throws: refusal) { try await SQLStore.open(address) }
        #expect(refusal.description.contains("999"))
    }

    @Test(arguments: StoreKind.allCases)
    func severalOpenAnEmptyDatabaseAtOnce(_ kind: StoreKind) async throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let address = try await kind.freshAddress(in: folder)
        let stores = try await withThrowingTaskGroup(of: SQLStore.self) { group in
            for _ in 0..<4 { group.addTask { try await SQLStore.open(address) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for (index, store) in stores.enumerated() {
            #expect(try await store.store([try MadeUp.result("a")]) == [index == 0 ? .stored : .duplicate])
        }
        for store in stores { await store.close() }
    }

    @Test func anAddressThatCannotBeIsRefusedWithWhatWouldDo() async {
        for (address, words) in [
            ("mysql://root@localhost/x", "postgres://"), ("postgres://h:notaport/x?nonsense=1", "cannot be read"),
            ("/nonexistent/folder/x.sqlite", "see that its directory is there"),
            ("postgres://nobody@127.0.0.1:1/x", "see that it runs"),
        ] {
            let error = await #expect(throws: StoreError.self) { try await SQLStore.open(address) }
            #expect(error?.description.contains(words) == true, "\(String(describing: error))")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func everyKeyBeginsWithTheSite(_ kind: StoreKind) async throws {
        let ofNoSite: Set = ["linecheck_schema", "reader", "keeping"]
        for statement in Schema.migrations(kind == .sqlite ? .sqlite : .postgres).joined()
        where statement.hasPrefix("CREATE TABLE") {
            let name = String(statement.split(separator: " ")[2])
            let first = statement.split(separator: "\n").dropFirst().first.map { $0.drop { $0 == " " } } ?? ""
            let key =
                statement.contains("PRIMARY KEY (site,") || first.hasPrefix("site") && first.contains("PRIMARY KEY")
            #expect(key != ofNoSite.contains(name), "\(name)")
        }
    }
}
