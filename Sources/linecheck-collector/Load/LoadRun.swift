import Foundation
import LinuxNet
import Synchronization
import Units

/// Agents that deliver, and somebody who looks at the fleet page meanwhile.
struct LoadRun: Sendable {
    let target: LoadTarget
    let batches: [LoadBatch]
    let connections: Int
    /// Results a second; 0 without bound.
    let rate: Int
    let pages: Int
    let ledger: LoadLedger?
    let within: Nanoseconds

    func play() async -> LoadReport {
        let tally = LoadTally()
        let queue = LoadQueue(batches, rate: rate, deadline: SystemClock().monotonic() + within)
        let start = SystemClock().monotonic()
        let busy = Self.processorTime
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<connections { group.addTask { await deliver(queue, tally) } }
            if pages > 0 { group.addTask { await look(queue, tally) } }
            await group.waitForAll()
        }
        let took = tally.lastAnswer - start
        return LoadReport(
            tally: tally.numbers,
            took: took,
            asked: batches.reduce(0) { $0 + $1.ids.count },
            clientTime: Self.processorTime - busy
        )
    }

    private static var processorTime: Nanoseconds {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return .seconds(Int64(time.tv_sec)) + Nanoseconds(Int64(time.tv_nsec))
    }

    /// One connection after another, until nothing is left to deliver.
    private func deliver(_ queue: LoadQueue, _ tally: LoadTally) async {
        var open: LoadBatch?
        while !queue.isOver {
            do {
                try await LoadConnection.open(target) { connection in
                    while let batch = open ?? queue.next() {
                        open = batch
                        let answer = try await connection.post(batch)
                        guard try accept(answer, batch, tally) else {
                            try await Task.sleep(for: .milliseconds(200))
                            continue
                        }
                        open = nil
                        await queue.pace(batch.ids.count)
                    }
                }
            } catch {
                // The collector is not there: an agent tries again.
                tally.countFailure()
                try? await Task.sleep(for: .milliseconds(50))
            }
            if open == nil, queue.isEmpty { return }
        }
    }

    /// - Returns: whether the batch is settled.
    private func accept(_ answer: LoadAnswer, _ batch: LoadBatch, _ tally: LoadTally) throws -> Bool {
        guard answer.status == 200 else {
            tally.countFailure()
            return false
        }
        let lots = try JSONDecoder().decode(LoadLots.self, from: Data(answer.body))
        let safe = lots.results.filter { $0.status != "refused" }.map(\.id)
        ledger?.note(safe)
        tally.count(lots, took: answer.took, at: SystemClock().monotonic())
        return true
    }

    /// The fleet page, at even distances over what the delivery takes, as far as that can be told.
    private func look(_ queue: LoadQueue, _ tally: LoadTally) async {
        let pause = rate > 0 ? Double(queue.count) / Double(rate) / Double(pages + 1) : 0.1
        for _ in 0..<pages where !queue.isOver {
            try? await Task.sleep(for: .seconds(pause))
            do {
                try await LoadConnection.open(target) { connection in
                    let answer = try await connection.get("/")
                    if answer.status == 200 { tally.countPage(answer.took) } else { tally.countFailure() }
                }
            } catch {
                tally.countFailure()
            }
        }
    }
}

/// What the collector answers to a batch.
struct LoadLots: Decodable {
    struct Item: Decodable {
        var id: String
        var status: String
    }

    var results: [Item]
}

/// Batches, each handed out once, no faster than they may be sent.
final class LoadQueue: Sendable {
    private struct State {
        var next = 0
        var handedOut = 0
    }

    private let batches: [LoadBatch]
    private let rate: Int
    private let start = SystemClock().monotonic()
    private let deadline: MonotonicInstant
    private let state = Mutex(State())
    let count: Int

    init(_ batches: [LoadBatch], rate: Int, deadline: MonotonicInstant) {
        self.batches = batches
        self.rate = rate
        self.deadline = deadline
        count = batches.reduce(0) { $0 + $1.ids.count }
    }

    var isOver: Bool { SystemClock().monotonic() > deadline }
    var isEmpty: Bool { state.withLock { $0.next >= batches.count } }

    func next() -> LoadBatch? {
        guard !isOver else { return nil }
        return state.withLock { state in
            guard state.next < batches.count else { return nil }
            defer { state.next += 1 }
            state.handedOut += batches[state.next].ids.count
            return batches[state.next]
        }
    }

    /// Waits until the rate allows for more.
    func pace(_ results: Int) async {
        guard rate > 0 else { return }
        let due = start + .seconds(rounding: Double(state.withLock { $0.handedOut }) / Double(rate))
        let wait = due - SystemClock().monotonic()
        if wait > .zero { try? await Task.sleep(for: .nanoseconds(wait.count)) }
    }
}
