import ProbeCore
import Testing
import Units
import Wire

@Suite("Which probe an ICMP error is about")
struct TraceLedgerTests {
    private static let flows = [UInt16(3_478), 3_479].map { port in
        TraceFlow(
            source: IPAddress(ipv4: 0x0a42_0101),
            sourcePort: 40_000 + port - 3_478,
            destination: IPAddress(ipv4: 0x0a42_0502),
            destinationPort: port
        )
    }
    private static let router = IPAddress(ipv4: 0x0a42_0302)
    private let start = MonotonicInstant(nanoseconds: 1_000)

    private func payload(_ number: UInt8) -> [UInt8] { [0, 0, 0, number] + (0..<60).map { $0 &* number &+ 3 } }

    /// Two probes on each flow: numbers 0 and 1 on the first, 2 and 3 on the second.
    private func ledger() -> TraceLedger {
        var ledger = TraceLedger(flows: Self.flows, timeout: .seconds(2))
        for number in UInt8(0)..<4 {
            let send = TraceSend(flow: Int(number / 2), hopLimit: number % 2 + 1, query: 0)
            _ = ledger.enter(send, payload: payload(number).span, at: start)
        }
        return ledger
    }

    /// What an honest router quotes of probe `number`.
    private func quote(_ number: UInt8, octets: Int = 20) -> ICMPQuote {
        let flow = Self.flows[Int(number / 2)]
        let payload = payload(number)
        let checksum = InternetChecksum.udp(
            payload.span,
            from: flow.source,
            port: flow.sourcePort,
            to: flow.destination,
            port: flow.destinationPort
        )
        var packet: [UInt8] = [0x45, 0xb8, 0, UInt8(28 + payload.count), 0, 0, 0x40, 0, 1, 17, 0, 0]
        for address in [flow.source, flow.destination] {
            packet += stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: address.low >> UInt64($0)) }
        }
        for word in [flow.sourcePort, flow.destinationPort, UInt16(8 + payload.count), checksum] {
            packet += [UInt8(word >> 8), UInt8(word & 0xff)]
        }
        packet += payload.prefix(octets)
        do {
            return try ICMPQuote(parsing: packet.span, family: .ipv4)
        } catch {
            fatalError("an honest quote is read: \(error)")
        }
    }

    private func mismatch(_ ledger: TraceLedger, _ quote: ICMPQuote) -> TraceMismatch? {
        do throws(TraceMismatch) {
            _ = try ledger.probe(quotedBy: quote)
            return nil
        } catch {
            return error
        }
    }

    @Test("Found by payload, or by the UDP header alone", arguments: [0, 4, 8, 15, 16, 20])
    func found(octets: Int) throws {
        let ledger = ledger()
        for number in UInt8(0)..<4 { #expect(try ledger.probe(quotedBy: quote(number, octets: octets)) == number) }
    }

    @Test("A NAT may change the quoted addresses and ports where the payload is quoted, not where it is not")
    func translated() throws {
        let ledger = ledger()
        var quote = quote(1)
        quote.source = IPAddress(ipv4: 0xc000_0201)
        quote.sourcePort = 1_024
        quote.udpChecksum = 0x1234
        #expect(try ledger.probe(quotedBy: quote) == 1)
        quote.payload = []
        #expect(mismatch(ledger, quote) == .foreign)
    }

    @Test("A forged or unrelated message never counts")
    func forged() {
        let ledger = ledger()
        for index in 0..<20 {
            var quote = quote(2)
            quote.payload[index] ^= 1
            #expect(mismatch(ledger, quote) == .unknownProbe, "octet \(index)")
        }
        let changes: [(inout ICMPQuote) -> Void] = [
            { $0.source = IPAddress(ipv4: 1) }, { $0.destination = IPAddress(ipv4: 1) }, { $0.sourcePort ^= 2 },
            { $0.destinationPort ^= 8 }, { $0.udpLength ^= 1 }, { $0.udpChecksum ^= 1 },
        ]
        for change in changes {
            var quote = quote(2, octets: 0)
            change(&quote)
            #expect(mismatch(ledger, quote) != nil)
        }
    }

    /// A span cannot stand inside an expectation.
    private func isDistinct(_ octets: [UInt8], _ ledger: TraceLedger, flow: Int) -> Bool {
        ledger.isDistinct(octets.span, flow: flow)
    }

    @Test("Two probes that a short quote cannot tell apart are both left alone")
    func ambiguous() {
        var ledger = ledger()
        var twin = payload(0)
        // Ones' complement addition does not mind the order of words.
        twin.swapAt(20, 22)
        twin.swapAt(21, 23)
        #expect(!isDistinct(twin, ledger, flow: 0))
        #expect(isDistinct(twin, ledger, flow: 1))
        twin[3] = 9
        #expect(isDistinct(twin, ledger, flow: 0))
        let other = Array(payload(0)[2..<4] + payload(0)[0..<2]) + payload(0)[4...]
        _ = ledger.enter(TraceSend(flow: 0, hopLimit: 3, query: 0), payload: other.span, at: start)
        #expect(mismatch(ledger, quote(0, octets: 0)) == .ambiguous)
    }

    @Test("A probe is answered once and in time")
    func once() throws {
        var ledger = ledger()
        let answer = TraceAnswer(from: Self.router, kind: .timeExceeded, trafficClass: 0xb8)
        #expect(throws: TraceMismatch.late) { try ledger.record(answer, to: 0, at: start + .milliseconds(2_001)) }
        let probe = try ledger.record(answer, to: 0, at: start + .milliseconds(30))
        #expect(probe.delay == .milliseconds(30))
        #expect(probe.answer == answer)
        #expect(throws: TraceMismatch.duplicate) { try ledger.record(answer, to: 0, at: start + .milliseconds(31)) }
        #expect(throws: TraceMismatch.unknownProbe) { try ledger.record(answer, to: 4, at: start) }
        #expect(ledger.observation.probes.filter { $0.answer != nil }.count == 1)
    }

    @Test("A probe that may still be answered does not count as lost")
    func settled() throws {
        var ledger = ledger()
        let answer = TraceAnswer(from: Self.router, kind: .timeExceeded)
        _ = try ledger.record(answer, to: 1, at: start + .milliseconds(30))
        #expect(ledger.observation(settledAt: start + .milliseconds(1_999)).probes.map(\.answer) == [answer])
        #expect(ledger.observation(settledAt: start + .milliseconds(2_000)).probes.count == 4)
    }

    @Test("A probe that this host would not send is as if it had never been")
    func withdrawn() {
        var ledger = ledger()
        ledger.withdrawLast(reason: "send: Operation not permitted")
        #expect(ledger.observation.probes.count == 3)
        #expect(ledger.observation.notSent == [1: 1])
        #expect(mismatch(ledger, quote(3)) == .unknownProbe)
    }

    @Test("What the kernel's error queue gives back counts on its own socket only")
    func errorQueue() throws {
        let ledger = ledger()
        #expect(try ledger.probe(startingLike: Array(payload(1).prefix(20)), flow: 0) == 1)
        #expect(throws: TraceMismatch.unknownProbe) {
            try ledger.probe(startingLike: Array(payload(1).prefix(20)), flow: 1)
        }
        #expect(throws: TraceMismatch.unknownProbe) {
            try ledger.probe(startingLike: Array(payload(1).prefix(15)), flow: 0)
        }
    }

    @Test("Which ICMP errors say something about the path")
    func kinds() {
        typealias Kind = TraceAnswer.Kind
        #expect(Kind(.ipv4, type: 11, code: 0) == .timeExceeded)
        #expect(Kind(.ipv6, type: 3, code: 0) == .timeExceeded)
        #expect(Kind(.ipv4, type: 11, code: 1) == nil)
        #expect(Kind(.ipv4, type: 3, code: 4) == nil)
        #expect(Kind(.ipv6, type: 2, code: 0) == nil)
        #expect(Kind(.ipv4, type: 12, code: 0) == nil)
        for code in UInt8(0)...15 where code != 4 {
            #expect(Kind(.ipv4, type: 3, code: code) == .unreachable(type: 3, code: code))
        }
        #expect(Kind(.ipv6, type: 1, code: 4) == .unreachable(type: 1, code: 4))
    }

    @Test("STAMP probes tell each other apart, and know their replies")
    func stampPayload() throws {
        var payload = try StampTracePayload(ssid: 77, payloadLength: 182, dscp: .expeditedForwarding)
        var octets = [UInt8](repeating: 0, count: payload.length)
        var span = octets.mutableSpan
        payload.write(into: &span, now: WallInstant(nanosecondsSinceUnixEpoch: 1_700_000_000_000_000_000))
        #expect(payload.commit() == 0)
        guard
            case .failure(let refusal) = payload.answer(in: octets.span, at: WallInstant(nanosecondsSinceUnixEpoch: 0))
        else {
            Issue.record("a probe that comes back as it was is no reply")
            return
        }
        #expect(refusal.code == "stamp_echoed_request")
        #expect(throws: TextRefusal.self) {
            _ = try StampTracePayload(ssid: 1, payloadLength: 43, dscp: .expeditedForwarding)
        }
    }
}
