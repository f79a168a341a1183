import Units
import Wire

/// STUN or TURN requests as a check sends them. A server does not tell the mark that arrived.
public struct StunTracePayload: TracePayload {
    private var client: StunClient
    private var generator = SystemRandomNumberGenerator()

    public init(_ request: StunRequest) {
        // How many requests the client remembers: more than any trace has.
        let configuration = StunClientConfiguration(
            request: request,
            interval: .milliseconds(1),
            replyTimeout: .seconds(16)
        )
        client = StunClient(configuration, using: &generator)
    }

    public var length: Int { client.configuration.payloadLength }

    /// To the end of the first eight octets of the transaction's identifier.
    public var identifyingOctets: Int { 16 }

    public mutating func write(into payload: inout MutableSpan<UInt8>, now: WallInstant) {
        client.stamp(&payload, using: &generator)
    }

    public mutating func commit() -> Int {
        let number = Int(client.nextSequence)
        client.commit()
        return number
    }

    public mutating func answer(
        in datagram: Span<UInt8>,
        at arrival: WallInstant
    ) -> Result<TraceReply, TraceReplyRefusal> {
        do throws(StunRefusal) {
            let reply = try client.read(datagram)
            return .success(TraceReply(number: Int(reply.sequence), trafficClass: nil))
        } catch {
            return .failure(TraceReplyRefusal(code: error.code))
        }
    }
}
