import Units

/// Where in its period an agent makes its checks: agents of a fleet that were told the same spread evenly, each always
/// at the same place, whatever version it runs and however often it starts.
public struct SchedulePhase: Hashable, Sendable {
    /// 0 up to, not including, 2⁶⁴: the share of a period.
    let fraction: UInt64

    /// - Parameters:
    ///   - agent: what tells the agent from the others of its fleet.
    ///   - schedule: the schedule's name, so that an agent's schedules do not fall together.
    public init(agent: String, schedule: String) {
        // FNV-1a with a finish that spreads what differs in the last octets only (MurmurHash3's fmix64).
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for octet in Array(agent.utf8) + [0] + Array(schedule.utf8) {
            hash = (hash ^ UInt64(octet)) &* 0x0000_0100_0000_01b3
        }
        hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
        fraction = hash ^ (hash >> 33)
    }

    /// The delay from the beginning of a period of this length, in whole milliseconds.
    public func delay(within period: Nanoseconds) -> Nanoseconds {
        let milliseconds = UInt64(max(0, period.count / 1_000_000))
        return .milliseconds(Int64(fraction.multipliedFullWidth(by: milliseconds).high))
    }
}
