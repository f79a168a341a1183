import ProbeCore
import Testing
import Units
import Wire

/// Every reason not to answer, each under its own counter.
@Suite struct ReflectorRefusalTests {
    private func expectRefused(
        _ request: [UInt8],
        _ context: RequestContext = .example(),
        as code: String,
        by reflector: SessionReflector = .example()
    ) {
        var reflector = reflector
        let refused = reflector.answer(request, context)
        #expect(refused == nil)
        #expect(reflector.onlyRefusal == "\(code) 1")
        #expect(reflector.counters.received == 1 && reflector.counters.answered == 0)
        #expect(reflector.sessionCount == 0, "what is refused leaves no session")
    }

    @Test func everyReasonHasAPlaceAndACodeOfItsOwn() {
        let all = ReflectorRefusal.all
        #expect(all.map(\.index) == Array(all.indices))
        #expect(Set(all.map(\.code)).count == all.count)
        #expect(all.count == StampRefusal.allCases.count + 4)
        #expect(ReflectorCounters().refused == Array(repeating: 0, count: all.count))
    }

    @Test func refusalsAreListedByFrequency() {
        var counters = ReflectorCounters()
        counters.refused[ReflectorRefusal.address.index] = 2
        counters.refused[ReflectorRefusal.packet(.tooShort).index] = 5
        #expect(counters.refusals.map(\.code) == ["too_short", "address"])
        #expect(counters.refusals.map(\.count) == [5, 2])
    }

    @Test func stunIsRefused() {
        expectRefused(octets("00010000 2112a442 000102030405060708090a0b"), as: "stun_cookie")
        expectRefused(Request.plain().putting(0x2112_a442, 4..<8), as: "stun_cookie")
    }

    @Test func whatCannotHoldARequestIsTooShort() {
        for length in 0..<14 { expectRefused(Array(Request.plain().prefix(length)), as: "too_short") }
        for length in [0, 13, 44, 111] {
            let request = Array(Request.authenticated().prefix(length))
            expectRefused(request, as: "too_short", by: .example(key: .example, allowsShortRequests: true))
        }
    }

    @Test func shortRequestsAreRefusedUnlessAllowed() throws {
        for length in 14..<44 {
            let request = Array(Request.plain().prefix(length))
            expectRefused(request, as: "short_request")
            var reflector = SessionReflector.example(allowsShortRequests: true)
            let answer = try reflector.mustAnswer(request)
            #expect(answer.octets.count == 44)
            // All of it is written: nothing of an earlier datagram in the buffer gets out.
            #expect(answer.octets[38..<40] == [0, 0] && answer.octets[41..<44] == [0, 0, 0])
            #expect(answer.octets.integer(24..<38) == request.integer(0..<14), "the copies of what came")
            #expect(answer.octets.integer(14..<16) == 0, "octets 14 and 15 of a short request are no SSID")
        }
    }

    @Test func aZeroErrorEstimateIsCorrupt() {
        expectRefused(Request.plain().putting(0x9600, 12..<14), as: "zero_error_estimate")
    }

    @Test func ptpNanosecondsBeyondASecondAreMalformed() {
        let request = Request.plain().putting(0x5601, 12..<14).putting(1_000_000_000, 8..<12)
        expectRefused(request, as: "malformed_timestamp")
    }

    @Test func oddButLegalRequestsAreAnswered() throws {
        var reflector = SessionReflector.example()
        let odd = [
            Request.plain(sequence: 0xffff_ffff), Request.plain(ssid: 0),
            Request.plain().putting(0, 4..<12), Request.plain().putting(.max, 4..<12),
            Request.plain().putting(0x0123_4567, 16..<20),
        ]
        for request in odd {
            let answer = try reflector.mustAnswer(request)
            #expect(answer.octets.integer(24..<38) == request.integer(0..<14))
        }
        #expect(reflector.counters.answered == odd.count)
    }

    @Test func aReflectorNeverAnswersAReflector() throws {
        for key in [nil, StampKey.example] {
            for payload in [112, 172, 260] {
                var session = try ProbeSession(key: key, payload: payload)
                var reflector = SessionReflector.example(key: key)
                let reply = try reflector.mustAnswer(session.request()).octets
                // It comes back from a port that nothing is known of.
                let refused = reflector.answer(reply, .example(source: .example(7), sourcePort: 41_000))
                #expect(refused == nil)
                #expect(reflector.onlyRefusal == "reflected_packet 1")
                #expect(reflector.counters.answered == 1)
            }
        }
    }

    @Test(
        arguments: [0, 7, 13, 17, 19, 53, 123, 161, 389, 862, 1900, 3478, 3479, 3481, 5353, 11_211, 50_000] as [UInt16]
    )
    func portsThatAnswerAnythingAreRefused(port: UInt16) {
        expectRefused(Request.plain(), .example(sourcePort: port), as: "source_port")
    }

    @Test(arguments: [1, 1_024, 3_477, 3_482, 49_999, 50_001, 65_535] as [UInt16])
    func otherPortsAreServed(port: UInt16) throws {
        var reflector = SessionReflector.example()
        _ = try reflector.mustAnswer(Request.plain(), .example(sourcePort: port))
    }

    @Test(
        arguments: [
            IPAddress(ipv4: 0), IPAddress(ipv4: 0xe000_0001), IPAddress(ipv4: 0xefff_ffff),
            IPAddress(ipv4: 0xffff_ffff), IPAddress(ipv6High: 0, low: 0),
            IPAddress(ipv6High: 0xff02_0000_0000_0000, low: 1),
        ]
    )
    func addressesThatNobodyHasAreRefused(address: IPAddress) {
        expectRefused(Request.plain(), .example(source: address), as: "address")
        if !address.isUnspecified {
            expectRefused(Request.plain(), .example(destination: address), as: "address")
        }
    }

    @Test func aWrongHMACIsRefused() {
        let request = Request.authenticated()
        for offset in [0, 15, 24, 60, 95, 96, 111] {
            var forged = request
            forged[offset] ^= 1
            expectRefused(forged, as: "authentication_failed", by: .example(key: .example))
        }
        expectRefused(request, as: "authentication_failed", by: .example(key: .other))
    }

    @Test func aSourceOverItsRateIsRefusedAndOthersAreNot() throws {
        var reflector = SessionReflector.example(packetsPerSecond: 10, burst: 3)
        for _ in 0..<5 { _ = reflector.answer(Request.plain()) }
        #expect(reflector.counters.answered == 3)
        #expect(reflector.onlyRefusal == "rate_limited 2")
        _ = try reflector.mustAnswer(Request.plain(), .example(source: .example(77)))
        let later = MonotonicInstant(nanoseconds: 1_100_000_000)
        _ = try reflector.mustAnswer(Request.plain(), now: later)
        #expect(reflector.everyDatagramIsCounted)
    }

    @Test func whatIsNoRequestCostsItsSourceNothing() throws {
        var reflector = SessionReflector.example(packetsPerSecond: 1, burst: 1)
        for _ in 0..<10 { _ = reflector.answer([1, 2, 3]) }
        _ = try reflector.mustAnswer(Request.plain())
    }

    @Test func aDatagramLongerThanTheBufferIsCounted() {
        var reflector = SessionReflector.example()
        reflector.refuseTruncated()
        #expect(reflector.onlyRefusal == "truncated 1")
        #expect(reflector.everyDatagramIsCounted)
    }

    @Test func randomOctetsInPlaceOfTheSSIDMakeNoNewSession() throws {
        // As TWAMP-Light senders fill them: padding, new in every packet, up to the length of a base packet and more.
        var generator = SeededGenerator(seed: 5357)
        for length in [41, 44, 45, 100, 1_472] {
            var reflector = SessionReflector.example(allowsShortRequests: true)
            for number in 0..<50 as Range<UInt32> {
                let padding = generator.octets(max(0, length - 14))
                let request = Array(Request.plain(sequence: UInt64(number)).prefix(14)) + padding
                let answer = try reflector.mustAnswer(request)
                #expect(answer.reply.sequence == number)
                if length >= 44 { #expect(answer.octets[14..<16] == request[14..<16]) }
            }
            #expect(reflector.sessionCount == 1)
        }
    }
}
