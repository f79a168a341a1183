import ProbeCore
import Testing
import Units
import Wire

/// One exchange worked out by hand and by an independent program: a request with sequence number 5 at Unix time
/// 1800000000.123456789, DSCP 34, ECN 1, TTL 64, asking for DSCP 46; T2 20 ms later, T3 another 1 ms later.
@Suite struct ReflectorWorkedExampleTests {
    private let context = RequestContext.example(trafficClass: 34 << 2 | 1)
    private let request = octets(
        """
        00000005 eef45080 1f9add37 1601beef
        00000000 00000000 00000000 00000000
        00000000 00000000 00000000 80040004
        b8000000
        """
    )
    /// As from a stateless reflector: its sequence number is the request's.
    private let reply = octets(
        """
        00000005 eef45080 24fb1ec0 1601beef
        eef45080 24b99589 00000005 eef45080
        1f9add37 16010000 40000000 00040004
        ba240000
        """
    )
    private let authenticatedRequest = octets(
        """
        00000005 00000000 00000000 00000000
        eef45080 1f9add37 1601beef 00000000
        00000000 00000000 00000000 00000000
        00000000 00000000 00000000 00000000
        00000000 00000000 00000000 00000000
        00000000 00000000 00000000 00000000
        64377ab2 4801c7fe 73d66aaa 163d4125
        80040004 b8000000 80080010 f50d46b7
        b3566404 d7219668 34d1182d
        """
    )
    /// From a stateful reflector, whose own sequence number is 3.
    private let authenticatedReply = octets(
        """
        00000003 00000000 00000000 00000000
        eef45080 24fb1ec0 1601beef 00000000
        eef45080 24b99589 00000000 00000000
        00000005 00000000 00000000 00000000
        eef45080 1f9add37 16010000 00000000
        40000000 00000000 00000000 00000000
        06349022 2f8d68f6 87bf4a35 43c7865e
        00040004 ba240000 00080010 a8a77cd8
        010c0ce1 c011c48c 1071d874
        """
    )

    @Test func theSixthReplyOfASessionIsTheExamples() throws {
        var reflector = SessionReflector.example()
        for number in 0..<5 {
            let answer = try reflector.mustAnswer(request, context)
            #expect(answer.octets == reply.putting(UInt64(number), 0..<4))
        }
        let answer = try reflector.mustAnswer(request, context)
        #expect(answer.octets == reply)
        #expect(answer.reply.trafficClass == 46 << 2)
    }

    @Test func theFourthAuthenticatedReplyIsTheExamples() throws {
        var reflector = SessionReflector.example(key: .example)
        for _ in 0..<3 { _ = try reflector.mustAnswer(authenticatedRequest, context) }
        let answer = try reflector.mustAnswer(authenticatedRequest, context)
        #expect(answer.octets == authenticatedReply)
    }

    @Test func theSenderReadsTheExamplesReplies() throws {
        for (key, octets) in [(nil, reply), (StampKey.example, authenticatedReply)] {
            var session = try ProbeSession(key: key, payload: octets.count)
            for _ in 0..<6 { _ = session.request() }
            let read = try session.read(octets)
            #expect(read.farReceivedAt == .example + .milliseconds(20))
            #expect(read.farSentAt == .example + .milliseconds(21))
            #expect(read.base.senderSequence == 5 && read.base.sequence == (key == nil ? 5 : 3))
            #expect(read.telemetry.classOfService?.received == .af41)
            #expect(read.telemetry.anomaly == nil)
        }
    }
}
