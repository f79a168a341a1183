import Foundation
import Statistics
import Units

/// Packets that were never sent.
enum MadeUpPackets {
    /// Anything that can be.
    static func random(_ count: Int, every interval: Nanoseconds, _ random: inout SplitMix) -> [KeptPacket] {
        let first = UInt32.random(in: 0...(.max), using: &random)
        var at = WallInstant(
            nanosecondsSinceUnixEpoch: Int64.random(in: -4_000...4_000, using: &random) * 1_000_000_000
        )
        return (0..<count).map { index in
            at = at + interval + Nanoseconds(Int64.random(in: -900_000...900_000, using: &random))
            var packet = KeptPacket(
                sequence: first &+ UInt32(index),
                sentAt: at,
                fate: PacketFate.allCases.randomElement(using: &random) ?? .answered
            )
            packet.reordered = KeptPacket.Ways(rawValue: UInt8.random(in: 0...7, using: &random))
            packet.duplicated = KeptPacket.Ways(rawValue: UInt8.random(in: 0...7, using: &random))
            guard packet.fate == .answered || packet.fate == .late else { return packet }
            func time() -> Nanoseconds {
                let most: Int64 = Bool.random(using: &random) ? 100_000 : 3_000_000_000
                return Nanoseconds(Int64.random(in: 0...most, using: &random))
            }
            packet.roundTrip = time()
            if Bool.random(using: &random) { packet.stay = time() }
            if packet.stay != nil, Bool.random(using: &random) { (packet.forward, packet.reverse) = (time(), time()) }
            packet.farMark = DSCP(Int.random(in: 0...80, using: &random))
            packet.returnedMark = DSCP(Int.random(in: 0...80, using: &random))
            return packet
        }
    }

    /// A line as lines are: `jitter` is the mean of an exponential queueing delay, milliseconds, `lost` a share.
    static func ordinary(_ count: Int, jitter: Double, lost: Double, _ random: inout SplitMix) -> [KeptPacket] {
        (0..<count).map { index in
            let late = exponential(0.08, &random)
            let sentAt = PacketRecordTests.start + .milliseconds(Int64(20 * index)) + .milliseconds(rounding: late)
            var packet = KeptPacket(sequence: UInt32(index), sentAt: sentAt, fate: .answered)
            guard Double.random(in: 0..<1, using: &random) >= lost else {
                packet.fate = .lostForward
                return packet
            }
            packet.forward = .milliseconds(rounding: 12 + exponential(jitter, &random))
            packet.reverse = .milliseconds(rounding: 11 + exponential(jitter, &random))
            packet.stay = .milliseconds(rounding: 0.04 + exponential(0.02, &random))
            (packet.farMark, packet.returnedMark) = (.expeditedForwarding, .expeditedForwarding)
            return packet
        }
    }

    private static func exponential(_ mean: Double, _ random: inout SplitMix) -> Double {
        -mean * log(1 - Double.random(in: 0..<1, using: &random))
    }
}
