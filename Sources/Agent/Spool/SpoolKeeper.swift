import Foundation
import GRDB
import Units

/// The spool's file, and what could not be written to it yet.
///
/// Every call tries the file first and falls back on memory; nothing throws, and nothing stays in memory once the file
/// can be written again.
struct SpoolKeeper {
    private let settings: SpoolSettings
    private var database: SpoolDatabase?
    private(set) var condition = SpoolCondition.durable
    /// Documents that could not be written, oldest first.
    private var held: [StoredDocument] = []
    /// What became of documents whose rows could not be changed: they must not be sent again meanwhile.
    private var unwritten: [String: Settlement] = [:]
    /// Counts and events that could not be written.
    private var unwrittenDrops: [DocumentKind: Int] = [:]
    private var lastSuccess: WallInstant?
    private var lastFailure: PushFailure?
    private var movedAside: MovedSpool?
    private var events: [SpoolEvent] = []

    /// Octets of compressed documents that may wait in memory.
    static let heldLimit = 16 << 20

    init(_ settings: SpoolSettings) { self.settings = settings }

    /// What there is to say since the last call.
    mutating func takeEvents() -> [SpoolEvent] {
        defer { events = [] }
        return events
    }

    // MARK: - The file

    /// Does `work` on the file, in one transaction.
    ///
    /// - Returns: nil when that cannot be; ``condition`` then tells why.
    private mutating func onFile<Value>(
        now: WallInstant,
        writing: Bool = true,
        _ work: (Database) throws -> Value
    ) -> Value? {
        for _ in 0..<2 {
            do {
                let open = try database ?? SpoolDatabase.open(in: settings.directory)
                database = open
                let value = try writing ? open.queue.write(work) : open.queue.read(work)
                if writing { change(to: .durable) }
                return value
            } catch {
                guard case .damaged(let reason) = fail(SpoolTrouble(error)) else { return nil }
                guard replaceDamaged(reason, now: now) else { return nil }
            }
        }
        return nil
    }

    private mutating func fail(_ trouble: SpoolTrouble) -> SpoolTrouble {
        if case .condition(let condition) = trouble { change(to: condition) }
        return trouble
    }

    private mutating func change(to new: SpoolCondition) {
        guard new.name != condition.name else { return }
        condition = new
        events.append(.condition(new))
    }

    private mutating func replaceDamaged(_ reason: String, now: WallInstant) -> Bool {
        try? database?.queue.close()
        database = nil
        do {
            let path = try SpoolDatabase.moveAside(in: settings.directory, at: now)
            let moved = MovedSpool(at: now, path: path, reason: reason)
            movedAside = moved
            events.append(.movedAside(moved))
            return true
        } catch {
            change(to: .unavailable("\(reason), and the file cannot be moved: \(error.localizedDescription)"))
            return false
        }
    }

    // MARK: - In

    mutating func store(_ document: SpooledDocument, now: WallInstant) {
        let stored = StoredDocument(document)
        guard !held.contains(where: { $0.id == stored.id }) else { return flush(now: now) }
        held.append(stored)
        flush(now: now)
        keepWithinMemory()
    }

    /// Writes what waits in memory.
    mutating func flush(now: WallInstant) {
        if case .diskFull = condition { shortenJournal() }
        let (held, unwritten, drops) = (held, unwritten, unwrittenDrops)
        let (success, failure, moved) = (lastSuccess, lastFailure, movedAside)
        let limit = settings.size - SpoolDatabase.journalReserve
        let made = onFile(now: now) { database in
            for document in held { try document.insert(database) }
            for (id, settlement) in unwritten { try SpoolTables.settle(id, settlement, database) }
            for (kind, count) in drops { try SpoolTables.count("dropped_\(kind.rawValue)", count, database) }
            if let success { try SpoolTables.note("last_success", at: success, "", database) }
            if let failure { try SpoolTables.note("last_failure", at: failure.at, failure.reason, database) }
            if let moved {
                try SpoolTables.note("moved_aside", at: moved.at, "\(moved.path)\n\(moved.reason)", database)
            }
            let lightened = try SpoolTables.lighten(within: limit, database)
            return (lightened, try SpoolTables.makeRoom(within: limit, database))
        }
        guard let (lightened, dropped) = made else { return }
        self.held = []
        self.unwritten = [:]
        unwrittenDrops = [:]
        (lastSuccess, lastFailure) = (nil, nil)
        // A file that was damaged during this very transaction is told of in the next one.
        if movedAside == moved { movedAside = nil }
        let reason = "the spool reached its limit of \(settings.size) octets"
        if lightened > 0 { events.append(.lightened(lightened, reason: reason)) }
        for (kind, id) in dropped { events.append(.dropped(kind: kind, id: id, reason: reason)) }
    }

    /// What the journal takes of a full disk is room for the next transaction.
    private func shortenJournal() {
        try? database?.queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    }

    private mutating func keepWithinMemory() {
        var octets = held.reduce(0) { $0 + $1.body.count }
        while octets > Self.heldLimit, let index = held.firstIndex(where: { $0.kind == .result }) ?? held.indices.first
        {
            let document = held.remove(at: index)
            octets -= document.body.count
            unwrittenDrops[document.kind, default: 0] += 1
            let reason = "\(condition), and memory holds at most \(Self.heldLimit) octets"
            events.append(.dropped(kind: document.kind, id: document.id, reason: reason))
        }
    }

    // MARK: - Out

    /// The oldest documents that wait, up to `count` of them and `octets` of JSON, and one in any case.
    mutating func pending(
        _ kind: DocumentKind,
        upTo count: Int,
        octets: Int,
        excluding excluded: Set<String>,
        now: WallInstant
    ) -> [SpooledDocument] {
        let excluded = excluded.union(unwritten.keys)
        var stored =
            onFile(now: now, writing: false) { database in
                try SpoolTables.pending(kind, upTo: count, octets: octets, excluding: excluded, database)
            } ?? []
        if stored.isEmpty {
            stored = Array(held.filter { $0.kind == kind && !excluded.contains($0.id) }.prefix(count))
        }
        return intact(stored, now: now)
    }

    mutating func latest(_ kind: DocumentKind, upTo count: Int, now: WallInstant) -> [SpooledDocument] {
        let stored = onFile(now: now, writing: false) { try SpoolTables.latest(kind, upTo: count, $0) } ?? []
        let inMemory = held.filter { $0.kind == kind }.reversed()
        return (inMemory + stored).prefix(count).compactMap(\.document)
    }

    mutating func pending(ids: [String], now: WallInstant) -> [SpooledDocument] {
        let ids = ids.filter { unwritten[$0] == nil }
        let stored = onFile(now: now, writing: false) { try SpoolTables.pending(ids: ids, $0) } ?? []
        return intact(stored + held.filter { ids.contains($0.id) }, now: now)
    }

    /// A document that the disk has damaged goes aside: the others are none the worse.
    private mutating func intact(_ stored: [StoredDocument], now: WallInstant) -> [SpooledDocument] {
        var damaged: [String: Settlement] = [:]
        let documents = stored.compactMap { stored in
            let document = stored.document
            if document == nil { damaged[stored.id] = .setAside("damaged in the spool") }
            return document
        }
        if !damaged.isEmpty { settle(damaged, now: now) }
        return documents
    }

    /// Whether the result of a slot is in the file, or was the last of its schedule to be.
    mutating func isFilled(_ slot: RunningSlot, now: WallInstant) -> Bool {
        onFile(now: now, writing: false) { try SpoolTables.isFilled(slot, $0) } ?? false
    }

    mutating func settle(_ settlements: [String: Settlement], now: WallInstant) {
        let inMemory = Set(held.map(\.id))
        held.removeAll { settlements[$0.id] == .delivered }
        for (id, settlement) in settlements where !(inMemory.contains(id) && settlement == .delivered) {
            unwritten[id] = settlement
        }
        flush(now: now)
    }

    mutating func succeeded(at now: WallInstant) { lastSuccess = now }

    mutating func failed(_ failure: PushFailure, now: WallInstant) {
        lastFailure = failure
        flush(now: now)
    }

    mutating func setAside(now: WallInstant) -> [SetAsideDocument] {
        onFile(now: now, writing: false, SpoolTables.setAside) ?? []
    }

    mutating func releaseSetAside(now: WallInstant) -> Int {
        onFile(now: now) { database in
            try database.execute(
                sql: "UPDATE document SET state = 'pending', reason = NULL WHERE state = 'set_aside'"
            )
            return database.changesCount
        } ?? 0
    }

    mutating func status(now: WallInstant) -> SpoolStatus {
        let unwritten = unwritten
        let status = onFile(now: now, writing: false) { database in
            var status = try SpoolTables.status(database)
            // Rows whose end could not be written wait for nothing any more.
            status.pending -= try SpoolTables.pending(ids: Array(unwritten.keys), database).count
            if status.pending == 0 { status.oldestPending = nil }
            return status
        }
        return complete(status ?? SpoolStatus())
    }

    /// With what is in memory only.
    private func complete(_ written: SpoolStatus) -> SpoolStatus {
        var status = written
        status.condition = condition
        status.sizeLimit = settings.size
        status.held = held.count
        status.pending += held.count
        let oldest = held.map(\.completedAt).min()
        status.oldestPending = [status.oldestPending, oldest].compactMap { $0 }.min()
        for (kind, count) in unwrittenDrops { status.dropped[kind, default: 0] += count }
        status.lastSuccess = lastSuccess ?? status.lastSuccess
        status.lastFailure = lastFailure ?? status.lastFailure
        status.movedAside = movedAside ?? status.movedAside
        return status
    }

    mutating func close(now: WallInstant) {
        flush(now: now)
        try? database?.queue.close()
        database = nil
    }
}
