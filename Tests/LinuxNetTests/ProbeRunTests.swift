import CLinux
import Glibc
import ProbeCore
import Testing
import Units
import Wire

@testable import LinuxNet

/// The probe thread against the reflector thread over loopback.
@Suite(.serialized) struct ProbeRunTests {
    /// A port that nothing listens on at the moment.
    private func freePort(_ address: IPAddress) throws -> UInt16 {
        let socket = try UDPSocket(family: address.family)
        try socket.bind(to: SocketAddress(address: address, port: 0))
        let bound = socket.localAddress()
        return try #require(bound).port
    }

    private func plan(
        to destinations: [SocketAddress],
        key: StampKey?,
        rounds: Int,
        payload: Int = 182
    ) -> ProbePlan {
        let interval = Nanoseconds.milliseconds(5)
        let timeout = Nanoseconds.milliseconds(500)
        let sender = SessionSenderConfiguration(
            ssid: 0xbeef,
            payloadLength: payload,
            requestedDSCP: .expeditedForwarding,
            key: key,
            interval: interval,
            replyTimeout: timeout
        )
        return ProbePlan(
            streams: destinations.map { StreamPlan(destination: $0, dscp: .expeditedForwarding, sender: sender) },
            run: RunPlan(leadInRounds: 3, measuredRounds: rounds, tailLimit: 10),
            interval: interval,
            replyTimeout: timeout,
            errorEstimate: ErrorEstimate(synchronized: true, format: .ntp, error: .microseconds(10))
        )
    }

    /// Runs a plan to its end, and gives what it saw.
    private func log(_ plan: ProbePlan, whileRunning body: (Prober) -> Void = { _ in }) throws -> ObservationLog {
        let prober = try Prober(plan)
        var log = ObservationLog(
            streams: plan.streams.count,
            interval: plan.interval,
            replyTimeout: plan.replyTimeout
        )
        try prober.start()
        body(prober)
        while true {
            let ended = prober.isFinished
            prober.ring.drain { log.append($0) }
            if ended { break }
            usleep(5_000)
        }
        #expect(prober.ring.overflow == 0)
        return log
    }

    private func reflector(_ addresses: [SocketAddress], key: StampKey?) throws -> ReflectorThread {
        let policy = ReflectorPolicy(key: key, ownPorts: Set(addresses.map(\.port)))
        let clock = ReflectorClock(
            errorEstimate: ErrorEstimate(synchronized: true, format: .ntp, error: .microseconds(10)),
            source: .ntp
        )
        let reflector = try ReflectorThread(ReflectorPlan(listen: addresses, policy: policy, clock: clock))
        try reflector.start()
        return reflector
    }

    @Test(arguments: DatagramTests.loopbacks, [false, true])
    func everyProbeIsAnsweredAndTimedByTheKernel(address: IPAddress, authenticated: Bool) throws {
        let key = authenticated ? StampKey([UInt8](0..<32)) : nil
        let destinations = try (0..<2).map { _ in SocketAddress(address: address, port: try freePort(address)) }
        let reflector = try reflector(destinations, key: key)
        let log = try log(plan(to: destinations, key: key, rounds: 40))
        reflector.stop()
        for stream in log.streams {
            #expect(stream.measured.count == 40)
            #expect(stream.answeredCount == stream.sentCount)
            #expect(stream.refusals.isEmpty)
            #expect(stream.farClockError.map { $0 >= .microseconds(10) && $0 < .microseconds(11) } == true)
            #expect(stream.kernelTimestamps.have == stream.kernelTimestamps.of)
            #expect(stream.markCounts().farEnd == [.expeditedForwarding: 40])
            #expect(stream.markCounts().returned == [.expeditedForwarding: 40])
            #expect(stream.timeToLive == 255 && stream.farTimeToLive == 255)
            // All but the last reply have their true sending time told by the next.
            #expect(stream.farSendDelays.count >= stream.sentCount - 2)
            for reply in stream.observation().replies {
                let sent = stream.observation().sent[Int(reply.sequence)]
                let far = try #require(reply.far)
                #expect(sent.sentAt <= far.receivedAt + .microseconds(50))
                #expect(far.receivedAt <= far.sentAt)
                #expect(far.sentAt <= reply.arrivedAt + .microseconds(50))
            }
        }
        // One packet of each lead-in goes twice.
        #expect(reflector.status().counters.answered == log.streams.reduce(0) { $0 + $1.sentCount + 1 })
    }

    /// A sender's socket takes replies from the one address that it asked; a reflector that listens on all of a host's
    /// addresses would answer from the first of them, if it did not say which.
    @Test func repliesComeFromTheAddressThatWasAsked() throws {
        let port = try freePort(DatagramTests.loopbacks[0])
        let reflector = try reflector([SocketAddress(address: IPAddress(ipv4: 0), port: port)], key: nil)
        let asked = SocketAddress(address: IPAddress(ipv4: 0x7f00_0005), port: port)
        let log = try log(plan(to: [asked], key: nil, rounds: 10))
        reflector.stop()
        #expect(log.streams[0].measured.count == 10)
        #expect(log.streams[0].answeredCount == log.streams[0].sentCount)
    }

    @Test func aWrongKeyIsNeverAnswered() throws {
        let address = DatagramTests.loopbacks[0]
        let destination = SocketAddress(address: address, port: try freePort(address))
        let reflector = try reflector([destination], key: StampKey([UInt8](0..<32)))
        let log = try log(plan(to: [destination], key: StampKey([UInt8](1..<33)), rounds: 10))
        reflector.stop()
        #expect(log.streams[0].answeredCount == 0)
        let refused = reflector.status().counters.refusals
        #expect(refused.map(\.code) == ["authentication_failed"])
        #expect(refused.first?.count == log.streams[0].sentCount + 1)
    }

    @Test func aClosedPortIsRefusedByTheEndpointItself() throws {
        let address = DatagramTests.loopbacks[0]
        let log = try log(
            plan(to: [SocketAddress(address: address, port: try freePort(address))], key: nil, rounds: 20)
        )
        let stream = log.streams[0]
        #expect(stream.answeredCount == 0)
        // The errors do not keep later packets from being sent.
        #expect(stream.measured.count == 20)
        #expect(stream.sendFailures.isEmpty)
        let icmp = try #require(stream.unreachable.keys.first)
        #expect(icmp.fromEndpoint && icmp.reason == "port unreachable" && icmp.source == address)
    }

    @Test func theLargestPayloadComesBackWhole() throws {
        let address = DatagramTests.loopbacks[0]
        let destination = SocketAddress(address: address, port: try freePort(address))
        let reflector = try reflector([destination], key: nil)
        let log = try log(plan(to: [destination], key: nil, rounds: 5, payload: RequestLayout.maximumPayload))
        reflector.stop()
        #expect(log.streams[0].answeredCount == log.streams[0].sentCount)
    }

    @Test func aStoppedRunKeepsWhatItMeasured() throws {
        let address = DatagramTests.loopbacks[0]
        let destination = SocketAddress(address: address, port: try freePort(address))
        let reflector = try reflector([destination], key: nil)
        let log = try log(plan(to: [destination], key: nil, rounds: 1_000_000)) { prober in
            usleep(200_000)
            prober.stop()
        }
        reflector.stop()
        let stream = log.streams[0]
        #expect(stream.measured.count > 0 && stream.measured.count < 1_000)
        #expect(stream.answeredCount == stream.sentCount)
    }
}
