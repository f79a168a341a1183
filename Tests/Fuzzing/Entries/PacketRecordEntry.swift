import Foundation
import Results
import Statistics
import Units

/// The packets of an incident, as a saved result has them.
enum PacketRecordEntry {
    static func run(_ octets: [UInt8]) throws(BrokenInvariant) {
        let record: PacketRecord
        do throws(PacketRecordRefusal) {
            record = try PacketRecord(text: Data(octets).base64EncodedString())
        } catch {
            return try require(!error.description.isEmpty, "a record is refused for a reason")
        }
        try require((try? PacketRecord(text: record.text)) == record, "a record is read as it is written")
        try require(record.packets.count <= PacketRecord.greatestCount, "no record has more packets than are read")
        for (packet, next) in zip(record.packets, record.packets.dropFirst()) {
            try require(next.sequence == packet.sequence &+ 1, "numbers are consecutive")
        }
        for packet in record.packets { try check(packet) }
    }

    private static func check(_ packet: KeptPacket) throws(BrokenInvariant) {
        let isReplied = packet.fate == .answered || packet.fate == .late
        try require((packet.roundTrip != nil) == isReplied, "what came back took its time, and nothing else did")
        try require((packet.forward != nil) == (packet.reverse != nil), "one-way delays are both there or neither")
        let times = [packet.forward, packet.reverse, packet.stay, packet.roundTrip].compactMap { $0 }
        try require(times.allSatisfy { $0 >= .zero }, "no delay is negative")
        guard let forward = packet.forward, let reverse = packet.reverse else { return }
        try require(packet.roundTrip == forward + reverse, "the round trip is both ways")
    }
}
