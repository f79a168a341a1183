import Synchronization
import Units

@testable import Agent

/// Documents that differ, and that no compression makes much smaller.
func document(_ number: Int, kind: DocumentKind = .result, octets: Int = 200) -> SpooledDocument {
    var generator = SeededGenerator(seed: UInt64(number))
    let filling = (0..<octets).map { _ in "0123456789abcdef".randomElement(using: &generator) ?? "0" }
    return SpooledDocument(
        id: "\(kind.rawValue)-\(number)",
        kind: kind,
        completedAt: ManualClock.start + .seconds(60) * Int64(number),
        json: Array("{\"id\":\"\(kind.rawValue)-\(number)\",\"filling\":\"\(String(filling))\"}".utf8)
    )
}

extension Spool {
    func waiting(_ kind: DocumentKind = .result) -> [String] {
        pending(kind, upTo: .max, octets: .max).map(\.id)
    }
}

/// Keeps what was reported.
final class Reported<Event: Sendable>: Sendable {
    private let events = Mutex<[Event]>([])

    var all: [Event] { events.withLock { $0 } }

    func callAsFunction(_ event: Event) { events.withLock { $0.append(event) } }
}
