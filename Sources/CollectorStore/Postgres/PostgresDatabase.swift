import Dispatch
import Foundation
import Synchronization

/// A PostgreSQL database, over connections that each have a thread of their own: libpq waits, and the threads that
/// tasks run on must not.
final class PostgresDatabase: SQLDatabase {
    private let jobs = PostgresJobs()
    private let threads = DispatchGroup()
    let writers: Int

    /// Connects when first asked for something.
    ///
    /// - Throws: ``StoreError/badAddress(_:)``.
    init(url: String, connections: Int) throws {
        if let reason = PostgresConnection.refusal(ofURL: url) {
            throw StoreError.badAddress("the database address cannot be read: \(reason)")
        }
        let connections = max(2, connections)
        // One is left for readers.
        writers = connections - 1
        for number in 1...connections { Self.start(number, url, jobs, threads) }
    }

    private static func start(_ number: Int, _ url: String, _ jobs: PostgresJobs, _ threads: DispatchGroup) {
        threads.enter()
        let thread = Thread {
            let worker = PostgresWorker(url: url)
            while let job = jobs.next() { job(worker) }
            threads.leave()
        }
        thread.name = "postgres-\(number)"
        thread.start()
    }

    func read<Value: Sendable>(_ work: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value {
        try await run(.read, work)
    }

    func write<Value: Sendable>(_ work: @escaping @Sendable (any SQLSession) throws -> Value) async throws -> Value {
        try await run(.write, work)
    }

    private func run<Value: Sendable>(
        _ access: PostgresWorker.Access,
        _ work: @escaping @Sendable (any SQLSession) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let isTaken = jobs.add { worker in
                continuation.resume(with: Result { try worker.run(access, work) })
            }
            if !isTaken { continuation.resume(throwing: StoreError.closed) }
        }
    }

    /// Returns when what was asked before is done and every connection has ended.
    func close() async {
        jobs.close(threads: writers + 1)
        await withCheckedContinuation { continuation in
            threads.notify(queue: .global()) { continuation.resume() }
        }
    }

    deinit { jobs.close(threads: writers + 1) }
}

/// What the threads have to do, first come, first served.
final class PostgresJobs: Sendable {
    typealias Job = @Sendable (PostgresWorker) -> Void

    private struct State {
        var jobs: [Job] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    /// Counts jobs, and, once it is closed, threads that are to end.
    private let waiting = DispatchSemaphore(value: 0)

    /// - Returns: false when it is closed.
    func add(_ job: @escaping Job) -> Bool {
        let isTaken = state.withLock { state in
            if !state.isClosed { state.jobs.append(job) }
            return !state.isClosed
        }
        if isTaken { waiting.signal() }
        return isTaken
    }

    /// Waits for the next job; nil when there will be none.
    func next() -> Job? {
        waiting.wait()
        return state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
    }

    func close(threads: Int) {
        let wasOpen = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard wasOpen else { return }
        for _ in 0..<threads { waiting.signal() }
    }
}
