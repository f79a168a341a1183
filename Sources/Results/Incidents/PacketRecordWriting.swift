import Foundation
import Statistics
import Units

extension PacketRecord {
    /// Base64 (RFC 4648 §4).
    public var text: String { Data(octets).base64EncodedString() }

    var octets: [UInt8] {
        var octets = Self.mark + [Self.version]
        octets.append(number: UInt64(clamping: unit.count))
        octets.append(number: UInt64(packets.count))
        octets.append(number: UInt64(packets.first?.sequence ?? 0))
        octets.append(number: (packets.first.map { units($0.sentAt) } ?? 0).folded)
        octets.append(number: UInt64(clamping: interval.count))
        for run in packets.map(\.state).runs { octets.append(numbers: [run.value, UInt64(run.length)]) }
        for run in packets.filter(\.fate.isReplied).map(Marking.init).runs {
            octets.append(numbers: [run.value.far, run.value.returned, UInt64(run.length)])
        }
        var bits = BitWriter()
        for column in columns { bits.write(column: column.differences) }
        return octets + bits.octets
    }

    private func units(_ instant: WallInstant) -> Int64 {
        Nanoseconds(instant.nanosecondsSinceUnixEpoch).units(of: unit)
    }

    private var columns: [[Int64]] {
        let step = interval.units(of: unit)
        let sent = packets.map { units($0.sentAt) }
        let twoWay = packets.filter { $0.forward != nil && $0.reverse != nil }
        func values(_ times: [Nanoseconds?]) -> [Int64] { times.compactMap { $0?.units(of: unit) } }
        return [
            zip(sent, sent.dropFirst()).map { $1 &- $0 &- step },
            values(twoWay.map(\.forward)), values(twoWay.map(\.reverse)),
            values(packets.map(\.stay)),
            values(packets.filter { $0.fate.isReplied && $0.forward == nil }.map { $0.roundTrip ?? .zero }),
        ]
    }
}

/// The marks of one packet as a record has them.
private struct Marking: Equatable {
    var far: UInt64
    var returned: UInt64

    init(_ packet: KeptPacket) {
        far = packet.farMark.map { UInt64($0.value) + 1 } ?? 0
        returned = packet.returnedMark.map { UInt64($0.value) + 1 } ?? 0
    }
}

extension [UInt8] {
    /// Unsigned LEB128: seven bits an octet, the lowest first, the highest bit set on all but the last.
    mutating func append(number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func append(numbers: [UInt64]) {
        for number in numbers { append(number: number) }
    }
}

extension [Int64] {
    /// Of each from the one before it, of the first from 0.
    var differences: [Int64] { zip(self, [0] + self).map { $0 &- $1 } }
}

extension Array where Element: Equatable {
    /// Equal elements in a row.
    var runs: [(value: Element, length: Int)] {
        var runs: [(value: Element, length: Int)] = []
        for element in self {
            if let last = runs.indices.last, runs[last].value == element {
                runs[last].length += 1
            } else {
                runs.append((element, 1))
            }
        }
        return runs
    }
}
