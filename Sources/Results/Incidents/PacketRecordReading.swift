import Foundation
import Statistics
import Units

extension PacketRecord {
    /// - Throws: ``PacketRecordRefusal``.
    public init(text: String) throws(PacketRecordRefusal) {
        guard let data = Data(base64Encoded: text) else { throw .notBase64 }
        try self.init(octets: [UInt8](data))
    }

    init(octets: [UInt8]) throws(PacketRecordRefusal) {
        var reader = NumberReader(octets)
        try reader.skip(Self.mark)
        guard let version = reader.next() else { throw .truncated }
        guard version == Self.version else { throw .wrongVersion }
        let unit = try reader.number()
        guard (1...1_000_000_000).contains(unit) else { throw .wrongUnit }
        self.unit = Nanoseconds(Int64(unit))
        let count = try reader.count(upTo: Self.greatestCount)
        guard let first = UInt32(exactly: try reader.number()) else { throw .outOfRange }
        let firstSentAt = Int64(unfolding: try reader.number())
        guard let interval = Int64(exactly: try reader.number()) else { throw .outOfRange }
        self.interval = Nanoseconds(interval)
        packets = []
        packets = try states(&reader, count).enumerated().map { index, state throws(PacketRecordRefusal) in
            try KeptPacket(state: state, sequence: first &+ UInt32(index))
        }
        try readMarks(&reader)
        var bits = BitReader(reader.rest)
        try readTimes(&bits, firstSentAt)
        try bits.end()
    }

    private func states(_ reader: inout NumberReader, _ count: Int) throws(PacketRecordRefusal) -> [UInt64] {
        var states: [UInt64] = []
        while states.count < count {
            let state = try reader.number()
            let length = try reader.count(within: 1...(count - states.count))
            states += Array(repeating: state, count: length)
        }
        return states
    }

    private mutating func readMarks(_ reader: inout NumberReader) throws(PacketRecordRefusal) {
        let replied = packets.indices.filter { packets[$0].fate.isReplied }
        var rest = replied[...]
        while !rest.isEmpty {
            let marks = try (far: reader.mark(), returned: reader.mark())
            let length = try reader.count(within: 1...rest.count)
            for index in rest.prefix(length) {
                packets[index].farMark = marks.far
                packets[index].returnedMark = marks.returned
            }
            rest = rest.dropFirst(length)
        }
    }

    private mutating func readTimes(_ bits: inout BitReader, _ first: Int64) throws(PacketRecordRefusal) {
        let deviations = try bits.column(max(0, packets.count - 1)).sums
        let step = interval.units(of: unit)
        var at = first
        for index in packets.indices {
            if index > 0 {
                let (next, overflow) = at.addingReportingOverflow(step &+ deviations[index - 1])
                guard !overflow else { throw .outOfRange }
                at = next
            }
            let (nanoseconds, overflow) = at.multipliedReportingOverflow(by: unit.count)
            guard !overflow else { throw .outOfRange }
            packets[index].sentAt = WallInstant(nanosecondsSinceUnixEpoch: nanoseconds)
        }
        let twoWay = packets.indices.filter { packets[$0].forward != nil }
        try readDelays(&bits, twoWay, \.forward)
        try readDelays(&bits, twoWay, \.reverse)
        try readDelays(&bits, packets.indices.filter { packets[$0].stay != nil }, \.stay)
        let oneValue = packets.indices.filter { packets[$0].fate.isReplied && packets[$0].forward == nil }
        try readDelays(&bits, oneValue, \.roundTrip)
        for index in twoWay {
            packets[index].roundTrip = packets[index].forward.flatMap { forward in
                packets[index].reverse.map { forward + $0 }
            }
        }
    }

    private mutating func readDelays(
        _ bits: inout BitReader,
        _ indices: [Int],
        _ delay: WritableKeyPath<KeptPacket, Nanoseconds?>
    ) throws(PacketRecordRefusal) {
        for (index, value) in zip(indices, try bits.column(indices.count).sums) {
            let (nanoseconds, overflow) = value.multipliedReportingOverflow(by: unit.count)
            // No packet is away for a day; none is there before it was sent.
            guard !overflow, nanoseconds >= 0, nanoseconds < 86_400_000_000_000 else { throw .outOfRange }
            packets[index][keyPath: delay] = Nanoseconds(nanoseconds)
        }
    }
}

extension KeptPacket {
    /// With zeros where a time is yet to come.
    fileprivate init(state: UInt64, sequence: UInt32) throws(PacketRecordRefusal) {
        guard state < 1 << 11, let fate = PacketFate(code: state & 7) else { throw .unknownFate }
        self.init(sequence: sequence, sentAt: WallInstant(nanosecondsSinceUnixEpoch: 0), fate: fate)
        let isTwoWay = state & 1 << 3 != 0
        let hasFar = state & 1 << 4 != 0
        // Only a reply tells times.
        guard fate.isReplied || !isTwoWay && !hasFar, hasFar || !isTwoWay else { throw .unknownFate }
        if isTwoWay { (forward, reverse) = (.zero, .zero) }
        if hasFar { stay = .zero }
        reordered = Ways(rawValue: UInt8(state >> 5 & 7))
        duplicated = Ways(rawValue: UInt8(state >> 8 & 7))
    }
}

extension [Int64] {
    /// What ``differences`` were taken of.
    fileprivate var sums: [Int64] {
        var sum: Int64 = 0
        return map { difference in
            sum &+= difference
            return sum
        }
    }
}

/// The numbers of a record, one after the other.
private struct NumberReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ octets: [UInt8]) { rest = octets[...] }

    mutating func next() -> UInt8? { rest.popFirst() }

    mutating func skip(_ mark: [UInt8]) throws(PacketRecordRefusal) {
        guard rest.starts(with: mark) else { throw .wrongMark }
        rest = rest.dropFirst(mark.count)
    }

    mutating func number() throws(PacketRecordRefusal) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let octet = next() else { throw .truncated }
            let part = UInt64(octet & 0x7f)
            // Of the tenth octet one bit is left, and a number is written in as few octets as it takes.
            guard shift < 63 || part <= 1, shift == 0 || octet != 0 else { throw .numberTooLong }
            value |= part << shift
            if octet & 0x80 == 0 { return value }
        }
        throw .numberTooLong
    }

    mutating func count(upTo greatest: Int) throws(PacketRecordRefusal) -> Int { try count(within: 0...greatest) }

    mutating func count(within range: ClosedRange<Int>) throws(PacketRecordRefusal) -> Int {
        guard let count = Int(exactly: try number()), range.contains(count) else { throw .tooMany }
        return count
    }

    mutating func mark() throws(PacketRecordRefusal) -> DSCP? {
        let number = try number()
        guard number > 0 else { return nil }
        guard number <= 64, let mark = DSCP(Int(number) - 1) else { throw .wrongMarking }
        return mark
    }
}
