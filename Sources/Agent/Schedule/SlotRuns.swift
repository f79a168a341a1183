/// Slots as they are written: in runs of equal steps, of which a schedule that keeps going makes few.
///
/// A schedule of one check a minute remembers three thousand; written one by one at every check they would be most of
/// what an agent writes.
struct SlotRuns: Codable, Hashable, Sendable {
    let slots: [Int64]

    init(_ slots: [Int64]) { self.slots = slots }

    /// A run is its first slot, the step, and how many there are.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        var rest = slots[...]
        while let first = rest.first {
            let step = rest.dropFirst().first.map { $0.subtractingReportingOverflow(first).partialValue } ?? 0
            let run = zip(rest, rest.dropFirst()).prefix { $1.subtractingReportingOverflow($0).partialValue == step }
            let count = run.count + 1
            try container.encode([first, step, Int64(count)])
            rest = rest.dropFirst(count)
        }
    }

    /// Slots one by one, as earlier versions wrote them, are read as well.
    init(from decoder: any Decoder) throws {
        if let slots = try? decoder.singleValueContainer().decode([Int64].self) {
            self.slots = slots
            return
        }
        slots = try decoder.singleValueContainer().decode([[Int64]].self).flatMap { run in
            guard run.count == 3, (1...Int64(ScheduleMemory.kept)).contains(run[2]) else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "\(run) is no run of slots")
                )
            }
            return (0..<run[2]).map { run[0] &+ run[1] &* $0 }
        }
    }
}

extension ScheduleMemory: Codable {
    private enum CodingKeys: String, CodingKey {
        case begun, reported, horizon, running
    }

    public init(from decoder: any Decoder) throws {
        self.init()
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        begun = try fields.decode([String: SlotRuns].self, forKey: .begun).mapValues(\.slots)
        reported = try fields.decode([String: SlotRuns].self, forKey: .reported).mapValues(\.slots)
        horizon = try fields.decodeIfPresent(Int64.self, forKey: .horizon)
        running = try fields.decodeIfPresent(RunningSlot.self, forKey: .running)
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(begun.mapValues(SlotRuns.init), forKey: .begun)
        try fields.encode(reported.mapValues(SlotRuns.init), forKey: .reported)
        try fields.encodeIfPresent(horizon, forKey: .horizon)
        try fields.encodeIfPresent(running, forKey: .running)
    }
}

/// A check that was begun and of whose end nothing is known.
public struct RunningSlot: Codable, Hashable, Sendable {
    public var schedule: String
    /// Nanoseconds since 1970.
    public var slot: Int64

    public init(schedule: String, slot: Int64) {
        self.schedule = schedule
        self.slot = slot
    }
}
