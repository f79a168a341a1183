import ProbeCore
import Statistics
import Units
import Wire

/// A session-sender's run against a session-reflector, without a network: every request reaches it, and only the
/// reply that is fuzzed comes back.
struct ProbeExchange {
    static let requestCount = 4

    private var sender: SessionSender
    private var log: ObservationLog
    /// All requests as they left; the last one stands in the buffer whose TLVs replies are held against.
    private var requests: [[UInt8]] = []
    private let key: StampKey?

    var mode: StampMode { sender.configuration.mode }

    init(key: StampKey?, payloadOverBase: Int) throws(TextRefusal) {
        let mode = key == nil ? StampMode.unauthenticated : .authenticated
        self.key = key
        let configuration = SessionSenderConfiguration(
            ssid: Scene.ssid,
            payloadLength: mode.baseLength + payloadOverBase,
            requestedDSCP: .expeditedForwarding,
            key: key,
            interval: Scene.interval,
            replyTimeout: .seconds(3)
        )
        sender = try SessionSender(configuration)
        log = ObservationLog(streams: 1, interval: Scene.interval, replyTimeout: .seconds(3))
        send(payload: configuration.payloadLength)
    }

    private static func sentAt(_ index: Int) -> WallInstant { Scene.startedAt + Scene.interval * Int64(index) }

    private mutating func send(payload: Int) {
        var buffer = [UInt8](repeating: 0, count: payload)
        var span = buffer.mutableSpan
        sender.prepare(&span)
        for index in 0..<Self.requestCount {
            var span = buffer.mutableSpan
            let now = Self.sentAt(index)
            sender.stamp(&span, now: now, errorEstimate: Scene.errorEstimate(.ntp))
            sender.commit()
            requests.append(buffer)
            log.append(.sent(stream: 0, sequence: UInt32(index), at: now, lateness: .zero, measured: true))
            log.append(.transmitted(stream: 0, sequence: UInt32(index), at: now + .microseconds(10)))
        }
    }

    /// A session-reflector's reply to one request, all requests before it having been answered too.
    func reply(to answered: Int, format: TimestampFormat, ipv6: Bool) -> [UInt8] {
        let policy = key == nil ? ScenePolicy.open : ScenePolicy.authenticated
        var reflector = Scene.reflector(policy, format, packets: Self.requestCount)
        var buffer: [UInt8] = []
        for index in 0...answered {
            buffer = requests[index]
            let length = buffer.count
            let arrivedAt = Self.sentAt(index) + Scene.pathDelay
            let context = RequestContext(
                source: Scene.sender(ipv6: ipv6),
                sourcePort: Scene.senderPort,
                destination: Scene.reflector(ipv6: ipv6),
                destinationPort: Scene.reflectorPort,
                receivedAt: arrivedAt,
                trafficClass: 0xb8,
                timeToLive: 64
            )
            var span = buffer.mutableSpan
            let now = MonotonicInstant(nanoseconds: Int64(index) * Scene.interval.count)
            guard let reply = reflector.reflect(&span, length: length, context: context, now: now) else {
                return []
            }
            let sentAt = arrivedAt + Scene.residence
            reflector.finish(&span, reply: reply, sentAt: sentAt)
            reflector.noteTransmission(slot: reply.slot, sequence: reply.sequence, at: sentAt + .microseconds(5))
        }
        return buffer
    }

    /// Reads a datagram as the probe thread does.
    ///
    /// - Returns: whether it was accepted.
    mutating func read(_ datagram: [UInt8]) throws(BrokenInvariant) -> Bool {
        let arrivedAt = Self.sentAt(Self.requestCount) + Scene.pathDelay
        let reply: SessionReply
        do {
            let request = requests[Self.requestCount - 1]
            reply = try sender.read(datagram.span, request: request.span, arrivedAt: arrivedAt)
        } catch {
            log.append(.refused(stream: 0, at: arrivedAt, reason: error))
            return false
        }
        try check(reply, datagram)
        log.append(
            reply.record(stream: 0, arrivedAt: arrivedAt, kernelTimestamp: true, trafficClass: 0xb8, timeToLive: 64)
        )
        if let followUp = reply.telemetry.followUp, let sentAt = reply.followUpSentAt {
            log.append(
                .farTransmitted(stream: 0, reflectorSequence: followUp.sequence, at: arrivedAt, farSentAt: sentAt)
            )
        }
        return true
    }

    private func check(_ reply: SessionReply, _ datagram: [UInt8]) throws(BrokenInvariant) {
        if let key { try require(key.verifiesBase(datagram.span), "a reply without a right HMAC is refused") }
        let sequence = Int(reply.base.senderSequence)
        try require(sequence < Self.requestCount, "a reply to what was never sent is refused")
        let sent = StampTimestamp(Self.sentAt(sequence), format: .ntp)
        try require(reply.base.senderTimestamp == sent, "a reply that alters the copy of T1 is refused")
        try require([0, Scene.ssid].contains(reply.base.ssid), "a reply of another session is refused")
        try require(
            reply.hasUnequalLength == (datagram.count != requests[0].count),
            "a reply of another length is marked as such"
        )
        let telemetry = reply.telemetry
        if telemetry.understoodCount > 0, let key {
            try require(key.verifiesProtection(of: datagram.span, mode: mode), "only proven TLVs are believed")
        }
        if [.altered, .integrityFailed].contains(telemetry.anomaly) {
            try require(telemetry.understoodCount == 0, "TLVs that are not to be trusted say nothing")
        }
    }

    /// What is handed to the statistics counts what was read.
    func checkLog() throws(BrokenInvariant) {
        let stream = log.streams[0]
        let refused = stream.refusals.values.reduce(0, +)
        try require(stream.replyCount + refused == 2, "every datagram is a reply or refused")
        let observation = stream.observation()
        try require(observation.sent.count == Self.requestCount, "every request is in the log")
        try require(observation.replies.count == stream.replyCount, "every reply is in the log")
        try require(stream.answeredCount == min(1, stream.replyCount), "a duplicate answers nothing")
        try require(
            stream.farSendDelays.allSatisfy { $0 >= .microseconds(-1) && $0 < .milliseconds(50) },
            "a far send time that cannot be is not taken"
        )
        try require(stream.latestRoundTrips(10).count == stream.replyCount, "every reply has a round trip")
        let marks = stream.markCounts()
        try require(marks.returned.values.reduce(0, +) == stream.answeredCount, "each answered packet counts one mark")
        _ = stream.unanswered(by: Self.sentAt(1_000))
        try checkStatistics(stream)
    }

    /// A far end may claim any time at all; what is made of it must not contradict itself.
    private func checkStatistics(_ stream: StreamLog) throws(BrokenInvariant) {
        let statistics = EndpointStatistics.analyse(
            [stream.observation()],
            claims: ClockClaims(localError: .milliseconds(1), farError: stream.farClockError),
            timestamps: TimestampQuality(local: .microseconds(10), far: .microseconds(10))
        )
        try require(statistics.streams.count == 1, "every stream has its statistics")
        if let clock = statistics.clock { try require(clock.uncertainty >= .zero, "an uncertainty is not negative") }
        if let delay = statistics.worseDirectionDelay {
            try require(delay.interval.contains(delay.value), "a delay lies in its interval")
            try require(delay.value >= .zero, "no delay is negative")
        }
        for loss in [statistics.forwardLoss, statistics.reverseLoss, statistics.roundTripLoss].compactMap(\.self) {
            try require((0...1).contains(loss.ratio), "a share lies between 0 and 1")
        }
    }
}
