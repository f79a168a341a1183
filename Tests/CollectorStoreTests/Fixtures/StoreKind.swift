import Foundation
import Testing

@testable import CollectorStore

/// Every store there is: each test of the conformance suite runs on a fresh one of each.
enum StoreKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case sqlite, postgres

    var testDescription: String { rawValue }

    /// Where an empty database is.
    func freshAddress(in folder: TemporaryFolder) async throws -> String {
        switch self {
        case .sqlite: "\(folder.path)/collector.sqlite"
        case .postgres: try await PostgresServer.shared.value.freshDatabase()
        }
    }

    func with<Value>(_ body: (SQLStore) async throws -> Value) async throws -> Value {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let store = try await SQLStore.open(freshAddress(in: folder))
        do {
            let value = try await body(store)
            await store.close()
            return value
        } catch {
            await store.close()
            throw error
        }
    }
}

struct TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = "\(NSTemporaryDirectory())/linecheck-store-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
