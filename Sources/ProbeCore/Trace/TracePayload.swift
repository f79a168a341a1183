import Units
import Wire

/// Makes the payloads of one port's probes, and knows the destination's answers to them: a protocol to be traced with.
public protocol TracePayload: Sendable {
    /// UDP payload octets of every probe.
    var length: Int { get }

    /// The first octets of a payload in which each probe differs from every other, of whatever port.
    var identifyingOctets: Int { get }

    /// Writes the next probe, of ``length`` octets. Called again before ``commit()``, with a later time, it writes the
    /// same probe anew.
    mutating func write(into payload: inout MutableSpan<UInt8>, now: WallInstant)

    /// The probe last written has left. Gives its number, which counts from 0 within the port.
    mutating func commit() -> Int

    /// Reads a datagram that came from the destination; nil, with why, where it is not an answer to a probe.
    mutating func answer(in datagram: Span<UInt8>, at arrival: WallInstant) -> Result<TraceReply, TraceReplyRefusal>
}

/// The destination's own answer to a probe.
public struct TraceReply: Hashable, Sendable {
    /// As ``TracePayload/commit()`` gave it.
    public var number: Int
    /// The TOS or traffic class octet with which the probe arrived there; nil where the destination does not tell.
    public var trafficClass: UInt8?

    public init(number: Int, trafficClass: UInt8?) {
        self.number = number
        self.trafficClass = trafficClass
    }
}

/// Why a datagram from the destination does not count, by its stable code.
public struct TraceReplyRefusal: Error, Hashable, Sendable {
    public var code: String

    public init(code: String) { self.code = code }
}

/// STAMP requests as a check sends them, with a Class of Service TLV, by which the session-reflector tells the mark
/// that arrived.
public struct StampTracePayload: TracePayload {
    private var sender: SessionSender
    private let errorEstimate: ErrorEstimate
    /// The octets that stay the same, and that tell what to expect where in a reply.
    private let request: [UInt8]

    /// - Parameter key: authenticates probes and answers where the session-reflector wants it.
    /// - Throws: ``TextRefusal`` when the payload is too short or too long for STAMP in this mode.
    public init(ssid: UInt16, payloadLength: Int, dscp: DSCP, key: StampKey? = nil) throws(TextRefusal) {
        let sender = try SessionSender(
            SessionSenderConfiguration(
                ssid: ssid,
                payloadLength: payloadLength,
                requestedDSCP: dscp,
                key: key,
                // How many requests the sender remembers: more than any trace has.
                interval: .milliseconds(1),
                replyTimeout: .seconds(16)
            )
        )
        // Nothing is asked of the clocks: a trace's delays are round trips.
        errorEstimate = ErrorEstimate(synchronized: false, format: .ntp, error: .seconds(1))
        var prepared = [UInt8](repeating: 0, count: payloadLength)
        var span = prepared.mutableSpan
        sender.prepare(&span)
        self.sender = sender
        request = prepared
    }

    public var length: Int { request.count }

    /// Beyond the timestamp's beginning, which is what differs between ports.
    public var identifyingOctets: Int { mode == .authenticated ? 24 : 16 }

    private var mode: StampMode { sender.configuration.mode }

    public mutating func write(into payload: inout MutableSpan<UInt8>, now: WallInstant) {
        for offset in 0..<min(payload.count, request.count) { payload[offset] = request[offset] }
        sender.stamp(&payload, now: now, errorEstimate: errorEstimate)
    }

    public mutating func commit() -> Int {
        let number = Int(sender.nextSequence)
        sender.commit()
        return number
    }

    public mutating func answer(
        in datagram: Span<UInt8>,
        at arrival: WallInstant
    ) -> Result<TraceReply, TraceReplyRefusal> {
        let request = request
        do throws(StampRefusal) {
            let reply = try sender.read(datagram, request: request.span, arrivedAt: arrival)
            let arrived = reply.telemetry.classOfService.map { $0.received.value << 2 | $0.receivedECN.value }
            return .success(TraceReply(number: Int(reply.base.senderSequence), trafficClass: arrived))
        } catch {
            return .failure(TraceReplyRefusal(code: "stamp_" + error.code))
        }
    }
}
