import ProbeCore
import Units
import Wire

/// A STUN client that has sent a few requests reads a datagram, and what it reads goes into the log.
///
/// An input is one octet of ``Choices``, one for the request that is answered, and then either the datagram itself or the
/// type (2) and the attributes of a response with that request's transaction.
enum StunResponseEntry {
    private struct Choices: OptionSet {
        let rawValue: UInt8
        static let allocate = Choices(rawValue: 1)
        static let raw = Choices(rawValue: 2)
    }

    private static let requestCount = 4

    static func run(_ octets: [UInt8]) throws(BrokenInvariant) {
        var input = FuzzInput(octets)
        let choices = Choices(rawValue: input.octet())
        let answered = Int(input.octet()) % requestCount
        var run = StunExchange(choices.contains(.allocate) ? .allocate : .binding, requests: requestCount)
        var datagram: [UInt8]
        if choices.contains(.raw) {
            datagram = input.remainder()
        } else {
            let type = input.word()
            datagram = run.response(to: answered, type: type, attributes: input.remainder())
        }
        if datagram.count > 0xffff { datagram.removeLast(datagram.count - 0xffff) }
        let isAccepted = try run.read(datagram)
        try require(try run.read(datagram) == isAccepted, "a duplicate is read as the first was")
        try run.checkLog()
        try readIdentity(datagram)
    }

    /// What a server says of itself ends on a terminal.
    private static func readIdentity(_ datagram: [UInt8]) throws(BrokenInvariant) {
        guard let identity = try? StunServerIdentity(reading: datagram.span) else { return }
        for text in [identity.software, identity.realm].compactMap(\.self) {
            try require(!text.isEmpty, "a text that is there is not empty")
            let controls = text.unicodeScalars.contains {
                $0.properties.generalCategory == .control || $0.properties.isBidiControl
            }
            try require(!controls, "no text controls a terminal")
        }
    }
}

/// The client's side of such a run.
struct StunExchange {
    private var client: StunClient
    private var log = ObservationLog(streams: 1, interval: Scene.interval, replyTimeout: .seconds(3))
    private var requests: [[UInt8]] = []
    private let method: StunMethod

    init(_ request: StunRequest, requests count: Int) {
        var generator = SplitMix(seed: 8_489)
        let configuration = StunClientConfiguration(
            request: request,
            interval: Scene.interval,
            replyTimeout: .seconds(3)
        )
        client = StunClient(configuration, using: &generator)
        method = request.method
        for index in 0..<count {
            var buffer = [UInt8](repeating: 0, count: request.length)
            var span = buffer.mutableSpan
            client.stamp(&span, using: &generator)
            client.commit()
            requests.append(buffer)
            let at = Self.sentAt(index)
            log.append(.sent(stream: 0, sequence: UInt32(index), at: at, lateness: .zero, measured: true))
        }
    }

    private static func sentAt(_ index: Int) -> WallInstant { Scene.startedAt + Scene.interval * Int64(index) }

    /// A message with a request's transaction, its length as it should be.
    func response(to index: Int, type: UInt16, attributes: [UInt8]) -> [UInt8] {
        let length = UInt16(truncatingIfNeeded: attributes.count)
        let head = [UInt8(type >> 8), UInt8(type & 0xff), UInt8(length >> 8), UInt8(length & 0xff)]
        return head + requests[index][4..<20] + attributes
    }

    /// - Returns: whether it was accepted.
    mutating func read(_ datagram: [UInt8]) throws(BrokenInvariant) -> Bool {
        let arrivedAt = Self.sentAt(requests.count) + Scene.pathDelay
        let reply: StunReply
        do {
            reply = try client.read(datagram.span)
        } catch {
            log.append(.refused(stream: 0, at: arrivedAt, reason: error))
            return false
        }
        try require(Int(reply.sequence) < requests.count, "a response to what was never sent is refused")
        let transaction = requests[Int(reply.sequence)][8..<20]
        try require(datagram[8..<20] == transaction, "a response to another transaction is refused")
        try require(reply.response.method == method, "a response to another method is refused")
        let code = reply.response.errorCode
        try require(code.map { (300..<700).contains($0) } ?? true, "an error code is 300 to 699")
        log.append(
            reply.record(stream: 0, arrivedAt: arrivedAt, kernelTimestamp: true, trafficClass: 0, timeToLive: 64)
        )
        if let address = reply.response.mappedAddress {
            log.append(.reflexive(stream: 0, sequence: reply.sequence, at: arrivedAt, address: address))
            let kept = log.streams[0].reflexive.mappings.last?.address
            try require(kept == address, "an address goes through a record unchanged")
        }
        return true
    }

    /// What is handed to the statistics counts what was read.
    func checkLog() throws(BrokenInvariant) {
        let stream = log.streams[0]
        let refused = stream.refusals.values.reduce(0, +)
        try require(stream.replyCount + refused == 2, "every datagram is a reply or refused")
        try require(stream.relay.responses.values.reduce(0, +) == stream.replyCount, "every reply has its code")
        try require(stream.answeredCount == min(1, stream.replyCount), "a duplicate answers nothing")
        try require(stream.observation().replies.allSatisfy { $0.far == nil }, "a server tells no times")
    }
}
