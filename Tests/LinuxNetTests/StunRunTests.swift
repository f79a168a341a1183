import CLinux
import Glibc
import ProbeCore
import Synchronization
import Testing
import Units
import Wire

@testable import LinuxNet

/// A STUN server on loopback that does with each request what it is told.
private final class ScriptedServer: Sendable {
    private final class State: Sendable {
        let stopped = Atomic<Bool>(false)
        let requests = Mutex<[[UInt8]]>([])
    }

    let address: SocketAddress
    private let state = State()
    private let thread: WorkerThread

    /// - Parameter answer: what goes back to a request, counted from 0; nil for nothing.
    init(_ answer: @escaping @Sendable (Int, [UInt8]) -> [UInt8]?) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        let loopback = SocketAddress(address: IPAddress(ipv4: 0x7f00_0001), port: 0)
        let bound = loopback.withSockaddr { bind(descriptor, $0, $1) }
        #expect(bound == 0)
        var (storage, length) = (sockaddr_storage(), socklen_t(MemoryLayout<sockaddr_storage>.size))
        withUnsafeMutablePointer(to: &storage) { pointer in
            _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        address = try #require(SocketAddress(&storage))
        var timeout = timeval(tv_sec: 0, tv_usec: 20_000)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        let state = state
        thread = try WorkerThread(name: "server", scheduling: .realTime) {
            while !state.stopped.load(ordering: .acquiring) { Self.serve(descriptor, state, answer) }
            close(descriptor)
        }
    }

    private static func serve(_ descriptor: Int32, _ state: State, _ answer: (Int, [UInt8]) -> [UInt8]?) {
        var buffer = [UInt8](repeating: 0, count: 2_048)
        var (peer, length) = (sockaddr_storage(), socklen_t(MemoryLayout<sockaddr_storage>.size))
        withUnsafeMutablePointer(to: &peer) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { peer in
                let count = recvfrom(descriptor, &buffer, buffer.count, 0, peer, &length)
                guard count > 0 else { return }
                let request = Array(buffer.prefix(count))
                let number = state.requests.withLock { all in
                    all.append(request)
                    return all.count - 1
                }
                guard let reply = answer(number, request) else { return }
                _ = sendto(descriptor, reply, reply.count, 0, peer, length)
            }
        }
    }

    /// Ends the server, and gives all that it was asked.
    func stop() -> [[UInt8]] {
        state.stopped.store(true, ordering: .releasing)
        thread.join()
        return state.requests.withLock { $0 }
    }

    /// A response with a request's transaction.
    static func response(_ type: UInt8, to request: [UInt8], _ body: [UInt8]) -> [UInt8] {
        [1, type, 0, UInt8(body.count)] + request[4..<20] + body
    }

    static let unauthorized: [UInt8] = [0, 9, 0, 4, 0, 0, 4, 1]
    /// XOR-MAPPED-ADDRESS 192.0.2.1 with this port.
    static func mapping(port: UInt16) -> [UInt8] {
        let masked = port ^ 0x2112
        return [0, 0x20, 0, 8, 0, 1, UInt8(masked >> 8), UInt8(masked & 0xff), 0xe1, 0x12, 0xa6, 0x43]
    }
}

/// The probe thread as a STUN and TURN client.
@Suite(.serialized) struct StunRunTests {
    private static let interval = Nanoseconds.milliseconds(5)
    private static let timeout = Nanoseconds.milliseconds(300)

    private func stream(_ request: StunRequest, to server: ScriptedServer, every rounds: Int = 1) -> StreamPlan {
        let configuration = StunClientConfiguration(
            request: request,
            interval: Self.interval * Int64(rounds),
            replyTimeout: Self.timeout
        )
        return StreamPlan(
            destination: server.address,
            dscp: .expeditedForwarding,
            probe: .stun(configuration),
            roundsPerPacket: rounds
        )
    }

    /// Runs to the end; gives what was seen, and the replies that were kept.
    private func run(_ streams: [StreamPlan], rounds: Int = 40) throws -> (log: ObservationLog, kept: [[UInt8]?]) {
        let plan = ProbePlan(
            streams: streams,
            run: RunPlan(leadInRounds: 3, measuredRounds: rounds, tailLimit: 10),
            interval: Self.interval,
            replyTimeout: Self.timeout,
            errorEstimate: ErrorEstimate(synchronized: false, format: .ntp, error: .seconds(1))
        )
        let prober = try Prober(plan)
        var log = ObservationLog(
            intervals: streams.map { Self.interval * Int64($0.roundsPerPacket) },
            replyTimeout: Self.timeout
        )
        try prober.start()
        while true {
            let ended = prober.isFinished
            prober.ring.drain { log.append($0) }
            if ended { break }
            usleep(5_000)
        }
        return (log, prober.keptReplies)
    }

    @Test func aChallengeAnswersEachProbeAndTheKernelTimesBoth() throws {
        let server = try ScriptedServer { ScriptedServer.response(0x13, to: $1, ScriptedServer.unauthorized) }
        let (log, kept) = try run([stream(.allocate, to: server)])
        let requests = server.stop()
        let stream = log.streams[0]
        #expect(stream.measured.count == 40)
        #expect(stream.answeredCount == stream.sentCount && requests.count == stream.sentCount)
        #expect(stream.relay.responses == [401: stream.sentCount])
        #expect(stream.kernelTimestamps.have == stream.kernelTimestamps.of)
        #expect(Set(requests.map { Array($0[8..<20]) }).count == requests.count)
        let observation = stream.observation()
        #expect(observation.replies.allSatisfy { $0.far == nil && $0.reflectorSequence == nil })
        for reply in observation.replies { #expect(reply.arrivedAt > observation.sent[Int(reply.sequence)].sentAt) }
        let challenge = try #require(kept[0])
        let response = try StunResponse(parsing: challenge.span)
        #expect(response.errorCode == 401)
    }

    @Test func aMappingThatChangesIsSeenWithItsTime() throws {
        let server = try ScriptedServer { number, request in
            ScriptedServer.response(0x01, to: request, ScriptedServer.mapping(port: number < 20 ? 5_000 : 6_000))
        }
        let stream = try run([stream(.binding, to: server)]).log.streams[0]
        _ = server.stop()
        #expect(stream.reflexive.mappings.map(\.address.port) == [5_000, 6_000])
        #expect(stream.reflexive.mappings.map(\.sequence) == [0, 20])
        #expect(stream.reflexive.changes == 1)
        #expect(stream.reflexive.mappings.first?.address.address == IPAddress(ipv4: 0xc000_0201))
    }

    @Test func aStreamSendsInEverySoManyRounds() throws {
        let server = try ScriptedServer { ScriptedServer.response(0x13, to: $1, ScriptedServer.unauthorized) }
        let log = try run([stream(.allocate, to: server), stream(.allocate, to: server, every: 4)]).log
        _ = server.stop()
        #expect(log.streams[0].measured.count == 40)
        #expect(log.streams[1].measured.count == 10)
    }

    @Test func whatWasAllocatedIsGivenBack() throws {
        let server = try ScriptedServer { number, request in
            // The first Allocate succeeds; the others find that there is one already (437).
            number == 0
                ? ScriptedServer.response(0x03, to: request, ScriptedServer.mapping(port: 5_000))
                : ScriptedServer.response(0x13, to: request, [0, 9, 0, 4, 0, 0, 4, 37])
        }
        let stream = try run([stream(.allocate, to: server)], rounds: 10).log.streams[0]
        usleep(50_000)
        let requests = server.stop()
        #expect(stream.relay.responses == [0: 1, 437: stream.sentCount - 1])
        #expect(requests.count == stream.sentCount + 1)
        let last = try #require(requests.last)
        let header = try StunHeader(parsing: last.span)
        #expect(header.method == .refresh)
    }

    @Test func aServerThatLimitsIsAskedLess() throws {
        let server = try ScriptedServer { ScriptedServer.response(0x13, to: $1, [0, 9, 0, 4, 0, 0, 4, 86]) }
        let stream = try run([stream(.allocate, to: server)], rounds: 100).log.streams[0]
        _ = server.stop()
        #expect(stream.relay.rateSteps.map(\.divisor) == [2, 4, 8])
        #expect(stream.sentCount < 40)
        #expect(stream.answeredCount == stream.sentCount)
    }

    @Test func whatAnswersNoTransactionIsRefusedAndCounted() throws {
        let server = try ScriptedServer { _, request in
            var reply = ScriptedServer.response(0x13, to: request, ScriptedServer.unauthorized)
            reply[19] ^= 1
            return reply
        }
        let stream = try run([stream(.allocate, to: server)], rounds: 10).log.streams[0]
        _ = server.stop()
        #expect(stream.answeredCount == 0)
        #expect(stream.refusals == ["stun_unknown_transaction": stream.sentCount])
    }
}
