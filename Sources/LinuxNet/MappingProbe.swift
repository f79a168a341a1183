import CLinux
import Glibc
import ProbeCore
import Units
import Wire

/// Asks several destinations from one socket where they see it: what differs between them is a translator's doing
/// (RFC 5780 §4.3, without the second address that a server of that kind has).
public struct MappingProbe: Sendable {
    /// Where one destination sees the socket.
    public struct Answer: Hashable, Sendable {
        public var destination: SocketAddress
        public var reflexive: TransportAddress
    }

    /// Of one family.
    public var destinations: [(address: SocketAddress, probe: ProbeConfiguration)]
    public var attempts: Int
    /// How long to wait for the answers to each attempt.
    public var patience: Nanoseconds

    public init(
        destinations: [(address: SocketAddress, probe: ProbeConfiguration)],
        attempts: Int = 3,
        patience: Nanoseconds = .milliseconds(400)
    ) {
        self.destinations = destinations
        self.attempts = attempts
        self.patience = patience
    }

    /// Blocks until all have answered, or no attempt is left. Destinations that do not answer, or do not tell, are
    /// missing.
    public func run(errorEstimate: ErrorEstimate) throws -> [Answer] {
        guard let family = destinations.first?.address.address.family else { return [] }
        let socket = try UDPSocket(family: family)
        let clock = SystemClock()
        var open: [SocketAddress: MappingQuestion] = [:]
        for (address, probe) in destinations { open[address] = try MappingQuestion(probe) }
        var answers: [Answer] = []
        for _ in 0..<attempts where !open.isEmpty {
            for address in Array(open.keys) {
                open[address]?.ask(clock.wall(), errorEstimate) { octets in
                    address.withSockaddr { _ = sendto(socket.number, octets, octets.count, 0, $0, $1) }
                }
            }
            let deadline = clock.monotonic() + patience
            while !open.isEmpty, let (peer, datagram) = Self.receive(socket.number, until: deadline, clock) {
                guard let reflexive = open[peer]?.read(datagram, clock.wall()) else { continue }
                open[peer] = nil
                answers.append(Answer(destination: peer, reflexive: reflexive))
            }
        }
        return answers
    }

    /// Nil once the time is over.
    private static func receive(
        _ descriptor: Int32,
        until deadline: MonotonicInstant,
        _ clock: SystemClock
    ) -> (SocketAddress, [UInt8])? {
        var buffer = [UInt8](repeating: 0, count: 2_048)
        while true {
            let left = deadline - clock.monotonic()
            guard left > .zero else { return nil }
            var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&wanted, 1, Int32(left.count / 1_000_000) + 1) > 0 else { continue }
            var (storage, length) = (sockaddr_storage(), socklen_t(MemoryLayout<sockaddr_storage>.size))
            let count = withUnsafeMutablePointer(to: &storage) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    recvfrom(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT), $0, &length)
                }
            }
            guard count > 0, let peer = SocketAddress(&storage) else { continue }
            return (peer, Array(buffer.prefix(count)))
        }
    }
}

/// One destination that has not answered yet.
private struct MappingQuestion {
    private enum Sender {
        case stamp(SessionSender)
        case stun(StunClient)
    }

    private var sender: Sender
    private var request: [UInt8]

    init(_ configuration: ProbeConfiguration) throws {
        var generator = SystemRandomNumberGenerator()
        var octets = [UInt8](repeating: 0, count: configuration.payloadLength)
        switch configuration {
        case .stamp(let configuration):
            let stamp = try SessionSender(configuration)
            var span = octets.mutableSpan
            stamp.prepare(&span)
            sender = .stamp(stamp)
        case .stun(let configuration): sender = .stun(StunClient(configuration, using: &generator))
        }
        request = octets
    }

    mutating func ask(_ now: WallInstant, _ errorEstimate: ErrorEstimate, send: ([UInt8]) -> Void) {
        var octets = request
        var span = octets.mutableSpan
        switch sender {
        case .stamp(var stamp):
            stamp.stamp(&span, now: now, errorEstimate: errorEstimate)
            stamp.commit()
            sender = .stamp(stamp)
        case .stun(var stun):
            var generator = SystemRandomNumberGenerator()
            stun.stamp(&span, using: &generator)
            stun.commit()
            sender = .stun(stun)
        }
        request = octets
        send(octets)
    }

    /// Nil where the datagram is no answer, or does not tell.
    mutating func read(_ datagram: [UInt8], _ now: WallInstant) -> TransportAddress? {
        switch sender {
        case .stamp(var stamp):
            guard let reply = try? stamp.read(datagram.span, request: request.span, arrivedAt: now),
                let location = reply.telemetry.location, let address = location.source.address
            else { return nil }
            return TransportAddress(address: address, port: location.sourcePort)
        case .stun(var stun): return (try? stun.read(datagram.span))?.response.mappedAddress
        }
    }
}
