import ProbeCore
import Units
import Wire

/// A session-reflector answers one datagram three times over: the second time there is a previous reply to tell of,
/// the third is over the source's rate.
///
/// An input is one octet of ``Choices``, traffic class, TTL, source port (2), kind of address, and the datagram.
enum StampRequestEntry {
    private struct Choices: OptionSet {
        let rawValue: UInt8
        static let authenticated = Choices(rawValue: 1)
        static let shortRequests = Choices(rawValue: 2)
        static let ipv6 = Choices(rawValue: 4)
        static let ptp = Choices(rawValue: 8)
        /// The sender has the key, so that what stands behind the HMACs is reached.
        static let sealed = Choices(rawValue: 16)
    }

    private static let admittedPackets = 2

    static func run(_ octets: [UInt8]) throws(BrokenInvariant) {
        var input = FuzzInput(octets)
        let choices = Choices(rawValue: input.octet())
        let context = context(&input, ipv6: choices.contains(.ipv6))
        var request = input.remainder()
        let policy =
            choices.contains(.authenticated)
            ? ScenePolicy.authenticated
            : choices.contains(.shortRequests) ? ScenePolicy.openToShortRequests : ScenePolicy.open
        if choices.contains(.sealed) { Scene.key.reseal(&request, mode: policy.mode) }
        var reflector = Scene.reflector(policy, choices.contains(.ptp) ? .ptp : .ntp, packets: admittedPackets)
        var answers = 0
        for round in 0...admittedPackets {
            answers += try reflect(request, context, round, &reflector) ? 1 : 0
            let counters = reflector.counters
            try require(counters.received == round + 1, "every datagram is counted")
            try require(counters.answered == answers, "every reply is counted")
            try require(
                counters.received == counters.answered + counters.refused.reduce(0, +),
                "what was received was answered or refused"
            )
        }
        try require(answers <= admittedPackets, "no source gets more replies than its rate allows")
    }

    private static func context(_ input: inout FuzzInput, ipv6: Bool) -> RequestContext {
        let (trafficClass, timeToLive, port) = (input.octet(), input.octet(), input.word())
        var source = Scene.sender(ipv6: ipv6)
        switch input.octet() & 0b11 {
        case 1: source = ipv6 ? IPAddress(ipv6High: 0xff02 << 48, low: 1) : IPAddress(ipv4: 0xe000_0001)
        case 2: source = ipv6 ? IPAddress(ipv6High: 0, low: 0) : IPAddress(ipv4: 0)
        default: break
        }
        return RequestContext(
            source: source,
            sourcePort: port,
            destination: Scene.reflector(ipv6: ipv6),
            destinationPort: Scene.reflectorPort,
            receivedAt: Scene.startedAt,
            trafficClass: trafficClass,
            timeToLive: timeToLive == 0 ? nil : timeToLive
        )
    }

    /// - Returns: whether there was a reply.
    private static func reflect(
        _ request: [UInt8],
        _ context: RequestContext,
        _ round: Int,
        _ reflector: inout SessionReflector
    ) throws(BrokenInvariant) -> Bool {
        let untouched: [UInt8] = [0xa5, 0x5a, 0xa5, 0x5a]
        let room = max(request.count, reflector.policy.mode.baseLength)
        var buffer = request + [UInt8](repeating: 0, count: room - request.count) + untouched
        var span = buffer.mutableSpan
        let now = MonotonicInstant(nanoseconds: Int64(round) * Scene.interval.count)
        guard let reply = reflector.reflect(&span, length: request.count, context: context, now: now) else {
            return false
        }
        reflector.finish(&span, reply: reply, sentAt: context.receivedAt + Scene.residence)
        reflector.noteTransmission(slot: reply.slot, sequence: reply.sequence, at: context.receivedAt)
        try require(Array(buffer[room...]) == untouched, "nothing is written past the reply")
        let exchange = ReflectedExchange(
            request: request,
            reply: Array(buffer.prefix(reply.length)),
            context: context,
            policy: reflector.policy,
            errorEstimate: reflector.clock.errorEstimate
        )
        try exchange.checkBase(reply)
        try exchange.checkTLVs()
        try exchange.checkTelemetry()
        return true
    }
}
