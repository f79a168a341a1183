import ProbeCore
import Testing
import Units
import Wire

/// No datagram may trap either end, whatever it holds. Each run's inputs come from its seed, so a failure repeats.
@Suite struct HostileDatagramTests {
    private struct Ends {
        var key: StampKey?
        var session: ProbeSession
        var reflector: SessionReflector
        var templates: [[UInt8]]

        init(key: StampKey?, allowsShortRequests: Bool) throws {
            self.key = key
            session = try ProbeSession(key: key, payload: key == nil ? 140 : 230)
            reflector = .example(
                key: key,
                allowsShortRequests: allowsShortRequests,
                packetsPerSecond: 1_000,
                burst: 1_000_000
            )
            templates = []
            var shadow = SessionReflector.example(key: key)
            for _ in 0..<20 {
                let request = session.request()
                templates += [request, try shadow.mustAnswer(request).octets]
            }
            let allTypes = (0...12 as ClosedRange<UInt8>).flatMap { tlv($0, zeros($0 == 4 || $0 == 3 ? 4 : 16)) }
            let measurement = tlv(5, zeros(12)) + tlv(2, zeros(4) + tlv(4, zeros(16)) + tlv(7, zeros(16)))
            templates.append(key == nil ? Request.plain(allTypes) : Request.authenticated(allTypes))
            templates.append(key == nil ? Request.plain(measurement) : Request.authenticated(measurement))
        }
    }

    private func mutated(_ template: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
        var datagram = template
        switch generator.next() % 8 {
        case 0: datagram = Array(datagram.prefix(Int(generator.next() % UInt64(datagram.count + 1))))
        case 1: datagram += generator.octets(Int(generator.next() % 24))
        case 2: datagram = generator.octets(Int(generator.next() % 160))
        default: break
        }
        guard !datagram.isEmpty else { return datagram }
        for _ in 0..<(generator.next() % 4) {
            let choice = generator.next()
            let offset = Int(choice >> 32) % datagram.count
            switch choice % 4 {
            case 0: datagram[offset] = 0xff
            case 1: datagram[offset] = 0
            case 2: datagram[offset] ^= 1 << UInt8(choice >> 8 & 7)
            default: datagram[offset] = UInt8(truncatingIfNeeded: choice >> 16)
            }
        }
        return datagram
    }

    private func context(using generator: inout SeededGenerator) -> RequestContext {
        let choice = generator.next()
        return .example(
            source: choice & 0x300 == 0 ? .example6(choice >> 48) : .example(UInt32(choice >> 60)),
            sourcePort: UInt16(truncatingIfNeeded: choice >> 16) | (choice & 0x400 == 0 ? 0 : 0xc000),
            trafficClass: UInt8(truncatingIfNeeded: choice),
            timeToLive: choice & 0x800 == 0 ? nil : UInt8(truncatingIfNeeded: choice >> 12)
        )
    }

    private func run(_ ends: Ends, seed: UInt64, count: Int) {
        var ends = ends
        var generator = SeededGenerator(seed: seed)
        let base = ends.reflector.policy.mode.baseLength
        let mayGrow = ends.reflector.policy.allowsShortRequests
        var now = MonotonicInstant(nanoseconds: 1_000_000_000)
        var (accepted, refused) = (0, 0)
        for number in 0..<count {
            let template = ends.templates[Int(generator.next() % UInt64(ends.templates.count))]
            let datagram = mutated(template, using: &generator)
            now = now + .microseconds(50)
            let answer = ends.reflector.answer(datagram, context(using: &generator), now: now)
            if let answer, answer.octets.count != datagram.count {
                guard mayGrow, datagram.count < base, answer.octets.count == base else {
                    Issue.record(
                        "datagram \(number) of seed \(seed): \(datagram.count) to \(answer.octets.count) octets"
                    )
                    return
                }
            }
            if let reply = try? ends.session.read(datagram) {
                accepted += 1
                guard reply.base.senderSequence < 20 else {
                    Issue.record("datagram \(number) of seed \(seed): \(reply.base.senderSequence) was never sent")
                    return
                }
            } else {
                refused += 1
            }
        }
        #expect(ends.reflector.counters.received == count)
        #expect(ends.reflector.everyDatagramIsCounted)
        // The run is worth something only if both ends see both.
        #expect(ends.reflector.counters.answered > count / 20)
        #expect(ends.reflector.counters.answered < count * 19 / 20)
        #expect(accepted > count / 20 && refused > count / 20)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func datagramsWithoutAuthentication(seed: UInt64) throws {
        run(try Ends(key: nil, allowsShortRequests: seed.isMultiple(of: 2)), seed: seed, count: 65_000)
    }

    @Test(arguments: [11, 12] as [UInt64])
    func datagramsWithAuthentication(seed: UInt64) throws {
        run(try Ends(key: .example, allowsShortRequests: true), seed: seed, count: 20_000)
    }

    @Test func datagramsOfTheGreatestLengthAreAnswered() throws {
        var reflector = SessionReflector.example()
        for type in [0, 1, 2, 3, 4, 5, 7, 8, 240] as [UInt8] {
            for length in [0, 1, 65_459, 65_460, 0xffff] {
                let tlvs = tlv(type, zeros(65_507 - 48), length: length)
                let answer = try reflector.mustAnswer(Request.plain(tlvs))
                #expect(answer.octets.count == 65_507)
            }
        }
    }
}
