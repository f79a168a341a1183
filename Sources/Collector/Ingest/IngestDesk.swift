import CollectorStore
import HTTPTypes
import Synchronization
import Units

/// What all ingest of this process shares: the way into the store, and how much a site may ask of it.
final class IngestDesk: Sendable {
    let store: any ResultStore
    /// Documents.
    let documents: Allowance<String>
    private let underWay = Mutex<[String: Int]>([:])
    private let places: Places

    /// An agent sends one at a time; a few of its kind may share a site's credentials.
    private static let requestsPerSite = 8
    /// Bodies that are inflated and read at once: what bounds memory, whatever many sites send.
    private static let requestsAtOnce = 16

    init(_ store: any ResultStore, limits: IngestLimits) {
        self.store = store
        documents = Allowance(perMinute: limits.rate, burst: limits.rate)
        places = Places(Self.requestsAtOnce)
    }

    /// - Throws: ``Problem``, 429, where the site has too many requests under way.
    func admit<Answer>(_ site: String, _ body: () async throws -> Answer) async throws -> Answer {
        let isAdmitted = underWay.withLock { underWay in
            guard underWay[site, default: 0] < Self.requestsPerSite else { return false }
            underWay[site, default: 0] += 1
            return true
        }
        guard isAdmitted else {
            throw Problem(
                .tooManyRequests,
                "'\(site)' has \(Self.requestsPerSite) requests under way already",
                retryAfter: .seconds(1)
            )
        }
        defer { leave(site) }
        return try await body()
    }

    private func leave(_ site: String) {
        underWay.withLock { underWay in
            let left = underWay[site, default: 1] - 1
            underWay[site] = left > 0 ? left : nil
        }
    }

    /// Runs the body once there is room for what it holds in memory.
    func inTurn<Answer: Sendable>(_ body: @Sendable () async throws -> Answer) async rethrows -> Answer {
        await places.take()
        do {
            let answer = try await body()
            await places.give()
            return answer
        } catch {
            await places.give()
            throw error
        }
    }
}

/// So many at once; the others wait in the order in which they came.
actor Places {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { free = count }

    func take() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func give() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
