import Results
import Statistics
import Units

/// What the payloads of a stream's requests and replies were, as far as a record of its packets tells.
struct RebuiltProbe {
    let probeProtocol: CheckDescription.ProbeProtocol
    let payloadBytes: Int

    /// NTP counts from 1900 (RFC 5905 §6).
    private static let ntpToUnixSeconds: Int64 = 2_208_988_800
    /// Unauthenticated, without what follows it (RFC 8762 §4.2.1).
    private static let baseLength = 44
    private static let magicCookie: UInt32 = 0x2112_a442
    private static let extraPadding: [UInt8] = [0x80, 1]

    init(_ stream: StreamDocument?) {
        probeProtocol = stream?.probeProtocol ?? .stamp
        payloadBytes = max(0, min(stream?.payloadBytes ?? 0, 1_400))
    }

    func request(_ packet: KeptPacket) -> [UInt8] {
        switch probeProtocol {
        case .stamp:
            // Number, time, an error estimate that claims nothing, no session identifier (RFC 8762, RFC 8972).
            var octets = [UInt8](big: packet.sequence)
            octets.append(big: Self.timestamp(packet.sentAt))
            octets += Self.errorEstimate + [UInt8](repeating: 0, count: 30)
            return padded(octets)
        case .turn: return stun(0x0003, packet)
        case .stun: return stun(0x0001, packet)
        }
    }

    /// Times of the far end are told by the run's own clock. Where it was not known when the packet arrived there,
    /// there is none.
    func reply(_ packet: KeptPacket) -> [UInt8] {
        switch probeProtocol {
        case .stamp:
            let received = packet.forward.map { packet.sentAt + $0 }
            let left = received.flatMap { received in packet.stay.map { received + $0 } }
            var octets = [UInt8](big: packet.sequence)
            octets.append(big: left.map(Self.timestamp) ?? 0)
            octets += Self.errorEstimate + [0, 0]
            octets.append(big: received.map(Self.timestamp) ?? 0)
            octets.append(big: packet.sequence)
            octets.append(big: Self.timestamp(packet.sentAt))
            octets += Self.errorEstimate + [0, 0, 64, 0, 0, 0]
            return padded(octets)
        // The challenge that an Allocate without credentials earns; a success for a Binding.
        case .turn: return stun(0x0113, packet)
        case .stun: return stun(0x0101, packet)
        }
    }

    /// Not synchronised, NTP's format, the greatest error that there is (RFC 8762 §4.2.1).
    private static let errorEstimate: [UInt8] = [0x3f, 0xff]

    private static func timestamp(_ instant: WallInstant) -> UInt64 {
        let nanoseconds = max(0, instant.nanosecondsSinceUnixEpoch)
        let seconds = UInt64(truncatingIfNeeded: nanoseconds / 1_000_000_000 + ntpToUnixSeconds)
        // Rounded up, so that a reader who cuts it off gets the same nanosecond.
        let fraction = (UInt64(nanoseconds % 1_000_000_000) << 32 + 999_999_999) / 1_000_000_000
        return seconds << 32 | min(fraction, UInt64(UInt32.max))
    }

    /// To the length that was sent, by Extra Padding (RFC 8972 §4.1) where there is room for its header.
    private func padded(_ base: [UInt8]) -> [UInt8] {
        let room = payloadBytes - Self.baseLength - 4
        guard room >= 0 else { return base }
        return base + Self.extraPadding + [UInt8](big: UInt16(room)) + [UInt8](repeating: 0, count: room)
    }

    /// A header alone (RFC 8489 §5), with the packet's number at the end of the transaction's.
    private func stun(_ type: UInt16, _ packet: KeptPacket) -> [UInt8] {
        var octets = [UInt8](big: type) + [0, 0]
        octets.append(big: Self.magicCookie)
        octets += [UInt8](repeating: 0, count: 8)
        octets.append(big: packet.sequence)
        return octets
    }
}
