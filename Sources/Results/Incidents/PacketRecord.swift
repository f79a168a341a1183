import Foundation
import Statistics
import Units

/// The packets of an incident in few octets: `linecheck.packets/1`.
///
/// Octets `LCP` and the version, 1; then numbers as unsigned LEB128: the unit of all times in nanoseconds, how many
/// packets, the first one's number, the time it was sent at in units since 1970 (folded: 0, −1, 1 … as 0, 1, 2 …), and
/// the interval asked for in nanoseconds. Packets have consecutive numbers. Then, as LEB128 still:
///
/// - runs of (state, length) until all packets are told of. A state's bits: 0-2 the fate (0 answered, 1 late, 2 lost
///   forward, 3 lost in reverse, 4 lost in one or the other), 3 one-way delays are known, 4 the far end's times are
///   known, 5-7 reordered (forward, reverse, unknown), 8-10 duplicated (likewise);
/// - runs of (far mark, mark of the reply, length) until all packets of which a reply came are told of: 0 for unknown,
///   else the DSCP and 1.
///
/// The rest is bits, the highest of an octet first, the last octet filled up with zeros: five columns one after the
/// other, coded by ``GolombParameter``, each number as the difference from the one before it in the column (from 0 at
/// first):
///
/// 1. when each packet but the first was sent: the difference of (time since the packet before it − interval);
/// 2. the forward and then 3. the reverse delay of packets whose one-way delays are known;
/// 4. the time at the far end of packets whose far times are known;
/// 5. the round trip, without that time, of packets that were answered but whose one-way delays are not known.
public struct PacketRecord: Hashable, Sendable {
    public static let format = "linecheck.packets/1"
    /// No more packets are read.
    public static let greatestCount = 1 << 17
    static let mark: [UInt8] = Array("LCP".utf8)
    static let version: UInt8 = 1

    /// Times are whole numbers of it. No kernel's software timestamp is better than a microsecond.
    public var unit: Nanoseconds
    public var interval: Nanoseconds
    /// Consecutive, in the order of their numbers.
    public var packets: [KeptPacket]

    /// - Parameter packets: of consecutive numbers. Their times are rounded to `unit`.
    public init(packets: [KeptPacket], interval: Nanoseconds, unit: Nanoseconds = .microseconds(1)) {
        self.unit = unit
        self.interval = interval
        self.packets = packets.map { $0.rounded(to: unit) }
    }
}

extension KeptPacket {
    /// What became of it as one number, as a record has it.
    var state: UInt64 {
        var state = fate.code
        if forward != nil, reverse != nil { state |= 1 << 3 }
        if stay != nil { state |= 1 << 4 }
        return state | UInt64(reordered.rawValue) << 5 | UInt64(duplicated.rawValue) << 8
    }

    fileprivate func rounded(to unit: Nanoseconds) -> KeptPacket {
        func rounded(_ time: Nanoseconds) -> Nanoseconds { unit * time.units(of: unit) }
        var packet = self
        packet.sentAt = WallInstant(
            nanosecondsSinceUnixEpoch: rounded(Nanoseconds(sentAt.nanosecondsSinceUnixEpoch)).count
        )
        packet.stay = stay.map(rounded)
        if let forward, let reverse {
            (packet.forward, packet.reverse) = (rounded(forward), rounded(reverse))
            packet.roundTrip = rounded(forward) + rounded(reverse)
        } else {
            (packet.forward, packet.reverse) = (nil, nil)
            packet.roundTrip = roundTrip.map(rounded)
        }
        return packet
    }
}

extension Nanoseconds {
    /// To the nearest.
    func units(of unit: Nanoseconds) -> Int64 {
        let half = Nanoseconds(unit.count / 2)
        return ((count < 0 ? self - half : self + half) / unit.count).count
    }
}

extension PacketFate {
    /// As a record has it.
    var code: UInt64 {
        switch self {
        case .answered: 0
        case .late: 1
        case .lostForward: 2
        case .lostReverse: 3
        case .lostSomewhere: 4
        }
    }

    init?(code: UInt64) {
        guard let fate = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = fate
    }

    var isReplied: Bool { self == .answered || self == .late }
}
