import Units

/// What happens to the documents of one kind, from answer to answer: which to send next and when, which are done with,
/// and which stay. Reads no clock, no spool and no socket.
///
/// Nothing blocks the rest:
/// - A batch that is too large, is refused as a whole, or makes the collector fail is halved, until what is at fault is
///   alone; batches grow again with success.
/// - A document that is refused alone is set aside. When several in a row are refused, and none is taken between, it
///   may be the collector that is at fault, and there is a wait between them, so that it does not empty the spool.
/// - A document on which the collector fails alone, or that its answers do not name, is passed over until nothing else
///   waits. It is set aside only when that went on for ``suspicion``, and the collector answered for others all along.
struct PushLane: Sendable {
    /// A document with which the collector failed.
    private struct Suspect {
        var since: MonotonicInstant
        /// Failures alone, each with a success of others since the one before.
        var strikes = 0
        var othersPassed = false
        /// Answers that named it not.
        var unanswered = 0
    }

    static let suspicion = (strikes: 10, duration: Nanoseconds.seconds(3_600))
    private static let mostSuspects = 1_000
    /// Refusals of one document each, in a row, until the collector itself is suspected.
    static let refusalsInARow = 3

    let backoff: Backoff
    let batch: Int
    /// Documents in the next batch at most.
    private(set) var limit: Int
    /// What ``limit`` grows to: lowered by a collector for which a batch was too large.
    private var ceiling: Int
    private(set) var failures = 0
    private var refusals = 0
    private(set) var notBefore: MonotonicInstant
    private var suspects: [String: Suspect] = [:]
    /// Suspects in the order in which they are tried again.
    private var order: [String] = []

    init(batch: Int, backoff: Backoff, now: MonotonicInstant) {
        self.batch = batch
        self.backoff = backoff
        limit = batch
        ceiling = batch
        notBefore = now
    }

    /// Ids to pass over while anything else waits.
    var passedOver: Set<String> { Set(suspects.keys) }

    /// What to try when nothing else waits.
    var nextSuspects: [String] { Array(order.prefix(limit)) }

    /// What is no longer in the spool is suspected no longer.
    mutating func forget(_ ids: [String]) {
        for id in ids { suspects[id] = nil }
        order.removeAll { suspects[$0] == nil }
    }

    /// What an answer means for the documents that were sent; those not named stay.
    struct Verdict: Hashable, Sendable {
        var settlements: [String: Settlement] = [:]
        /// Why the push as a whole did not succeed.
        var failure: String?
        /// Whether the collector took or knew anything, or was asked nothing.
        var succeeded = false
    }

    mutating func receive<Generator: RandomNumberGenerator>(
        _ answer: CollectorAnswer,
        to ids: [String],
        now: MonotonicInstant,
        using generator: inout Generator
    ) -> Verdict {
        switch answer {
        case .items(let items): return receive(items, to: ids, now: now, using: &generator)
        case .tooLarge(let reason): return refuse(reason, ids, tooLarge: true, now: now, using: &generator)
        case .refused(let reason): return refuse(reason, ids, tooLarge: false, now: now, using: &generator)
        case .failed(let reason):
            let settlements = suspect(ids, reason, now: now)
            wait(retryAfter: nil, now: now, using: &generator)
            return Verdict(settlements: settlements, failure: reason)
        case .unavailable(let reason, let retryAfter):
            wait(retryAfter: retryAfter, now: now, using: &generator)
            return Verdict(failure: reason)
        case .interrupted: return Verdict()
        }
    }

    // MARK: - Answers

    private mutating func receive<Generator: RandomNumberGenerator>(
        _ items: [String: CollectorAnswer.ItemStatus],
        to ids: [String],
        now: MonotonicInstant,
        using generator: inout Generator
    ) -> Verdict {
        var verdict = Verdict()
        var silent: [String] = []
        for id in ids {
            switch items[id] {
            case .stored, .duplicate: verdict.settlements[id] = .delivered
            case .refused(let reason): verdict.settlements[id] = .setAside(reason)
            case nil: silent.append(id)
            }
        }
        forget(Array(verdict.settlements.keys))
        for id in silent where missed(id, now: now) {
            verdict.settlements[id] = .setAside("the collector's answers do not say what became of it")
        }
        verdict.succeeded = verdict.settlements.values.contains(.delivered)
        if !silent.isEmpty {
            verdict.failure = "the collector's answer names \(ids.count - silent.count) of \(ids.count) documents"
        }
        if silent.count == ids.count {
            wait(retryAfter: nil, now: now, using: &generator)
        } else {
            passed()
        }
        return verdict
    }

    /// - Returns: whether that was once too often.
    private mutating func missed(_ id: String, now: MonotonicInstant) -> Bool {
        doubt(id, now: now)
        suspects[id]?.unanswered += 1
        guard let suspect = suspects[id], suspect.unanswered >= Self.suspicion.strikes,
            now - suspect.since >= Self.suspicion.duration
        else { return false }
        forget([id])
        return true
    }

    private mutating func passed() {
        failures = 0
        refusals = 0
        ceiling = min(batch, ceiling + 1)
        limit = min(ceiling, limit * 2)
        for id in order { suspects[id]?.othersPassed = true }
    }

    private mutating func refuse<Generator: RandomNumberGenerator>(
        _ reason: String,
        _ ids: [String],
        tooLarge: Bool,
        now: MonotonicInstant,
        using generator: inout Generator
    ) -> Verdict {
        guard ids.count <= 1 else {
            limit = max(1, ids.count / 2)
            if tooLarge { ceiling = limit }
            return Verdict()
        }
        // The collector is there and took its decision: that is no failure to reach it.
        failures = 0
        refusals += 1
        forget(ids)
        if refusals >= Self.refusalsInARow {
            failures = refusals - Self.refusalsInARow
            wait(retryAfter: nil, now: now, using: &generator)
        }
        let settlements = Dictionary(uniqueKeysWithValues: ids.map { ($0, Settlement.setAside(reason)) })
        return Verdict(settlements: settlements, failure: reason)
    }

    /// Halves what the collector failed on, and passes over what it failed on alone.
    private mutating func suspect(_ ids: [String], _ reason: String, now: MonotonicInstant) -> [String: Settlement] {
        guard ids.count == 1, let id = ids.first else {
            limit = max(1, ids.count / 2)
            return [:]
        }
        doubt(id, now: now)
        guard var suspect = suspects[id] else { return [:] }
        if suspect.othersPassed { suspect.strikes += 1 }
        suspect.othersPassed = false
        suspects[id] = suspect
        guard suspect.strikes >= Self.suspicion.strikes, now - suspect.since >= Self.suspicion.duration else {
            return [:]
        }
        forget([id])
        return [id: .setAside("the collector fails on it, and takes others: \(reason)")]
    }

    /// Puts a document last.
    private mutating func doubt(_ id: String, now: MonotonicInstant) {
        order.removeAll { $0 == id }
        order.append(id)
        if suspects[id] == nil { suspects[id] = Suspect(since: now) }
        // In a long outage everything is suspected in turn.
        if order.count > Self.mostSuspects { suspects[order.removeFirst()] = nil }
    }

    private mutating func wait<Generator: RandomNumberGenerator>(
        retryAfter: Nanoseconds?,
        now: MonotonicInstant,
        using generator: inout Generator
    ) {
        failures += 1
        notBefore = now + backoff.wait(failures: failures, retryAfter: retryAfter, using: &generator)
    }

    /// Something that only this end can mend kept the batch from being sent.
    mutating func couldNotSend<Generator: RandomNumberGenerator>(
        now: MonotonicInstant,
        using generator: inout Generator
    ) {
        wait(retryAfter: nil, now: now, using: &generator)
    }
}
