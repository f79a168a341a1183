import Foundation
import Results
import Units

/// What can be spooled, each with an address of its own at the collector.
public enum DocumentKind: String, Hashable, Sendable, CaseIterable {
    case result
    /// The final verdict of an assessment: rare, and dropped last.
    case assessment
}

/// One JSON document on its way to the collector. Whoever has one of the same id has the same document.
public struct SpooledDocument: Hashable, Sendable {
    public var id: String
    public var kind: DocumentKind
    /// When what it tells of ended, by this host's clock.
    public var completedAt: WallInstant
    /// One JSON object in UTF-8.
    public var json: [UInt8]
    /// Of a result of a schedule: the slot that it fills, kept in the same transaction.
    public var slot: RunningSlot?

    public init(id: String, kind: DocumentKind, completedAt: WallInstant, json: [UInt8]) {
        self.id = id
        self.kind = kind
        self.completedAt = completedAt
        self.json = json
    }

    public init(_ result: ResultDocument) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.init(
            id: result.id,
            kind: .result,
            completedAt: result.endedAt.instant,
            json: [UInt8](try encoder.encode(result))
        )
        slot = result.schedule.map {
            RunningSlot(schedule: $0.name, slot: $0.slotAt.instant.nanosecondsSinceUnixEpoch)
        }
    }
}
