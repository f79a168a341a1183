import ProbeCore
import Testing
import Units
import Wire

/// Session-sender and session-reflector against each other in memory.
@Suite struct ExchangeTests {
    static let keys: [StampKey?] = [nil, .example]

    private struct Path: Sendable {
        var source: IPAddress
        var destination: IPAddress
        var family: IPAddress.Family { source.family }
    }

    private static let paths = [
        Path(source: .example(1), destination: .example(2)), Path(source: .example6(1), destination: .example6(2)),
    ]

    private func context(_ path: Path, trafficClass: UInt8 = 34 << 2 | 1) -> RequestContext {
        .example(source: path.source, destination: path.destination, trafficClass: trafficClass)
    }

    @Test(arguments: keys.indices, paths.indices)
    func everyFieldOfTheReplyIsRight(keyIndex: Int, pathIndex: Int) throws {
        let (key, path) = (Self.keys[keyIndex], Self.paths[pathIndex])
        var session = try ProbeSession(key: key, payload: 260)
        var reflector = SessionReflector.example(
            key: key,
            clock: ReflectorClock(errorEstimate: ErrorEstimate(rawValue: 0x9602), source: .ptp)
        )
        // Two requests are lost on the way: the reflector counts by itself.
        _ = session.request()
        _ = session.request()
        let sentAt = WallInstant.example + .milliseconds(40)
        let request = session.request(at: sentAt)
        var context = context(path)
        context.receivedAt = sentAt + .milliseconds(20)
        let answer = try reflector.mustAnswer(request, context, sentAt: sentAt + .milliseconds(21))
        #expect(answer.octets.count == request.count)
        #expect(answer.reply.trafficClass == 46 << 2, "as asked for, and no congestion marks")
        #expect(answer.reply.wantsTransmitTimestamp)

        let reply = try session.read(answer.octets, arrivedAt: sentAt + .milliseconds(50))
        #expect(reply.base.sequence == 0)
        #expect(reply.base.senderSequence == 2)
        #expect(reply.base.ssid == 0xbeef)
        #expect(reply.base.errorEstimate.rawValue == 0x9602)
        #expect(reply.base.senderErrorEstimate == .example)
        #expect(reply.base.senderTimestamp == StampTimestamp(sentAt, format: .ntp))
        #expect(reply.base.senderTTL == 64)
        #expect(reply.farReceivedAt == context.receivedAt)
        #expect(reply.farSentAt == sentAt + .milliseconds(21))
        #expect(!reply.hasUnequalLength)
        try expectTelemetry(reply, of: path, isAuthenticated: key != nil)
    }

    private func expectTelemetry(_ reply: SessionReply, of path: Path, isAuthenticated: Bool) throws {
        #expect(reply.telemetry.anomaly == nil)
        #expect(reply.telemetry.understoodCount == (isAuthenticated ? 6 : 5))
        let marks = try #require(reply.telemetry.classOfService)
        #expect(marks.requested == .expeditedForwarding && marks.received == .af41)
        #expect(marks.receivedECN.value == 1 && marks.reversePath == 0)
        let location = try #require(reply.telemetry.location)
        #expect(location.source == .known(path.source))
        #expect(location.sourcePort == 40_000 && location.destinationPort == 3478)
        let information = try #require(reply.telemetry.timestampInformation)
        #expect(information.sourceIn == .ptp && information.sourceOut == .ptp)
        #expect(information.methodIn == .softwareLocal && information.methodOut == .softwareLocal)
        #expect(reply.telemetry.followUp == nil)
    }

    @Test func repliesOfBothModesVerify() throws {
        var session = try ProbeSession(key: .example, payload: 260)
        var reflector = SessionReflector.example(key: .example)
        let answer = try reflector.mustAnswer(session.request())
        #expect(StampKey.example.verifiesBase(answer.octets))
        #expect(StampKey.example.verifiesProtection(of: answer.octets, mode: .authenticated))
    }

    @Test(arguments: keys.indices)
    func repliesAreAsLongAsRequestsOfEveryLength(keyIndex: Int) throws {
        let key = Self.keys[keyIndex]
        let shortest = key == nil ? 44 : 112
        for length in shortest...1_500 {
            var session = try ProbeSession(key: key, payload: length)
            var reflector = SessionReflector.example(key: key, capacity: 1)
            let answer = try reflector.mustAnswer(session.request())
            #expect(answer.octets.count == length)
            let reply = try session.read(answer.octets)
            #expect(reply.telemetry.anomaly == nil, "\(length)")
            // From this length on all TLVs are asked for.
            if length >= shortest + 84 { #expect(reply.telemetry.location != nil, "\(length)") }
        }
    }

    @Test(arguments: keys.indices)
    func paddingAndTrailingOctetsComeBackAsTheyWere(keyIndex: Int) throws {
        let key = Self.keys[keyIndex]
        var session = try ProbeSession(key: key, payload: 400)
        var reflector = SessionReflector.example(key: key)
        let request = session.request()
        let answer = try reflector.mustAnswer(request)
        let start = (key == nil ? 44 : 112) + 64 + (key == nil ? 0 : 20)
        #expect(request[start...].prefix(2) == [0x80, 1])
        #expect(answer.octets[start] == 0)
        #expect(answer.octets[(start + 1)...] == request[(start + 1)...])
    }

    @Test func theReflectorCountsBySessionAndNotByRequestNumber() throws {
        var first = try ProbeSession()
        var second = try ProbeSession()
        var reflector = SessionReflector.example()
        var (numbersOfFirst, numbersOfSecond): ([UInt32], [UInt32]) = ([], [])
        for round in 0..<20 {
            let request = first.request()
            // Every third request of the first session is lost.
            if !round.isMultiple(of: 3) {
                let answer = try reflector.mustAnswer(request)
                numbersOfFirst.append(try first.read(answer.octets).base.sequence)
            }
            let other = try reflector.mustAnswer(second.request(), .example(sourcePort: 40_001))
            numbersOfSecond.append(try second.read(other.octets).base.sequence)
        }
        #expect(numbersOfFirst == Array(0..<13))
        #expect(numbersOfSecond == Array(0..<20))
        #expect(reflector.sessionCount == 2)
    }

    @Test func theSSIDTellsSessionsApartOnlyWhereItIsAuthenticated() throws {
        for key in Self.keys {
            var sessions = try [0x1111, 0x2222].map { try ProbeSession(key: key, ssid: $0) }
            var reflector = SessionReflector.example(key: key)
            var numbers: [UInt32] = []
            for _ in 0..<2 {
                for index in sessions.indices {
                    let answer = try reflector.mustAnswer(sessions[index].request())
                    numbers.append(try sessions[index].read(answer.octets).base.sequence)
                }
            }
            #expect(numbers == (key == nil ? [0, 1, 2, 3] : [0, 0, 1, 1]))
        }
    }

    @Test func addressesAndPortsTellSessionsApart() throws {
        var reflector = SessionReflector.example()
        let contexts: [RequestContext] = [
            .example(), .example(source: .example(9)), .example(destination: .example(9)),
            .example(sourcePort: 40_001), .example(destinationPort: 3479),
            .example(source: .example6(1), destination: .example6(2)),
        ]
        for round in 0..<3 {
            for context in contexts {
                let answer = try reflector.mustAnswer(Request.plain(), context)
                #expect(answer.reply.sequence == UInt32(round))
            }
        }
        #expect(reflector.sessionCount == contexts.count)
    }

    @Test func anUnknownTTLIsSentAs255() throws {
        var session = try ProbeSession()
        var reflector = SessionReflector.example()
        let answer = try reflector.mustAnswer(session.request(), .example(timeToLive: nil))
        #expect(answer.octets[40] == 255)
    }

    @Test func aReplyWithoutMarksAskedForLeavesWithTheMarkThatCame() throws {
        var session = try ProbeSession(payload: 44)
        var reflector = SessionReflector.example()
        let answer = try reflector.mustAnswer(session.request(), .example(trafficClass: 34 << 2 | 3))
        #expect(answer.reply.trafficClass == 34 << 2, "congestion marks are the path's, not the sender's")
        #expect(!answer.reply.wantsTransmitTimestamp)
    }

    @Test func aMarkThatPolicyForbidsIsRefusedInTheReply() throws {
        let forbidden = try #require(DSCP(48))
        for key in Self.keys {
            var session = try ProbeSession(key: key, payload: 260, requestedDSCP: forbidden)
            var reflector = SessionReflector.example(key: key)
            let context = RequestContext.example(trafficClass: 34 << 2 | 2)
            let answer = try reflector.mustAnswer(session.request(), context)
            #expect(answer.reply.trafficClass == 34 << 2)
            let reply = try session.read(answer.octets)
            let marks = try #require(reply.telemetry.classOfService)
            #expect(marks.reversePath == 1 && marks.received == .af41 && marks.receivedECN.value == 2)
            let record = reply.record(
                stream: 0,
                arrivedAt: .example,
                kernelTimestamp: false,
                trafficClass: 0,
                timeToLive: 0
            )
            #expect(record.flags.contains(.markRefusedByPolicy))
            #expect(record.farTrafficClass == 34 << 2 | 2)
        }
    }

    @Test func everyMarkIsAnsweredByThePolicy() throws {
        for value in 0..<64 {
            let dscp = try #require(DSCP(value))
            var session = try ProbeSession(requestedDSCP: dscp)
            var reflector = SessionReflector.example()
            let answer = try reflector.mustAnswer(session.request(), .example(trafficClass: 10 << 2))
            let isAllowed = [0, 8, 18, 34, 46].contains(value)
            #expect(answer.reply.trafficClass == UInt8(isAllowed ? value : 10) << 2)
            #expect(answer.octets.integer(48..<50) & 0b11 == (isAllowed ? 0 : 1))
        }
    }

    @Test func ptpTimestampsAreUnderstood() throws {
        var session = try ProbeSession()
        let estimate = ErrorEstimate(synchronized: true, format: .ptp, error: .microseconds(3))
        var reflector = SessionReflector.example(clock: ReflectorClock(errorEstimate: estimate, source: .ptp))
        let context = RequestContext.example()
        var answer = try reflector.mustAnswer(session.request(), context)
        reflector.noteTransmission(slot: answer.reply.slot, sequence: 0, at: context.receivedAt + .milliseconds(2))
        var reply = try session.read(answer.octets)
        #expect(reply.farReceivedAt == context.receivedAt)
        #expect(reply.farSentAt == context.receivedAt + .milliseconds(1))
        answer = try reflector.mustAnswer(session.request(), context)
        reply = try session.read(answer.octets)
        #expect(reply.followUpSentAt == context.receivedAt + .milliseconds(2))
    }
}
