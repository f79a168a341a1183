import Foundation
import Statistics
import Testing
import Units

@testable import Results

@Suite("The packets of an incident as text")
struct PacketRecordTests {
    static let start = WallInstant(nanosecondsSinceUnixEpoch: 1_795_500_012_000_000_000)

    /// Five packets by hand, of which something else became each time.
    static var five: PacketRecord {
        func at(_ microseconds: Int64) -> WallInstant { start + .microseconds(microseconds) }
        var answered = KeptPacket(sequence: 25, sentAt: at(0), fate: .answered)
        (answered.forward, answered.reverse) = (.microseconds(30), .microseconds(10))
        (answered.stay, answered.roundTrip) = (.microseconds(2), .microseconds(40))
        (answered.farMark, answered.returnedMark) = (.expeditedForwarding, .expeditedForwarding)
        var overtaken = answered
        (overtaken.sequence, overtaken.sentAt) = (27, at(39_999))
        (overtaken.forward, overtaken.reverse) = (.microseconds(31), .microseconds(9))
        (overtaken.reordered, overtaken.duplicated) = (.forward, .reverse)
        var late = KeptPacket(sequence: 28, sentAt: at(60_000), fate: .late)
        (late.roundTrip, late.reordered, late.returnedMark) = (.seconds(3), .unknown, .bestEffort)
        return PacketRecord(
            packets: [
                answered, KeptPacket(sequence: 26, sentAt: at(20_001), fate: .lostForward), overtaken, late,
                KeptPacket(sequence: 29, sentAt: at(80_000), fate: .lostSomewhere),
            ],
            interval: .milliseconds(20)
        )
    }

    /// Mark, version, unit of 1,000 ns, 5 packets, the first number 25, when it was sent (folded), 20 ms.
    private static let head = "4c 43 50 01 e8 07 05 19 80 cc c6 c6 ed bf b0 06 80 da c4 09"
    /// Answered with all times; lost forward; the same as the first but reordered forward and duplicated in reverse;
    /// late and reordered somewhere; lost somewhere. Each once.
    private static let states = "18 01 02 01 b8 04 01 81 01 01 04 01"
    /// Of three replies: 46 and 46 twice, unknown and 0 once.
    private static let marks = "2f 2f 02 00 01 01"
    /// Five columns, worked out by an encoder of its own: send times +1, −2, +1, −1 µs off the interval; delays of 30
    /// and 31, 10 and 9, 2 and 2 µs; one round trip too long for its code, behind 24 ones.
    private static let bits = "04 14 60 5e 02 28 04 20 0f ff ff f0 00 00 00 00 05 b8 d8 00"

    @Test("is to the octet what the format says")
    func golden() throws {
        let octets = Self.five.octets.map { String(format: "%02x", $0) }.joined(separator: " ")
        #expect(octets == [Self.head, Self.states, Self.marks, Self.bits].joined(separator: " "))
    }

    @Test("is read as it was written")
    func roundTrip() throws {
        #expect(try PacketRecord(text: Self.five.text) == Self.five)
        let none = PacketRecord(packets: [], interval: .milliseconds(20))
        #expect(try PacketRecord(text: none.text) == none)
    }

    @Test("of packets made up at random is read as it was written", arguments: 1...60 as ClosedRange<UInt64>)
    func random(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let count = Int.random(in: 1...900, using: &random)
        let interval = Nanoseconds(Int64.random(in: 1_000_000...200_000_000, using: &random))
        let unit = Nanoseconds([1, 100, 1_000, 1_000_000][Int.random(in: 0...3, using: &random)])
        let packets = MadeUpPackets.random(count, every: interval, &random)
        let record = PacketRecord(packets: packets, interval: interval, unit: unit)
        #expect(try PacketRecord(text: record.text) == record)
        for (kept, packet) in zip(record.packets, packets) {
            #expect((kept.sentAt - packet.sentAt).magnitude.count <= unit.count / 2)
            #expect(kept.fate == packet.fate && kept.sequence == packet.sequence)
        }
    }

    /// What a week of incidents costs rests on it.
    @Test("takes six characters for a packet of an ordinary line, and hardly more when it is bad")
    func size() {
        var random = SplitMix(state: 7)
        let quiet = MadeUpPackets.ordinary(4_500, jitter: 0.1, lost: 0.001, &random)
        let loud = MadeUpPackets.ordinary(4_500, jitter: 8, lost: 0.1, &random)
        func perPacket(_ packets: [KeptPacket]) -> Double {
            Double(PacketRecord(packets: packets, interval: .milliseconds(20)).text.utf8.count) / 4_500
        }
        #expect(perPacket(quiet) < 6.5)
        #expect(perPacket(loud) < 8)
    }

    // MARK: Refusals

    private static var good: [UInt8] { five.octets }

    private static func refusal(_ octets: [UInt8]) -> PacketRecordRefusal? {
        do throws(PacketRecordRefusal) {
            _ = try PacketRecord(octets: octets)
            return nil
        } catch {
            return error
        }
    }

    private static func changed(_ place: Int, to octets: [UInt8], taking count: Int = 1) -> [UInt8] {
        var changed = good
        changed.replaceSubrange(place..<(place + count), with: octets)
        return changed
    }

    @Test("is refused for what is wrong with it, each reason by its name")
    func refusals() {
        let cases: [(PacketRecordRefusal, [UInt8])] = [
            (.wrongMark, []), (.wrongMark, Self.changed(0, to: [0x6c])), (.wrongVersion, Self.changed(3, to: [2])),
            (.truncated, Array(Self.good.prefix(3))), (.truncated, Array(Self.good.dropLast())),
            (.trailing, Self.good + [0]), (.trailing, Self.good.dropLast() + [1]),
            (.wrongUnit, Self.changed(4, to: [0], taking: 2)),
            (.wrongUnit, Self.changed(4, to: [0x81, 0x94, 0xeb, 0xdc, 3], taking: 2)),
            (.tooMany, Self.changed(6, to: [0x81, 0x80, 8])),
            // A run of six states for five packets, one of none, and a run of four marks for three replies.
            (.tooMany, Self.changed(21, to: [6])), (.tooMany, Self.changed(21, to: [0])),
            (.tooMany, Self.changed(34, to: [4])),
            (.outOfRange, Self.changed(7, to: [0x80, 0x80, 0x80, 0x80, 0x10])),
            (.numberTooLong, Self.changed(6, to: Array(repeating: 0xff, count: 11))),
            // Five written in two octets.
            (.numberTooLong, Self.changed(6, to: [0x85, 0])),
            (.unknownFate, Self.changed(20, to: [5])), (.unknownFate, Self.changed(20, to: [0x80, 0x10])),
            // Lost, and yet with times; one-way delays without the far end's times.
            (.unknownFate, Self.changed(22, to: [0x1a])), (.unknownFate, Self.changed(20, to: [8])),
            (.wrongMarking, Self.changed(32, to: [65])),
        ]
        for (reason, octets) in cases { #expect(Self.refusal(octets) == reason) }
        #expect(throws: PacketRecordRefusal.notBase64) { _ = try PacketRecord(text: "LCP!") }
        let tested = Set(cases.map(\.0)).union([.notBase64])
        #expect(tested == Set(PacketRecordRefusal.allCases))
    }

    @Test("cut anywhere is refused")
    func cut() {
        for length in Self.good.indices { #expect(Self.refusal(Array(Self.good.prefix(length))) != nil) }
    }

    @Test("with a delay below nothing, or of more than a day, is refused")
    func impossibleDelays() {
        for delay in [Nanoseconds.microseconds(-1), .seconds(86_400)] {
            var packets = Self.five.packets
            packets[3].roundTrip = delay
            let record = PacketRecord(packets: packets, interval: .milliseconds(20))
            #expect(Self.refusal(record.octets) == .outOfRange)
        }
    }
}
