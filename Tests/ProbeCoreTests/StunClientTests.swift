import ProbeCore
import Testing
import Units
import Wire

/// A STUN client with its request buffer, and a server that answers as it is told.
private struct StunSession {
    var client: StunClient
    var generator = SeededGenerator(seed: 8_489)
    var buffer: [UInt8]

    init(_ request: StunRequest = .allocate, interval: Nanoseconds = .milliseconds(200)) {
        let configuration = StunClientConfiguration(request: request, interval: interval, replyTimeout: .seconds(3))
        client = StunClient(configuration, using: &generator)
        buffer = zeros(request.length)
    }

    mutating func request() -> [UInt8] {
        stampOnly()
        client.commit()
        return buffer
    }

    mutating func stampOnly() {
        var (stamping, source) = (client, generator)
        buffer = buffer.changed { stamping.stamp(&$0, using: &source) }
        (client, generator) = (stamping, source)
    }

    /// A challenge with the transaction of a request.
    static func challenge(to request: [UInt8], type: UInt64 = 0x0113) -> [UInt8] {
        (request.prefix(20) + octets("00090004 00000401")).putting(type, 0..<2).putting(8, 2..<4)
    }

    func expect(_ packet: [UInt8], isRequest number: UInt32?, _ location: SourceLocation = #_sourceLocation) {
        let sequence = client.sequence(ofRequest: packet.span)
        #expect(sequence == number, sourceLocation: location)
    }

    mutating func expect(
        _ datagram: [UInt8],
        refusedAs reason: StunRefusal?,
        _ location: SourceLocation = #_sourceLocation
    ) {
        var refusal: StunRefusal?
        do throws(StunRefusal) { _ = try client.read(datagram.span) } catch { refusal = error }
        #expect(refusal == reason, sourceLocation: location)
    }
}

extension ArraySlice<UInt8> {
    fileprivate func putting(_ value: UInt64, _ range: Range<Int>) -> [UInt8] { Array(self).putting(value, range) }
}

/// What a STUN client takes for an answer to its requests, and what not.
@Suite struct StunClientTests {
    @Test func everyRequestIsATransactionOfItsOwn() {
        var session = StunSession()
        let identifiers = (0..<1_000).map { _ in Array(session.request()[8..<20]) }
        #expect(Set(identifiers).count == 1_000)
        #expect(session.client.nextSequence == 1_000)
    }

    @Test func anErrorIsAnAnswer() throws {
        var session = StunSession()
        let requests = (0..<3).map { _ in session.request() }
        #expect(session.client.awaitsReplies)
        for sequence in [2, 0, 1] {
            let reply = try session.client.read(StunSession.challenge(to: requests[sequence]).span)
            #expect(reply.sequence == UInt32(sequence))
            #expect(reply.response.errorCode == 401)
            #expect(reply.isFirst)
        }
        #expect(!session.client.awaitsReplies)
        let again = try session.client.read(StunSession.challenge(to: requests[1]).span)
        #expect(again.sequence == 1 && !again.isFirst)
    }

    @Test func theKernelsCopyLeadsBackToItsRequest() {
        var session = StunSession()
        let requests = (0..<3).map { _ in session.request() }
        for (sequence, request) in requests.enumerated() {
            session.expect(request, isRequest: UInt32(sequence))
        }
        session.expect(zeros(19), isRequest: nil)
    }

    @Test func whoeverDidNotSeeTheRequestCannotAnswerIt() {
        var session = StunSession()
        let reply = StunSession.challenge(to: session.request())
        for place in 8..<20 {
            var forged = reply
            forged[place] ^= 0x80
            session.expect(forged, refusedAs: .unknownTransaction)
        }
        session.expect(reply, refusedAs: nil)
    }

    @Test func aRequestThatTheKernelDidNotTakeHasNoAnswer() {
        var session = StunSession()
        session.stampOnly()
        let early = StunSession.challenge(to: session.buffer)
        session.expect(early, refusedAs: .unknownTransaction)
        let sent = session.request()
        session.expect(sent, isRequest: 0)
        session.expect(early, refusedAs: .unknownTransaction)
        session.expect(StunSession.challenge(to: sent), refusedAs: nil)
    }

    @Test func aRequestOfLongAgoIsForgotten() {
        var session = StunSession()
        let first = StunSession.challenge(to: session.request())
        for _ in 0..<62 { _ = session.request() }
        session.expect(first, refusedAs: nil)
        _ = session.request()
        session.expect(first, refusedAs: .unknownTransaction)
    }

    @Test func anAnswerToAnotherMethodIsRefused() {
        var session = StunSession(.binding)
        session.expect(StunSession.challenge(to: session.request()), refusedAs: .foreignMethod)
        session.expect(StunSession.challenge(to: session.request(), type: 0x0111), refusedAs: nil)
    }

    @Test func anythingIsRefusedBeforeTheFirstRequest() {
        var session = StunSession()
        session.expect(StunSession.challenge(to: zeros(20)).putting(0x2112_a442, 4..<8), refusedAs: .unknownTransaction)
        #expect(!session.client.awaitsReplies)
    }

    @Test func aRecordCarriesWhatTheAnswerSaid() throws {
        var session = StunSession(.binding)
        let request = session.request()
        let success = (request + octets("00200008 0001a147 e112a643")).putting(0x0101, 0..<2).putting(12, 2..<4)
        let reply = try session.client.read(success.span)
        let record = reply.record(
            stream: 3,
            arrivedAt: .example,
            kernelTimestamp: true,
            trafficClass: 0xb8,
            timeToLive: 55
        )
        #expect(record.kind == .stunReply && record.stream == 3 && record.sequence == 0)
        #expect(record.detail == 0 && record.reflexivePort == 32_853)
        #expect(record.flags == .kernelTimestamp && record.trafficClass == 0xb8 && record.timeToLive == 55)
    }
}
