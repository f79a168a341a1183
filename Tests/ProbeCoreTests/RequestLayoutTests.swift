import ProbeCore
import Testing
import Units
import Wire

/// Requests of every length that matters, read back octet by octet.
@Suite struct RequestLayoutTests {
    private static let cases = StampMode.allCases.flatMap { mode in
        (mode.baseLength...mode.baseLength + 300).map { (mode, $0) }
    }
    /// Octets of each TLV with its header, most wanted first: marks, follow-up, timestamp information, location.
    private static let wanted: [(type: UInt8, octets: Int)] = [(4, 8), (7, 20), (3, 8), (2, 28)]

    /// What must stand behind the base packet, worked out anew: the types, and the octets that the HMAC TLV covers.
    private static func expected(_ mode: StampMode, _ length: Int) -> (types: [UInt8], hmacAt: Int?, padding: Int?) {
        let seal = mode == .authenticated ? 20 : 0
        var room = length - mode.baseLength - seal
        var types: [UInt8] = []
        for (type, octets) in wanted where octets <= room {
            types.append(type)
            room -= octets
        }
        let isSealed = mode == .authenticated && !types.isEmpty
        let hmacAt = isSealed ? length - seal - room : nil
        if isSealed { types.append(8) }
        let rest = isSealed ? room : room + seal
        guard rest >= 4 else { return (types, hmacAt, nil) }
        return (types + [1], hmacAt, rest - 4)
    }

    @Test func requestsOfEveryLengthAreWhole() throws {
        for (mode, length) in Self.cases {
            let key = mode == .authenticated ? StampKey.example : nil
            var session = try ProbeSession(key: key, payload: length)
            let request = session.request()
            let label: Comment = "\(mode) \(length)"
            #expect(request.count == length, label)
            let base = try SessionSenderPacket(parsing: request.span, mode: mode)
            #expect(base.sequence == 0 && base.ssid == 0xbeef && base.errorEstimate == .example, label)
            #expect(base.timestamp == StampTimestamp(.example, format: .ntp), label)

            let expected = Self.expected(mode, length)
            let found = FoundTLV.all(in: request, from: mode.baseLength)
            #expect(found.map(\.type) == expected.types, label)
            #expect(found.allSatisfy { $0.flags == 0x80 }, label)
            #expect(
                found.last?.type == 1 ? found.last?.value.count == expected.padding : expected.padding == nil,
                label
            )
            #expect(session.sender.layout.hmac?.headerOffset == expected.hmacAt, label)
            // One to three octets that no TLV fits into stay zero.
            let end = found.reduce(mode.baseLength) { $0 + 4 + $1.value.count }
            #expect(length - end < 4 && request[end...].allSatisfy { $0 == 0 }, label)
        }
    }

    @Test func bothHMACsVerifyAtEveryLength() throws {
        for length in 112...412 {
            var session = try ProbeSession(key: .example, payload: length)
            for _ in 0..<2 {
                let request = session.request()
                #expect(StampKey.example.verifiesBase(request), "\(length)")
                #expect(StampKey.example.verifiesProtection(of: request, mode: .authenticated), "\(length)")
                #expect(!StampKey.other.verifiesBase(request), "\(length)")
            }
        }
    }

    @Test func anAuthenticatedRequestWithTLVsHasTheHMACBehindThem() throws {
        var session = try ProbeSession(key: .example, payload: 112 + 8 + 20)
        let sealed = FoundTLV.all(in: session.request(), from: 112)
        #expect(sealed.map(\.type) == [4, 8])
        // One octet less has no room for both: padding alone needs no HMAC.
        session = try ProbeSession(key: .example, payload: 112 + 8 + 19)
        #expect(FoundTLV.all(in: session.request(), from: 112).map(\.type) == [1])
    }

    @Test func valuesAreTheRequestsOfTheirTypes() throws {
        var session = try ProbeSession(payload: 172)
        let found = FoundTLV.all(in: session.request(), from: 44)
        #expect(found[0].value == [46 << 2, 0, 0, 0])
        #expect(found[1].value == zeros(16))
        #expect(found[2].value == zeros(4))
        // Both ports, then the generic source address sub-TLV.
        #expect(found[3].value == zeros(4) + tlv(7, zeros(16)))
        #expect(found[4].value.count == 60)
        #expect(Set(found[4].value).count > 20, "padding that nothing can compress")
    }

    @Test func thePaddingStaysTheSameFromPacketToPacket() throws {
        var session = try ProbeSession(payload: 172)
        let (first, second) = (session.request(), session.request())
        #expect(first[44...] == second[44...])
        #expect(second.integer(0..<4) == 1)
    }

    @Test func aPayloadTooShortOrTooLongIsRefused() {
        func message(_ length: Int, _ mode: StampMode) -> String? {
            do throws(TextRefusal) {
                _ = try RequestLayout(payloadLength: length, mode: mode)
                return nil
            } catch {
                return error.description
            }
        }
        #expect(
            message(43, .unauthenticated)
                == "a payload of 43 octets is too short: an unauthenticated probe has at least 44"
        )
        #expect(
            message(111, .authenticated)
                == "a payload of 111 octets is too short: an authenticated probe has at least 112"
        )
        #expect(message(8_953, .unauthenticated) == "a payload of 8953 octets is too long: at most 8952")
        #expect(message(-1, .unauthenticated)?.contains("-1 octets") == true)
        #expect(message(44, .unauthenticated) == nil)
        #expect(message(112, .authenticated) == nil)
        #expect(message(8_952, .authenticated) == nil)
    }
}
